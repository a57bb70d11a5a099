//! Keeps the way of one tunnel: checks it from end to end, and says when it broke or nobody needs it.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use forward::{Meter, Route, carry};
use model::{ErrorCode, Failure, Tunnel, TunnelCheck, TunnelId};
use ssh::{HopHealth, Link, RemoteListener};
use tokio::{sync::Notify, task::JoinSet};

use super::{
    attempt::culprit,
    check::{Ask, Asked, dial_target},
    entry::{Culprit, Signs, Way, milliseconds},
    here::Here,
    machine::Event,
    report_end, route,
};
use crate::{shared::Shared, state::State};

/// The longest that a sign of life may take, however rare keepalives are.
const LONGEST: Duration = Duration::from_secs(10);
/// The same after a sleep or in another network, where most links are dead.
const SHORT: Duration = Duration::from_secs(5);
/// A target that is down is looked at this often.
const AGAIN: Duration = Duration::from_secs(5);
/// Checks that clients call for are no closer together.
const BREATH: Duration = Duration::from_secs(1);
/// How often an idle tunnel on demand is looked at before its way is let go.
const IDLE_LOOKS: u32 = 20;

/// What keeping needs.
pub(super) struct Keeping {
    pub(super) shared: Arc<Shared>,
    pub(super) tunnel: Tunnel,
    pub(super) link: Arc<Link>,
    pub(super) way: Arc<Way>,
    /// A client could not be served.
    pub(super) trouble: Arc<Notify>,
    pub(super) meter: Arc<Meter>,
    /// Of a tunnel that listens on the SSH host.
    pub(super) remote: Mutex<Option<RemoteListener>>,
}

enum Checked {
    /// The SSH host does not answer.
    Dead(Failure, Culprit),
    Answered(Signs, Asked),
}

/// Runs until the way is lost or let go.
pub(super) async fn keep(keeping: Keeping) {
    let (id, attempt) = (keeping.tunnel.id.clone(), keeping.way.attempt);
    let broke = |failure| Event::Broke { attempt, failure };
    let (event, culprit) = tokio::select! {
        biased;
        failure = closed(&keeping) => (broke(failure), Some(culprit(&keeping.link))),
        (failure, culprit) = checks(&keeping) => (broke(failure), Some(culprit)),
        failure = incoming(&keeping) => (broke(failure), Some(culprit(&keeping.link))),
        () = idle(&keeping) => (Event::Idle { attempt }, None),
    };
    let shared = Arc::clone(&keeping.shared);
    drop(keeping);
    report_end(&shared, &id, event, attempt, culprit).await;
}

async fn closed(keeping: &Keeping) -> Failure {
    lost(keeping.link.closed().await)
}

/// A link that is closed in order is as lost to a tunnel as a broken one.
pub(super) fn lost(failure: Failure) -> Failure {
    match failure.code {
        ErrorCode::Cancelled => {
            Failure::new(ErrorCode::Unreachable, "the SSH connection was closed")
                .with_hint("It is opened again by itself.")
        }
        _ => failure,
    }
}

async fn checks(keeping: &Keeping) -> (Failure, Culprit) {
    let ask = Ask::of(&keeping.tunnel.route, &keeping.tunnel.options.check);
    // The machine asks for the first one.
    let mut pause = Duration::MAX;
    loop {
        let is_doubted = tokio::select! {
            () = keeping.way.probe.notified() => true,
            () = keeping.trouble.notified() => false,
            () = tokio::time::sleep(pause) => false,
        };
        let every = Duration::from_secs(keeping.shared.settings.borrow().keepalive_seconds.into());
        let limit = every.min(if is_doubted { SHORT } else { LONGEST });
        pause = match check(keeping, &ask, limit).await {
            Checked::Dead(failure, culprit) => {
                // It is of no use to whatever else goes over it either.
                drop(tokio::time::timeout(Duration::from_secs(1), keeping.link.close()).await);
                return (failure, culprit);
            }
            Checked::Answered(signs, asked) => {
                let is_good = asked.failure.is_none();
                tell(keeping, signs, asked).await;
                if is_good { every } else { every.min(AGAIN) }
            }
        };
        tokio::time::sleep(BREATH).await;
    }
}

