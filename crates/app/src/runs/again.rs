//! Doing a run again: with its stored input, planned anew where there is a plan.
//!
//! Deliberately not here: values that are not stored (that is `withheld`).

use model::{ErrorCode, Failure, Form, FormValues, Run, RunId, RunStatus, WorkspaceRef};

use super::{Work, refuse_problems, withheld};
use crate::{Core, git, images, labs};

impl Core {
    /// Does the same again with the same input.
    ///
    /// # Errors
    /// As the operation itself; `Conflict` while the run is still going on, `Invalid` when it needs values
    /// that are not stored and the app was started again since.
    pub async fn run_retry(&self, id: &RunId) -> Result<RunId, Failure> {
        let run = self.run(id).await?;
        if run.status == RunStatus::Running {
            return Err(Failure::new(ErrorCode::Conflict, "this run is still going on")
                .with_hint("Cancel it first, or wait until it ends."));
        }
        let connection_id = run.subject.connection_id.clone();
        if run.verb == crate::setup::VERB {
            return self.setup_again(&connection_id, run.input).await;
        }
        if let Some(asked) = labs::Asked::from_stored(&run) {
            return self.lab_again(&run, asked).await;
        }
        if run.verb == "rebuild" {
            return self.rebuild_again(run).await;
        }
        if run.verb == "create" {
            let form = self.workspace_form(&connection_id).await?;
            let input = self.input_again(run, &form).await?;
            let plan = self.workspace_plan(&connection_id, &input).await?;
            return self.workspace_create(&connection_id, plan).await;
        }
        if let (Some(task), Some(workspace_id)) =
            (git::Task::from_stored(&run.verb, &run.input), &run.subject.workspace_id)
        {
            let workspace_id = workspace_id.clone();
            return self.git_run(&WorkspaceRef { connection_id, workspace_id }, task).await;
        }
        if let Some(job) = images::stored(&run) {
            let kept = run.id;
            let kept = self.shared.owner.with(move |state| state.withheld.find(&kept)).await?;
            return self.image_job(&connection_id, images::complete(job, kept)?).await;
        }
        let (Some(work), Some(workspace_id)) =
            (Work::from_stored(&run.verb, &run.input), run.subject.workspace_id)
        else {
            return Err(Failure::new(
                ErrorCode::Unsupported,
                format!("this run (\"{}\") cannot be retried", run.verb),
            )
            .with_hint("Start it again from the workspace."));
        };
        self.change(&WorkspaceRef { connection_id, workspace_id }, work).await
    }

    /// What a create was started with, complete.
    async fn input_again(&self, run: Run, form: &Form) -> Result<FormValues, Failure> {
        let id = run.id.clone();
        if let Some(kept) = self.shared.owner.with(move |state| state.withheld.find(&id)).await? {
            return Ok(kept);
        }
        withheld::check_complete(form, &run)?;
        Ok(run.input)
    }

    async fn rebuild_again(&self, run: Run) -> Result<RunId, Failure> {
        let connection_id = run.subject.connection_id.clone();
        let Some(workspace_id) = run.subject.workspace_id.clone() else {
            return Err(Failure::new(ErrorCode::NotFound, "the workspace is not known")
                .with_hint("Rebuild it from the list of workspaces."));
        };
        let workspace = WorkspaceRef { connection_id, workspace_id };
        let form = self.rebuild_form(&workspace).await?;
        let input = self.input_again(run, &form).await?;
        let plan = self.rebuild_plan(&workspace, &input).await?.plan;
        refuse_problems(&plan)?;
        self.begin_rebuild(&workspace, plan, &form).await
    }
}
