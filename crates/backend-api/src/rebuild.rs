//! The ability to make a workspace anew from an image, and to bring the old one back.

use async_trait::async_trait;
use model::{Form, FormValues, Plan, RebuildPlan, WorkspaceId};

use crate::{Applied, BackendError, Cx, StepSink};

/// Replacing a workspace by a new one with the same name, ports and volumes.
///
/// The old one is kept aside until the new one works; its name then ends in `model::ASIDE_SUFFIX`.
#[async_trait]
pub trait Rebuild: Send + Sync {
    /// What may be changed on the way, filled in with what the workspace has now.
    async fn form(&self, id: &WorkspaceId, cx: &Cx) -> Result<Form, BackendError>;

    /// Says what would happen. Reads only. Bad input becomes problems of the plan.
    async fn plan(
        &self,
        id: &WorkspaceId,
        input: &FormValues,
        cx: &Cx,
    ) -> Result<RebuildPlan, BackendError>;

    /// Carries a plan out. After a failure or a cancel the old workspace is back under its name, running if
    /// it ran before; when even that fails, the error says so. A plan that no longer fits is refused first.
    ///
    /// `made` is told which workspace bears the name: the new one once it exists, the old one when it is back.
    async fn rebuild(
        &self,
        id: &WorkspaceId,
        plan: &Plan,
        steps: &dyn StepSink,
        made: &(dyn Fn(WorkspaceId) + Send + Sync),
        cx: &Cx,
    ) -> Result<Applied, BackendError>;

    /// Brings back what a rebuild that stopped half-way put aside, and removes what it had made instead;
    /// volumes stay. `input` is the plan's. Fine when it is back already.
    async fn restore(
        &self,
        id: &WorkspaceId,
        input: &FormValues,
        cx: &Cx,
    ) -> Result<(), BackendError>;
}
