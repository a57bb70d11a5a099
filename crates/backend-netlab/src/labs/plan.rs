//! What an operation would do, found out by reading only.

use backend_api::{BackendError, Cx, LabRequest};
use model::{FieldProblem, LabPlan, LabVerb};

use super::prepare::Target;
use super::step;
use crate::session::NetlabSession;

pub(super) const CANCEL_WAITING: &str =
    "While it waits for its turn, cancelling leaves everything as it is.";
pub(super) const CANCEL_RUNNING: &str = "netlab cannot end a job that runs: Moorline stops watching, and the job goes on on the server.";

impl NetlabSession {
    pub(super) async fn make_plan(
        &self,
        request: &LabRequest,
        cx: &Cx,
    ) -> Result<LabPlan, BackendError> {
        let mut plan = LabPlan {
            verb: request.verb,
            steps: step::plan_steps(request),
            instance: None,
            path: None,
            sync: None,
            images: Vec::new(),
            changes: None,
            warnings: self.features.warnings.clone(),
            problems: Vec::new(),
            cancel_means: CANCEL_WAITING.into(),
        };
        let (target, problems) = match self.target(request, cx).await {
            Ok(found) => found,
            Err(BackendError::Invalid(failure)) => {
                let field = failure.field.unwrap_or_default();
                let message = failure.message;
                plan.problems.push(FieldProblem { field, message, suggestion: None });
                return Ok(plan);
            }
            Err(error) => return Err(error),
        };
        plan.problems = problems;
        plan.instance = target.instance;
        plan.path = Some(target.folder.clone());
        if !self.features.verbs.contains(&request.verb) {
            plan.problems.push(FieldProblem {
                field: String::new(),
                message: "netlab's API has nothing for this".into(),
                suggestion: None,
            });
        }
        self.look_at_files(request, &target, &mut plan, cx).await?;
        self.look_at_state(request, &target, &mut plan);
        if request.verb == LabVerb::Destroy && request.options.removes_files {
            self.look_at_removal(&target, &mut plan, cx).await?;
        }
        Ok(plan)
    }

    async fn look_at_files(
        &self,
        request: &LabRequest,
        target: &Target,
        plan: &mut LabPlan,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        let (Some(material), Some(instance)) = (&request.material, target.instance) else {
            return Ok(());
        };
        let load = match self.load(material, instance).await {
            Ok(load) => load,
            Err(BackendError::Invalid(failure)) => {
                let field = failure.field.unwrap_or_default();
                let message = failure.message;
                plan.problems.push(FieldProblem { field, message, suggestion: None });
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let difference = self.difference(target, &load, cx).await?;
        for path in &difference.foreign {
            plan.warnings.push(format!("{path} was changed on the server by somebody else. Their version goes to .moorline-kept in the lab's folder."));
        }
        plan.sync = Some(difference.shown());
        Ok(())
    }

    /// What is said of the state is of the last look, which `target` has just made.
    fn look_at_state(&self, request: &LabRequest, target: &Target, plan: &mut LabPlan) {
        let known = self.known();
        let instance = known.instances.iter().find(|one| one.folder == target.folder);
        let is_started = instance.is_some_and(|instance| instance.is_started());
        match request.verb {
            LabVerb::Stop | LabVerb::Restart => plan.warnings.push("netlab removes the nodes when it stops a lab: what they hold and was not collected is lost.".into()),
            LabVerb::Start | LabVerb::Create | LabVerb::Validate if is_started => {
                plan.problems.push(FieldProblem {
                    field: String::new(),
                    message: format!("\"{}\" runs already; netlab locks its folder meanwhile", target.name),
                    suggestion: None,
                });
            }
            LabVerb::Collect if !is_started => plan.problems.push(FieldProblem {
                field: String::new(),
                message: format!("\"{}\" does not run, so there is nothing to collect", target.name),
                suggestion: None,
            }),
            _ => {}
        }
        let ahead = self.turns.ahead();
        if ahead > 0 {
            plan.warnings.push(format!(
                "{ahead} of Moorline's own jobs are before this one: netlab does one at a time."
            ));
        }
    }
}
