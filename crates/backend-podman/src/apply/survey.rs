//! What the server holds now, as far as a plan depends on it. Reads only.

use std::collections::BTreeSet;

use backend_api::{BackendError, Cx};

use super::draft::Draft;
use super::ports::{listening_from_proc, listening_from_ss};
use crate::convert::{LABEL_SSH_PORT, LABEL_WEB_PORT};
use crate::http::{Call, escape};
use crate::lifecycle::server_ports;
use crate::session::PodmanSession;
use crate::wire::{Image, ImageInspected, Info, Listed, Volume};

/// The server as a plan sees it.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    /// Names of all containers.
    pub(crate) names: BTreeSet<String>,
    /// Ports of the server that containers in any state or programs hold.
    pub(crate) used_ports: BTreeSet<u16>,
    /// The image that was asked for; none when it is not there.
    pub(crate) image: Option<ImageInspected>,
    /// Names of the images that are there.
    pub(crate) image_names: Vec<String>,
    pub(crate) volumes: BTreeSet<String>,
    pub(crate) cpus: u32,
    pub(crate) memory_mib: u64,
}

impl PodmanSession {
    pub(crate) async fn survey(&self, draft: &Draft, cx: &Cx) -> Result<Survey, BackendError> {
        let (containers, listening, image, images, volumes, info) = tokio::try_join!(
            self.containers(true, cx),
            self.listening(cx),
            self.image(&draft.image, cx),
            self.listed_images(cx),
            self.volumes(cx),
            self.info(cx),
        )?;
        let used_ports = used_ports(&containers, listening);
        let Info { host, .. } = info;
        let mut image_names: Vec<String> = images.iter().flat_map(names_of).collect();
        image_names.sort();
        Ok(Survey {
            names: containers.iter().flat_map(|one| one.names.iter().cloned()).collect(),
            used_ports,
            image,
            image_names,
            volumes,
            cpus: host.cpus,
            memory_mib: host.mem_total / (1024 * 1024),
        })
    }

    pub(crate) async fn listed_images(&self, cx: &Cx) -> Result<Vec<Image>, BackendError> {
        let call = Call::get("images/json");
        let images: Option<Vec<Image>> = self.ask_json(call, "list", "images", cx).await?;
        Ok(images.unwrap_or_default())
    }

    pub(crate) async fn image(
        &self,
        name: &str,
        cx: &Cx,
    ) -> Result<Option<ImageInspected>, BackendError> {
        if name.is_empty() {
            return Ok(None);
        }
        let call = Call::get(format!("images/{}/json", escape(name)));
        match self.ask_json(call, "look at", name, cx).await {
            Ok(image) => Ok(Some(image)),
            Err(BackendError::NotFound(_) | BackendError::Rejected(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn volumes(&self, cx: &Cx) -> Result<BTreeSet<String>, BackendError> {
        let call = Call::get("volumes/json");
        let volumes: Option<Vec<Volume>> = self.ask_json(call, "list", "volumes", cx).await?;
        Ok(volumes.unwrap_or_default().into_iter().map(|volume| volume.name).collect())
    }

    /// Ports that programs of the server listen on; empty where that cannot be asked.
    pub(crate) async fn listening(&self, cx: &Cx) -> Result<BTreeSet<u16>, BackendError> {
        if let Some(text) = self.output_of(&["ss", "-Htln"], cx).await? {
            return Ok(listening_from_ss(&text));
        }
        let argv = ["cat", "/proc/net/tcp", "/proc/net/tcp6"];
        let text = self.output_of(&argv, cx).await?;
        Ok(text.map(|text| listening_from_proc(&text)).unwrap_or_default())
    }

    async fn output_of(&self, argv: &[&str], cx: &Cx) -> Result<Option<String>, BackendError> {
        match cx.until_cancelled(cx.exec.run(argv)).await {
            Ok(output) if output.exit_code == Some(0) => {
                Ok(Some(String::from_utf8_lossy(&output.stdout).into_owned()))
            }
            Err(BackendError::Cancelled) => Err(BackendError::Cancelled),
            Ok(_) | Err(_) => Ok(None),
        }
    }
}

/// Ports of the server that containers in any state or programs hold.
pub(crate) fn used_ports(containers: &[Listed], listening: BTreeSet<u16>) -> BTreeSet<u16> {
    let mut used = listening;
    for container in containers {
        used.extend(server_ports(container));
        used.extend(labelled_ports(container));
    }
    used
}

fn labelled_ports(listed: &Listed) -> impl Iterator<Item = u16> + '_ {
    let labels = [LABEL_SSH_PORT, LABEL_WEB_PORT];
    labels.into_iter().filter_map(|label| listed.labels.get(label)?.parse().ok())
}

/// The names that an image can be asked for by.
pub(crate) fn names_of(image: &Image) -> Vec<String> {
    let names = if image.names.is_empty() { &image.repo_tags } else { &image.names };
    names.iter().filter(|name| !name.contains("<none>")).cloned().collect()
}
