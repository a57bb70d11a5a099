//! Making a container anew under its name, with its ports and volumes, and bringing the old one back.
//!
//! Owns: what is carried over from a container and what is not. Deliberately not here: pulling and
//! building the image.

mod carry;
mod changes;
mod decide;
mod edit;
mod form;
mod health;
mod old;
mod restore;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use backend_api::{Applied, BackendError, Cx, Rebuild, StepSink};
use model::{Form, FormValues, Plan, RebuildPlan, WorkspaceId};

use crate::apply::{CHOSEN_IMAGE, CHOSEN_PORTS, Draft, Ports};
use crate::lifecycle::server_ports;
use crate::session::PodmanSession;
use decide::{Around, Decision, OLD_ID, WAS_RUNNING, decide};
use old::Old;
use restore::Then;
use words::step;

#[async_trait]
impl Rebuild for PodmanSession {
    async fn form(&self, id: &WorkspaceId, cx: &Cx) -> Result<Form, BackendError> {
        self.ensure_managed(id, "rebuild", cx).await?;
        let (old, info, images) =
            tokio::try_join!(self.old(id, cx), self.info(cx), self.listed_images(cx))?;
        Ok(form::rebuild_form(&info, &images, &old))
    }

    async fn plan(
        &self,
        id: &WorkspaceId,
        input: &FormValues,
        cx: &Cx,
    ) -> Result<RebuildPlan, BackendError> {
        self.ensure_managed(id, "rebuild", cx).await?;
        let mut input = input.clone();
        let own = [CHOSEN_PORTS, CHOSEN_IMAGE, OLD_ID, WAS_RUNNING];
        input.retain(|name, _| !own.contains(&name.as_str()));
        Ok(self.rebuild_decision(id, &input, Ports::Choose, cx).await?.rebuild)
    }

    async fn rebuild(
        &self,
        id: &WorkspaceId,
        plan: &Plan,
        steps: &dyn StepSink,
        made: &(dyn Fn(WorkspaceId) + Send + Sync),
        cx: &Cx,
    ) -> Result<Applied, BackendError> {
        if let Some(problem) = plan.problems.first() {
            return Err(BackendError::invalid(problem.message.clone()).with_field(&problem.field));
        }
        self.ensure_managed(id, "rebuild", cx).await?;
        steps.begin(step::CHECK);
        let decision = self.rebuild_decision(id, &plan.input, Ports::Keep, cx).await?;
        self.ensure_fits(plan, &decision.rebuild.plan)?;
        self.carry_rebuild(&decision, steps, made, cx).await
    }

    async fn restore(
        &self,
        id: &WorkspaceId,
        input: &FormValues,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        let found = self.inspected(id, cx).await?;
        self.ensure_managed(id, "bring back", cx).await?;
        let was_running = input.get(WAS_RUNNING).is_none_or(|was| was == "true");
        let then = if was_running { Then::Start } else { Then::Leave };
        let name = Self::own_name(&found.name).to_owned();
        self.bring_back_patiently(id, &name, then, cx).await
    }
}

impl PodmanSession {
    async fn old(&self, id: &WorkspaceId, cx: &Cx) -> Result<Old, BackendError> {
        let found = self.inspected(id, cx).await?;
        let image = self.image(&found.image, cx).await?.unwrap_or_default();
        Ok(Old::read(&found, &image))
    }

    async fn rebuild_decision(
        &self,
        id: &WorkspaceId,
        input: &FormValues,
        ports: Ports,
        cx: &Cx,
    ) -> Result<Decision, BackendError> {
        let old = self.old(id, cx).await?;
        let image = input.get("image").map(|name| name.trim().to_owned());
        let image = image.filter(|name| !name.is_empty()).unwrap_or_else(|| old.image.clone());
        let draft = Draft { image, ..Draft::default() };
        let (survey, listening, held) =
            tokio::try_join!(self.survey(&draft, cx), self.listening(cx), self.held(id, cx))?;
        Ok(decide(self, input, old, &Around { survey, held, listening }, ports))
    }

    /// Ports of the server that other running containers hold.
    async fn held(&self, id: &WorkspaceId, cx: &Cx) -> Result<BTreeMap<u16, String>, BackendError> {
        let all = self.containers(true, cx).await?;
        let others = all.iter().filter(|one| one.id != id.as_str() && one.state == "running");
        let ports = others.flat_map(|one| {
            let name = one.names.first().cloned().unwrap_or_default();
            server_ports(one).map(move |port| (port, name.clone())).collect::<BTreeSet<_>>()
        });
        Ok(ports.collect())
    }
}
