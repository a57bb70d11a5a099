//! The listener of a tunnel on this computer: opened, served, closed.

use std::sync::Arc;

use forward::{BindProblem, Exposure, Gate, Meter, Mode, Options, bind};
use model::{ErrorCode, Failure, Tunnel, TunnelId, TunnelPoint, TunnelRoute};

use super::{
    check::dial_target,
    entry::Listener,
    machine::{Event, NotBound},
    report, route,
};
use crate::{shared::Shared, state::State};

/// Between two words of a client that still waits.
const WANTED_EVERY: std::time::Duration = std::time::Duration::from_millis(500);

/// What a listener is opened with.
pub(super) struct Opening {
    pub(super) tunnel: Tunnel,
    pub(super) attempt: u64,
    pub(super) point: TunnelPoint,
    /// The one before, which may hold the port yet.
    pub(super) before: Listener,
    pub(super) listener: Listener,
    pub(super) gate: Arc<Gate>,
    pub(super) meter: Arc<Meter>,
}

/// Opens the listener and serves it until it is closed.
pub(super) async fn open(shared: Arc<Shared>, opening: Opening) {
    let closed = opening.listener.closed.clone().drop_guard();
    opening.before.closed.cancelled().await;
    let id = opening.tunnel.id.clone();
    let exposure = match opening.tunnel.options.may_be_exposed {
        true => Exposure::Anywhere,
        false => Exposure::Loopback,
    };
    // Who holds a port is looked up on the disk.
    let point = opening.point.clone();
    let binding = shared.runtime.spawn_blocking(move || bind(&point, exposure)).await;
    let bound = match binding {
        Ok(bound) => bound.map_err(|problem| in_words(problem, &opening.point)),
        Err(error) => Err(NotBound::Other(broken(&opening.point, &error.to_string()))),
    };
    let listener = match bound {
        Ok(listener) => listener,
        Err(problem) => {
            report(&shared, &id, Event::NotBound { attempt: opening.attempt, problem }).await;
            return;
        }
    };
    let (handle, point, attempt) = (Arc::clone(&shared), listener.point().clone(), opening.attempt);
    let bound_id = id.clone();
    let bound = move |state: &mut State| {
        if let Some(entry) = state.tunnels.get_mut(&bound_id)
            && entry.machine.is_current(attempt)
        {
            entry.listening = Some(point);
            route(&handle, state, &bound_id, Event::Bound { attempt });
        }
    };
    drop(shared.owner.with(bound).await);
    let mode = match &opening.tunnel.route {
        TunnelRoute::Dynamic { .. } => Mode::Socks,
        TunnelRoute::Local { target, .. } | TunnelRoute::Remote { target, .. } => {
            Mode::Fixed(dial_target(target))
        }
    };
    let options = Options {
        when_down: opening.tunnel.options.when_down,
        is_http_watched: opening.tunnel.options.is_http_watched,
    };
    let gate = Arc::clone(&opening.gate);
    let cancel = opening.listener.cancel.clone();
    tokio::select! {
        () = forward::serve(listener, mode, Arc::clone(&gate), opening.meter, options, cancel) => {}
        () = tell_wanted(&shared, &id, &gate) => {}
    }
    drop(closed);
}

/// Says that clients wait, again and again for as long as they do.
async fn tell_wanted(shared: &Arc<Shared>, id: &TunnelId, gate: &Gate) {
    loop {
        gate.wanted().await;
        report(shared, id, Event::Wanted).await;
        tokio::time::sleep(WANTED_EVERY).await;
    }
}

fn broken(point: &TunnelPoint, detail: &str) -> Failure {
    Failure::new(ErrorCode::Internal, format!("the listener at {point} could not be opened"))
        .with_hint("Try again; report it when it stays so.")
        .with_detail(detail)
}

fn in_words(problem: BindProblem, point: &TunnelPoint) -> NotBound {
    let failure: Failure = problem.failure(point);
    match problem {
        BindProblem::Taken { holder, free_port } => {
            NotBound::Taken { holder, free_port, error: failure }
        }
        _ => NotBound::Other(failure),
    }
}
