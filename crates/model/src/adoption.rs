//! Workspaces that others made, and taking them over without changing anything on their server.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::TimestampMs;

/// Who made a workspace.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WorkspaceOrigin {
    #[default]
    Moorline,
    L8s,
    /// Neither; shown when asked for, and changed only after being adopted.
    Other,
}

/// What is remembered of a workspace that was adopted. It is kept on this computer; the workspace itself
/// is as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Adoption {
    /// Its name, by which it is found again when another program makes it anew.
    pub name: String,
    /// Who works in it: terminals run as this user. None: whoever the server would choose.
    pub user: Option<String>,
    pub branch: Option<String>,
    /// Where its project comes from, for example a Git address.
    pub repository: Option<String>,
    pub adopted_at: TimestampMs,
}

/// What adopting a workspace would mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AdoptionOffer {
    pub origin: WorkspaceOrigin,
    /// Who seems to work in it.
    pub user: Option<String>,
    pub branch: Option<String>,
    pub repository: Option<String>,
    /// What stays as it is and may surprise, one sentence each.
    pub facts: Vec<String>,
}
