//! Connections: listed, checked, stored, changed, forgotten. Their secrets go in and never come out.
//!
//! Connecting is the business of `sessions`.

mod check;
mod forget;
mod plan;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use model::{
    ConnectionId, ConnectionInput, ConnectionView, Descriptor, Failure, SshHost, SshHostId,
    SshHostInput,
};
use store::StoreError;

use crate::{
    Core, forwards, labs, pages,
    sessions::{Cause, Event, expand, moved, route},
    shared::{Shared, no_connection},
    state::{Entry, State},
};
use check::Known;
use forget::forget_all;
pub(crate) use forget::way;
pub(crate) use plan::{Planned, plan, reference};

impl Core {
    /// The kinds of connection this build offers.
    #[must_use]
    pub fn descriptors(&self) -> Vec<Descriptor> {
        self.shared.backends.iter().map(|backend| backend.descriptor()).collect()
    }

    /// All connections with their states, by name.
    ///
    /// # Errors
    /// `Cancelled` while the app is ending.
    pub async fn connections(&self) -> Result<Vec<ConnectionView>, Failure> {
        self.shared.owner.with(|state| state.connection_views()).await
    }

    /// SSH hosts that can be used again.
    ///
    /// # Errors
    /// `Cancelled` while the app is ending.
    pub async fn ssh_hosts(&self) -> Result<Vec<SshHost>, Failure> {
        self.shared.owner.with(|state| state.ssh_hosts.values().cloned().collect()).await
    }

    /// Checks the input, stores the connection and begins to connect.
    ///
    /// # Errors
    /// `Invalid` or `Conflict` name the field; `SecretsLocked`; `Storage`. Nothing is stored then.
    pub async fn connection_create(
        &self,
        input: ConnectionInput,
    ) -> Result<ConnectionView, Failure> {
        let hosts = self.check(&input, None).await?;
        let planned = plan(input, None, &hosts, self.shared.now());
        self.put(planned, &hosts).await
    }

    /// Changes a connection; it is connected anew.
    ///
    /// # Errors
    /// As `connection_create`; `NotFound`.
    pub async fn connection_update(
        &self,
        id: &ConnectionId,
        input: ConnectionInput,
    ) -> Result<ConnectionView, Failure> {
        let old = self.shared.connection(id).await?;
        let hosts = self.check(&input, Some(id)).await?;
        let planned = plan(input, Some(&old), &hosts, self.shared.now());
        let view = self.put(planned, &hosts).await?;
        if let Err(failure) = self.forget_unused(way(&hosts, old.ssh_host_id.as_ref())).await {
            tracing::warn!(%failure, "an SSH host that nothing needs stays behind");
        }
        Ok(view)
    }

    /// Disconnects and forgets a connection, its secrets, and the SSH hosts only it used. Nothing on
    /// the server is touched.
    ///
    /// # Errors
    /// `NotFound`, `Storage`.
    pub async fn connection_delete(&self, id: &ConnectionId) -> Result<(), Failure> {
        let connection = self.shared.connection(id).await?;
        let hosts = self.shared.owner.with(|state| state.ssh_hosts.clone()).await?;
        self.connection_disconnect(id).await?;
        labs::remove_collections(&self.shared, id).await?;
        self.shared.store.delete_connection(id).await?;
        let secrets: Vec<_> = connection.secrets.values().cloned().collect();
        forget_all(&self.shared, &secrets).await;
        let gone = id.clone();
        let job = move |state: &mut State| {
            state.connections.remove(&gone);
            state.workspaces.gone(&gone);
            state.labs.gone(&gone);
            state.changes.labs.insert(gone.clone());
            forwards::close_of(state, &gone);
            pages::close_of(state, &gone);
            let ended: Vec<_> = state
                .terminals
                .values()
                .map(|terminal| terminal.view())
                .filter(|view| view.workspace.connection_id == gone)
                .collect();
            for view in ended {
                state.terminals.remove(&view.id);
                state.changes.is_terminals = true;
            }
            state.changes.is_connections = true;
            state.changes.workspaces.insert(gone);
        };
        self.shared.owner.with(job).await?;
        self.shared.labs.came();
        self.forget_unused(way(&hosts, connection.ssh_host_id.as_ref())).await
    }

