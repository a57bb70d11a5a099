//! What belongs to a workspace on this side and has to follow it: its place in the tray and its forwards.

use std::sync::Arc;

use model::{ConnectionId, WorkspaceId, WorkspaceRef};

use crate::{forwards, shared::Shared, ssh_config, state::State};

/// What a workspace had when its rebuild began.
pub(crate) struct Followers {
    old: WorkspaceRef,
    is_favourite: bool,
    /// Port inside and on this computer.
    forwards: Vec<(u16, u16)>,
    /// Plain `ssh` reached it.
    had_door: bool,
}

/// Looks at what belongs to a workspace.
pub(crate) async fn followers(shared: &Arc<Shared>, old: WorkspaceRef) -> Option<Followers> {
    let wanted = old.clone();
    let job = move |state: &mut State| {
        let is_favourite = state.workspaces.is_favourite(&wanted);
        (is_favourite, forwards::ports_of(state, &wanted))
    };
    let (is_favourite, forwards) = shared.owner.with(job).await.ok()?;
    let had_door = ssh_config::has_door(shared, &old).await;
    Some(Followers { old, is_favourite, forwards, had_door })
}

impl Followers {
    /// Lets everything follow to the workspace that bears the name now.
    pub(crate) async fn follow(
        self,
        shared: &Arc<Shared>,
        connection_id: &ConnectionId,
        now: &WorkspaceId,
    ) {
        let connection_id = connection_id.clone();
        let new = WorkspaceRef { connection_id, workspace_id: now.clone() };
        if self.is_favourite && new != self.old {
            for (workspace, is_favourite) in [(&new, true), (&self.old, false)] {
                if let Err(error) = shared.store.set_favourite(workspace, is_favourite).await {
                    tracing::warn!(%error, "a favourite could not be stored");
                }
            }
            let (old, new) = (self.old.clone(), new.clone());
            let job = move |state: &mut State| {
                state.changes.workspaces.insert(new.connection_id.clone());
                state.workspaces.set_favourite(old, false);
                state.workspaces.set_favourite(new, true);
            };
            drop(shared.owner.with(job).await);
        }
        let wanted = new.clone();
        let is_running = shared.owner.with(move |state| state.workspaces.is_running(&wanted)).await;
        let is_expected = self.had_door && is_running.unwrap_or_default();
        ssh_config::settle(shared, Some(&new), is_expected).await;
        for (port, local_port) in self.forwards {
            if let Err(failure) = forwards::open(shared, new.clone(), port, local_port).await {
                tracing::info!(port, %failure, "a forward did not follow its workspace");
            }
        }
    }
}
