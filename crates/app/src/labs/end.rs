//! What follows the end of an operation on a lab: what is kept, the list, the record.

use std::{sync::Arc, time::Duration};

use backend_api::{LabDone, LogSink as _};
use model::{ErrorCode, Failure, LabRef, LabState, LabVerb, LogStream, NoticeKind, TimestampMs};
use store::KeptLab;

use super::{collections, follow, job::Job, kept};
use crate::{
    notices,
    runs::{self, LiveRun},
    shared::Shared,
    state::State,
};

/// How long listing may hold up the end of a run.
const LIST_WITHIN: Duration = Duration::from_secs(10);

/// Writes down how the operation ended, and what follows from it.
pub(super) async fn end(job: &Job, result: Result<LabDone, Failure>) {
    let result = match result {
        Ok(done) => took(job, done).await,
        Err(failure) => Err(failure),
    };
    if let Err(failure) = &result {
        job.run.line(LogStream::Note, &failure.message);
    }
    if let Some(lab) = job.lab()
        && let Err(failure) = keep(job, &lab, &result).await
    {
        tracing::warn!(%failure, "what is kept of a lab could not be changed");
    }
    // The list is true before the run is over, so that nobody sees the old state after the end.
    if let Ok(live) = job.shared.live(&job.connection_id).await {
        let listed = tokio::time::timeout(LIST_WITHIN, follow::list(&job.shared, &live)).await;
        if !matches!(listed, Ok(Ok(follow::Listed::Whole))) {
            live.refresh_labs.notify_one();
        }
    }
    // Free before the end is seen, so that the next run may begin at once.
    release(&job.shared, &job.run).await;
    job.run.end(result, None);
    runs::finish(&job.run).await;
    if let Err(failure) = job.forget_name().await {
        tracing::warn!(%failure, "a job that ended could not be forgotten");
    }
    forget(&job.shared, &job.run).await;
}

/// Takes the run from those that go on.
pub(super) async fn forget(shared: &Arc<Shared>, run: &Arc<LiveRun>) {
    let id = run.snapshot().id;
    drop(shared.owner.with(move |state| state.runs.remove(&id)).await);
}

/// Lets other runs have the lab.
pub(super) async fn release(shared: &Arc<Shared>, run: &Arc<LiveRun>) {
    let record = run.snapshot();
    let job = move |state: &mut State| {
        state.labs.ended(&record.id);
        state.changes.labs.insert(record.subject.connection_id);
    };
    drop(shared.owner.with(job).await);
}

async fn took(job: &Job, done: LabDone) -> Result<(), Failure> {
    // Nothing is made by looking whether it will do.
    if job.asked.verb != LabVerb::Validate {
        job.run.made_lab(done.lab_id.clone());
    }
    if job.asked.verb != LabVerb::Collect {
        return Ok(());
    }
    let lab = LabRef { connection_id: job.connection_id.clone(), lab_id: done.lab_id };
    let run_id = job.run.snapshot().id;
    collections::keep(&job.shared, &lab, run_id, done.fetched).await
}

async fn keep(job: &Job, lab: &LabRef, result: &Result<(), Failure>) -> Result<(), Failure> {
    let verb = job.asked.verb;
    let missed = missed_stop(job, lab, result).await;
    let is_gone = verb == LabVerb::Destroy && job.asked.options.removes_files && result.is_ok();
    let now = job.shared.now();
    let is_whole = job.asked.options.nodes.is_empty();
    let change = move |kept: &mut KeptLab| {
        if is_gone {
            *kept = KeptLab::default();
            return;
        }
        kept.state = after(verb, result.is_ok()).or(kept.state);
        match verb {
            LabVerb::Start | LabVerb::Restart | LabVerb::Redeploy if result.is_ok() => {
                if let Some(minutes) = kept.auto_stop_minutes {
                    kept.auto_stop_at = Some(now + i64::from(minutes) * 60_000);
                }
            }
            LabVerb::Stop | LabVerb::Destroy if result.is_ok() && is_whole => {
                kept.auto_stop_at = None;
            }
            LabVerb::Stop if kept.auto_stop_at.is_some_and(|at| at <= now) => {
                kept.auto_stop_at = None;
            }
            _ => {}
        }
    };
    kept::change(&job.shared, lab, change).await?;
    if let Some(due_at) = missed {
        let kind = NoticeKind::LabOverdue {
            lab: lab.clone(),
            name: job.asked.name.clone(),
            connection_name: job.connection_name.clone(),
            due_at,
        };
        notices::tell(&job.shared, kind).await;
    }
    Ok(())
}

/// When the lab was to be stopped by itself, if that has just failed. A person who cancels it knows.
async fn missed_stop(job: &Job, lab: &LabRef, result: &Result<(), Failure>) -> Option<TimestampMs> {
    let failure = result.as_ref().err().filter(|_| job.asked.verb == LabVerb::Stop)?;
    if failure.code == ErrorCode::Cancelled {
        return None;
    }
    let (now, lab) = (job.shared.now(), lab.clone());
    let due = move |state: &mut State| state.labs.kept(&lab).and_then(|kept| kept.auto_stop_at);
    job.shared.owner.with(due).await.ok().flatten().filter(|at| *at <= now)
}

/// How an operation leaves a lab, as far as that is known without its server.
fn after(verb: LabVerb, is_done: bool) -> Option<LabState> {
    match (verb, is_done) {
        (LabVerb::Validate | LabVerb::Collect, _) => None,
        (LabVerb::Create | LabVerb::Destroy, true) => Some(LabState::Created),
        (LabVerb::Stop, true) => Some(LabState::Stopped),
        (LabVerb::Start | LabVerb::Restart | LabVerb::Apply | LabVerb::Redeploy, true) => {
            Some(LabState::Running)
        }
        (_, false) => Some(LabState::Failed),
    }
}
