//! What is kept of labs, the labs each connection listed last, and the jobs that runs gave to servers.
//!
//! Deliberately not here: whether any of it is still true.

use std::collections::BTreeMap;

use model::{ConnectionId, Lab, LabId, LabOrigin, LabRef, LabState, Position, RunId, TimestampMs};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;

use crate::{Store, StoreError};

/// What is kept of a lab beside what its server says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptLab {
    pub name: String,
    /// The number that tells labs of one server apart.
    pub instance: Option<u16>,
    /// Set when Moorline made it.
    pub origin: Option<LabOrigin>,
    /// How the last run left it.
    pub state: Option<LabState>,
    pub is_favourite: bool,
    /// When it is stopped by itself; none while it does not run.
    pub auto_stop_at: Option<TimestampMs>,
    /// This long after each start.
    pub auto_stop_minutes: Option<u32>,
    pub positions: BTreeMap<String, Position>,
}

impl KeptLab {
    /// True when nothing is worth keeping.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.origin.is_none()
            && !self.is_favourite
            && self.auto_stop_at.is_none()
            && self.auto_stop_minutes.is_none()
            && self.positions.is_empty()
    }
}

/// The labs a connection listed last.
#[derive(Debug, Clone, PartialEq)]
pub struct CachedLabs {
    pub connection_id: ConnectionId,
    /// When the server listed them.
    pub seen_at: TimestampMs,
    pub labs: Vec<Lab>,
}

impl Store {
    /// All that is kept of labs.
    pub async fn kept_labs(&self) -> Result<Vec<(LabRef, KeptLab)>, StoreError> {
        let rows: Vec<(String, String, String)> =
            sqlx::query_as("SELECT connection_id, lab_id, body FROM labs")
                .fetch_all(&self.readers)
                .await
                .map_err(|error| self.failed(error))?;
        let read = |(connection_id, lab_id, body): (String, String, String)| {
            let lab = LabRef {
                connection_id: ConnectionId::from_raw(connection_id),
                lab_id: LabId::from_raw(lab_id),
            };
            Some((lab, serde_json::from_str(&body).ok()?))
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }

    /// Keeps this of a lab; where it is empty, nothing. `Dangling` when its connection is not stored.
    pub async fn put_kept_lab(&self, lab: &LabRef, kept: &KeptLab) -> Result<(), StoreError> {
        if kept.is_empty() {
            return self.forget_lab(lab).await;
        }
        let done = sqlx::query(
            "INSERT INTO labs (connection_id, lab_id, body)
             SELECT id, ?2, ?3 FROM connections WHERE id = ?1
             ON CONFLICT (connection_id, lab_id) DO UPDATE SET body = excluded.body",
        )
        .bind(lab.connection_id.as_str())
        .bind(lab.lab_id.as_str())
        .bind(Json(kept))
        .execute(&self.writer)
        .await
        .map_err(|error| self.failed(error))?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Dangling { what: "the lab".into() });
        }
        Ok(())
    }

    /// Keeps nothing of a lab any more.
    pub async fn forget_lab(&self, lab: &LabRef) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM labs WHERE connection_id = ? AND lab_id = ?")
            .bind(lab.connection_id.as_str())
            .bind(lab.lab_id.as_str())
            .execute(&self.writer)
            .await
            .map_err(|error| self.failed(error))?;
        Ok(())
    }

    /// Replaces the cached labs of a connection. `Dangling` when the connection is not stored.
    pub async fn put_labs(
        &self,
        connection_id: &ConnectionId,
        labs: &[Lab],
        seen_at: TimestampMs,
    ) -> Result<(), StoreError> {
        let done = sqlx::query(
            "INSERT INTO lab_lists (connection_id, seen_at, labs)
             SELECT id, ?2, ?3 FROM connections WHERE id = ?1
             ON CONFLICT (connection_id) DO UPDATE SET
                 seen_at = excluded.seen_at, labs = excluded.labs",
        )
        .bind(connection_id.as_str())
        .bind(seen_at)
        .bind(Json(labs))
        .execute(&self.writer)
        .await
        .map_err(|error| self.failed(error))?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Dangling { what: "the list of labs".into() });
        }
        Ok(())
    }

    /// The cached labs of every connection that ever listed some.
    pub async fn cached_labs(&self) -> Result<Vec<CachedLabs>, StoreError> {
        let rows: Vec<(String, TimestampMs, String)> =
            sqlx::query_as("SELECT connection_id, seen_at, labs FROM lab_lists")
                .fetch_all(&self.readers)
                .await
                .map_err(|error| self.failed(error))?;
        let read = |(connection_id, seen_at, labs): (String, TimestampMs, String)| {
            let labs = serde_json::from_str(&labs).ok()?;
            let connection_id = ConnectionId::from_raw(connection_id);
            Some(CachedLabs { connection_id, seen_at, labs })
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }

    /// Notes which job a run gave to its server. The run must be stored.
    pub async fn put_lab_job(&self, run: &RunId, job: &str) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO lab_jobs (run_id, job) VALUES (?, ?)
             ON CONFLICT (run_id) DO UPDATE SET job = excluded.job",
        )
        .bind(run.as_str())
        .bind(job)
        .execute(&self.writer)
        .await
        .map_err(|error| self.failed(error))?;
        Ok(())
    }

    /// It is known how the run's job ended.
    pub async fn forget_lab_job(&self, run: &RunId) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM lab_jobs WHERE run_id = ?")
            .bind(run.as_str())
            .execute(&self.writer)
            .await
            .map_err(|error| self.failed(error))?;
        Ok(())
    }

    /// The jobs whose end is not known.
    pub async fn lab_jobs(&self) -> Result<BTreeMap<RunId, String>, StoreError> {
        let rows: Vec<(String, String)> = sqlx::query_as("SELECT run_id, job FROM lab_jobs")
            .fetch_all(&self.readers)
            .await
            .map_err(|error| self.failed(error))?;
        Ok(rows.into_iter().map(|(run, job)| (RunId::from_raw(run), job)).collect())
    }
}
