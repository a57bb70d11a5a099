//! Images: listing, pulling, building, naming, removing, by libpod.
//!
//! Deliberately not here: packing a folder (that is the app's), and what a workspace is made from (`apply`).

mod build;
mod build_failed;
mod change;
mod containerfile;
mod explain;
mod facts;
mod heard;
mod list;
mod messages;
mod pull;
mod reference;
mod stop;

use async_trait::async_trait;
use backend_api::{
    BackendError, BuildContext, BuildRequest, Cx, ImageList, Images, NameOf, StepSink,
};
use model::{FieldProblem, ImageId, PlanStep, PruneList, PruneScope};

pub(crate) use facts::FactsCache;
pub(crate) use list::LABEL_DEV_IMAGE;

use crate::session::PodmanSession;

#[async_trait]
impl Images for PodmanSession {
    async fn images(&self, cx: &Cx) -> Result<ImageList, BackendError> {
        Ok(self.survey_images(cx).await?.list())
    }

    fn full_name(&self, name: &str, of: NameOf) -> Result<String, FieldProblem> {
        reference::full_name(name, of)
    }

    fn pull_steps(&self, name: &str) -> Vec<PlanStep> {
        pull::steps(self.server_name(), name)
    }

    async fn pull(
        &self,
        name: &str,
        steps: &dyn StepSink,
        cx: &Cx,
    ) -> Result<ImageId, BackendError> {
        self.pull_image(name, steps, cx).await
    }

    fn build_steps(&self, request: &BuildRequest) -> Result<Vec<PlanStep>, BackendError> {
        build::steps(self.server_name(), request)
    }

    async fn build(
        &self,
        request: &BuildRequest,
        context: BuildContext,
        steps: &dyn StepSink,
        cx: &Cx,
    ) -> Result<ImageId, BackendError> {
        self.build_image(request, context, steps, cx).await
    }

    async fn tag(&self, id: &ImageId, name: &str, cx: &Cx) -> Result<(), BackendError> {
        self.tag_image(id, name, cx).await
    }

    async fn remove(&self, id: &ImageId, cx: &Cx) -> Result<(), BackendError> {
        self.remove_image(id, cx).await
    }

    async fn prune_list(
        &self,
        scope: PruneScope,
        kept: &[ImageId],
        cx: &Cx,
    ) -> Result<PruneList, BackendError> {
        Ok(self.survey_images(cx).await?.prune_list(scope, kept))
    }
}
