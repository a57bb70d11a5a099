//! Runs about a connection itself: they need no session, because there may be none yet.

use std::sync::Arc;

use backend_api::LogSink as _;
use futures::future::BoxFuture;
use model::{
    Connection, ErrorCode, Failure, FormValues, LogStream, PlanStep, Run, RunId, RunStatus,
    RunStep, RunSubject, StepStatus,
};

use super::{LiveRun, record};
use crate::{shared::Shared, state::State};

/// What such a run is about and how it is told.
pub(crate) struct Apart {
    pub(crate) verb: &'static str,
    pub(crate) connection: Connection,
    /// The thing's name; none means the connection itself.
    pub(crate) subject: Option<String>,
    pub(crate) steps: Vec<PlanStep>,
    pub(crate) input: FormValues,
    pub(crate) cancel_means: String,
}

/// What it does. Cancelling is by `LiveRun::cancel`.
pub(crate) type Deed =
    Box<dyn FnOnce(Arc<LiveRun>) -> BoxFuture<'static, Result<(), Failure>> + Send>;

/// Stores a run and begins it; refused while one with the same verb goes on at the same connection.
pub(crate) async fn begin(
    shared: &Arc<Shared>,
    apart: Apart,
    deed: Deed,
) -> Result<RunId, Failure> {
    let run = record_of(shared, apart);
    let id = run.id.clone();
    let live = Arc::new(LiveRun::new(run.clone(), shared.cancel.child_token()));
    reserve(shared, &live).await?;
    if let Err(error) = shared.store.put_run(&run).await {
        forget(shared, &id).await;
        return Err(error.into());
    }
    let handle = Arc::clone(shared);
    // Not through `spawn`: at shutdown a run is cancelled and still writes down how it ended.
    shared.tasks.spawn(async move {
        let carried = async {
            let result = deed(Arc::clone(&live)).await;
            if let Err(failure) = &result {
                live.line(LogStream::Note, &failure.message);
            }
            live.end(result, None);
            record::finish(&live).await;
            forget(&handle, &live.snapshot().id).await;
        };
        tokio::join!(record::record(&handle, &live), carried);
    });
    Ok(id)
}

fn record_of(shared: &Shared, apart: Apart) -> Run {
    let step = |step: PlanStep| RunStep {
        name: step.name,
        summary: step.summary,
        status: StepStatus::Waiting,
        started_at: None,
        ended_at: None,
        progress: None,
    };
    Run {
        id: RunId::generate(),
        verb: apart.verb.into(),
        status: RunStatus::Running,
        started_at: shared.now(),
        ended_at: None,
        steps: apart.steps.into_iter().map(step).collect(),
        error: None,
        input: apart.input,
        cancel_means: Some(apart.cancel_means),
        leftover: None,
        log_lines: 0,
        subject: RunSubject {
            connection_id: apart.connection.id,
            connection_name: apart.connection.name.clone(),
            name: apart.subject.unwrap_or(apart.connection.name),
            workspace_id: None,
            lab_id: None,
        },
    }
}

async fn reserve(shared: &Arc<Shared>, live: &Arc<LiveRun>) -> Result<(), Failure> {
    let live = Arc::clone(live);
    let job = move |state: &mut State| {
        let record = live.snapshot();
        let is_same = |other: &Run| {
            // One that has ended may still be writing down how.
            other.status == RunStatus::Running
                && other.verb == record.verb
                && other.subject.connection_id == record.subject.connection_id
        };
        if state.runs.values().any(|other| is_same(&other.snapshot())) {
            let name = &record.subject.name;
            return Err(Failure::new(
                ErrorCode::Busy,
                format!("another run does the same with {name}"),
            )
            .with_hint("Look at it under Runs: wait until it ends, or cancel it."));
        }
        state.changes.runs.push(record.clone());
        state.runs.insert(record.id, live);
        Ok(())
    };
    shared.owner.with(job).await?
}

async fn forget(shared: &Arc<Shared>, id: &RunId) {
    let id = id.clone();
    drop(shared.owner.with(move |state| state.runs.remove(&id)).await);
}
