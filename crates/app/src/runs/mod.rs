//! Runs: one recorded operation each, with steps, a log, cancel, retry, and what a crash leaves.
//!
//! What an operation does on a server is the backend's business.

mod again;
mod apart;
mod begin;
mod create;
mod history;
mod leftovers;
mod live;
mod record;
mod withheld;
mod work;

use std::sync::Arc;

use model::{
    ConnectionId, ErrorCode, Failure, Form, FormValues, Plan, RemoveVolumes, Run, RunId,
    WorkspaceId, WorkspaceRef,
};

pub(crate) use apart::{Apart, Deed, begin as begin_apart};
pub(crate) use begin::begin;
pub(crate) use leftovers::{interrupt, look_for_leftovers};
pub(crate) use live::LiveRun;
pub(crate) use record::{finish, record};
pub(crate) use withheld::Withheld;
pub(crate) use work::Work;

use crate::{Core, git, rebuild, sessions::Live, shared::Shared};

/// Begins a run of git's.
pub(crate) async fn begin_git(
    shared: &Arc<Shared>,
    live: Arc<Live>,
    name: String,
    workspace: &WorkspaceRef,
    job: git::Job,
) -> Result<RunId, Failure> {
    let id = Some(workspace.workspace_id.clone());
    begin::begin(shared, live, name, id, Work::Git(job)).await
}

impl Core {
    /// Starts a workspace; the run ends when it runs.
    ///
    /// # Errors
    /// Before anything is done: `Unreachable` without a session, `Busy` while another run changes it.
    /// The same holds for every run; later failures are in the run.
    pub async fn workspace_start(&self, workspace: &WorkspaceRef) -> Result<RunId, Failure> {
        self.change(workspace, Work::Start).await
    }

    /// Stops a workspace and keeps its data.
    ///
    /// # Errors
    /// As `workspace_start`.
    pub async fn workspace_stop(&self, workspace: &WorkspaceRef) -> Result<RunId, Failure> {
        self.change(workspace, Work::Stop).await
    }

    /// Stops and starts a workspace.
    ///
    /// # Errors
    /// As `workspace_start`.
    pub async fn workspace_restart(&self, workspace: &WorkspaceRef) -> Result<RunId, Failure> {
        self.change(workspace, Work::Restart).await
    }

    /// Gives a workspace another name.
    ///
    /// # Errors
    /// As `workspace_start`; `Invalid` for an empty name.
    pub async fn workspace_rename(
        &self,
        workspace: &WorkspaceRef,
        name: &str,
    ) -> Result<RunId, Failure> {
        let name = name.trim().to_owned();
        if name.is_empty() {
            return Err(Failure::new(ErrorCode::Invalid, "a workspace needs a name")
                .with_hint("Enter a name.")
                .with_field("name"));
        }
        self.change(workspace, Work::Rename { name }).await
    }

    /// Removes a workspace, with or without its volumes. The remote that stands for it in a repository of
    /// this computer goes too, unless it is kept or points elsewhere by now; commits stay.
    ///
    /// # Errors
    /// As `workspace_start`.
    pub async fn workspace_remove(
        &self,
        workspace: &WorkspaceRef,
        volumes: RemoveVolumes,
        keeps_remote: bool,
    ) -> Result<RunId, Failure> {
        self.change(workspace, Work::Remove { volumes, keeps_remote }).await
    }

    /// Carries a plan out. Values of environment and secret fields are not stored with the run.
    ///
    /// # Errors
    /// As `workspace_start`; `Invalid` names the first problem of a plan that has some.
    pub async fn workspace_create(
        &self,
        connection_id: &ConnectionId,
        plan: Plan,
    ) -> Result<RunId, Failure> {
        refuse_problems(&plan)?;
        let form = self.workspace_form(connection_id).await?;
        let live = self.shared.live(connection_id).await?;
        let (name, input) = (plan.subject.clone(), plan.input.clone());
        let stored = withheld::storable(&form, &input);
        let is_withheld = stored != input;
        let mut plan = plan;
        let git = self.git_making(&mut plan)?;
        let work = Work::Create { plan, stored, git };
        let id = begin::begin(&self.shared, live, name, None, work).await?;
        self.withhold(&id, input, is_withheld).await?;
        Ok(id)
    }

