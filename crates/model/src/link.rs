//! Links that other programs hand to the app, as they are shown to a person before anything is done.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{ConnectionId, Failure, LabRef, LinkId, TunnelId, WorkspaceRef};

/// A link that waits for the person's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LinkRequest {
    pub id: LinkId,
    /// The link as it came, cut where it is very long.
    pub text: String,
    pub target: LinkTarget,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "target", rename_all = "snake_case")]
pub enum LinkTarget {
    /// Show a workspace that is known.
    Workspace { workspace: WorkspaceRef, name: String, connection_name: String },
    /// Show a connection that is known.
    Connection { connection_id: ConnectionId, name: String },
    /// Show a tunnel that is known.
    Tunnel { tunnel_id: TunnelId, name: String },
    /// Show a lab that is known.
    Lab { lab: LabRef, name: String, connection_name: String },
    /// Open the form for a new connection with these values in it; the person still has to save it.
    AddConnection { name: Option<String>, host: String, port: u16, user: Option<String> },
    /// The link is not understood, or what it names is not known here.
    Nowhere { failure: Failure },
}
