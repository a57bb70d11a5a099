//! Begins runs and carries them through: stored before anything is done, stored as it goes, ended once.

use std::{sync::Arc, time::Duration};

use backend_api::LogSink;
use futures::future::BoxFuture;
use model::{
    ConnectionId, ErrorCode, Failure, LogStream, Run, RunId, RunStatus, RunStep, RunSubject,
    StepStatus, WorkspaceId, WorkspaceRef,
};

use super::{LiveRun, record, work::Work};
use crate::{
    git::After, rebuild, sessions::Live, shared::Shared, ssh_config, state::State, workspaces,
};

/// The longest a run may take.
const LONGEST: Duration = Duration::from_secs(60 * 60);
/// How long listing may hold up the end of a run.
const LIST_WITHIN: Duration = Duration::from_secs(5);

/// Stores a new run and begins it. The caller gets its id; how it goes is told by events.
pub(crate) async fn begin(
    shared: &Arc<Shared>,
    live: Arc<Live>,
    name: String,
    workspace_id: Option<WorkspaceId>,
    work: Work,
) -> Result<RunId, Failure> {
    let after = match (reference(&live, workspace_id.as_ref()), work.change_for_git()) {
        (Some(workspace), Some(change)) => After::of(shared, workspace, &name, change).await?,
        _ => None,
    };
    let run = record_of(shared, &live, name, workspace_id.clone(), &work, after.as_ref());
    let id = run.id.clone();
    let cancel = shared.cancel.child_token();
    let live_run = Arc::new(LiveRun::new(run.clone(), cancel));
    reserve(shared, &live, &live_run, workspace_id.as_ref(), &work).await?;
    if let Err(error) = shared.store.put_run(&run).await {
        release(shared, &live, &live_run, workspace_id.as_ref()).await;
        forget(shared, &live_run).await;
        return Err(error.into());
    }
    let handle = Arc::clone(shared);
    // Not through `spawn`: at shutdown a run is cancelled and still writes down how it ended.
    shared.tasks.spawn(async move {
        let recorder = record::record(&handle, &live_run);
        let carried =
            carry(&handle, &live, &live_run, workspace_id.as_ref(), &work, after.as_ref());
        tokio::join!(recorder, carried);
    });
    Ok(id)
}

fn record_of(
    shared: &Shared,
    live: &Live,
    name: String,
    workspace_id: Option<WorkspaceId>,
    work: &Work,
    after: Option<&After>,
) -> Run {
    let behind = after.map(After::steps).unwrap_or_default();
    let steps = work.steps(&name).into_iter().chain(behind).map(|step| RunStep {
        name: step.name,
        summary: step.summary,
        status: StepStatus::Waiting,
        started_at: None,
        ended_at: None,
        progress: None,
    });
    Run {
        id: RunId::generate(),
        verb: work.verb().into(),
        status: RunStatus::Running,
        started_at: shared.now(),
        ended_at: None,
        steps: steps.collect(),
        error: None,
        input: work.input(),
        cancel_means: Some(work.cancel_means(&name)),
        leftover: None,
        log_lines: 0,
        subject: RunSubject {
            connection_id: live.connection_id.clone(),
            connection_name: live.name.clone(),
            name,
            workspace_id,
            lab_id: None,
        },
    }
}

/// Puts the run among those that go on; refused while another one changes the same workspace.
async fn reserve(
    shared: &Arc<Shared>,
    live: &Live,
    run: &Arc<LiveRun>,
    workspace_id: Option<&WorkspaceId>,
    work: &Work,
) -> Result<(), Failure> {
    let workspace = reference(live, workspace_id);
    let (run, shown) = (Arc::clone(run), work.shown());
    let job = move |state: &mut State| {
        let record = run.snapshot();
        if let Some(workspace) = workspace {
            if state.workspaces.is_busy(&workspace) {
                let name = &record.subject.name;
                return Err(Failure::new(
                    ErrorCode::Busy,
                    format!("another run is changing {name}"),
                )
                .with_hint("Wait until it ends, or cancel it under Runs."));
            }
            state.changes.workspaces.insert(workspace.connection_id.clone());
            state.workspaces.began(&workspace, record.id.clone(), shown);
        }
        state.changes.runs.push(record.clone());
        state.runs.insert(record.id, run);
        Ok(())
    };
    shared.owner.with(job).await?
}

/// Lets other runs change the workspace.
async fn release(
    shared: &Arc<Shared>,
    live: &Live,
    run: &Arc<LiveRun>,
    workspace_id: Option<&WorkspaceId>,
) {
    let Some(workspace) = reference(live, workspace_id) else { return };
    let id = run.snapshot().id;
    let job = move |state: &mut State| {
        state.workspaces.ended(&workspace, &id);
        state.changes.workspaces.insert(workspace.connection_id);
    };
    drop(shared.owner.with(job).await);
}