    /// Begins a rebuild; `form` tells which values are not stored.
    pub(crate) async fn begin_rebuild(
        &self,
        workspace: &WorkspaceRef,
        plan: Plan,
        form: &Form,
    ) -> Result<RunId, Failure> {
        let (row, _) = self.shared.workspace(workspace).await?;
        let live = self.shared.live(&workspace.connection_id).await?;
        let input = plan.input.clone();
        let stored = withheld::storable(form, &input);
        let is_withheld = stored != input;
        let work = Work::Rebuild { plan, stored };
        let id = Some(workspace.workspace_id.clone());
        let id = begin::begin(&self.shared, live, row.name, id, work).await?;
        self.withhold(&id, input, is_withheld).await?;
        Ok(id)
    }

    async fn withhold(
        &self,
        id: &RunId,
        input: FormValues,
        is_withheld: bool,
    ) -> Result<(), Failure> {
        if !is_withheld {
            return Ok(());
        }
        let kept = id.clone();
        self.shared.owner.with(move |state| state.withheld.keep(kept, input)).await
    }

    /// Cancels a run; what that means is in `Run::cancel_means`. Fine when it ended already.
    ///
    /// # Errors
    /// `Cancelled` while the app is ending.
    pub async fn run_cancel(&self, id: &RunId) -> Result<(), Failure> {
        if let Some(run) = self.live_run(id).await?
            && !run.cancel.is_cancelled()
        {
            run.cancel_was_asked();
            run.cancel.cancel();
        }
        Ok(())
    }

    /// Removes what an interrupted or failed run left on the server; volumes stay.
    ///
    /// # Errors
    /// As `workspace_start`; `NotFound` when nothing is left.
    pub async fn run_remove_leftover(&self, id: &RunId) -> Result<RunId, Failure> {
        let run = self.run(id).await?;
        let Some(leftover) = run.leftover.clone() else {
            return Err(Failure::new(
                ErrorCode::NotFound,
                format!("nothing is left of {} on the server", run.subject.name),
            )
            .with_hint("Reload the run."));
        };
        let live = self.shared.live(&run.subject.connection_id).await?;
        if run.verb == "rebuild" {
            let rows = crate::workspaces::list(&self.shared, &live).await?;
            if !rebuild::has_new(&run, &leftover, &rows) {
                return Err(Failure::new(
                    ErrorCode::Conflict,
                    format!("there is no new {} beside the old one", run.subject.name),
                )
                .with_hint("Bring the old one back instead."));
            }
        }
        let work = Work::RemoveLeftover { of: run.id };
        begin(&self.shared, live, run.subject.name, Some(leftover), work).await
    }

    async fn change(&self, workspace: &WorkspaceRef, work: Work) -> Result<RunId, Failure> {
        let (row, _) = self.shared.workspace(workspace).await?;
        let live = self.shared.live(&workspace.connection_id).await?;
        if live.session.lifecycle().is_none() {
            return Err(live.cannot("change workspaces"));
        }
        let id = Some(workspace.workspace_id.clone());
        begin(&self.shared, live, row.name, id, work).await
    }

    async fn live_run(&self, id: &RunId) -> Result<Option<Arc<LiveRun>>, Failure> {
        let id = id.clone();
        self.shared.owner.with(move |state| state.runs.get(&id).cloned()).await
    }
}

/// Refuses a plan that has problems, by the first of them.
pub(crate) fn refuse_problems(plan: &Plan) -> Result<(), Failure> {
    let Some(problem) = plan.problems.first() else { return Ok(()) };
    let hint = problem.suggestion.as_ref().map(|value| format!("{value} would work."));
    Err(Failure::new(ErrorCode::Invalid, problem.message.clone())
        .with_hint(hint.unwrap_or_else(|| "Change the value and try again.".into()))
        .with_field(problem.field.clone()))
}

/// Begins to bring back what a rebuild put aside.
pub(crate) async fn begin_restore(
    shared: &Arc<Shared>,
    live: Arc<Live>,
    run: &Run,
    old: WorkspaceId,
) -> Result<RunId, Failure> {
    let work = Work::Restore { of: run.id.clone(), input: run.input.clone() };
    begin::begin(shared, live, run.subject.name.clone(), Some(old), work).await
}
