//! Volumes of servers: listing, deleting, and carrying them to and from files of this computer, as runs.
//!
//! Attaching them is a matter of making and rebuilding workspaces.

mod archive;
mod carry;

use std::{path::PathBuf, sync::Arc};

use model::{ConnectionId, Failure, PlanStep, RunId, VolumeInfo};

use crate::{
    Core, PickKind,
    runs::{Apart, Deed, begin_apart},
};
use carry::Carrier;

impl Core {
    /// Volumes of one server, with who uses them.
    ///
    /// # Errors
    /// `Unreachable` when it is not connected, `Unsupported` when its kind has no volumes.
    pub async fn volumes(&self, id: &ConnectionId) -> Result<Vec<VolumeInfo>, Failure> {
        let live = self.shared.live(id).await?;
        let volumes = live.session.volumes().ok_or_else(|| live.cannot("list volumes"))?;
        live.call(volumes.list(&live.cx())).await
    }

    /// Deletes volumes with what they hold; one that is in use is not touched and fails the run.
    ///
    /// # Errors
    /// As `volumes`; later failures are in the run.
    pub async fn volumes_remove(
        &self,
        id: &ConnectionId,
        names: Vec<String>,
    ) -> Result<RunId, Failure> {
        let summary = format!("Delete {}", names.join(", "));
        let means = "Stops before the next volume. Those that are deleted are gone.";
        let carrier = self.carrier(id).await?;
        let subject = names.join(", ");
        let deed: Deed = Box::new(move |run| Box::pin(carrier.remove(names, run)));
        self.begin_volumes(id, "delete volume", subject, summary, means, deed).await
    }

    /// Writes what a volume holds to a tar file that the person picks; none when they cancelled.
    ///
    /// # Errors
    /// As `volumes`; `Unsupported` in a plain browser. Later failures are in the run.
    pub async fn volume_export(
        &self,
        id: &ConnectionId,
        name: String,
    ) -> Result<Option<RunId>, Failure> {
        let carrier = self.carrier(id).await?;
        let picked = self.shared.host.pick_save_path(&format!("{name}.tar")).await?;
        let Some(path) = picked else { return Ok(None) };
        let summary = format!("Write {name} to {}", path.display());
        let means = "Stops, and leaves no file.";
        let subject = name.clone();
        let deed: Deed = Box::new(move |run| Box::pin(carrier.export(name, path, run)));
        self.begin_volumes(id, "export volume", subject, summary, means, deed).await.map(Some)
    }

    /// Makes a volume from a tar file that the person picks; none when they cancelled.
    ///
    /// # Errors
    /// As `volume_export`. The archive is looked through before anything is sent.
    pub async fn volume_import(
        &self,
        id: &ConnectionId,
        name: String,
    ) -> Result<Option<RunId>, Failure> {
        let carrier = self.carrier(id).await?;
        let picked: Option<PathBuf> =
            self.shared.host.pick_open_path("Tar archive of a volume", PickKind::File).await?;
        let Some(path) = picked else { return Ok(None) };
        let summary = format!("Make {name} from {}", path.display());
        let means = "Stops, and takes the new volume away again.";
        let subject = name.clone();
        let deed: Deed = Box::new(move |run| Box::pin(carrier.import(name, path, run)));
        self.begin_volumes(id, "import volume", subject, summary, means, deed).await.map(Some)
    }

    async fn carrier(&self, id: &ConnectionId) -> Result<Carrier, Failure> {
        let live = self.shared.live(id).await?;
        if live.session.volumes().is_none() {
            return Err(live.cannot("carry volumes"));
        }
        Ok(Carrier { live })
    }

    async fn begin_volumes(
        &self,
        id: &ConnectionId,
        verb: &'static str,
        subject: String,
        summary: String,
        means: &str,
        deed: Deed,
    ) -> Result<RunId, Failure> {
        let connection = self.shared.connection(id).await?;
        let steps = vec![PlanStep { name: "Carry".into(), summary }];
        let input = [("volume".to_owned(), subject.clone())].into();
        let cancel_means = means.to_owned();
        let apart = Apart { verb, connection, subject: Some(subject), steps, input, cancel_means };
        begin_apart(&Arc::clone(&self.shared), apart, deed).await
    }
}
