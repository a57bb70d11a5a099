//! Keeps the labs of one live session true: lists, waits, lists again.

use std::{sync::Arc, time::Duration};

use model::{ErrorCode, Failure};

use crate::{sessions::Live, shared::Shared, state::State};

/// While somebody looks, or where the server tells nothing by itself.
const OFTEN: Duration = Duration::from_secs(15);
const SLOW: Duration = Duration::from_secs(60);
/// For a list: servers that ask every node for it are slow, and what they say is of use all the same.
pub(super) const LIST_LIMIT: Duration = Duration::from_secs(150);

/// Lists now and again until the server cannot be reached. Never ends for a server without labs.
pub(crate) async fn follow(shared: &Arc<Shared>, live: &Arc<Live>) -> Failure {
    if live.session.labs().is_none() {
        return std::future::pending().await;
    }
    shared.labs.came();
    loop {
        match list(shared, live).await {
            Ok(Listed::Whole) => {}
            // Whether anybody is there at all is found out by the probe.
            Ok(Listed::Late) => {
                tracing::warn!("the labs were not listed in time");
                live.probe.notify_one();
            }
            Err(failure) if failure.code == ErrorCode::Unreachable => return failure,
            Err(failure) => tracing::warn!(%failure, "the labs could not be listed"),
        }
        wait(shared, live).await;
    }
}

async fn wait(shared: &Shared, live: &Live) {
    let is_told = live.session.watch().is_some();
    let mut waited = Duration::ZERO;
    loop {
        tokio::select! {
            () = live.refresh_labs.notified() => return,
            () = tokio::time::sleep(OFTEN) => waited += OFTEN,
        }
        if !is_told || shared.host.is_watched() || waited >= SLOW {
            return;
        }
    }
}

/// What came of asking for a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listed {
    Whole,
    /// The server was too slow; what was known stays.
    Late,
}

/// Lists the labs of a live session, stores them and publishes them.
pub(super) async fn list(shared: &Arc<Shared>, live: &Arc<Live>) -> Result<Listed, Failure> {
    let labs = live.session.labs().ok_or_else(|| live.cannot("run labs"))?;
    let cx = live.cx();
    let asked = tokio::select! {
        biased;
        () = live.cancel.cancelled() => return Err(live.lost()),
        asked = tokio::time::timeout(LIST_LIMIT, labs.labs(&cx)) => asked,
    };
    let Ok(rows) = asked else { return Ok(Listed::Late) };
    let rows = rows?;
    let (id, at, kept) = (live.connection_id.clone(), shared.now(), rows.clone());
    let token = live.cancel.clone();
    let job = move |state: &mut State| {
        // A list that comes after the session's end would mark the rows as fresh.
        if token.is_cancelled() || !state.connections.contains_key(&id) {
            return false;
        }
        let is_changed = state.labs.listed(&id, kept, at);
        if is_changed {
            state.changes.labs.insert(id.clone());
            state.changes.is_connections = true;
            close_dead(state, &id);
        }
        is_changed
    };
    if shared.owner.with(job).await? {
        let stored = shared.store.put_labs(&live.connection_id, &rows, at).await;
        stored.unwrap_or_else(|error| tracing::warn!(%error, "the labs could not be stored"));
    }
    Ok(Listed::Whole)
}

/// Terminals on nodes that are gone end.
fn close_dead(state: &mut State, id: &model::ConnectionId) {
    let dead = state.labs.dead_consoles(id);
    for terminal in state.terminals.values() {
        if dead.contains(&terminal.view().workspace) {
            terminal.close();
        }
    }
}
