//! Takes over what a person chose from a file. Secrets that are kept here stay only where the server they
//! belong to did not change.

use std::{collections::BTreeSet, sync::Arc};

use model::{Connection, ConnectionId, Failure, SshAuth, SshHost, TransferChange, WorkspaceRef};

use super::{
    compare::{Comparison, key_of_connection, key_of_host},
    file::{AuthEntry, ConnectionEntry, File, HostEntry, without_trust},
    templates, tunnels,
};
use crate::{
    connections::reference,
    questions::CERTIFICATE,
    sessions::{Event, connections_over, moved, route},
    settings,
    shared::Shared,
    state::{Entry, State},
};

/// What was done.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) added: u32,
    pub(super) replaced: u32,
}

/// One take-over: the file, what it would change, and what of that is wanted.
pub(super) struct Taking<'a> {
    pub(super) shared: &'a Arc<Shared>,
    pub(super) file: &'a File,
    pub(super) comparison: &'a Comparison,
    pub(super) chosen: BTreeSet<String>,
    pub(super) count: Count,
}

impl Taking<'_> {
    /// Does it. What was done before a failure stays.
    pub(super) async fn run(mut self) -> Result<Count, Failure> {
        self.choose_needed_hosts();
        if self.takes("settings")
            && let Some(theirs) = self.file.settings.clone()
        {
            self.settings(theirs).await?;
        }
        let (plain, behind): (Vec<_>, Vec<_>) =
            self.file.ssh_hosts.iter().partition(|host| host.jumps.is_empty());
        for host in plain.into_iter().chain(behind) {
            if self.takes(&key_of_host(&host.id)) {
                self.host(host).await?;
            }
        }
        for connection in &self.file.connections {
            if self.takes(&key_of_connection(&connection.id)) {
                self.connection(connection).await?;
            }
        }
        for favourite in &self.file.favourites {
            let key = format!("favourite:{}/{}", favourite.connection, favourite.workspace);
            let workspace = WorkspaceRef {
                connection_id: self.comparison.mapped_connection(&favourite.connection),
                workspace_id: favourite.workspace.clone(),
            };
            if self.takes(&key) {
                self.favourite(workspace).await?;
            }
        }
        for tunnel in &self.file.tunnels {
            if self.takes(&tunnels::key(&tunnel.id)) {
                self.tunnel(tunnel).await?;
            }
        }
        for template in &self.file.templates {
            if self.takes(&templates::key(&template.id)) {
                self.template(template).await?;
            }
        }
        Ok(self.count)
    }

    /// Wanted, and something that can be done.
    fn takes(&mut self, key: &str) -> bool {
        let item = self.comparison.items.iter().find(|item| item.key == key);
        let Some(item) = item.filter(|item| self.chosen.contains(&item.key)) else { return false };
        match item.change {
            TransferChange::New => self.count.added += 1,
            TransferChange::Differs { .. } => self.count.replaced += 1,
            TransferChange::Same | TransferChange::Refused { .. } => return false,
        }
        true
    }

    /// A new connection or tunnel brings its new hosts.
    fn choose_needed_hosts(&mut self) {
        let is_new = |key: &String| {
            let items = &self.comparison.items;
            items.iter().any(|item| item.key == *key && item.change == TransferChange::New)
        };
        let mut needed = BTreeSet::new();
        for connection in &self.file.connections {
            let Some(id) = &connection.ssh_host else { continue };
            if !self.chosen.contains(&key_of_connection(&connection.id)) {
                continue;
            }
            needed.insert(key_of_host(id));
        }
        let tunnels = self.file.tunnels.iter();
        let chosen = tunnels.filter(|tunnel| self.chosen.contains(&tunnels::key(&tunnel.id)));
        needed.extend(chosen.map(|tunnel| key_of_host(&tunnel.ssh_host)));
        for host in &self.file.ssh_hosts {
            let key = key_of_host(&host.id);
            if needed.contains(&key) || self.chosen.contains(&key) {
                needed.extend(host.jumps.iter().map(key_of_host));
            }
        }
        self.chosen.extend(needed.into_iter().filter(is_new));
    }

    async fn settings(&self, mut theirs: model::Settings) -> Result<(), Failure> {
        // Whether the system starts the app belongs to this computer.
        theirs.start_at_login = self.shared.settings.borrow().start_at_login;
        settings::put(self.shared, theirs).await
    }

    async fn host(&self, entry: &HostEntry) -> Result<(), Failure> {
        let before = self.shared.store.get_ssh_host(&entry.id).await?;
        let jumps = self.comparison.mapped(&entry.jumps);
        let is_same_server = before.as_ref().is_some_and(|old| {
            old.user == entry.user && old.addresses == entry.addresses && old.jumps == jumps
        });
        let kept = before.iter().filter(|_| is_same_server).flat_map(|old| &old.auth);
        let kept: Vec<&SshAuth> = kept.collect();
        let host = SshHost {
            id: entry.id.clone(),
            addresses: entry.addresses.clone(),
            user: entry.user.clone(),
            auth: entry.auth.iter().map(|auth| login(auth, &kept)).collect(),
            jumps,
        };
        self.shared.store.put_ssh_host(&host).await?;
        let still: BTreeSet<_> = host.auth.iter().filter_map(reference).cloned().collect();
        for name in before.iter().flat_map(|old| &old.auth).filter_map(reference) {
            if !still.contains(name) {
                self.shared.vault.forget(name).await;
            }
        }
        self.shared.links.memory.forget(&host.id);
        let shared = Arc::clone(self.shared);
        let job = move |state: &mut State| {
            let changed = BTreeSet::from([host.id.clone()]);
            state.ssh_hosts.insert(host.id.clone(), host);
            // Nothing goes on over a link to what the host was before.
            moved(&shared, state, &changed, &Event::DisconnectAsked);
            connections_over(state, &changed)
        };
        let over = self.shared.owner.with(job).await?;
        if before.is_some() && !is_same_server {
            for id in over {
                self.forget_secrets(&id).await?;
            }
        }
        Ok(())
    }

    /// What a connection kept was for the server that it led to before.
    async fn forget_secrets(&self, id: &ConnectionId) -> Result<(), Failure> {
        let Some(mut connection) = self.shared.store.get_connection(id).await? else {
            return Ok(());
        };
        let secrets = std::mem::take(&mut connection.secrets);
        if secrets.is_empty() {
            return Ok(());
        }
        self.shared.store.put_connection(&connection).await?;
        for name in secrets.values() {
            self.shared.vault.forget(name).await;
        }
        let job = move |state: &mut State| {
            if let Some(entry) = state.connections.get_mut(&connection.id) {
                entry.connection = connection;
                state.changes.is_connections = true;
            }
        };
        self.shared.owner.with(job).await
    }

    async fn connection(&self, entry: &ConnectionEntry) -> Result<(), Failure> {
        let before = self.shared.store.get_connection(&entry.id).await?;
        let host_id = entry.ssh_host.as_ref().map(|id| self.comparison.mapped_host(id));
        let is_same_server = before.clone().is_some_and(|old| {
            old.ssh_host_id == host_id && ConnectionEntry::from(old).fields == entry.fields
        });
        let mut fields = without_trust(entry.fields.clone());
        let trusted = before.as_ref().and_then(|old| old.fields.get(CERTIFICATE));
        if let Some(trusted) = trusted.filter(|_| is_same_server) {
            fields.insert(CERTIFICATE.into(), trusted.clone());
        }
        let old_secrets = before.map(|old| old.secrets).unwrap_or_default();
        let secrets = if is_same_server { old_secrets.clone() } else { Default::default() };
        let connection = Connection {
            id: entry.id.clone(),
            kind: entry.kind.clone(),
            name: self.comparison.names.get(&entry.id).unwrap_or(&entry.name).trim().to_owned(),
            fields,
            secrets,
            ssh_host_id: host_id,
            connect_at_start: entry.connect_at_start,
            created_at: entry.created_at,
        };
        self.shared.store.put_connection(&connection).await?;
        if !is_same_server {
            for name in old_secrets.values() {
                self.shared.vault.forget(name).await;
            }
        }
        self.adopt(connection).await
    }

    /// A live connection goes on with what it has become only after it is connected again.
    async fn adopt(&self, connection: Connection) -> Result<(), Failure> {
        let shared = Arc::clone(self.shared);
        let job = move |state: &mut State| {
            let id = connection.id.clone();
            match state.connections.get_mut(&id) {
                Some(entry) => {
                    entry.connection = connection;
                    route(&shared, state, &id, Event::DisconnectAsked);
                }
                None => drop(state.connections.insert(id.clone(), Entry::new(connection))),
            }
            state.changes.is_connections = true;
            state.changes.workspaces.insert(id);
        };
        self.shared.owner.with(job).await
    }

    async fn favourite(&self, workspace: WorkspaceRef) -> Result<(), Failure> {
        self.shared.store.set_favourite(&workspace, true).await?;
        let job = move |state: &mut State| {
            state.changes.workspaces.insert(workspace.connection_id.clone());
            state.workspaces.set_favourite(workspace, true);
        };
        self.shared.owner.with(job).await
    }
}

/// A login of the file, with the secret that is kept here for the same login.
fn login(entry: &AuthEntry, kept: &[&SshAuth]) -> SshAuth {
    match entry {
        AuthEntry::Agent { socket } => SshAuth::Agent { socket: socket.clone() },
        AuthEntry::KeyboardInteractive => SshAuth::KeyboardInteractive,
        AuthEntry::Password => {
            let known = kept.iter().find(|auth| matches!(auth, SshAuth::Password { .. }));
            SshAuth::Password { secret: known.and_then(|auth| reference(auth)).cloned() }
        }
        AuthEntry::KeyFile { path } => {
            let known = kept
                .iter()
                .find(|auth| matches!(auth, SshAuth::KeyFile { path: old, .. } if old == path));
            SshAuth::KeyFile {
                path: path.clone(),
                passphrase: known.and_then(|auth| reference(auth)).cloned(),
            }
        }
    }
}
