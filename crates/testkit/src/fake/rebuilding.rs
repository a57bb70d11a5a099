//! Rebuilding workspaces of the fake server, and stopping half-way.

use async_trait::async_trait;
use backend_api::{Applied, BackendError, Cx, Rebuild, StepSink};
use model::{
    ASIDE_SUFFIX, FieldKind, Form, FormValues, Plan, PlanChange, PlanStep, RebuildPlan,
    WorkspaceId, WorkspaceState,
};

use super::session::FakeSession;
use super::{ApplyStop, field, workspace};

#[async_trait]
impl Rebuild for FakeSession {
    async fn form(&self, id: &WorkspaceId, _cx: &Cx) -> Result<Form, BackendError> {
        self.check()?;
        self.find(id)?;
        let mut image = field("image", FieldKind::Text { mono: true });
        image.default = Some("fake:1".into());
        Ok(Form { fields: vec![image, field("extras", FieldKind::Environment)] })
    }

    async fn plan(
        &self,
        id: &WorkspaceId,
        input: &FormValues,
        _cx: &Cx,
    ) -> Result<RebuildPlan, BackendError> {
        self.check()?;
        let row = self.find(id)?;
        let after = input.get("image").cloned().unwrap_or_else(|| row.image.clone());
        let mut completed = input.clone();
        completed.insert("old_id".into(), id.to_string());
        let step = |name: &str| PlanStep { name: name.into(), summary: name.into() };
        let plan = Plan {
            subject: row.name,
            input: completed,
            steps: vec![step("Set aside"), step("Create"), step("Clean up")],
            warnings: Vec::new(),
            problems: Vec::new(),
            command: None,
        };
        let changes = vec![PlanChange { what: "Image".into(), before: row.image, after }];
        Ok(RebuildPlan { plan, changes })
    }

    async fn rebuild(
        &self,
        id: &WorkspaceId,
        plan: &Plan,
        steps: &dyn StepSink,
        made: &(dyn Fn(WorkspaceId) + Send + Sync),
        cx: &Cx,
    ) -> Result<Applied, BackendError> {
        self.check()?;
        self.server.state().applied_inputs.push(plan.input.clone());
        steps.begin(0);
        self.rename_row(id, &format!("{}{ASIDE_SUFFIX}", plan.subject));
        self.set(id, WorkspaceState::Stopped)?;
        steps.begin(1);
        let mut row = workspace(&plan.subject, WorkspaceState::Running);
        row.id = WorkspaceId::from_raw(format!("{id}-new"));
        let new = row.id.clone();
        self.server.state().workspaces.push(row);
        made(new.clone());
        let stop = self.server.state().apply_stop;
        match stop {
            ApplyStop::Never => {}
            ApplyStop::AfterMaking => {
                cx.cancel.cancelled().await;
                self.restore(id, &plan.input, cx).await?;
                made(id.clone());
                return Err(BackendError::Cancelled);
            }
            ApplyStop::FailAfterMaking => {
                return Err(BackendError::rejected("the fake server brings nothing back"));
            }
        }
        steps.begin(2);
        self.server.state().workspaces.retain(|row| row.id != *id);
        self.server.tell(&new);
        Ok(Applied { workspace_id: new, has_older_data: true })
    }

    async fn restore(
        &self,
        id: &WorkspaceId,
        _input: &FormValues,
        _cx: &Cx,
    ) -> Result<(), BackendError> {
        self.check()?;
        let name = self.find(id)?.name;
        let own = name.strip_suffix(ASIDE_SUFFIX).unwrap_or(&name);
        self.server.state().workspaces.retain(|row| row.id == *id || row.name != own);
        self.rename_row(id, own);
        self.set(id, WorkspaceState::Running)
    }
}

impl FakeSession {
    fn rename_row(&self, id: &WorkspaceId, name: &str) {
        let mut state = self.server.state();
        if let Some(row) = state.workspaces.iter_mut().find(|row| row.id == *id) {
            name.clone_into(&mut row.name);
        }
    }
}
