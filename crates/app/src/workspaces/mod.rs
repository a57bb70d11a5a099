//! Workspaces of all connections: the merged list, favourites, details, forms and plans.
//!
//! Changing one is a run; see `runs`.

mod follow;
mod topic;

use std::sync::Arc;

use model::{
    ConnectionId, Failure, Form, FormValues, Plan, WorkspaceDetail, WorkspaceRef, WorkspaceView,
};

pub(crate) use follow::{follow, list};
pub(crate) use topic::Workspaces;

use crate::{Core, sessions::Live, state::State};

impl Core {
    /// Workspaces of all connections, last known rows included.
    ///
    /// # Errors
    /// `Cancelled` while the app is ending.
    pub async fn workspaces(&self) -> Result<Vec<WorkspaceView>, Failure> {
        self.shared.owner.with(|state| state.workspace_views()).await
    }

    /// Asks the servers again and returns when those that are connected have answered.
    ///
    /// # Errors
    /// `Cancelled` while the app is ending. A server that does not answer shows in its connection.
    pub async fn workspaces_refresh(&self) -> Result<(), Failure> {
        let live = |state: &mut State| -> Vec<Arc<Live>> {
            state.connections.values().filter_map(|entry| entry.live.clone()).collect()
        };
        let sessions = self.shared.owner.with(live).await?;
        let lists = sessions.iter().map(|live| list(&self.shared, live));
        for result in futures::future::join_all(lists).await {
            if let Err(failure) = result {
                tracing::debug!(%failure, "a server did not list");
            }
        }
        Ok(())
    }

    /// One workspace in full.
    ///
    /// # Errors
    /// `NotFound`, or `Unreachable` when its server is not connected.
    pub async fn workspace_inspect(
        &self,
        workspace: &WorkspaceRef,
    ) -> Result<WorkspaceDetail, Failure> {
        let live = self.shared.live(&workspace.connection_id).await?;
        live.call(live.session.inspect(&workspace.workspace_id, &live.cx())).await
    }

    /// Puts a workspace at the top of the tray, or takes it from there.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn workspace_favourite(
        &self,
        workspace: WorkspaceRef,
        is_favourite: bool,
    ) -> Result<(), Failure> {
        self.shared.store.set_favourite(&workspace, is_favourite).await?;
        let job = move |state: &mut State| {
            state.changes.workspaces.insert(workspace.connection_id.clone());
            state.workspaces.set_favourite(workspace, is_favourite);
        };
        self.shared.owner.with(job).await
    }

    /// The form for a new workspace on this connection.
    ///
    /// # Errors
    /// `Unreachable` when it is not connected, `Unsupported` when nothing can be made there.
    pub async fn workspace_form(&self, id: &ConnectionId) -> Result<Form, Failure> {
        let live = self.shared.live(id).await?;
        let apply = live.session.apply().ok_or_else(|| live.cannot("make workspaces"))?;
        live.call(apply.form(&live.cx())).await
    }

    /// What creating would do; reads only.
    ///
    /// # Errors
    /// As `workspace_form`; bad input becomes problems of the plan.
    pub async fn workspace_plan(
        &self,
        id: &ConnectionId,
        input: &FormValues,
    ) -> Result<Plan, Failure> {
        self.git_plan(id, input).await
    }
}