/// Takes the run from those that go on.
async fn forget(shared: &Arc<Shared>, run: &Arc<LiveRun>) {
    let id = run.snapshot().id;
    drop(shared.owner.with(move |state| state.runs.remove(&id)).await);
}

fn reference(live: &Live, id: Option<&WorkspaceId>) -> Option<WorkspaceRef> {
    let connection_id = live.connection_id.clone();
    id.map(|id| WorkspaceRef { connection_id, workspace_id: id.clone() })
}

async fn carry(
    shared: &Arc<Shared>,
    live: &Arc<Live>,
    run: &Arc<LiveRun>,
    workspace_id: Option<&WorkspaceId>,
    work: &Work,
    after: Option<&After>,
) {
    let followers = match (work, workspace_id) {
        (Work::Rebuild { .. }, Some(id)) => {
            let connection_id = live.connection_id.clone();
            let old = WorkspaceRef { connection_id, workspace_id: id.clone() };
            rebuild::followers(shared, old).await
        }
        _ => None,
    };
    let result = until_end(live, run, work, after).await;
    if let Err(failure) = &result {
        run.line(LogStream::Note, &failure.message);
    }
    // The list is true before the run is over, so that nobody sees the old state after the end.
    let rows = tokio::time::timeout(LIST_WITHIN, workspaces::list(shared, live)).await;
    let leftover = match (&result, work, run.workspace_id(), rows) {
        (Err(_), Work::Create { .. }, Some(id), Ok(Ok(rows))) => {
            rows.iter().any(|row| row.id == id).then_some(id)
        }
        (Err(_), Work::Rebuild { .. }, _, Ok(Ok(rows))) => rebuild::left_by(&run.snapshot(), &rows),
        _ => None,
    };
    if let (Ok(()), Work::RemoveLeftover { of } | Work::Restore { of, .. }) = (&result, work) {
        super::leftovers::removed(shared, of).await;
    }
    if let (Some(followers), Some(now)) = (followers, run.workspace_id()) {
        followers.follow(shared, &live.connection_id, &now).await;
    } else if result.is_ok() && work.is_seen_by_ssh() {
        let workspace = reference(live, run.workspace_id().as_ref());
        ssh_config::settle(shared, workspace.as_ref(), false).await;
    }
    // Free before the end is seen, so that the next run may begin at once.
    release(shared, live, run, workspace_id).await;
    run.end(result, leftover);
    record::finish(run).await;
    forget(shared, run).await;
    live.refresh.notify_one();
    if live.cancel.is_cancelled() {
        look_again(Arc::clone(shared), live.connection_id.clone()).await;
    }
}

/// The server may have answered again before the end of a run was written down: what it left is looked at then.
fn look_again(shared: Arc<Shared>, id: ConnectionId) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        let Ok(live) = shared.live(&id).await else { return };
        if let Ok(rows) = workspaces::list(&shared, &live).await {
            super::look_for_leftovers(&shared, &live, &rows).await;
        }
    })
}

async fn until_end(
    live: &Arc<Live>,
    run: &Arc<LiveRun>,
    work: &Work,
    after: Option<&After>,
) -> Result<(), Failure> {
    let sink: Arc<dyn LogSink> = Arc::<LiveRun>::clone(run);
    let cx = live.cx.for_call(run.cancel.clone(), sink);
    let all = async {
        work.carry_out(live, run, &cx).await?;
        let (Some(after), Some(id)) = (after, run.workspace_id()) else { return Ok(()) };
        let first = run.snapshot().steps.len().saturating_sub(after.steps().len());
        run.cancel_means(after.cancel_means());
        after.carry_out(live, run.as_ref(), &id, first, &cx).await
    };
    let deadline = async {
        tokio::select! {
            () = tokio::time::sleep(LONGEST) => {
                run.cancel.cancel();
                tokio::time::sleep(work.grace()).await;
                live.silent(LONGEST)
            }
            () = run.cancel.cancelled() => {
                tokio::time::sleep(work.grace()).await;
                Failure::new(ErrorCode::Cancelled, "cancelled; the server did not answer any more")
            }
            () = live.cancel.cancelled() => {
                // What is being cleaned up over the last streams may still end.
                tokio::time::sleep(Duration::from_secs(2)).await;
                live.lost()
            }
        }
    };
    tokio::select! {
        biased;
        result = all => result,
        failure = deadline => Err(failure),
    }
}
