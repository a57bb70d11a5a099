//! Images of the fake server, and builds that stop half-way.

use async_trait::async_trait;
use backend_api::{
    BackendError, BuildContext, BuildRequest, Cx, ImageList, Images, NameOf, StepSink,
};
use futures::TryStreamExt;
use model::{FieldProblem, Image, ImageBase, ImageId, LogStream, PlanStep, PruneList, PruneScope};

use super::session::FakeSession;

/// An image with one name that nothing uses.
#[must_use]
pub fn image(name: &str) -> Image {
    Image {
        id: ImageId::from_raw(format!("id-{name}")),
        names: vec![name.into()],
        size_bytes: 10,
        created_at: None,
        base: ImageBase::Unrecorded,
        used_by: Vec::new(),
        is_dev_image: false,
    }
}

fn step(name: &str) -> PlanStep {
    PlanStep { name: name.into(), summary: name.into() }
}

impl FakeSession {
    fn add_image(&self, name: &str) -> ImageId {
        let made = image(name);
        let id = made.id.clone();
        let mut state = self.server.state();
        state.images.retain(|other| other.id != id);
        state.images.push(made);
        id
    }
}

#[async_trait]
impl Images for FakeSession {
    async fn images(&self, _cx: &Cx) -> Result<ImageList, BackendError> {
        self.check()?;
        Ok(ImageList { images: self.server.state().images.clone(), disk_bytes: None })
    }

    fn full_name(&self, name: &str, _of: NameOf) -> Result<String, FieldProblem> {
        let lower = name.to_lowercase();
        if lower == name && !name.is_empty() {
            return Ok(name.to_owned());
        }
        Err(FieldProblem {
            field: "name".into(),
            message: format!("\"{name}\" will not do"),
            suggestion: Some(lower),
        })
    }

    fn pull_steps(&self, _name: &str) -> Vec<PlanStep> {
        vec![step("Fetch")]
    }

    async fn pull(
        &self,
        name: &str,
        steps: &dyn StepSink,
        cx: &Cx,
    ) -> Result<ImageId, BackendError> {
        steps.begin(0);
        self.pass(cx).await?;
        Ok(self.add_image(name))
    }

    fn build_steps(&self, request: &BuildRequest) -> Result<Vec<PlanStep>, BackendError> {
        let lines = request.containerfile.lines().map(step);
        Ok(std::iter::once(step("Send")).chain(lines).collect())
    }

    async fn build(
        &self,
        request: &BuildRequest,
        context: BuildContext,
        steps: &dyn StepSink,
        cx: &Cx,
    ) -> Result<ImageId, BackendError> {
        steps.begin(0);
        let sent: Vec<_> = context
            .try_collect()
            .await
            .map_err(|error| BackendError::invalid(format!("a file cannot be read: {error}")))?;
        let bytes = sent.iter().map(bytes::Bytes::len).sum();
        self.server.state().builds.push((request.clone(), bytes));
        steps.begin(1);
        cx.log.line(LogStream::Stdout, "building");
        self.pass(cx).await?;
        Ok(self.add_image(&request.name))
    }

    async fn tag(&self, id: &ImageId, name: &str, cx: &Cx) -> Result<(), BackendError> {
        self.pass(cx).await?;
        let mut state = self.server.state();
        let found = state.images.iter_mut().find(|image| image.id == *id);
        let found = found.ok_or_else(|| BackendError::not_found("no such image"))?;
        found.names.push(name.to_owned());
        Ok(())
    }

    async fn remove(&self, id: &ImageId, cx: &Cx) -> Result<(), BackendError> {
        self.pass(cx).await?;
        self.server.state().images.retain(|image| image.id != *id);
        Ok(())
    }

    async fn prune_list(
        &self,
        _scope: PruneScope,
        kept: &[ImageId],
        _cx: &Cx,
    ) -> Result<PruneList, BackendError> {
        self.check()?;
        let mut images = self.server.state().images.clone();
        images.retain(|image| image.used_by.is_empty() && !kept.contains(&image.id));
        let freed_bytes = images.iter().map(|image| image.size_bytes).sum();
        Ok(PruneList { images, freed_bytes })
    }
}
