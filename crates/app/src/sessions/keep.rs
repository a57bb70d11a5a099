//! Keeps one live session: signs of life, the list of workspaces, measurements; says when it broke.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use model::{ErrorCode, Failure};

use super::{Event, Live, report};
use crate::{labs, metrics, shared::Shared, state::State, workspaces};

/// Between two measurements of the round trip.
const PROBE_EVERY: Duration = Duration::from_secs(15);
/// How long a sign of life of the link may take; the service behind it has as long as any call.
const LINK_TIMEOUT: Duration = Duration::from_secs(10);
/// Between two questions for free memory and disk.
const SERVER_EVERY: Duration = Duration::from_secs(60);

/// Runs until the session ends or breaks.
pub(super) async fn keep(shared: Arc<Shared>, live: Arc<Live>, attempt: u64) {
    let failure = tokio::select! {
        biased;
        () = live.cancel.cancelled() => None,
        failure = link_closed(&live) => Some(failure),
        failure = probe(&shared, &live, attempt) => Some(failure),
        failure = workspaces::follow(&shared, &live) => Some(failure),
        failure = labs::follow(&shared, &live) => Some(failure),
        () = server(&shared, &live) => None,
        () = metrics::collect(&shared, &live) => None,
    };
    let id = live.connection_id.clone();
    drop(live);
    if let Some(failure) = failure {
        tracing::info!(connection_id = %id, code = ?failure.code, "the session broke");
        report(&shared, &id, Event::Broke { attempt, failure }).await;
    }
}

async fn link_closed(live: &Live) -> Failure {
    match &live.link {
        Some(link) => {
            let failure = link.closed().await;
            // A link that is closed in order is as lost to this session as a broken one.
            match failure.code {
                ErrorCode::Cancelled => live.lost(),
                _ => failure,
            }
        }
        None => std::future::pending().await,
    }
}

async fn probe(shared: &Arc<Shared>, live: &Live, attempt: u64) -> Failure {
    loop {
        // The two are timed apart: a service that is slow says nothing about the link to its machine.
        let over_link = match over_link(live).await {
            Ok(took) => took,
            Err(failure) => {
                give_link_up(live).await;
                return failure;
            }
        };
        let began = Instant::now();
        match live.call(live.session.ping(&live.cx())).await {
            Ok(()) => {
                let took = over_link.unwrap_or_else(|| began.elapsed());
                let round_trip_ms = u32::try_from(took.as_millis()).unwrap_or(u32::MAX);
                let event = Event::Answered { attempt, round_trip_ms };
                report(shared, &live.connection_id, event).await;
            }
            Err(failure) if failure.code == ErrorCode::Unreachable => return failure,
            Err(failure) => tracing::debug!(%failure, "the server answers with an error"),
        }
        tokio::select! {
            () = live.probe.notified() => {}
            () = tokio::time::sleep(PROBE_EVERY) => {}
        }
    }
}

/// The time to the server and back, where there is a link.
async fn over_link(live: &Live) -> Result<Option<Duration>, Failure> {
    let Some(link) = &live.link else { return Ok(None) };
    match tokio::time::timeout(LINK_TIMEOUT, link.round_trip()).await {
        Ok(took) => Ok(Some(took?)),
        Err(_) => Err(live.silent(LINK_TIMEOUT)),
    }
}

/// A link that no longer answers is of no use to other connections either.
async fn give_link_up(live: &Live) {
    if let Some(link) = &live.link {
        drop(tokio::time::timeout(Duration::from_secs(1), link.close()).await);
    }
}

async fn server(shared: &Arc<Shared>, live: &Live) {
    loop {
        match live.call(live.session.server(&live.cx())).await {
            Ok(info) => {
                let id = live.connection_id.clone();
                let job = move |state: &mut State| {
                    if let Some(entry) = state.connections.get_mut(&id)
                        && entry.server.as_ref() != Some(&info)
                    {
                        entry.server = Some(info);
                        state.changes.is_connections = true;
                    }
                };
                drop(shared.owner.with(job).await);
            }
            Err(failure) => tracing::debug!(%failure, "no facts about the server"),
        }
        tokio::time::sleep(SERVER_EVERY).await;
    }
}
