//! What ties workspaces to folders of this computer.
//!
//! Deliberately not here: whether either still exists.

use model::{ConnectionId, GitLink, WorkspaceRef};
use sqlx::types::Json;

use crate::{Store, StoreError};

impl Store {
    /// The link of a workspace, by its id, else of the one that had its name before it was rebuilt; that
    /// one's certificate does not hold any more.
    pub async fn git_link(
        &self,
        workspace: &WorkspaceRef,
        name: &str,
    ) -> Result<Option<GitLink>, StoreError> {
        Ok(self.git_link_with_name(workspace, name).await?.map(|(_, link)| link))
    }

    /// As `git_link`, with the name that the workspace had when it was tied.
    pub async fn git_link_with_name(
        &self,
        workspace: &WorkspaceRef,
        name: &str,
    ) -> Result<Option<(String, GitLink)>, StoreError> {
        let row: Option<(String, String, String)> = sqlx::query_as(
            "SELECT workspace_id, workspace_name, link FROM git_links
             WHERE connection_id = ?1 AND (workspace_id = ?2 OR workspace_name = ?3)
             ORDER BY workspace_id = ?2 DESC LIMIT 1",
        )
        .bind(workspace.connection_id.as_str())
        .bind(workspace.workspace_id.as_str())
        .bind(name)
        .fetch_optional(&self.readers)
        .await
        .map_err(|error| self.failed(error))?;
        let Some((id, name, link)) = row else { return Ok(None) };
        let link: Option<GitLink> = serde_json::from_str(&link).ok();
        let is_same = id == workspace.workspace_id.as_str();
        let link =
            link.map(|link| if is_same { link } else { GitLink { certificate_until: 0, ..link } });
        Ok(link.map(|link| (name, link)))
    }

    /// Ties a workspace to a folder. `Dangling` when its connection is not stored.
    pub async fn put_git_link(
        &self,
        workspace: &WorkspaceRef,
        name: &str,
        link: &GitLink,
    ) -> Result<(), StoreError> {
        let failed = |error| self.failed(error);
        let mut transaction = self.begin().await?;
        sqlx::query("DELETE FROM git_links WHERE connection_id = ? AND workspace_name = ?")
            .bind(workspace.connection_id.as_str())
            .bind(name)
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        let done = sqlx::query(
            "INSERT INTO git_links (connection_id, workspace_id, workspace_name, link)
             SELECT id, ?2, ?3, ?4 FROM connections WHERE id = ?1
             ON CONFLICT (connection_id, workspace_id) DO UPDATE SET
                 workspace_name = excluded.workspace_name, link = excluded.link",
        )
        .bind(workspace.connection_id.as_str())
        .bind(workspace.workspace_id.as_str())
        .bind(name)
        .bind(Json(link))
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Dangling { what: "the link to a folder".into() });
        }
        transaction.commit().await.map_err(failed)
    }

    /// Forgets the link of whatever has this name.
    pub async fn remove_git_link(
        &self,
        connection_id: &ConnectionId,
        name: &str,
    ) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM git_links WHERE connection_id = ? AND workspace_name = ?")
            .bind(connection_id.as_str())
            .bind(name)
            .execute(&self.writer)
            .await
            .map_err(|error| self.failed(error))?;
        Ok(())
    }
}
