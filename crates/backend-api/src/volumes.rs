//! The ability to look after volumes, and to carry what they hold in and out as tar archives.

use std::io;

use async_trait::async_trait;
use bytes::Bytes;
use model::VolumeInfo;
use tokio::sync::mpsc;

use crate::{BackendError, Cx, TarStream};

/// Volumes of a server.
#[async_trait]
pub trait Volumes: Send + Sync {
    /// All volumes, by name, with who uses them.
    async fn list(&self, cx: &Cx) -> Result<Vec<VolumeInfo>, BackendError>;

    /// Deletes a volume with what it holds; one that is gone counts as deleted. `Conflict` while used.
    async fn remove(&self, name: &str, cx: &Cx) -> Result<(), BackendError>;

    /// Sends what a volume holds into `into`, as a tar archive with names relative to the volume. Returns
    /// when all of it was sent; after an error or a cancel what was sent is not whole.
    async fn export(
        &self,
        name: &str,
        into: mpsc::Sender<Bytes>,
        cx: &Cx,
    ) -> Result<(), BackendError>;

    /// Makes a volume that holds what a tar archive holds, with the archive's owners. `Conflict` when there
    /// is one of this name; after an error or a cancel it is taken away again.
    async fn import(
        &self,
        name: &str,
        tar: TarStream<io::Error>,
        cx: &Cx,
    ) -> Result<(), BackendError>;
}
