//! Making workspaces: the form, the plan, carrying it out.
//!
//! Owns: what a new container looks like, by l8s's rules for names, labels, volumes and ports.
//! Deliberately not here: pulling and building images; see `images`.

mod carry;
mod command;
mod decide;
mod draft;
mod fit;
mod form;
mod names;
pub(crate) mod ports;
mod spec;
mod steps;
pub(crate) mod survey;

use async_trait::async_trait;
use backend_api::{Applied, Apply, BackendError, Cx, StepSink};
use model::{Form, FormValues, Plan, WorkspaceId};

pub(crate) use carry::{
    LABEL_APPLY, MadeHere, Tell, ensure_going, is_about_limits, low_limits, unhurried,
};
pub(crate) use command::command_line;
pub(crate) use decide::{CHOSEN_IMAGE, CHOSEN_PORTS, Ports};
pub(crate) use draft::{Draft, join_words};
pub(crate) use fit::{beyond_server, missing_image, problem};
pub(crate) use form::form;
pub(crate) use names::{is_volume_name, name_problem};
pub(crate) use ports::Published;
pub(crate) use spec::{image_labels, limits, mapping};
pub(crate) use steps::listed;
pub(crate) use survey::{Survey, names_of};

use crate::session::PodmanSession;
use decide::{Decision, decide};

#[async_trait]
impl Apply for PodmanSession {
    async fn form(&self, cx: &Cx) -> Result<Form, BackendError> {
        let info = self.info(cx).await?;
        let images = self.listed_images(cx).await?;
        Ok(form(&info, &images))
    }

    async fn plan(&self, input: &FormValues, cx: &Cx) -> Result<Plan, BackendError> {
        let mut input = input.clone();
        input.retain(|name, _| name != decide::CHOSEN_PORTS && name != decide::CHOSEN_IMAGE);
        Ok(self.decision(&input, Ports::Choose, cx).await?.plan)
    }

    async fn apply(
        &self,
        plan: &Plan,
        steps: &dyn StepSink,
        made: &(dyn Fn(WorkspaceId) + Send + Sync),
        cx: &Cx,
    ) -> Result<Applied, BackendError> {
        if let Some(problem) = plan.problems.first() {
            return Err(BackendError::invalid(problem.message.clone()).with_field(&problem.field));
        }
        steps.begin(0);
        let decision = self.decision(&plan.input, Ports::Keep, cx).await?;
        self.ensure_fits(plan, &decision.plan)?;
        self.carry_out(&decision, steps, made, cx).await
    }
}

impl PodmanSession {
    async fn decision(
        &self,
        input: &FormValues,
        ports: Ports,
        cx: &Cx,
    ) -> Result<Decision, BackendError> {
        let (draft, problems) = Draft::parse(input);
        let survey = self.survey(&draft, cx).await?;
        Ok(decide(self, input, &draft, problems, &survey, ports))
    }

    /// Refuses a plan that the server has outgrown.
    pub(crate) fn ensure_fits(&self, plan: &Plan, now: &Plan) -> Result<(), BackendError> {
        let reason = match now.problems.first() {
            Some(problem) => problem.message.clone(),
            None if now.steps != plan.steps => "other things are there now".to_owned(),
            None if now.input != plan.input => "its image or its state changed".to_owned(),
            None => return Ok(()),
        };
        Err(BackendError::conflict(format!(
            "the plan for \"{}\" no longer fits \"{}\": {reason}",
            plan.subject,
            self.server_name()
        ))
        .with_hint("Nothing was changed. Look at the plan again and confirm it once more."))
    }
}
