//! Workspaces: something a person works in, wherever it runs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Adoption, ForwardId, TimestampMs, WorkspaceId, WorkspaceOrigin, WorkspaceRef};

/// How a workspace is, one word each in the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WorkspaceState {
    /// Made, never started.
    Created,
    Starting,
    Running,
    Paused,
    Stopping,
    Stopped,
    Removing,
    Error,
    /// The server does not answer; the rest of the row is from earlier.
    Unknown,
}

/// A port of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WorkspacePort {
    /// Inside the workspace.
    pub port: u16,
    /// On the server, where it is published; kept while the workspace is stopped.
    pub server_port: Option<u16>,
    /// What listens there, where that is known: "ssh", "ide", "web".
    pub label: Option<String>,
}

/// Limits; none means no limit.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Limits {
    /// Cores; 1.5 is one and a half.
    pub cpus: Option<f64>,
    pub memory_bytes: Option<u64>,
}

/// A web IDE or another thing that a workspace can be opened with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct IdeTarget {
    /// The port inside the workspace that serves it.
    pub port: u16,
    /// Path to open, beginning with a slash.
    pub path: String,
}

/// A workspace as its server lists it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Workspace {
    pub id: WorkspaceId,
    pub name: String,
    pub state: WorkspaceState,
    /// One remark on the state, for example "exit code 137".
    pub state_remark: Option<String>,
    pub image: String,
    pub branch: Option<String>,
    pub owner: Option<String>,
    pub created_at: Option<TimestampMs>,
    pub started_at: Option<TimestampMs>,
    pub ports: Vec<WorkspacePort>,
    pub web_ide: Option<IdeTarget>,
    /// Made by l8s or Moorline, or adopted; others are shown, and changed only after being adopted.
    pub is_managed: bool,
    #[serde(default)]
    pub origin: WorkspaceOrigin,
}

/// A volume of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Volume {
    pub name: String,
    /// Where it is mounted.
    pub path: String,
}

/// Everything the overview of one workspace shows beyond the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct WorkspaceDetail {
    pub workspace: Workspace,
    pub limits: Limits,
    pub volumes: Vec<Volume>,
    /// Environment names only; values may be secrets.
    pub environment_names: Vec<String>,
    pub labels: BTreeMap<String, String>,
    pub command: Vec<String>,
    pub user: Option<String>,
    pub exit_code: Option<i32>,
}

/// A workspace as lists and pages show it, over all connections.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct WorkspaceView {
    pub workspace_ref: WorkspaceRef,
    pub connection_name: String,
    pub workspace: Workspace,
    /// Set when the server does not answer: when this row was last true.
    pub stale_since: Option<TimestampMs>,
    /// Offered first in the tray.
    pub is_favourite: bool,
    /// Set when others made it and a person adopted it.
    pub adoption: Option<Adoption>,
    /// Local listeners that carry its ports now.
    pub forwards: Vec<Forward>,
}

/// A local listener that carries one port of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Forward {
    pub id: ForwardId,
    pub workspace: WorkspaceRef,
    /// Inside the workspace.
    pub port: u16,
    /// On this computer's loopback address.
    pub local_port: u16,
    /// Why the local port differs from the workspace's, or what is wrong with it.
    pub remark: Option<String>,
    pub open_connections: u32,
}

/// What becomes of the volumes of a workspace that is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RemoveVolumes {
    Keep,
    Delete,
}
