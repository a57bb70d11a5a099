//! A look at the product's state: which servers there are, how they are reached, what they list.

use std::sync::Arc;

use model::{ConnectionId, Failure, SshAuth, SshHost, TimestampMs, Workspace};

use super::{alias::slug, entry::Hop};
use crate::{
    sessions::{Live, expand},
    shared::Shared,
    state::{Entry, State},
};

/// One connection that goes over SSH.
pub(super) struct Server {
    pub(super) id: ConnectionId,
    pub(super) name: String,
    pub(super) created_at: TimestampMs,
    /// Jumps in their order, then the host itself.
    pub(super) hosts: Vec<SshHost>,
    /// What it lists now; none while it does not answer.
    pub(super) rows: Option<Vec<Workspace>>,
    pub(super) live: Option<Arc<Live>>,
}

/// All connections that go over SSH, oldest first, so that names stay with whom they were given to.
pub(super) async fn servers(shared: &Shared) -> Result<Vec<Server>, Failure> {
    let mut servers = shared
        .owner
        .with(|state| {
            let entries = state.connections.values();
            entries.filter_map(|entry| server(state, entry)).collect::<Vec<_>>()
        })
        .await?;
    servers.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    Ok(servers)
}

fn server(state: &State, entry: &Entry) -> Option<Server> {
    let connection = &entry.connection;
    let host = state.ssh_hosts.get(connection.ssh_host_id.as_ref()?)?;
    let mut hosts: Vec<SshHost> =
        host.jumps.iter().filter_map(|jump| state.ssh_hosts.get(jump).cloned()).collect();
    hosts.push(host.clone());
    Some(Server {
        id: connection.id.clone(),
        name: connection.name.clone(),
        created_at: connection.created_at,
        hosts,
        rows: state.workspaces.fresh(&connection.id),
        live: entry.live.clone(),
    })
}

impl Server {
    /// The entries of its SSH hosts, jumps first.
    pub(super) fn hops(&self, shared: &Shared, name: &str) -> Vec<Hop> {
        let last = self.hosts.len().saturating_sub(1);
        let mut hops: Vec<Hop> = Vec::new();
        for (index, host) in self.hosts.iter().enumerate() {
            let Some(address) = host.addresses.first() else { continue };
            let alias =
                if index == last { name.to_owned() } else { format!("{name}.jump.{}", index + 1) };
            hops.push(Hop {
                alias,
                host: address.host.clone(),
                port: address.port,
                user: host.user.clone(),
                key_files: key_files(shared, host),
                agent: agent(shared, host),
                through: hops.iter().map(|hop| hop.alias.clone()).collect(),
            });
        }
        hops
    }

    /// What its names begin with.
    pub(super) fn prefix(&self) -> String {
        format!("moorline-{}", slug(&self.name))
    }
}

/// Private keys that the host's login uses.
pub(super) fn key_files(shared: &Shared, host: &SshHost) -> Vec<String> {
    let path = |auth: &SshAuth| match auth {
        SshAuth::KeyFile { path, .. } => Some(expand(shared, path).display().to_string()),
        SshAuth::Agent { .. } | SshAuth::Password { .. } | SshAuth::KeyboardInteractive => None,
    };
    host.auth.iter().filter_map(path).collect()
}

/// The agent that the host's login asks, where it is not the environment's.
fn agent(shared: &Shared, host: &SshHost) -> Option<String> {
    host.auth.iter().find_map(|auth| match auth {
        SshAuth::Agent { socket: Some(socket) } => {
            Some(expand(shared, socket).display().to_string())
        }
        SshAuth::Agent { socket: None }
        | SshAuth::KeyFile { .. }
        | SshAuth::Password { .. }
        | SshAuth::KeyboardInteractive => None,
    })
}
