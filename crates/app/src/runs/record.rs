//! Writes a run down while it goes on: log lines in chunks, its state after every change.

use std::{sync::Arc, time::Duration};

use super::LiveRun;
use crate::shared::Shared;

/// Changes are gathered this long, so that a flood of lines becomes few chunks.
const GATHER: Duration = Duration::from_millis(100);

/// Stores what changed, until the run is over and the last of it is stored.
pub(crate) async fn record(shared: &Arc<Shared>, run: &LiveRun) {
    loop {
        let is_over = tokio::select! {
            biased;
            () = run.over.cancelled() => true,
            () = run.urgent.notified() => false,
            () = gathered(run) => false,
        };
        store(shared, run).await;
        if is_over {
            break;
        }
    }
    run.written.send_modify(|written| written.is_over = true);
}

/// Waits until everything about a run that ended is stored.
pub(crate) async fn finish(run: &LiveRun) {
    run.over.cancel();
    // The sender is in the run itself and cannot go away meanwhile.
    drop(run.written.subscribe().wait_for(|written| written.is_over).await);
}

async fn gathered(run: &LiveRun) {
    run.touched.notified().await;
    tokio::time::sleep(GATHER).await;
}

async fn store(shared: &Arc<Shared>, run: &LiveRun) {
    let lines = run.take_lines();
    let record = run.snapshot();
    if !lines.is_empty()
        && let Err(error) = shared.store.append_log(&record.id, &lines).await
    {
        tracing::warn!(run_id = %record.id, %error, "a part of a log could not be stored");
    }
    if let Err(error) = shared.store.put_run(&record).await {
        tracing::warn!(run_id = %record.id, %error, "a run could not be stored");
    }
    run.written.send_modify(|written| written.lines = record.log_lines);
    drop(shared.owner.with(move |state| state.changes.runs.push(record)).await);
}
