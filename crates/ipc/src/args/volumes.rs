//! Arguments about volumes.

use model::{ConnectionId, RunId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Clone, Deserialize, TS)]
pub struct VolumeArgs {
    pub connection_id: ConnectionId,
    pub name: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct VolumesRemoveArgs {
    pub connection_id: ConnectionId,
    pub names: Vec<String>,
}

/// A run that began after a file was picked.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CarryStarted {
    /// None when the person picked no file.
    pub run_id: Option<RunId>,
}
