//! Volumes of the fake server, each holding one archive.

use std::io;

use async_trait::async_trait;
use backend_api::{BackendError, Cx, TarStream, Volumes};
use bytes::Bytes;
use futures::TryStreamExt;
use model::{VolumeInfo, VolumeKind, VolumeUse};
use tokio::sync::mpsc;

use super::session::FakeSession;

/// Sent at once by an export.
const CHUNK: usize = 1000;

/// A volume of the fake server.
#[derive(Debug, Clone, Default)]
pub struct FakeVolume {
    /// The archive it was made from, and gives back.
    pub tar: Vec<u8>,
    pub used_by: Vec<VolumeUse>,
}

#[async_trait]
impl Volumes for FakeSession {
    async fn list(&self, _cx: &Cx) -> Result<Vec<VolumeInfo>, BackendError> {
        self.check()?;
        let state = self.server.state();
        let info = |(name, volume): (&String, &FakeVolume)| VolumeInfo {
            name: name.clone(),
            kind: VolumeKind::Other,
            size_bytes: Some(volume.tar.len() as u64),
            created_at: None,
            used_by: volume.used_by.clone(),
        };
        Ok(state.volumes.iter().map(info).collect())
    }

    async fn remove(&self, name: &str, cx: &Cx) -> Result<(), BackendError> {
        self.pass(cx).await?;
        let mut state = self.server.state();
        let user = state.volumes.get(name).and_then(|volume| volume.used_by.first());
        if let Some(user) = user {
            return Err(BackendError::conflict(format!("{} uses the volume {name}", user.name))
                .with_hint("Remove it first."));
        }
        state.volumes.remove(name);
        Ok(())
    }

    async fn export(
        &self,
        name: &str,
        into: mpsc::Sender<Bytes>,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        let found = self.server.state().volumes.get(name).map(|volume| volume.tar.clone());
        let tar = found.ok_or_else(|| {
            BackendError::not_found(format!("there is no volume {name}")).with_hint("Refresh.")
        })?;
        for chunk in tar.chunks(CHUNK) {
            self.pass(cx).await?;
            if into.send(Bytes::copy_from_slice(chunk)).await.is_err() {
                return Err(BackendError::Cancelled);
            }
        }
        Ok(())
    }

    async fn import(
        &self,
        name: &str,
        tar: TarStream<io::Error>,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        self.pass(cx).await?;
        if self.server.state().volumes.contains_key(name) {
            let message = format!("the fake server already has the volume {name}");
            return Err(BackendError::conflict(message).with_field("name"));
        }
        let read = async {
            tar.try_collect::<Vec<_>>()
                .await
                .map_err(|error| BackendError::invalid(format!("it cannot be read: {error}")))
        };
        let tar = cx.until_cancelled(read).await?.concat();
        let volume = FakeVolume { tar, used_by: Vec::new() };
        self.server.state().volumes.insert(name.to_owned(), volume);
        Ok(())
    }
}
