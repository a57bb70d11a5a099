//! Images on a server: what they are, who uses them, what they were built on, and how one is built.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{ConnectionId, Failure, ImageId, TimestampMs, WorkspaceId};

/// An image as its server lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Image {
    pub id: ImageId,
    /// Full names with their tags; none when the image lost its last one to a newer image.
    pub names: Vec<String>,
    /// With everything it shares with other images.
    pub size_bytes: u64,
    pub created_at: Option<TimestampMs>,
    pub base: ImageBase,
    pub used_by: Vec<ImageUser>,
    /// Built from the Containerfile that comes with Moorline.
    pub is_dev_image: bool,
}

/// What is known of the image that an image was built on. Nothing here is guessed: an image counts as
/// outdated only when the server's own copy of its base holds other layers now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ImageBase {
    /// The image does not say what it was built on: it was pulled or imported, or built on nothing.
    Unrecorded,
    /// It says so, and the server does not have an image of that name now.
    Absent { name: String },
    /// The server's image of that name is the one it was built on.
    Current { name: String },
    /// The server's image of that name is another one now.
    Outdated {
        name: String,
        /// When the one that is there now was made.
        base_created_at: Option<TimestampMs>,
    },
}

/// A container that was made from an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImageUser {
    pub name: String,
    /// None: a container that is no workspace, for example what an unfinished build left.
    pub workspace_id: Option<WorkspaceId>,
}

/// The images of one server, or why they are not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ServerImages {
    pub connection_id: ConnectionId,
    pub connection_name: String,
    pub images: Vec<Image>,
    /// What all images take together; layers that several share are counted once. None when not known.
    pub disk_bytes: Option<u64>,
    pub failure: Option<Failure>,
}

/// Which images a prune looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PruneScope {
    /// Images without a name that nothing uses.
    Untagged,
    /// Every image that nothing uses.
    Unused,
}

/// What a prune would remove. Images that any container uses are never on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PruneList {
    pub images: Vec<Image>,
    /// What removing all of `images` frees; layers that other images keep are not counted.
    pub freed_bytes: u64,
}

/// What an image is built from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum BuildFrom {
    /// A folder of this computer, without what its ignore file names.
    Folder {
        path: String,
        /// The Containerfile's path inside the folder; empty: `Containerfile` or `Dockerfile`.
        containerfile: String,
    },
    /// A Containerfile alone.
    Text { containerfile: String },
    /// The Containerfile that comes with Moorline.
    DevImage,
}

/// A build argument.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BuildArgument {
    pub name: String,
    pub value: String,
}

impl std::fmt::Debug for BuildArgument {
    /// The value may be a secret and is left out.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BuildArgument").field("name", &self.name).finish_non_exhaustive()
    }
}

/// How an image is built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BuildInput {
    /// What the image will be called.
    pub name: String,
    pub source: BuildFrom,
    pub arguments: Vec<BuildArgument>,
    /// Every step is run again, even those whose result the server still has.
    pub is_without_cache: bool,
    /// The registry is asked for a newer base first.
    pub is_base_pulled: bool,
}
