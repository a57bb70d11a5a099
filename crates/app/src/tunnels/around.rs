//! What happens around all tunnels: the computer slept, a host moved, time passes, bytes went by.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use model::TunnelId;

use super::{history::oldest_slot, machine::Event, report, route};
use crate::{shared::Shared, state::State};

/// How often traffic is published at most.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Looks between two that count the half hours.
const COUNT_AT: u32 = 15;
/// Between two tunnels that are roused, so that not all of them log in at the same moment.
const APART: Duration = Duration::from_millis(20);

/// Why every way is doubted at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rousing {
    Slept,
    NetworkChanged,
}

/// Checks every way now and ends every countdown.
pub(crate) async fn rouse(shared: &Arc<Shared>, why: Rousing) {
    let job = move |state: &mut State| {
        let started = state.tunnels.values_mut().filter(|entry| entry.machine.is_started());
        let ids: Vec<TunnelId> = started
            .map(|entry| {
                match why {
                    Rousing::Slept => entry.history.slept(),
                    Rousing::NetworkChanged => entry.history.network_changed(),
                }
                entry.tunnel.id.clone()
            })
            .collect();
        state.changes.tunnels.extend(ids.iter().cloned());
        ids
    };
    for id in shared.owner.with(job).await.unwrap_or_default() {
        report(shared, &id, Event::Roused).await;
        tokio::time::sleep(APART).await;
    }
}

/// Links to these hosts lead to what the hosts were before.
pub(crate) fn moved(shared: &Arc<Shared>, state: &mut State, hosts: &BTreeSet<model::SshHostId>) {
    let over = state.tunnels.values().filter(|entry| hosts.contains(&entry.tunnel.ssh_host_id));
    let over: Vec<TunnelId> = over.map(|entry| entry.tunnel.id.clone()).collect();
    for id in over {
        route(shared, state, &id, Event::Moved);
        state.changes.tunnels.insert(id);
    }
}

/// Publishes traffic and counts time. Runs for as long as the core.
pub(crate) async fn tick(shared: Arc<Shared>) {
    let mut looks: u32 = 0;
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        drop(shared.owner.with(look).await);
        looks = looks.wrapping_add(1);
        if looks.is_multiple_of(COUNT_AT) {
            count(&shared).await;
        }
    }
}

/// Marks the tunnels through which something went.
fn look(state: &mut State) {
    for (id, entry) in &state.tunnels {
        if entry.meter.traffic() != entry.seen {
            state.changes.tunnels.insert(id.clone());
        }
    }
}

/// Counts the time until now, and stores the half hours that changed.
pub(crate) async fn count(shared: &Shared) {
    let now = shared.now();
    let job = move |state: &mut State| {
        let mut slots = Vec::new();
        for (id, entry) in &mut state.tunnels {
            let before = entry.history.strip(now);
            let how = entry.machine.state().clone();
            entry.history.look(&how, now);
            if entry.history.strip(now) != before {
                state.changes.tunnels.insert(id.clone());
            }
            slots.extend(entry.history.take_slots(now).into_iter().map(|slot| (id.clone(), slot)));
        }
        slots
    };
    let slots = shared.owner.with(job).await.unwrap_or_default();
    if slots.is_empty() {
        return;
    }
    if let Err(error) = shared.store.put_tunnel_slots(&slots, oldest_slot(now)).await {
        tracing::warn!(%error, "how tunnels were could not be stored");
    }
}
