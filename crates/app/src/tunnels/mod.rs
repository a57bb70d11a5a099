//! Tunnels: kept, started, watched and repaired. The rules are in `machine.rs`; here they are carried out.
//!
//! Deliberately not here: what a listener does with its connections (that is `forward`), SSH (`ssh`), and
//! ports of workspaces, which are carried on demand by `forwards`.

mod around;
mod attempt;
mod check;
mod edit;
mod entry;
mod event;
mod found;
mod here;
mod history;
mod inspect;
mod judge;
mod keep;
mod listen;
mod machine;
mod network;
mod operate;
mod read;
mod watched;
mod ways;

use std::{
    collections::BTreeMap,
    hash::{BuildHasher, Hasher, RandomState},
    sync::Arc,
    time::Duration,
};

use model::{
    ErrorCode, Failure, SshHost, SshHostId, TimestampMs, Tunnel, TunnelId, TunnelState, TunnelView,
};

pub(crate) use around::{Rousing, count, moved, rouse, tick};
pub(crate) use entry::Entry;
pub(crate) use network::watch_network;

pub(crate) use judge::check as would_do;

use crate::{shared::Shared, state::State};
use entry::{Culprit, Listener};
use listen::Opening;
use machine::{Effect, Event, Moment, NotBound};

/// All tunnels.
pub(crate) type Tunnels = BTreeMap<TunnelId, Entry>;

/// Reports an event of a tunnel to the owner of the state.
async fn report(shared: &Arc<Shared>, id: &TunnelId, event: Event) {
    let handle = Arc::clone(shared);
    let id = id.clone();
    // Only fails while the app is ending, when nothing needs to follow.
    drop(shared.owner.with(move |state| route(&handle, state, &id, event)).await);
}

/// The same for the end of a way or of an attempt at one, with what let it down.
async fn report_end(
    shared: &Arc<Shared>,
    id: &TunnelId,
    event: Event,
    attempt: u64,
    culprit: Option<Culprit>,
) {
    let handle = Arc::clone(shared);
    let id = id.clone();
    let job = move |state: &mut State| {
        if let Some(entry) = state.tunnels.get_mut(&id)
            && entry.machine.is_current(attempt)
        {
            entry.culprit = culprit;
        }
        route(&handle, state, &id, event);
    };
    drop(shared.owner.with(job).await);
}

/// Says what an attempt is doing. May be lost when very much is going on.
pub(crate) fn post_stage(shared: &Arc<Shared>, id: &TunnelId, attempt: u64, words: &str) {
    let handle = Arc::clone(shared);
    let (id, words) = (id.clone(), words.to_owned());
    shared.owner.post(move |state| route(&handle, state, &id, Event::Stage { attempt, words }));
}

/// Gives a tunnel's machine an event and carries out what follows.
fn route(shared: &Arc<Shared>, state: &mut State, id: &TunnelId, event: Event) {
    let Some(entry) = state.tunnels.get_mut(id) else { return };
    let moment = Moment { at: shared.now(), random: RandomState::new().build_hasher().finish() };
    let failure = match &event {
        Event::Broke { attempt, failure }
        | Event::ProbeBad { attempt, failure }
        | Event::NotBound {
            attempt,
            problem: NotBound::Other(failure) | NotBound::Taken { error: failure, .. },
        } if entry.machine.is_current(*attempt) => Some(failure.clone()),
        _ => None,
    };
    let before = entry.machine.state().clone();
    for effect in entry.machine.apply(event, moment) {
        perform(shared, entry, &effect, moment.at);
    }
    if let Some(failure) = &failure {
        entry.history.failed(failure, moment.at);
    }
    if before == *entry.machine.state() && failure.is_none() {
        return;
    }
    entry.history.look(entry.machine.state(), moment.at);
    state.changes.tunnels.insert(id.clone());
}

fn perform(shared: &Arc<Shared>, entry: &mut Entry, effect: &Effect, now: TimestampMs) {
    match effect {
        Effect::Drop => drop_way(entry),
        Effect::Unbind => {
            entry.listener.cancel.cancel();
            entry.listening = None;
        }
        Effect::Bind { attempt } => {
            let listener = Listener { cancel: shared.cancel.child_token(), ..Listener::default() };
            let before = std::mem::replace(&mut entry.listener, listener.clone());
            let opening = Opening {
                tunnel: entry.tunnel.clone(),
                attempt: *attempt,
                point: entry.listen(),
                before,
                listener,
                gate: Arc::clone(&entry.gate),
                meter: Arc::clone(&entry.meter),
            };
            shared.spawn(listen::open(Arc::clone(shared), opening));
        }
        Effect::Open { attempt } => {
            entry.token = shared.cancel.child_token();
            let (tunnel, token) = (entry.tunnel.clone(), entry.token.clone());
            shared.spawn(attempt::attempt(Arc::clone(shared), tunnel, *attempt, token));
        }
        Effect::OpenGate => {
            if let Some(way) = &entry.way {
                entry.gate.open(Arc::clone(&way.dial));
            }
        }
        Effect::Wait { attempt, until } => wait(shared, entry, *attempt, until - now),
        Effect::Probe => {
            if let Some(way) = &entry.way {
                way.probe.notify_one();
            }
        }
    }
}

fn drop_way(entry: &mut Entry) {
    entry.token.cancel();
    entry.way = None;
    entry.signs = entry::Signs::default();
    entry.check = None;
    if !entry.tunnel.route.listens_here() {
        // It was the SSH host that listened, for as long as the way stood.
        entry.listening = None;
    }
    let is_on_demand = entry.tunnel.options.is_on_demand;
    match entry.machine.state() {
        TunnelState::Listening | TunnelState::Connecting { .. } if is_on_demand => {
            entry.gate.rest();
        }
        _ => entry.gate.shut(),
    }
}