    pub(crate) async fn check(
        &self,
        input: &ConnectionInput,
        changed: Option<&ConnectionId>,
    ) -> Result<BTreeMap<SshHostId, SshHost>, Failure> {
        let backend = self.shared.backend(&input.kind)?;
        let changed = changed.cloned();
        let job = move |state: &mut State| {
            let others =
                state.connections.values().filter(|e| Some(&e.connection.id) != changed.as_ref());
            let names: Vec<String> = others.map(|entry| entry.connection.name.clone()).collect();
            (names, state.ssh_hosts.clone())
        };
        let (names, hosts) = self.shared.owner.with(job).await?;
        let has_file = |path: &str| expand(&self.shared, path).is_file();
        check::check(input, backend.as_ref(), &Known { names: &names, has_file: &has_file })?;
        Ok(hosts)
    }

    /// Stores what was planned, all or nothing, and connects.
    async fn put(
        &self,
        planned: Planned,
        before: &BTreeMap<SshHostId, SshHost>,
    ) -> Result<ConnectionView, Failure> {
        let shared = &self.shared;
        let mut kept = Vec::new();
        for (name, value) in planned.kept.iter().cloned() {
            kept.push(name.clone());
            let written = shared.vault.write(shared, &planned.connection.name, &name, value).await;
            if let Err(failure) = written {
                forget_all(shared, &kept).await;
                return Err(failure);
            }
        }
        if let Err(error) = store(shared, &planned, before).await {
            forget_all(shared, &kept).await;
            return Err(error.into());
        }
        forget_all(shared, &planned.forgotten).await;
        for host in &planned.hosts {
            shared.links.memory.forget(&host.id);
        }
        self.adopt(planned).await
    }

    async fn adopt(&self, planned: Planned) -> Result<ConnectionView, Failure> {
        let handle = Arc::clone(&self.shared);
        let job = move |state: &mut State| {
            let mut changed = BTreeSet::new();
            for host in planned.hosts {
                let id = host.id.clone();
                if state.ssh_hosts.get(&id).is_some_and(|old| *old != host) {
                    changed.insert(id.clone());
                }
                state.ssh_hosts.insert(id, host);
            }
            let id = planned.connection.id.clone();
            match state.connections.get_mut(&id) {
                Some(entry) => entry.connection = planned.connection,
                None => {
                    state.connections.insert(id.clone(), Entry::new(planned.connection));
                }
            }
            state.changes.is_connections = true;
            state.changes.workspaces.insert(id.clone());
            route(&handle, state, &id, Event::DisconnectAsked);
            moved(&handle, state, &changed, &Event::Moved);
            route(&handle, state, &id, Event::ConnectAsked { cause: Cause::Person });
            state.connections.get(&id).map(|entry| state.connection_view(entry))
        };
        self.shared.owner.with(job).await?.ok_or_else(no_connection)
    }
}

/// Whether input from elsewhere would make a connection. Its name may be taken, and its key file may be
/// missing on this computer: both are for the person to settle later.
pub(crate) fn would_do(
    input: &ConnectionInput,
    backend: &dyn backend_api::Backend,
) -> Result<(), Failure> {
    check::check(input, backend, &Known { names: &[], has_file: &|_| true })
}

/// Whether an SSH host from elsewhere makes sense.
pub(crate) fn would_reach(host: &SshHostInput) -> Result<(), Failure> {
    check::check_chain(host, &Known { names: &[], has_file: &|_| true })
}

/// Stores hosts and connection; on failure the hosts are as they were.
async fn store(
    shared: &Shared,
    planned: &Planned,
    before: &BTreeMap<SshHostId, SshHost>,
) -> Result<(), StoreError> {
    let work = async {
        for host in &planned.hosts {
            shared.store.put_ssh_host(host).await?;
        }
        shared.store.put_connection(&planned.connection).await
    };
    let result = work.await;
    if result.is_err() {
        for host in planned.hosts.iter().rev() {
            let undone = match before.get(&host.id) {
                Some(old) => shared.store.put_ssh_host(old).await,
                None => shared.store.delete_ssh_host(&host.id).await,
            };
            if let Err(error) = undone {
                tracing::warn!(%error, "an SSH host could not be put back");
            }
        }
    }
    result
}
