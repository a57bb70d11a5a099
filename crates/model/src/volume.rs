//! Volumes of a server: what outlives the workspaces that use them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{TimestampMs, WorkspaceId};

/// What a volume is for, told by where it is mounted or by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VolumeKind {
    Home,
    Workspace,
    Other,
}

/// A workspace that uses a volume.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VolumeUse {
    pub workspace_id: WorkspaceId,
    pub name: String,
    /// Where it is mounted.
    pub path: String,
}

/// A volume as its server lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VolumeInfo {
    pub name: String,
    pub kind: VolumeKind,
    /// None when the server did not say in time.
    pub size_bytes: Option<u64>,
    pub created_at: Option<TimestampMs>,
    pub used_by: Vec<VolumeUse>,
}
