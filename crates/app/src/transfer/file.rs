//! The file that carries everything but secrets: TOML that a person can read and change.
//!
//! Its types have no place for a secret nor for a reference to one: a reference in a file from elsewhere
//! could otherwise send a secret of this computer to a server that the file names.

use model::{
    Connection, ConnectionId, ErrorCode, Failure, FormValues, HostAddress, Kind, Settings, SshAuth,
    SshHost, SshHostId, Template, TimestampMs, Tunnel, WorkspaceId, WorkspaceRef,
};
use serde::{Deserialize, Serialize};

use super::{templates::TemplateEntry, tunnels::TunnelEntry};
use crate::questions::CERTIFICATE;

/// Raised when a file of this version cannot be understood by older ones.
const FORMAT: u32 = 1;
/// Far more than thousands of connections take.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// Everything that is carried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct File {
    pub(super) format: u32,
    pub(super) made_by: String,
    pub(super) settings: Option<Settings>,
    #[serde(default)]
    pub(super) ssh_hosts: Vec<HostEntry>,
    #[serde(default)]
    pub(super) connections: Vec<ConnectionEntry>,
    #[serde(default)]
    pub(super) favourites: Vec<FavouriteEntry>,
    #[serde(default)]
    pub(super) tunnels: Vec<TunnelEntry>,
    #[serde(default)]
    pub(super) templates: Vec<TemplateEntry>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct HostEntry {
    pub(super) id: SshHostId,
    pub(super) user: String,
    pub(super) addresses: Vec<HostAddress>,
    pub(super) auth: Vec<AuthEntry>,
    #[serde(default)]
    pub(super) jumps: Vec<SshHostId>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "snake_case")]
pub(super) enum AuthEntry {
    Agent { socket: Option<String> },
    KeyFile { path: String },
    Password,
    KeyboardInteractive,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct ConnectionEntry {
    pub(super) id: ConnectionId,
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) ssh_host: Option<SshHostId>,
    pub(super) connect_at_start: bool,
    pub(super) created_at: TimestampMs,
    #[serde(default)]
    pub(super) fields: FormValues,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct FavouriteEntry {
    pub(super) connection: ConnectionId,
    pub(super) workspace: WorkspaceId,
}

/// What a file is made from.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) version: String,
    pub(super) settings: Settings,
    pub(super) ssh_hosts: Vec<SshHost>,
    pub(super) connections: Vec<Connection>,
    pub(super) favourites: Vec<WorkspaceRef>,
    pub(super) tunnels: Vec<Tunnel>,
    pub(super) templates: Vec<Template>,
}

impl From<Parts> for File {
    fn from(parts: Parts) -> Self {
        Self {
            format: FORMAT,
            made_by: format!("Moorline {}", parts.version),
            settings: Some(parts.settings),
            ssh_hosts: parts.ssh_hosts.into_iter().map(HostEntry::from).collect(),
            connections: parts.connections.into_iter().map(ConnectionEntry::from).collect(),
            favourites: parts.favourites.into_iter().map(FavouriteEntry::from).collect(),
            tunnels: parts.tunnels.into_iter().map(TunnelEntry::from).collect(),
            templates: parts.templates.into_iter().map(TemplateEntry::from).collect(),
        }
    }
}

impl From<SshHost> for HostEntry {
    fn from(host: SshHost) -> Self {
        let auth = host.auth.into_iter().map(|auth| match auth {
            SshAuth::Agent { socket } => AuthEntry::Agent { socket },
            SshAuth::KeyFile { path, .. } => AuthEntry::KeyFile { path },
            SshAuth::Password { .. } => AuthEntry::Password,
            SshAuth::KeyboardInteractive => AuthEntry::KeyboardInteractive,
        });
        Self {
            id: host.id,
            user: host.user,
            addresses: host.addresses,
            auth: auth.collect(),
            jumps: host.jumps,
        }
    }
}

impl From<Connection> for ConnectionEntry {
    fn from(connection: Connection) -> Self {
        Self {
            id: connection.id,
            name: connection.name,
            kind: connection.kind,
            ssh_host: connection.ssh_host_id,
            connect_at_start: connection.connect_at_start,
            created_at: connection.created_at,
            fields: without_trust(connection.fields),
        }
    }
}

/// Trusting a server is a decision of each computer.
pub(super) fn without_trust(mut fields: FormValues) -> FormValues {
    fields.remove(CERTIFICATE);
    fields
}

impl From<WorkspaceRef> for FavouriteEntry {
    fn from(workspace: WorkspaceRef) -> Self {
        Self { connection: workspace.connection_id, workspace: workspace.workspace_id }
    }
}

impl HostEntry {
    /// "alice@forge-1.example.org:22".
    pub(super) fn title(&self) -> String {
        let address = self.addresses.first().map(ToString::to_string).unwrap_or_default();
        format!("{}@{address}", self.user)
    }

    pub(super) fn asks_for_secrets(&self) -> bool {
        self.auth.iter().any(|auth| matches!(auth, AuthEntry::Password))
    }
}

impl File {
    /// The file's text.
    pub(super) fn to_text(&self) -> Result<String, Failure> {
        let body = toml::to_string_pretty(self).map_err(|error| {
            Failure::new(ErrorCode::Internal, "the export could not be written")
                .with_hint("Report this as a defect.")
                .with_detail(error.to_string())
        })?;
        Ok(format!(
            "# Settings, connections, tunnels and templates of Moorline. Passwords and passphrases are not in this file.\n\n{body}"
        ))
    }

    /// Reads a file's text.
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        if text.len() > MOST_BYTES {
            return Err(unreadable("it is larger than any export", None));
        }
        let format = toml::from_str::<Format>(text).map_err(|error| not_toml(&error))?.format;
        if format != FORMAT {
            return Err(Failure::new(
                ErrorCode::Unsupported,
                format!(
                    "the file has the format {format}; this Moorline reads the format {FORMAT}"
                ),
            )
            .with_hint("Update Moorline on this computer and import the file again."));
        }
        toml::from_str(text).map_err(|error| not_toml(&error))
    }
}

#[derive(Deserialize)]
struct Format {
    format: u32,
}

/// Only what was expected is repeated, and where: the file may be any file of the person's.
fn not_toml(error: &toml::de::Error) -> Failure {
    unreadable(error.message(), error.span().map(|span| span.start))
}

fn unreadable(reason: &str, at: Option<usize>) -> Failure {
    let failure = Failure::new(ErrorCode::Invalid, "the file is not an export of Moorline")
        .with_hint("Choose a file that was made with Export.");
    match at {
        Some(byte) => failure.with_detail(format!("{reason}, at byte {byte}")),
        None => failure.with_detail(reason),
    }
}