fn wait(shared: &Arc<Shared>, entry: &mut Entry, attempt: u64, delay: i64) {
    entry.token = shared.cancel.child_token();
    let token = entry.token.clone();
    let (handle, id) = (Arc::clone(shared), entry.tunnel.id.clone());
    let delay = Duration::from_millis(u64::try_from(delay).unwrap_or(0));
    shared.spawn(async move {
        tokio::select! {
            () = token.cancelled() => {}
            () = tokio::time::sleep(delay) => report(&handle, &id, Event::Due { attempt }).await,
        }
    });
}

/// What a host is called: the connection that leads to it, else its address.
async fn host_name(shared: &Arc<Shared>, id: &SshHostId) -> Result<String, Failure> {
    let id = id.clone();
    let name =
        shared.owner.with(move |state| state.ssh_hosts.get(&id).map(|host| state.host_name(host)));
    name.await?.ok_or_else(|| {
        Failure::new(ErrorCode::NotFound, "the SSH host of this tunnel is gone")
            .with_hint("Edit the tunnel and choose another one.")
    })
}

fn no_tunnel() -> Failure {
    Failure::new(ErrorCode::NotFound, "this tunnel is gone").with_hint("Go back to the list.")
}

impl State {
    /// All tunnels, by name.
    pub(crate) fn tunnel_views(&self, now: TimestampMs) -> Vec<TunnelView> {
        let mut views: Vec<_> =
            self.tunnels.values().map(|entry| self.view_of_tunnel(entry, now)).collect();
        views.sort_by_key(|view| view.tunnel.name.to_lowercase());
        views
    }

    /// One tunnel; none when it is gone.
    pub(crate) fn tunnel_view(&self, id: &TunnelId, now: TimestampMs) -> Option<TunnelView> {
        self.tunnels.get(id).map(|entry| self.view_of_tunnel(entry, now))
    }

    fn view_of_tunnel(&self, entry: &Entry, now: TimestampMs) -> TunnelView {
        let on_way = self.hosts_on_way(&entry.tunnel);
        let hosts: Vec<_> = on_way.map(|host| (self.host_name(host), host.clone())).collect();
        entry.view(&hosts, now)
    }

    /// The machines that a tunnel goes through, nearest to this computer first.
    fn hosts_on_way(&self, tunnel: &Tunnel) -> impl Iterator<Item = &SshHost> {
        let host = self.ssh_hosts.get(&tunnel.ssh_host_id);
        let jumps = host.into_iter().flat_map(|host| &host.jumps);
        jumps.filter_map(|id| self.ssh_hosts.get(id)).chain(host)
    }

    /// What a host is called: the first connection that leads to it, else its address.
    pub(crate) fn host_name(&self, host: &SshHost) -> String {
        let connections = self.connections.values().map(|entry| &entry.connection);
        let leading = connections.filter(|one| one.ssh_host_id.as_ref() == Some(&host.id));
        let name = leading.map(|one| one.name.clone()).min();
        let address = || host.addresses.first().map(|address| address.host.clone());
        name.or_else(address).unwrap_or_default()
    }
}

impl Shared {
    /// A stored tunnel.
    pub(crate) async fn tunnel(&self, id: &TunnelId) -> Result<Tunnel, Failure> {
        let id = id.clone();
        let found = move |state: &mut State| state.tunnels.get(&id).map(|e| e.tunnel.clone());
        self.owner.with(found).await?.ok_or_else(no_tunnel)
    }
}

/// Starts those that start with the app, unless the person stopped them.
pub(crate) async fn start(shared: Arc<Shared>) {
    let handle = Arc::clone(&shared);
    let job = move |state: &mut State| {
        let is_meant = |entry: &&Entry| entry.is_wanted && entry.tunnel.options.starts_with_app;
        let meant: Vec<_> =
            state.tunnels.values().filter(is_meant).map(|entry| entry.tunnel.id.clone()).collect();
        for id in meant {
            route(&handle, state, &id, Event::StartAsked);
        }
    };
    drop(shared.owner.with(job).await);
}

/// Takes a tunnel from elsewhere, stored already. One that runs is stopped, none is started.
pub(crate) fn adopt(shared: &Arc<Shared>, state: &mut State, tunnel: Tunnel, is_wanted: bool) {
    let id = tunnel.id.clone();
    route(shared, state, &id, Event::StopAsked);
    match state.tunnels.get_mut(&id) {
        Some(entry) => {
            entry.replace(tunnel);
            entry.is_wanted = is_wanted;
        }
        None => {
            let entry = Entry::new(tunnel, is_wanted, shared.now());
            state.tunnels.insert(id.clone(), entry);
        }
    }
    state.changes.tunnels.insert(id);
}

/// What is stored.
pub(crate) async fn restore(store: &store::Store, now: TimestampMs) -> Result<Tunnels, Failure> {
    let mut tunnels = Tunnels::new();
    for stored in store.tunnels().await? {
        let id = stored.tunnel.id.clone();
        tunnels.insert(id, Entry::new(stored.tunnel, stored.is_wanted, now));
    }
    for (id, slot) in store.tunnel_slots(history::oldest_slot(now)).await? {
        if let Some(entry) = tunnels.get_mut(&id) {
            entry.history.restore(slot);
        }
    }
    Ok(tunnels)
}
