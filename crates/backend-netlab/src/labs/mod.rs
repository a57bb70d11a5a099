//! Labs on a server with netlab's API: the list, one lab, and operations on them.

mod alive;
mod collect;
mod detail;
mod follow;
mod list;
mod look;
mod number;
mod operate;
mod outcome;
mod plan;
mod post;
mod prepare;
mod remove;
mod run;
mod step;

use async_trait::async_trait;
use backend_api::{BackendError, Cx, LabDone, LabNodes, LabRequest, LabSink, Labs};
use model::{Lab, LabDetail, LabFeatures, LabId, LabPlan, PlanStep};

use crate::session::NetlabSession;

#[async_trait]
impl Labs for NetlabSession {
    fn features(&self) -> LabFeatures {
        self.features.clone()
    }

    async fn labs(&self, cx: &Cx) -> Result<Vec<Lab>, BackendError> {
        self.list_labs(cx).await
    }

    async fn lab(&self, id: &LabId, cx: &Cx) -> Result<LabDetail, BackendError> {
        self.lab_detail(id, cx).await
    }

    fn steps(&self, request: &LabRequest) -> Vec<PlanStep> {
        step::plan_steps(request)
    }

    async fn plan(&self, request: &LabRequest, cx: &Cx) -> Result<LabPlan, BackendError> {
        self.make_plan(request, cx).await
    }

    async fn carry_out(
        &self,
        request: &LabRequest,
        told: &dyn LabSink,
        cx: &Cx,
    ) -> Result<LabDone, BackendError> {
        self.operate(request, None, told, cx).await
    }

    async fn resume(
        &self,
        request: &LabRequest,
        job: &str,
        told: &dyn LabSink,
        cx: &Cx,
    ) -> Result<LabDone, BackendError> {
        self.operate(request, Some(job), told, cx).await
    }

    fn nodes(&self) -> Option<&dyn LabNodes> {
        self.is_structured.then_some(self)
    }
}

/// The last part of a path.
pub(crate) fn last_part(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or(path)
}
