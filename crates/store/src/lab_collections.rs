//! Which configurations were collected from which lab.
//!
//! Deliberately not here: the files themselves.

use model::{CollectedFile, Collection, ConnectionId, LabRef, RunId, TimestampMs};
use sqlx::types::Json;

use crate::{Store, StoreError};

impl Store {
    /// Notes a collected set. `Dangling` when the lab's connection is not stored.
    pub async fn put_collection(
        &self,
        lab: &LabRef,
        collection: &Collection,
    ) -> Result<(), StoreError> {
        let done = sqlx::query(
            "INSERT INTO lab_collections (run_id, connection_id, lab_id, collected_at, files)
             SELECT ?1, id, ?3, ?4, ?5 FROM connections WHERE id = ?2
             ON CONFLICT (run_id) DO UPDATE SET
                 collected_at = excluded.collected_at, files = excluded.files",
        )
        .bind(collection.run_id.as_str())
        .bind(lab.connection_id.as_str())
        .bind(lab.lab_id.as_str())
        .bind(collection.collected_at)
        .bind(Json(&collection.files))
        .execute(&self.writer)
        .await
        .map_err(|error| self.failed(error))?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Dangling { what: "the collected configurations".into() });
        }
        Ok(())
    }

    /// The sets of a lab, newest first.
    pub async fn collections(&self, lab: &LabRef) -> Result<Vec<Collection>, StoreError> {
        let rows: Vec<(String, TimestampMs, String)> = sqlx::query_as(
            "SELECT run_id, collected_at, files FROM lab_collections
             WHERE connection_id = ? AND lab_id = ? ORDER BY collected_at DESC, run_id DESC",
        )
        .bind(lab.connection_id.as_str())
        .bind(lab.lab_id.as_str())
        .fetch_all(&self.readers)
        .await
        .map_err(|error| self.failed(error))?;
        let read = |(run_id, collected_at, files): (String, TimestampMs, String)| {
            let files: Vec<CollectedFile> = serde_json::from_str(&files).ok()?;
            Some(Collection { run_id: RunId::from_raw(run_id), collected_at, files })
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }

    /// The runs that collected something, of all labs, each with the connection that it belongs to.
    pub async fn collecting_runs(&self) -> Result<Vec<(ConnectionId, RunId)>, StoreError> {
        let rows: Vec<(String, String)> =
            sqlx::query_as("SELECT connection_id, run_id FROM lab_collections")
                .fetch_all(&self.readers)
                .await
                .map_err(|error| self.failed(error))?;
        let named = |(connection, run)| (ConnectionId::from_raw(connection), RunId::from_raw(run));
        Ok(rows.into_iter().map(named).collect())
    }

    /// Forgets one set.
    pub async fn forget_collection(&self, run_id: &RunId) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM lab_collections WHERE run_id = ?")
            .bind(run_id.as_str())
            .execute(&self.writer)
            .await
            .map_err(|error| self.failed(error))?;
        Ok(())
    }

    /// Forgets the sets of a lab.
    pub async fn forget_collections(&self, lab: &LabRef) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM lab_collections WHERE connection_id = ? AND lab_id = ?")
            .bind(lab.connection_id.as_str())
            .bind(lab.lab_id.as_str())
            .execute(&self.writer)
            .await
            .map_err(|error| self.failed(error))?;
        Ok(())
    }
}
