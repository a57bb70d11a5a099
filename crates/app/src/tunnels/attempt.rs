//! One attempt to reach the SSH host of a tunnel; then the way is handed to its keeper.
//!
//! The link is shared with whatever else goes to that host. Making it passes its jumps, and asks a person
//! for what is missing.

use std::sync::{Arc, Mutex};

use model::{ErrorCode, Failure, Tunnel, TunnelPoint, TunnelRoute};
use ssh::{Link, RemoteListen, RemoteListener};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{
    entry::{Culprit, Way},
    keep::{self, Keeping},
    machine::{Event, NotBound},
    report_end, route,
    watched::Watched,
};
use crate::{
    questions::ToldBy,
    sessions::{LinkRequest, link},
    shared::Shared,
    state::State,
};

/// Carries one attempt out until there is a way, it failed, or `token` fired.
pub(super) async fn attempt(
    shared: Arc<Shared>,
    tunnel: Tunnel,
    attempt: u64,
    token: CancellationToken,
) {
    let made = tokio::select! {
        biased;
        () = token.cancelled() => return,
        made = make(&shared, &tunnel, attempt) => made,
    };
    match made {
        Err((event, culprit)) => {
            tracing::info!(tunnel_id = %tunnel.id, "no way for a tunnel");
            report_end(&shared, &tunnel.id, event, attempt, culprit).await;
        }
        Ok(made) => hand_over(&shared, tunnel, made, attempt, token).await,
    }
}

/// What an attempt made.
struct Made {
    link: Arc<Link>,
    /// Of a tunnel that listens on the SSH host.
    remote: Option<RemoteListener>,
}

/// Gives what happened and what let the attempt down, when there is no way.
async fn make(
    shared: &Arc<Shared>,
    tunnel: &Tunnel,
    attempt: u64,
) -> Result<Made, (Event, Option<Culprit>)> {
    let broke = |failure| Event::Broke { attempt, failure };
    let reached = reach(shared, tunnel, attempt).await;
    let link = reached.map_err(|failure| {
        let at = shared.links.stuck_at(&tunnel.ssh_host_id);
        (broke(failure), at.map(Culprit::Hop))
    })?;
    let TunnelRoute::Remote { listen, .. } = &tunnel.route else {
        return Ok(Made { link, remote: None });
    };
    super::post_stage(shared, &tunnel.id, attempt, "opening the listener on the SSH host");
    let at = match listen {
        TunnelPoint::Tcp { host, port } => RemoteListen::Tcp { host: host.clone(), port: *port },
        TunnelPoint::Unix { path } => RemoteListen::Unix { path: path.clone() },
    };
    match link.listen(&at).await.map_err(Failure::from) {
        Ok(listener) => Ok(Made { link, remote: Some(listener) }),
        Err(error) if error.code == ErrorCode::Conflict => {
            let problem = NotBound::Taken { holder: None, free_port: None, error };
            Err((Event::NotBound { attempt, problem }, Some(Culprit::Beyond)))
        }
        Err(failure) => Err((broke(keep::lost(failure)), Some(culprit(&link)))),
    }
}

/// What let a link down.
pub(super) fn culprit(link: &Link) -> Culprit {
    link.lost_at().map_or(Culprit::Beyond, Culprit::Hop)
}

async fn reach(shared: &Arc<Shared>, tunnel: &Tunnel, attempt: u64) -> Result<Arc<Link>, Failure> {
    let request = LinkRequest {
        host_id: tunnel.ssh_host_id.clone(),
        name: super::host_name(shared, &tunnel.ssh_host_id).await?,
        told_by: ToldBy::Tunnel { id: tunnel.id.clone(), attempt },
    };
    link(shared, request).await
}

async fn hand_over(
    shared: &Arc<Shared>,
    tunnel: Tunnel,
    Made { link, remote }: Made,
    attempt: u64,
    token: CancellationToken,
) {
    let listening = remote.as_ref().map(|listener| point(listener.at()));
    let trouble = Arc::new(Notify::new());
    let dial = Arc::new(Watched::new(Arc::clone(&link), Arc::clone(&trouble)));
    let way = Arc::new(Way { attempt, dial, probe: Notify::new() });
    let (handle, id, given) = (Arc::clone(shared), tunnel.id.clone(), Arc::clone(&way));
    let job = move |state: &mut State| {
        let entry = state.tunnels.get_mut(&id)?;
        if !entry.machine.is_current(attempt) {
            return None;
        }
        (entry.way, entry.culprit) = (Some(given), None);
        entry.listening = listening.or(entry.listening.take());
        let meter = Arc::clone(&entry.meter);
        route(&handle, state, &id, Event::LinkUp { attempt });
        Some(meter)
    };
    let Some(meter) = shared.owner.with(job).await.ok().flatten() else { return };
    tracing::info!(tunnel_id = %tunnel.id, "a tunnel has its way");
    let (shared, remote) = (Arc::clone(shared), Mutex::new(remote));
    let keeping = Keeping { shared, tunnel, link, way, trouble, meter, remote };
    tokio::select! {
        biased;
        () = token.cancelled() => {}
        () = keep::keep(keeping) => {}
    }
}

fn point(at: &RemoteListen) -> TunnelPoint {
    match at {
        RemoteListen::Tcp { host, port } => TunnelPoint::Tcp { host: host.clone(), port: *port },
        RemoteListen::Unix { path } => TunnelPoint::Unix { path: path.clone() },
    }
}
