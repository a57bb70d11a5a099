//! After a crash: runs that were going on become interrupted; when their server answers again, what they
//! left there is looked at and offered for removal.

use std::sync::Arc;

use model::{
    ErrorCode, Failure, Run, RunId, RunStatus, StepStatus, TimestampMs, Workspace, WorkspaceId,
};
use store::Store;

use super::live::end_steps;
use crate::{rebuild, sessions::Live, shared::Shared};

/// Runs looked at; older ones were looked at before.
const MOST: u32 = 200;
/// Clocks of servers may differ from ours by this much.
const CLOCKS_MS: i64 = 120_000;

/// Marks the runs that an earlier process left as running, and gives them back. Those that go on are left out.
pub(crate) async fn interrupt(
    store: &Store,
    now: TimestampMs,
    going_on: impl Fn(&RunId) -> bool,
) -> Result<Vec<Run>, Failure> {
    let mut runs = store.running_runs().await?;
    runs.retain(|run| !going_on(&run.id));
    for run in &mut runs {
        run.status = RunStatus::Interrupted;
        run.ended_at = Some(now);
        run.cancel_means = None;
        run.error = Some(
            Failure::new(ErrorCode::Cancelled, "moorline ended while this run was going on")
                .with_hint("Retry it once you have seen what it left on the server."),
        );
        end_steps(&mut run.steps, StepStatus::Failed, now);
        store.put_run(run).await?;
    }
    Ok(runs)
}

/// Compares what interrupted and failed runs made with what the server lists.
///
/// A rebuild whose link broke could not bring the old workspace back: that is done now.
pub(crate) async fn look_for_leftovers(shared: &Arc<Shared>, live: &Arc<Live>, rows: &[Workspace]) {
    for status in [RunStatus::Interrupted, RunStatus::Failed, RunStatus::Cancelled] {
        let runs = match shared.store.runs("", Some(status), MOST).await {
            Ok(runs) => runs,
            Err(error) => return tracing::warn!(%error, "leftovers were not looked for"),
        };
        for mut run in runs {
            if run.subject.connection_id != live.connection_id {
                continue;
            }
            let leftover = match run.verb.as_str() {
                "create" if status != RunStatus::Cancelled => leftover_of(&run, rows),
                "rebuild" => rebuild::left_by(&run, rows),
                _ => continue,
            };
            // A run that ended after the list was asked for knows better what it left.
            let is_list_older = run.ended_at.is_some_and(|ended_at| ended_at >= live.began_at);
            if leftover == run.leftover || (is_list_older && run.leftover.is_some()) {
                continue;
            }
            run.leftover.clone_from(&leftover);
            put(shared, run.clone()).await;
            if let Some(old) = leftover.filter(|_| was_cut_off(&run))
                && let Err(error) = super::begin_restore(shared, Arc::clone(live), &run, old).await
            {
                tracing::warn!(run_id = %run.id, %error, "a workspace was not brought back");
            }
        }
    }
}

/// Whether a rebuild ended because the link to its server did, or the app.
fn was_cut_off(run: &Run) -> bool {
    let codes = [ErrorCode::Unreachable, ErrorCode::Cancelled];
    run.verb == "rebuild"
        && run.status != RunStatus::Interrupted
        && run.error.as_ref().is_some_and(|error| codes.contains(&error.code))
}

/// What a run that made something left among these rows.
fn leftover_of(run: &Run, rows: &[Workspace]) -> Option<WorkspaceId> {
    if let Some(id) = &run.subject.workspace_id {
        return rows.iter().any(|row| row.id == *id).then(|| id.clone());
    }
    // The crash may have come before the id was written down. The name was free when the run began.
    if run.status != RunStatus::Interrupted {
        return None;
    }
    let until = run.ended_at.unwrap_or(run.started_at) + CLOCKS_MS;
    rows.iter()
        .find(|row| {
            row.name == run.subject.name
                && row.is_managed
                && row.created_at.is_some_and(|at| at >= run.started_at - CLOCKS_MS && at <= until)
        })
        .map(|row| row.id.clone())
}

/// What a run left was removed.
pub(super) async fn removed(shared: &Arc<Shared>, id: &RunId) {
    match shared.store.get_run(id).await {
        Ok(Some(mut run)) => {
            run.leftover = None;
            put(shared, run).await;
        }
        Ok(None) => {}
        Err(error) => tracing::warn!(run_id = %id, %error, "a run could not be read"),
    }
}

async fn put(shared: &Arc<Shared>, run: Run) {
    if let Err(error) = shared.store.put_run(&run).await {
        tracing::warn!(run_id = %run.id, %error, "a run could not be stored");
    }
    drop(shared.owner.with(move |state| state.changes.runs.push(run)).await);
}
