//! Making workspaces on the fake server, and stopping half-way.

use async_trait::async_trait;
use backend_api::{Applied, Apply, BackendError, Cx, StepSink};
use model::{FieldKind, Form, FormValues, LogStream, Plan, PlanStep, WorkspaceId, WorkspaceState};

use super::session::FakeSession;
use super::{ApplyStop, field, workspace};

#[async_trait]
impl Apply for FakeSession {
    async fn form(&self, _cx: &Cx) -> Result<Form, BackendError> {
        self.check()?;
        Ok(Form { fields: vec![field("extras", FieldKind::Environment)] })
    }

    async fn plan(&self, input: &FormValues, _cx: &Cx) -> Result<Plan, BackendError> {
        self.check()?;
        let subject = input.get("name").cloned().unwrap_or_default();
        let is_taken = self.server.state().workspaces.iter().any(|row| row.name == subject);
        let problems = is_taken.then(|| model::FieldProblem {
            field: "name".into(),
            message: format!("the fake server already has {subject}"),
            suggestion: Some(format!("{subject}-2")),
        });
        let step = |name: &str| PlanStep { name: name.into(), summary: name.into() };
        Ok(Plan {
            subject,
            input: input.clone(),
            steps: vec![step("Make"), step("Start")],
            warnings: Vec::new(),
            problems: problems.into_iter().collect(),
            command: Some(format!("make {input:?}")),
        })
    }

    async fn apply(
        &self,
        plan: &Plan,
        steps: &dyn StepSink,
        made: &(dyn Fn(WorkspaceId) + Send + Sync),
        cx: &Cx,
    ) -> Result<Applied, BackendError> {
        self.check()?;
        self.server.state().applied_inputs.push(plan.input.clone());
        steps.begin(0);
        cx.log.line(LogStream::Stdout, "making");
        let row = workspace(&plan.subject, WorkspaceState::Created);
        let id = row.id.clone();
        self.server.state().workspaces.push(row);
        made(id.clone());
        let stop = self.server.state().apply_stop;
        match stop {
            ApplyStop::Never => {}
            ApplyStop::AfterMaking => {
                cx.cancel.cancelled().await;
                self.server.state().workspaces.retain(|row| row.id != id);
                return Err(BackendError::Cancelled);
            }
            ApplyStop::FailAfterMaking => {
                return Err(BackendError::rejected("the fake server refuses to start it"));
            }
        }
        steps.begin(1);
        self.pass(cx).await?;
        cx.log.line(LogStream::Stdout, "starting");
        self.set(&id, WorkspaceState::Running)?;
        Ok(Applied { workspace_id: id, has_older_data: false })
    }
}
