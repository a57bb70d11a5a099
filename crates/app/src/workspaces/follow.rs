//! Keeps the list of one live session true: lists, listens for changes, lists again.

use std::{sync::Arc, time::Duration};

use backend_api::WatchEvent;
use futures::StreamExt as _;
use model::{ErrorCode, Failure, Workspace};
use tokio::time::Instant;

use crate::{adopt, forwards, pages, runs, sessions::Live, shared::Shared, state::State};

/// Changes come in bursts: wait for this much quiet, but no longer than the second.
const QUIET: Duration = Duration::from_millis(120);
const LONGEST: Duration = Duration::from_millis(600);
/// Without any news, list again: what a server forgets to tell is seen then.
const SLOW: Duration = Duration::from_secs(60);
/// Where the server tells nothing by itself.
const POLL: Duration = Duration::from_secs(5);
/// Before listening again after the server ended the stream of changes.
const LISTEN_AGAIN: Duration = Duration::from_secs(2);

/// Lists now and at every change, until the server cannot be reached.
pub(crate) async fn follow(shared: &Arc<Shared>, live: &Arc<Live>) -> Failure {
    // Before the first list, which may depend on it.
    if let Err(failure) = adopt::tell(shared, live).await {
        return failure;
    }
    let watching = watch(live);
    let listing = async {
        let mut is_first = true;
        let mut first = live.session.first_list();
        loop {
            let listed = match first.take() {
                Some(rows) => take(shared, live, rows).await,
                None => list(shared, live).await,
            };
            match listed {
                Ok(rows) => {
                    if std::mem::take(&mut is_first) {
                        runs::look_for_leftovers(shared, live, &rows).await;
                    }
                }
                Err(failure) if failure.code == ErrorCode::Unreachable => return failure,
                Err(failure) => tracing::warn!(%failure, "the workspaces could not be listed"),
            }
            wait_for_change(live).await;
        }
    };
    tokio::select! {
        failure = listing => failure,
        () = watching => live.lost(),
    }
}

/// Lists the workspaces of a live session, stores them and publishes them.
pub(crate) async fn list(
    shared: &Arc<Shared>,
    live: &Arc<Live>,
) -> Result<Vec<Workspace>, Failure> {
    let rows = live.call(live.session.list(&live.cx())).await?;
    take(shared, live, rows).await
}

async fn take(
    shared: &Arc<Shared>,
    live: &Arc<Live>,
    rows: Vec<Workspace>,
) -> Result<Vec<Workspace>, Failure> {
    let (id, at, kept) = (live.connection_id.clone(), shared.now(), rows.clone());
    let token = live.cancel.clone();
    let job = move |state: &mut State| {
        // A list that comes after the session's end would mark the rows as fresh.
        if token.is_cancelled() || !state.connections.contains_key(&id) {
            return (false, Vec::new());
        }
        let followed = state.workspaces.adoptions.follow(&id, &kept);
        let is_changed = state.workspaces.listed(&id, kept, at) || !followed.is_empty();
        if is_changed {
            state.changes.workspaces.insert(id.clone());
            state.changes.is_connections = true;
            forwards::close_stopped(state, &id);
            pages::close_stopped(state, &id);
        }
        (is_changed, followed)
    };
    let (is_changed, followed) = shared.owner.with(job).await?;
    if let Err(failure) = adopt::follow(shared, live, followed).await {
        tracing::warn!(%failure, "an adopted workspace could not be followed");
    }
    if is_changed {
        shared.store.put_workspaces(&live.connection_id, &rows, at).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the list could not be stored");
        });
    }
    Ok(rows)
}

async fn wait_for_change(live: &Live) {
    let slow = if live.session.watch().is_some() { SLOW } else { POLL };
    tokio::select! {
        () = tokio::time::sleep(slow) => return,
        () = live.refresh.notified() => {}
    }
    let last = Instant::now() + LONGEST;
    while Instant::now() < last {
        tokio::select! {
            () = tokio::time::sleep(QUIET) => return,
            () = live.refresh.notified() => {}
        }
    }
}

/// Turns what the server tells into wishes to list. Ends only with the session.
async fn watch(live: &Live) {
    let Some(watch) = live.session.watch() else { return std::future::pending().await };
    loop {
        match watch.watch(&live.cx()).await {
            Ok(mut events) => {
                live.refresh.notify_one();
                live.refresh_labs.notify_one();
                while let Some(Ok(WatchEvent::Changed(_) | WatchEvent::Resync)) =
                    events.next().await
                {
                    live.refresh.notify_one();
                    live.refresh_labs.notify_one();
                }
            }
            Err(failure) => tracing::debug!(%failure, "the server does not tell of changes"),
        }
        tokio::select! {
            () = live.cancel.cancelled() => return,
            () = tokio::time::sleep(LISTEN_AGAIN) => {}
        }
    }
}
