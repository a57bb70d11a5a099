//! Which workspaces a person marked.
//!
//! Deliberately not here: whether the workspace still exists; a server may be away for long.

use model::{ConnectionId, WorkspaceId, WorkspaceRef};

use crate::{Store, StoreError};

impl Store {
    /// All favourites.
    pub async fn favourites(&self) -> Result<Vec<WorkspaceRef>, StoreError> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT connection_id, workspace_id FROM favourites
             ORDER BY connection_id, workspace_id",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(|error| self.failed(error))?;
        let read = |(connection_id, workspace_id): (String, String)| WorkspaceRef {
            connection_id: ConnectionId::from_raw(connection_id),
            workspace_id: WorkspaceId::from_raw(workspace_id),
        };
        Ok(rows.into_iter().map(read).collect())
    }

    /// Makes a workspace a favourite, or no longer one. `Dangling` when its connection is not stored.
    pub async fn set_favourite(
        &self,
        workspace: &WorkspaceRef,
        is_favourite: bool,
    ) -> Result<(), StoreError> {
        if is_favourite { self.add(workspace).await } else { self.remove(workspace).await }
    }

    async fn add(&self, workspace: &WorkspaceRef) -> Result<(), StoreError> {
        let done = sqlx::query(
            "INSERT INTO favourites (connection_id, workspace_id)
             SELECT id, ?2 FROM connections WHERE id = ?1
             ON CONFLICT DO UPDATE SET workspace_id = excluded.workspace_id",
        )
        .bind(workspace.connection_id.as_str())
        .bind(workspace.workspace_id.as_str())
        .execute(&self.writer)
        .await
        .map_err(|error| self.failed(error))?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Dangling { what: "the favourite".into() });
        }
        Ok(())
    }

    async fn remove(&self, workspace: &WorkspaceRef) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM favourites WHERE connection_id = ? AND workspace_id = ?")
            .bind(workspace.connection_id.as_str())
            .bind(workspace.workspace_id.as_str())
            .execute(&self.writer)
            .await
            .map_err(|error| self.failed(error))?;
        Ok(())
    }
}
