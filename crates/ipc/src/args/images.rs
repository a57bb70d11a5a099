//! Images of servers.

use app::NamedImage;
use model::{BuildInput, ConnectionId, ImageId, PruneScope};
use serde::Deserialize;
use ts_rs::TS;

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ImagePullArgs {
    pub connection_id: ConnectionId,
    /// As a person writes it; a name without a registry is looked for in the public one.
    pub name: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ImageBuildArgs {
    pub connection_id: ConnectionId,
    pub input: BuildInput,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ImageTagArgs {
    pub connection_id: ConnectionId,
    pub image_id: ImageId,
    /// The name to give beside those that it has.
    pub name: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ImageRemoveArgs {
    pub connection_id: ConnectionId,
    pub image_id: ImageId,
    /// What the run calls it.
    pub label: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ImagesPruneListArgs {
    pub connection_id: ConnectionId,
    pub scope: PruneScope,
    /// Images that a person wants to keep.
    pub kept: Vec<ImageId>,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ImagesPruneArgs {
    pub connection_id: ConnectionId,
    /// Exactly these are removed, in this order.
    pub images: Vec<NamedImage>,
}
