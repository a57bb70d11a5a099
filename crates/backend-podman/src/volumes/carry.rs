//! What a volume holds, carried in and out through a container that is made for it and never started.

use std::io;

use backend_api::{BackendError, Cx, Files, TarStream};
use bytes::Bytes;
use futures::StreamExt;
use model::WorkspaceId;
use serde_json::json;
use tokio::sync::mpsc;

use crate::apply::{ensure_going, is_volume_name, unhurried};
use crate::convert::LABEL_MANAGED;
use crate::http::{Call, escape};
use crate::session::PodmanSession;
use crate::wire::Made;

/// Where a volume is inside such a container; no image has this folder.
const PLACE: &str = "/moorline-volume";

impl PodmanSession {
    pub(super) async fn export_volume(
        &self,
        name: &str,
        into: mpsc::Sender<Bytes>,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        self.ensure_volume(name, cx).await?;
        let helper = self.volume_helper(name, cx).await?;
        let sent = self.send_volume(&helper, into, cx).await;
        let removed = self.remove_container(helper.as_str(), name, &unhurried(cx)).await;
        sent.and(removed)
    }

    async fn send_volume(
        &self,
        helper: &WorkspaceId,
        into: mpsc::Sender<Bytes>,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        // With the dot, names in the archive are relative to the volume, as `podman volume import` wants.
        let mut tar = self.get(helper, &format!("{PLACE}/."), cx).await?;
        while let Some(chunk) = tar.next().await {
            if into.send(chunk?).await.is_err() {
                return Err(BackendError::Cancelled);
            }
        }
        Ok(())
    }

    pub(super) async fn import_volume(
        &self,
        name: &str,
        tar: TarStream<io::Error>,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        if !is_volume_name(name) {
            return Err(BackendError::invalid(format!("\"{name}\" will not do as a name"))
                .with_field("name")
                .with_hint("Use letters, digits, dots, hyphens and underscores."));
        }
        ensure_going(cx)?;
        let body = json!({ "Name": name, "Label": { LABEL_MANAGED: "true" } });
        let call = Call::post("volumes/create").json(&body)?;
        self.ask(call, "make the volume", name, &unhurried(cx)).await?;
        let filled = self.fill_volume(name, tar, cx).await;
        if filled.is_err() {
            // The error tells why; a volume that cannot be removed now is in the list.
            drop(self.remove_volume(name, &unhurried(cx)).await);
        }
        filled
    }

    async fn fill_volume(
        &self,
        name: &str,
        tar: TarStream<io::Error>,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        let helper = self.volume_helper(name, cx).await?;
        let put = self.put(&helper, PLACE, tar, cx).await;
        let removed = self.remove_container(helper.as_str(), name, &unhurried(cx)).await;
        put.and(removed)
    }

    async fn ensure_volume(&self, name: &str, cx: &Cx) -> Result<(), BackendError> {
        let call = Call::get(format!("volumes/{}/json", escape(name)));
        let reply = self.client.send(call, cx).await?;
        if reply.status.as_u16() == 404 {
            return Err(BackendError::not_found(format!(
                "the volume \"{name}\" is not on \"{}\" any more",
                self.server_name()
            ))
            .with_hint("Refresh the list."));
        }
        self.attempt("look at the volume", name).check(reply).map(drop)
    }

    /// A container with the volume in it; no program of it ever runs, so that any image will do.
    async fn volume_helper(&self, name: &str, cx: &Cx) -> Result<WorkspaceId, BackendError> {
        let images = self.listed_images(cx).await?;
        let Some(image) = images.first() else {
            return Err(BackendError::unsupported(format!(
                "\"{}\" has no image, and without one its volumes cannot be read",
                self.server_name()
            ))
            .with_hint("Pull or build an image there first; any will do."));
        };
        ensure_going(cx)?;
        let helper = format!("moorline-volume-{}", WorkspaceId::generate());
        let spec = json!({
            "name": helper, "image": image.id, "command": ["true"], "image_volume_mode": "ignore",
            "volumes": [{ "Name": name, "Dest": PLACE }], "labels": { "moorline.helper": "volume" },
        });
        let call = Call::post("containers/create").json(&spec)?;
        let made: Made = self.ask_json(call, "open the volume", name, &unhurried(cx)).await?;
        Ok(WorkspaceId::from_raw(made.id))
    }
}
