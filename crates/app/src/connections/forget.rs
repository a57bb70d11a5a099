//! Forgetting SSH hosts that neither a connection nor a tunnel needs any more, and the secrets of what goes.

use std::collections::BTreeMap;

use model::{Failure, SecretRef, SshHost, SshHostId};
use store::StoreError;

use super::reference;
use crate::{Core, shared::Shared, state::State};

/// A host and its jumps, in the order in which they can go.
pub(crate) fn way(hosts: &BTreeMap<SshHostId, SshHost>, id: Option<&SshHostId>) -> Vec<SshHostId> {
    let host = id.and_then(|id| hosts.get(id));
    host.map(|host| std::iter::once(&host.id).chain(&host.jumps).cloned().collect())
        .unwrap_or_default()
}

impl Core {
    /// Forgets those of these SSH hosts that no connection, tunnel or other host needs, with their
    /// secrets.
    pub(crate) async fn forget_unused(&self, ids: Vec<SshHostId>) -> Result<(), Failure> {
        for id in ids {
            let Some(host) = self.shared.store.get_ssh_host(&id).await? else { continue };
            match self.shared.store.delete_ssh_host(&id).await {
                Ok(()) => {}
                Err(StoreError::InUse { .. }) => continue,
                Err(error) => return Err(error.into()),
            }
            let secrets: Vec<_> = host.auth.iter().filter_map(reference).cloned().collect();
            forget_all(&self.shared, &secrets).await;
            self.shared.links.memory.forget(&id);
            let job = move |state: &mut State| {
                state.ssh_hosts.remove(&id);
            };
            self.shared.owner.with(job).await?;
        }
        Ok(())
    }
}

pub(super) async fn forget_all(shared: &Shared, names: &[SecretRef]) {
    for name in names {
        shared.vault.forget(name).await;
    }
}
