//! Making workspaces anew, bringing back what a rebuild put aside, and what follows a workspace to its new id.
//!
//! What a rebuild does on a server is the backend's business.

mod follow;

use model::{
    ASIDE_SUFFIX, ErrorCode, Failure, Form, FormValues, Plan, RebuildPlan, Run, RunId, RunStatus,
    Workspace, WorkspaceId, WorkspaceRef, WorkspaceState,
};

pub(crate) use follow::followers;

use crate::{Core, runs};

/// In a plan's input: the workspace that is rebuilt.
const OLD_ID: &str = "old_id";

impl Core {
    /// What may be changed on a rebuild, filled in with what the workspace has.
    ///
    /// # Errors
    /// `Unreachable` when its server is not connected, `Unsupported` when it cannot rebuild, `Forbidden`
    /// for what neither l8s nor Moorline made.
    pub async fn rebuild_form(&self, workspace: &WorkspaceRef) -> Result<Form, Failure> {
        let live = self.shared.live(&workspace.connection_id).await?;
        let rebuild = live.session.rebuild().ok_or_else(|| live.cannot("rebuild workspaces"))?;
        live.call(rebuild.form(&workspace.workspace_id, &live.cx())).await
    }

    /// What a rebuild would change; reads only.
    ///
    /// # Errors
    /// As `rebuild_form`; bad input becomes problems of the plan.
    pub async fn rebuild_plan(
        &self,
        workspace: &WorkspaceRef,
        input: &FormValues,
    ) -> Result<RebuildPlan, Failure> {
        let live = self.shared.live(&workspace.connection_id).await?;
        let rebuild = live.session.rebuild().ok_or_else(|| live.cannot("rebuild workspaces"))?;
        live.call(rebuild.plan(&workspace.workspace_id, input, &live.cx())).await
    }

    /// Carries a plan out. After a failure or a cancel the old workspace is back. Values of environment
    /// fields are not stored with the run.
    ///
    /// # Errors
    /// As `workspace_start`; `Invalid` names the first problem of a plan that has some.
    pub async fn workspace_rebuild(
        &self,
        workspace: &WorkspaceRef,
        plan: Plan,
    ) -> Result<RunId, Failure> {
        runs::refuse_problems(&plan)?;
        let form = self.rebuild_form(workspace).await?;
        self.begin_rebuild(workspace, plan, &form).await
    }

    /// Brings back what an interrupted or failed rebuild put aside; what it made instead is removed.
    ///
    /// # Errors
    /// As `workspace_start`; `NotFound` when nothing is put aside.
    pub async fn run_restore(&self, id: &RunId) -> Result<RunId, Failure> {
        let run = self.run(id).await?;
        let Some(old) = run.leftover.clone().filter(|_| run.verb == "rebuild") else {
            return Err(Failure::new(
                ErrorCode::NotFound,
                format!("no rebuild of {} put anything aside", run.subject.name),
            )
            .with_hint("Reload the run."));
        };
        let live = self.shared.live(&run.subject.connection_id).await?;
        runs::begin_restore(&self.shared, live, &run, old).await
    }
}

/// What a rebuild left among these rows: the old workspace, when it is not back.
pub(crate) fn left_by(run: &Run, rows: &[Workspace]) -> Option<WorkspaceId> {
    if run.status == RunStatus::Succeeded {
        return None;
    }
    let old = run.input.get(OLD_ID)?;
    let row = rows.iter().find(|row| row.id.as_str() == old)?;
    let is_aside = row.name.ends_with(ASIDE_SUFFIX);
    // Stopped and not yet put aside; one that was started since is of no concern.
    let is_down = row.state == WorkspaceState::Stopped
        && run.status != RunStatus::Running
        && run.input.get("was_running").is_some_and(|was| was == "true")
        && run.steps.iter().any(|step| step.name == "Stop" && step.started_at.is_some())
        && row.started_at.is_none_or(|at| at < run.started_at);
    (is_aside || is_down).then(|| row.id.clone())
}

/// Whether the new workspace of a rebuild is there beside what was put aside.
pub(crate) fn has_new(run: &Run, old: &WorkspaceId, rows: &[Workspace]) -> bool {
    rows.iter().any(|row| row.id != *old && row.name == run.subject.name)
}
