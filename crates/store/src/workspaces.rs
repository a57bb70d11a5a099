//! The workspaces each connection listed last, so that they can be shown before it answers again.
//!
//! Deliberately not here: whether they are still true. It is a cache; what cannot be read is dropped.

use model::{ConnectionId, TimestampMs, Workspace};
use sqlx::types::Json;

use crate::{Store, StoreError};

/// The workspaces a connection listed last.
#[derive(Debug, Clone, PartialEq)]
pub struct CachedWorkspaces {
    pub connection_id: ConnectionId,
    /// When the server listed them.
    pub seen_at: TimestampMs,
    pub workspaces: Vec<Workspace>,
}

impl Store {
    /// Replaces the cached workspaces of a connection. `Dangling` when the connection is not stored
    /// (it may have been removed while its server answered).
    pub async fn put_workspaces(
        &self,
        connection_id: &ConnectionId,
        workspaces: &[Workspace],
        seen_at: TimestampMs,
    ) -> Result<(), StoreError> {
        let done = sqlx::query(
            "INSERT INTO workspace_lists (connection_id, seen_at, workspaces)
             SELECT id, ?2, ?3 FROM connections WHERE id = ?1
             ON CONFLICT (connection_id) DO UPDATE SET
                 seen_at = excluded.seen_at, workspaces = excluded.workspaces",
        )
        .bind(connection_id.as_str())
        .bind(seen_at)
        .bind(Json(workspaces))
        .execute(&self.writer)
        .await
        .map_err(|error| self.failed(error))?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Dangling { what: "the list of workspaces".into() });
        }
        Ok(())
    }

    /// The cached workspaces of every connection that ever listed some.
    pub async fn cached_workspaces(&self) -> Result<Vec<CachedWorkspaces>, StoreError> {
        let rows: Vec<(String, TimestampMs, String)> = sqlx::query_as(
            "SELECT connection_id, seen_at, workspaces FROM workspace_lists ORDER BY connection_id",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(|error| self.failed(error))?;
        let read = |(connection_id, seen_at, workspaces): (String, TimestampMs, String)| {
            let workspaces = serde_json::from_str(&workspaces).ok()?;
            let connection_id = ConnectionId::from_raw(connection_id);
            Some(CachedWorkspaces { connection_id, seen_at, workspaces })
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }
}
