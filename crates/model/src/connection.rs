//! Connections: one configured remote system each, what a form sends to make one, what a list shows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    Abilities, ConnectionId, Failure, FormValues, HostAddress, LabFeatures, Secret, SecretRef,
    SshAuthInput, SshHost, SshHostId, TimestampMs,
};

/// Which backend drives a connection, for example `podman`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(transparent)]
pub struct Kind(String);

impl Kind {
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// One configured remote system, as the store keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Connection {
    pub id: ConnectionId,
    pub kind: Kind,
    /// What the person calls it; unique among connections.
    pub name: String,
    /// Values of the descriptor's fields that are neither secret nor an SSH host.
    pub fields: FormValues,
    /// Where the values of secret fields are kept, by field name.
    pub secrets: BTreeMap<String, SecretRef>,
    pub ssh_host_id: Option<SshHostId>,
    /// Connect when the app starts.
    pub connect_at_start: bool,
    pub created_at: TimestampMs,
}

/// An SSH host as a form sends it.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SshHostInput {
    /// Set to change a known host, left out to make one.
    pub id: Option<SshHostId>,
    pub addresses: Vec<HostAddress>,
    pub user: String,
    pub auth: Vec<SshAuthInput>,
    /// Hosts to go through, nearest to this computer first; their own `jumps` must be empty.
    pub jumps: Vec<SshHostInput>,
}

/// What the connection form sends, for a new connection or a changed one.
///
/// `Failure::field` names what is wrong in it: "name", a field of the descriptor by its name, or a path
/// such as "ssh_host.user", "ssh_host.addresses.0.port", "ssh_host.auth", "ssh_host.jumps.0.user".
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ConnectionInput {
    pub kind: Kind,
    pub name: String,
    pub fields: FormValues,
    /// Values of secret fields; a field left out keeps its stored value.
    #[ts(type = "Record<string, string>")]
    pub secrets: BTreeMap<String, Secret<String>>,
    pub ssh_host: Option<SshHostInput>,
    pub connect_at_start: bool,
}

/// How a connection is at this moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ConnectionState {
    /// Never connected since the app started, or closed by the person.
    Disconnected,
    /// `stage` says in words what it is doing, for example "checking the host key".
    Connecting { stage: String },
    /// `round_trip_ms` is the newest measurement.
    Connected { since: TimestampMs, round_trip_ms: Option<u32> },
    /// Waiting to try again at `next_try_at`; `last_seen` is when the server last answered.
    Reconnecting {
        next_try_at: TimestampMs,
        attempt: u32,
        last_seen: Option<TimestampMs>,
        error: Failure,
    },
    /// Given up until the person does something.
    Failed { error: Failure, last_seen: Option<TimestampMs> },
}

/// What is known about the server behind a live connection.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct ServerInfo {
    /// Product and version, for example "Podman 4.3.1".
    pub product: String,
    /// One short remark, for example "rootless".
    pub remark: Option<String>,
    pub cpus: Option<u32>,
    pub memory_bytes: Option<u64>,
    pub memory_free_bytes: Option<u64>,
    pub disk_free_bytes: Option<u64>,
}

/// A connection as lists and pages show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ConnectionView {
    pub connection: Connection,
    pub ssh_host: Option<SshHost>,
    /// The jump hosts of `ssh_host`, in order.
    pub jumps: Vec<SshHost>,
    pub state: ConnectionState,
    /// None until the server answered once since the app started.
    pub server: Option<ServerInfo>,
    /// What the live session can do; none when there is no session.
    pub abilities: Option<Abilities>,
    /// Number of workspaces last listed.
    pub workspace_count: u32,
    /// What a live lab server can do; none for others, and when there is no session.
    pub labs: Option<LabFeatures>,
    /// Number of labs last listed.
    pub lab_count: u32,
}
