//! Images of all connections: lists, and runs that pull, build, name and remove them.
//!
//! What a server does with an image is the backend's business; what a build is sent is made here.

mod build;
mod context;
mod dev_image;
mod job;
mod plan;

use std::sync::Arc;

use model::{
    BuildInput, ConnectionId, Failure, ImageId, Plan, PruneList, PruneScope, RunId, ServerImages,
};

pub use job::NamedImage;
pub(crate) use job::{ImageJob, ImageWork, complete, stored};

use crate::{
    Core,
    runs::{Work, begin},
    sessions::Live,
    shared::Shared,
    state::State,
};

impl Core {
    /// The images of every connected server that has some to show. A server that does not answer says so
    /// in its entry.
    ///
    /// # Errors
    /// `Cancelled` while the app is ending.
    pub async fn images(&self) -> Result<Vec<ServerImages>, Failure> {
        let live = |state: &mut State| -> Vec<Arc<Live>> {
            state.connections.values().filter_map(|entry| entry.live.clone()).collect()
        };
        let mut sessions = self.shared.owner.with(live).await?;
        sessions.retain(|live| live.session.images().is_some());
        sessions.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(futures::future::join_all(sessions.iter().map(|live| of_server(live))).await)
    }

    /// What building would do; reads only, on this computer alone.
    ///
    /// # Errors
    /// `Unreachable` when the server is not connected; bad input becomes problems of the plan.
    pub async fn image_build_plan(
        &self,
        id: &ConnectionId,
        input: BuildInput,
    ) -> Result<Plan, Failure> {
        let live = with_images(&self.shared, id).await?;
        plan::plan(&live, input).await
    }

    /// Builds an image. Values of build arguments are not stored with the run.
    ///
    /// # Errors
    /// `Unreachable`; `Invalid` names the field at fault. Later failures are in the run.
    pub async fn image_build(
        &self,
        id: &ConnectionId,
        input: BuildInput,
    ) -> Result<RunId, Failure> {
        self.image_job(id, ImageJob::Build(input)).await
    }

    /// Fetches an image from its registry.
    ///
    /// # Errors
    /// As `image_build`.
    pub async fn image_pull(&self, id: &ConnectionId, name: String) -> Result<RunId, Failure> {
        self.image_job(id, ImageJob::Pull { name }).await
    }

    /// Gives an image one more name.
    ///
    /// # Errors
    /// As `image_build`.
    pub async fn image_tag(
        &self,
        id: &ConnectionId,
        image_id: ImageId,
        name: String,
    ) -> Result<RunId, Failure> {
        self.image_job(id, ImageJob::Tag { image_id, name }).await
    }

    /// Removes an image with all its names. `label` is what it is called in the run.
    ///
    /// # Errors
    /// As `image_build`.
    pub async fn image_remove(
        &self,
        id: &ConnectionId,
        image_id: ImageId,
        label: String,
    ) -> Result<RunId, Failure> {
        self.image_job(id, ImageJob::Remove { image_id, label }).await
    }

    /// What a prune would remove, without the images in `kept`.
    ///
    /// # Errors
    /// `Unreachable` when the server is not connected.
    pub async fn images_prune_list(
        &self,
        id: &ConnectionId,
        scope: PruneScope,
        kept: &[ImageId],
    ) -> Result<PruneList, Failure> {
        let live = with_images(&self.shared, id).await?;
        let images = live.session.images().ok_or_else(|| live.cannot("list images"))?;
        live.call(images.prune_list(scope, kept, &live.cx())).await
    }

    /// Removes exactly these images, as a prune list named them.
    ///
    /// # Errors
    /// As `image_build`.
    pub async fn images_prune(
        &self,
        id: &ConnectionId,
        images: Vec<NamedImage>,
    ) -> Result<RunId, Failure> {
        self.image_job(id, ImageJob::Prune { images }).await
    }

    /// Begins a run for a job.
    pub(crate) async fn image_job(
        &self,
        id: &ConnectionId,
        job: ImageJob,
    ) -> Result<RunId, Failure> {
        let live = with_images(&self.shared, id).await?;
        let (work, withheld) = job::prepare(&live, job).await?;
        let name = work.name.clone();
        let run = begin(&self.shared, live, name, None, Work::Image(Box::new(work))).await?;
        if let Some(input) = withheld {
            let kept = run.clone();
            self.shared.owner.with(move |state| state.withheld.keep(kept, input)).await?;
        }
        Ok(run)
    }
}

async fn with_images(shared: &Arc<Shared>, id: &ConnectionId) -> Result<Arc<Live>, Failure> {
    let live = shared.live(id).await?;
    if live.session.images().is_none() {
        return Err(live.cannot("hold images"));
    }
    Ok(live)
}

async fn of_server(live: &Live) -> ServerImages {
    let listed = match live.session.images() {
        Some(images) => live.call(images.images(&live.cx())).await,
        None => Err(live.cannot("list images")),
    };
    let (list, failure) = match listed {
        Ok(list) => (list, None),
        Err(failure) => (backend_api::ImageList::default(), Some(failure)),
    };
    ServerImages {
        connection_id: live.connection_id.clone(),
        connection_name: live.name.clone(),
        images: list.images,
        disk_bytes: list.disk_bytes,
        failure,
    }
}