/// The link and the target are asked at the same time, so that both are known in time.
async fn check(keeping: &Keeping, ask: &Ask, limit: Duration) -> Checked {
    let before = keeping.meter.traffic();
    let began = Instant::now();
    let target = ask.ask(&*keeping.link, before.connections > 0, limit);
    let (hops, mut asked) = tokio::join!(keeping.link.hops(limit), target);
    // On a slow network the question waits behind what clients get, which is answer enough.
    let is_late = asked.took >= limit && matches!(ask, Ask::Connect(_));
    if is_late && keeping.meter.traffic().bytes_down > before.bytes_down {
        asked.failure = None;
    }
    match hops.last() {
        Some(HopHealth { round_trip: Some(whole), .. }) => {
            Checked::Answered(signs(*whole, &hops), asked)
        }
        _ => {
            let silent_at = hops.iter().position(|hop| hop.round_trip.is_none());
            let culprit = silent_at.map_or(Culprit::Beyond, Culprit::Hop);
            match hops.iter().find_map(|hop| hop.lost.clone()) {
                Some(failure) => Checked::Dead(lost(failure), culprit),
                None => Checked::Dead(silent(keeping, began.elapsed()).await, culprit),
            }
        }
    }
}

/// Each machine was asked from here: what it takes from one to the next is the difference.
fn signs(whole: Duration, hops: &[HopHealth]) -> Signs {
    let mut before = Duration::ZERO;
    let step = |hop: &HopHealth| {
        let round_trip = hop.round_trip?;
        let step = round_trip.saturating_sub(before);
        before = round_trip;
        Some(step)
    };
    Signs { whole: Some(whole), hops: hops.iter().map(step).collect() }
}

async fn silent(keeping: &Keeping, waited: Duration) -> Failure {
    let name = super::host_name(&keeping.shared, &keeping.tunnel.ssh_host_id).await;
    let name = name.unwrap_or_else(|_| "the SSH host".into());
    let message = format!("{name} did not answer within {} s", waited.as_secs().max(1));
    Failure::new(ErrorCode::Unreachable, message).with_hint("Check the network to it.")
}

/// Notes a check and gives it to the machine.
async fn tell(keeping: &Keeping, signs: Signs, asked: Asked) {
    let (handle, id) = (Arc::clone(&keeping.shared), keeping.tunnel.id.clone());
    let attempt = keeping.way.attempt;
    let job = move |state: &mut State| {
        let Some(entry) = state.tunnels.get_mut(&id) else { return };
        if !entry.machine.is_current(attempt) {
            return;
        }
        entry.signs = signs;
        entry.check = Some(TunnelCheck {
            at: handle.now(),
            is_good: asked.failure.is_none(),
            took_ms: milliseconds(asked.took),
            http_status: asked.http_status,
        });
        state.changes.tunnels.insert(id.clone());
        let event = match asked.failure {
            None => Event::ProbeGood { attempt },
            Some(failure) => Event::ProbeBad { attempt, failure },
        };
        route(&handle, state, &id, event);
    };
    drop(keeping.shared.owner.with(job).await);
}

/// Carries what comes in at the SSH host to its target on this computer.
async fn incoming(keeping: &Keeping) -> Failure {
    let taken = keeping.remote.lock().unwrap_or_else(PoisonError::into_inner).take();
    let (Some(mut listener), Some(target)) = (taken, keeping.tunnel.route.target()) else {
        return std::future::pending().await;
    };
    let is_watched = keeping.tunnel.options.is_http_watched;
    let meter = Arc::clone(&keeping.meter);
    let route = Arc::new(Route::new(Arc::new(Here), dial_target(target), meter, is_watched));
    let mut streams = JoinSet::new();
    loop {
        let incoming = tokio::select! {
            incoming = listener.next() => incoming,
            Some(_) = streams.join_next() => continue,
        };
        let Some(incoming) = incoming else {
            let message =
                format!("the SSH host listens at {} no more", keeping.tunnel.route.listen());
            return Failure::new(ErrorCode::Unreachable, message)
                .with_hint("It is asked again by itself.");
        };
        let (route, shared) = (Arc::clone(&route), Arc::clone(&keeping.shared));
        let id = keeping.tunnel.id.clone();
        streams.spawn(async move {
            if let Err(error) = carry(incoming.stream, incoming.from, &route).await {
                note(&shared, id, error.into()).await;
            }
        });
    }
}

/// Keeps an error that changes nothing about how the tunnel is.
async fn note(shared: &Arc<Shared>, id: TunnelId, failure: Failure) {
    let now = shared.now();
    let job = move |state: &mut State| {
        if let Some(entry) = state.tunnels.get_mut(&id) {
            entry.history.failed(&failure, now);
        }
        state.changes.tunnels.insert(id);
    };
    drop(shared.owner.with(job).await);
}

async fn idle(keeping: &Keeping) {
    if !keeping.tunnel.options.is_on_demand {
        return std::future::pending().await;
    }
    let limit = keeping.shared.host.pace().idle;
    let (mut seen, mut since) = (0, Instant::now());
    loop {
        tokio::time::sleep(limit / IDLE_LOOKS).await;
        let traffic = keeping.meter.traffic();
        if traffic.open_connections > 0 || traffic.connections != seen {
            (seen, since) = (traffic.connections, Instant::now());
        }
        if since.elapsed() >= limit {
            return;
        }
    }
}
