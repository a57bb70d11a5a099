//! What a computer already knows of servers, and what would become of it here. A preview: no secret, and
//! nothing that is not shown to the person.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{ConnectionId, Failure, FormValues, HostAddress, Kind, SshAuth};

/// Where something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImportSource {
    /// `~/.ssh/config` and what it includes.
    SshConfig,
    /// Podman's `containers.conf` and `podman-connections.json`.
    Podman,
    L8s,
}

/// Everything found in one source. Sources where nothing was found are not listed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ImportFound {
    pub source: ImportSource,
    /// The files it was found in, `~` for the home folder.
    pub files: Vec<String>,
    pub items: Vec<ImportItem>,
    pub left_out: Vec<ImportLeftOut>,
}

/// One server that can be taken, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ImportItem {
    /// The same at every look while the file says the same; names it when it is taken.
    pub id: String,
    /// What it is called there.
    pub found_as: String,
    /// File and line, `~` for the home folder.
    pub place: String,
    /// What the connection would be called; free now.
    pub name: String,
    pub kind: Kind,
    pub host: ImportHost,
    /// Nearest to this computer first.
    pub jumps: Vec<ImportHost>,
    /// Values of the connection's fields.
    pub fields: FormValues,
    /// What is understood differently or not carried over, one sentence each.
    pub remarks: Vec<String>,
    /// The connection that reaches this server already. It cannot be taken again then.
    pub known: Option<ImportKnown>,
    /// Another item that reaches the same server and says more.
    pub same_as: Option<String>,
    /// Ticked at first.
    pub is_suggested: bool,
}

/// An SSH host as it would be stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportHost {
    pub addresses: Vec<HostAddress>,
    pub user: String,
    /// Without references to secrets: passphrases and passwords are asked for.
    pub auth: Vec<SshAuth>,
}

/// A connection that is here already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportKnown {
    pub connection_id: ConnectionId,
    pub name: String,
}

/// Something that was found and cannot be taken, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportLeftOut {
    pub what: String,
    pub place: String,
    /// A sentence without its full stop.
    pub why: String,
}

/// An item that the person ticked.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ImportPick {
    pub id: String,
    /// What the connection is to be called.
    pub name: String,
}

/// What became of an item that was ticked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ImportTaken {
    pub id: String,
    /// None when it could not be taken; `failure` says why.
    pub connection_id: Option<ConnectionId>,
    pub failure: Option<Failure>,
}
