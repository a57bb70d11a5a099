//! Volumes: who uses them, how large they are, and what they hold as tar archives.
//!
//! Deliberately not here: attaching them, which is a matter of making and rebuilding workspaces.

mod carry;
mod list;

use std::io;

use async_trait::async_trait;
use backend_api::{BackendError, Cx, TarStream, Volumes};
use bytes::Bytes;
use model::VolumeInfo;
use tokio::sync::mpsc;

use crate::session::PodmanSession;

#[async_trait]
impl Volumes for PodmanSession {
    async fn list(&self, cx: &Cx) -> Result<Vec<VolumeInfo>, BackendError> {
        self.volume_infos(cx).await
    }

    async fn remove(&self, name: &str, cx: &Cx) -> Result<(), BackendError> {
        self.remove_volume(name, cx).await
    }

    async fn export(
        &self,
        name: &str,
        into: mpsc::Sender<Bytes>,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        self.export_volume(name, into, cx).await
    }

    async fn import(
        &self,
        name: &str,
        tar: TarStream<io::Error>,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        self.import_volume(name, tar, cx).await
    }
}
