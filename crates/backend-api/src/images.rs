//! Images of a server. Packing a folder for a build is the app's business: here it arrives as a tar stream.

use std::io;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream as BoxItems;
use model::{BuildArgument, FieldProblem, Image, ImageId, PlanStep, PruneList, PruneScope};

use crate::{BackendError, Cx, StepSink};

/// How an image is built.
#[derive(Debug, Clone)]
pub struct BuildRequest {
    /// The full name and tag of the image to be.
    pub name: String,
    /// The Containerfile's path inside the context.
    pub containerfile_path: String,
    /// Its text, for the steps and for errors that point at a line.
    pub containerfile: String,
    pub arguments: Vec<BuildArgument>,
    pub is_without_cache: bool,
    pub is_base_pulled: bool,
    /// How long the context will be, for progress.
    pub context_bytes: Option<u64>,
    /// Labels that the image gets beside those of its Containerfile.
    pub labels: Vec<(String, String)>,
}

/// Where a name without a registry belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameOf {
    /// An image to be fetched: the public registry.
    Remote,
    /// An image made on the server: the server itself.
    Local,
}

/// A tar archive of the files that a build may copy, the Containerfile among them.
pub type BuildContext = BoxItems<'static, io::Result<Bytes>>;

/// All images of a server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImageList {
    pub images: Vec<Image>,
    /// Layers that several images share are counted once.
    pub disk_bytes: Option<u64>,
}

/// Images: listing, pulling, building, naming, removing.
///
/// What takes long reports its steps and writes to `cx.log`. Cancelling `cx` stops the work on the server;
/// what remains there is said in the log.
#[async_trait]
pub trait Images: Send + Sync {
    /// All images with who uses them.
    async fn images(&self, cx: &Cx) -> Result<ImageList, BackendError>;

    /// The full name with registry and tag that the server would take a name for, or why it will not do.
    fn full_name(&self, name: &str, of: NameOf) -> Result<String, FieldProblem>;

    /// The steps that `pull` reports.
    fn pull_steps(&self, name: &str) -> Vec<PlanStep>;

    /// Fetches an image from its registry. `Unreachable`, `Unauthorized` and `NotFound` are about the registry.
    async fn pull(
        &self,
        name: &str,
        steps: &dyn StepSink,
        cx: &Cx,
    ) -> Result<ImageId, BackendError>;

    /// The steps that `build` reports. `Invalid` names the line of a Containerfile that cannot be read.
    fn build_steps(&self, request: &BuildRequest) -> Result<Vec<PlanStep>, BackendError>;

    /// Builds an image. `Invalid` names the line of the Containerfile at fault.
    async fn build(
        &self,
        request: &BuildRequest,
        context: BuildContext,
        steps: &dyn StepSink,
        cx: &Cx,
    ) -> Result<ImageId, BackendError>;

    /// Gives an image one more name. An image that had the name before loses it.
    async fn tag(&self, id: &ImageId, name: &str, cx: &Cx) -> Result<(), BackendError>;

    /// Removes an image with all its names; `Conflict` names what uses it. One that is gone counts as removed.
    async fn remove(&self, id: &ImageId, cx: &Cx) -> Result<(), BackendError>;

    /// What a prune would remove, without the images in `kept`.
    async fn prune_list(
        &self,
        scope: PruneScope,
        kept: &[ImageId],
        cx: &Cx,
    ) -> Result<PruneList, BackendError>;
}
