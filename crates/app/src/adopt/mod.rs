//! Adopting workspaces that others made: a note on this computer, nothing on the server. The note finds
//! its workspace again when another program makes it anew under the same name.

mod topic;

use std::{collections::BTreeMap, sync::Arc};

use backend_api::Adopted;
use model::{Adoption, AdoptionOffer, ConnectionId, Failure, WorkspaceId, WorkspaceRef};

pub(crate) use topic::{Adoptions, Followed};

use crate::{Core, sessions::Live, shared::Shared, state::State};

impl Core {
    /// What adopting a workspace would mean. Reads only.
    ///
    /// # Errors
    /// `Unreachable` when its server is not connected, `Unsupported` when nothing can be adopted there,
    /// `NotFound`.
    pub async fn workspace_adoption(
        &self,
        workspace: &WorkspaceRef,
    ) -> Result<AdoptionOffer, Failure> {
        let live = self.shared.live(&workspace.connection_id).await?;
        let adopt = live.session.adopt().ok_or_else(|| live.cannot("adopt workspaces"))?;
        live.call(adopt.offer(&workspace.workspace_id, &live.cx())).await
    }

    /// Adopts a workspace, or changes what is remembered of it. An empty user means whoever the server
    /// would choose.
    ///
    /// # Errors
    /// As `workspace_adoption`; `Storage`.
    pub async fn workspace_adopt(
        &self,
        workspace: WorkspaceRef,
        user: Option<String>,
    ) -> Result<(), Failure> {
        let offer = self.workspace_adoption(&workspace).await?;
        let (row, _) = self.shared.workspace(&workspace).await?;
        let user = user.map(|user| user.trim().to_owned()).filter(|user| !user.is_empty());
        let adoption = Adoption {
            name: row.name,
            user,
            branch: offer.branch,
            repository: offer.repository,
            adopted_at: self.shared.now(),
        };
        self.shared.store.put_adoption(&workspace, &adoption).await?;
        self.note_adoption(workspace, Some(adoption)).await
    }

    /// Forgets that a workspace was adopted. Nothing on the server changes.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn workspace_release(&self, workspace: WorkspaceRef) -> Result<(), Failure> {
        self.shared.store.delete_adoption(&workspace).await?;
        self.note_adoption(workspace, None).await
    }

    async fn note_adoption(
        &self,
        workspace: WorkspaceRef,
        to: Option<Adoption>,
    ) -> Result<(), Failure> {
        let id = workspace.connection_id.clone();
        let job = move |state: &mut State| {
            state.changes.workspaces.insert(workspace.connection_id.clone());
            state.workspaces.adoptions.set(workspace.clone(), to);
            let entry = state.connections.get(&workspace.connection_id);
            entry.and_then(|entry| entry.live.clone())
        };
        if let Some(live) = self.shared.owner.with(job).await? {
            tell(&self.shared, &live).await?;
            live.refresh.notify_one();
        }
        tracing::info!(connection_id = %id, "the adopted workspaces changed");
        Ok(())
    }
}

/// Tells a session what is adopted on its server.
pub(crate) async fn tell(shared: &Arc<Shared>, live: &Live) -> Result<(), Failure> {
    let Some(adopt) = live.session.adopt() else { return Ok(()) };
    let id = live.connection_id.clone();
    let adopted = shared.owner.with(move |state| state.workspaces.adoptions.of(&id)).await?;
    adopt.set_adopted(adopted);
    Ok(())
}

/// Stores what a list taught of adopted workspaces, and tells the session.
pub(crate) async fn follow(
    shared: &Arc<Shared>,
    live: &Live,
    followed: Vec<Followed>,
) -> Result<(), Failure> {
    if followed.is_empty() {
        return Ok(());
    }
    for Followed { before, after, adoption } in followed {
        if before != after {
            shared.store.delete_adoption(&before).await?;
        }
        shared.store.put_adoption(&after, &adoption).await?;
    }
    tell(shared, live).await?;
    live.refresh.notify_one();
    Ok(())
}

/// As the contract wants them.
fn adopted<'a>(
    all: impl Iterator<Item = (&'a WorkspaceRef, &'a Adoption)>,
    connection_id: &ConnectionId,
) -> BTreeMap<WorkspaceId, Adopted> {
    all.filter(|(workspace, _)| workspace.connection_id == *connection_id)
        .map(|(workspace, adoption)| {
            (workspace.workspace_id.clone(), Adopted { user: adoption.user.clone() })
        })
        .collect()
}
