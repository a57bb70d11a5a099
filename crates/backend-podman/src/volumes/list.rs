//! Volumes as the server lists them, joined with the containers that mount them.

use std::collections::BTreeMap;
use std::time::Duration;

use backend_api::{BackendError, Cx};
use futures::{StreamExt, TryStreamExt, stream};
use model::{VolumeInfo, VolumeKind, VolumeUse, WorkspaceId};

use crate::convert::timestamp;
use crate::http::Call;
use crate::session::PodmanSession;
use crate::wire::{DiskUse, Inspected, Volume};

/// Containers that are asked for their mounts at once.
const AT_ONCE: usize = 8;
/// Podman walks through every file of every volume to tell their sizes.
const SIZES_WITHIN: Duration = Duration::from_secs(15);

impl PodmanSession {
    pub(super) async fn volume_infos(&self, cx: &Cx) -> Result<Vec<VolumeInfo>, BackendError> {
        let (volumes, uses, sizes) =
            tokio::try_join!(self.all_volumes(cx), self.volume_uses(cx), self.volume_sizes(cx))?;
        let mut infos: Vec<VolumeInfo> = volumes
            .into_iter()
            .map(|volume| {
                let used_by = uses.get(&volume.name).cloned().unwrap_or_default();
                VolumeInfo {
                    kind: kind_of(&volume.name, &used_by),
                    size_bytes: sizes.get(&volume.name).copied(),
                    created_at: timestamp(&volume.created_at),
                    used_by,
                    name: volume.name,
                }
            })
            .collect();
        infos.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(infos)
    }

    async fn all_volumes(&self, cx: &Cx) -> Result<Vec<Volume>, BackendError> {
        let call = Call::get("volumes/json");
        let volumes: Option<Vec<Volume>> = self.ask_json(call, "list", "volumes", cx).await?;
        Ok(volumes.unwrap_or_default())
    }

    /// Volume names and who mounts them.
    pub(super) async fn volume_uses(
        &self,
        cx: &Cx,
    ) -> Result<BTreeMap<String, Vec<VolumeUse>>, BackendError> {
        let containers = self.containers(true, cx).await?;
        let ids = containers.into_iter().map(|one| WorkspaceId::from_raw(one.id));
        let looked = stream::iter(ids).map(|id| async move {
            match self.inspected(&id, cx).await {
                Ok(found) => Ok(Some(found)),
                Err(BackendError::NotFound(_)) => Ok(None),
                Err(error) => Err(error),
            }
        });
        let found: Vec<Option<Inspected>> = looked.buffered(AT_ONCE).try_collect().await?;
        let mut uses: BTreeMap<String, Vec<VolumeUse>> = BTreeMap::new();
        for container in found.into_iter().flatten() {
            for mount in container.mounts.iter().filter(|mount| mount.kind == "volume") {
                uses.entry(mount.name.clone()).or_default().push(VolumeUse {
                    workspace_id: WorkspaceId::from_raw(container.id.clone()),
                    name: container.name.clone(),
                    path: mount.destination.clone(),
                });
            }
        }
        Ok(uses)
    }

    /// Sizes as far as the server tells them in time.
    async fn volume_sizes(&self, cx: &Cx) -> Result<BTreeMap<String, u64>, BackendError> {
        let asked = self.ask_json::<DiskUse>(Call::get("system/df"), "measure", "volumes", cx);
        match tokio::time::timeout(SIZES_WITHIN, asked).await {
            Ok(Ok(used)) => Ok(used
                .volumes
                .into_iter()
                .filter_map(|volume| Some((volume.volume_name, u64::try_from(volume.size).ok()?)))
                .collect()),
            Ok(Err(BackendError::Cancelled)) => Err(BackendError::Cancelled),
            Ok(Err(error)) => {
                tracing::debug!(%error, "the server does not tell the sizes of volumes");
                Ok(BTreeMap::new())
            }
            Err(_) => Ok(BTreeMap::new()),
        }
    }
}

/// By where it is mounted, else by l8s's names.
fn kind_of(name: &str, used_by: &[VolumeUse]) -> VolumeKind {
    let is_at = |prefix: &str| {
        used_by.iter().any(|one| one.path == prefix || one.path.starts_with(&format!("{prefix}/")))
    };
    if is_at("/home") || (used_by.is_empty() && name.ends_with("-home")) {
        VolumeKind::Home
    } else if is_at("/workspace") || (used_by.is_empty() && name.ends_with("-workspace")) {
        VolumeKind::Workspace
    } else {
        VolumeKind::Other
    }
}
