//! Which workspaces a person adopted, and what is remembered of each.
//!
//! Deliberately not here: whether the workspace still exists; a server may be away for long.

use model::{Adoption, ConnectionId, WorkspaceId, WorkspaceRef};
use sqlx::types::Json;

use crate::{Store, StoreError};

impl Store {
    /// All adopted workspaces. A note that cannot be read is left out.
    pub async fn adoptions(&self) -> Result<Vec<(WorkspaceRef, Adoption)>, StoreError> {
        let rows: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT connection_id, workspace_id, body FROM adoptions
             ORDER BY connection_id, workspace_id",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(|error| self.failed(error))?;
        let read = |(connection_id, workspace_id, body): (String, String, String)| {
            let workspace = WorkspaceRef {
                connection_id: ConnectionId::from_raw(connection_id),
                workspace_id: WorkspaceId::from_raw(workspace_id),
            };
            Some((workspace, serde_json::from_str(&body).ok()?))
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }

    /// Stores what is remembered of an adopted workspace, new or changed. `Dangling` when its connection
    /// is not stored.
    pub async fn put_adoption(
        &self,
        workspace: &WorkspaceRef,
        adoption: &Adoption,
    ) -> Result<(), StoreError> {
        let done = sqlx::query(
            "INSERT INTO adoptions (connection_id, workspace_id, body)
             SELECT id, ?2, ?3 FROM connections WHERE id = ?1
             ON CONFLICT (connection_id, workspace_id) DO UPDATE SET body = excluded.body",
        )
        .bind(workspace.connection_id.as_str())
        .bind(workspace.workspace_id.as_str())
        .bind(Json(adoption))
        .execute(&self.writer)
        .await
        .map_err(|error| self.failed(error))?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Dangling { what: "the adopted workspace".into() });
        }
        Ok(())
    }

    /// Forgets that a workspace was adopted. Fine when it was not.
    pub async fn delete_adoption(&self, workspace: &WorkspaceRef) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM adoptions WHERE connection_id = ? AND workspace_id = ?")
            .bind(workspace.connection_id.as_str())
            .bind(workspace.workspace_id.as_str())
            .execute(&self.writer)
            .await
            .map_err(|error| self.failed(error))?;
        Ok(())
    }
}
