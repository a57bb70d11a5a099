//! After a crash: runs that were going on become interrupted; when their server answers again, what they
//! left there is looked at and offered for removal.

use std::sync::Arc;

use model::{
    ConnectionId, ErrorCode, Failure, Run, RunId, RunStatus, StepStatus, TimestampMs, Workspace,
    WorkspaceId,
};
use store::Store;

use super::live::end_steps;
use crate::shared::Shared;

/// Runs looked at; older ones were looked at before.
const MOST: u32 = 200;
/// Clocks of servers may differ from ours by this much.
const CLOCKS_MS: i64 = 120_000;

/// Marks the runs that an earlier process left as running.
pub(crate) async fn interrupt(store: &Store, now: TimestampMs) -> Result<(), Failure> {
    for mut run in store.running_runs().await? {
        run.status = RunStatus::Interrupted;
        run.ended_at = Some(now);
        run.cancel_means = None;
        run.error = Some(
            Failure::new(ErrorCode::Cancelled, "moorline ended while this run was going on")
                .with_hint("Retry it once you have seen what it left on the server."),
        );
        end_steps(&mut run.steps, StepStatus::Failed, now);
        store.put_run(&run).await?;
    }
    Ok(())
}

/// Compares what interrupted and failed runs made with what the server lists.
pub(crate) async fn look_for_leftovers(
    shared: &Arc<Shared>,
    id: &ConnectionId,
    rows: &[Workspace],
) {
    for status in [RunStatus::Interrupted, RunStatus::Failed] {
        let runs = match shared.store.runs("", Some(status), MOST).await {
            Ok(runs) => runs,
            Err(error) => return tracing::warn!(%error, "leftovers were not looked for"),
        };
        for mut run in runs {
            if run.subject.connection_id != *id || run.verb != "create" {
                continue;
            }
            let leftover = leftover_of(&run, rows);
            if leftover != run.leftover {
                run.leftover = leftover;
                put(shared, run).await;
            }
        }
    }
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
