//! What follows when an SSH host is another one than before: nothing goes on over links to the old one.

use std::{collections::BTreeSet, sync::Arc};

use model::{ConnectionId, SshHostId};

use super::{Event, route};
use crate::{shared::Shared, state::State, tunnels};

/// These hosts, and those that are reached through them.
fn reached_by(state: &State, changed: &BTreeSet<SshHostId>) -> BTreeSet<SshHostId> {
    let hosts = state.ssh_hosts.values();
    let behind = hosts.filter(|host| host.jumps.iter().any(|jump| changed.contains(jump)));
    changed.iter().chain(behind.map(|host| &host.id)).cloned().collect()
}

/// The connections that go to these hosts or through them.
pub(crate) fn connections_over(
    state: &State,
    changed: &BTreeSet<SshHostId>,
) -> BTreeSet<ConnectionId> {
    let hosts = reached_by(state, changed);
    let all = state.connections.values().map(|entry| &entry.connection);
    let over = all.filter(|one| one.ssh_host_id.as_ref().is_some_and(|id| hosts.contains(id)));
    over.map(|one| one.id.clone()).collect()
}

/// Gives every connection over the changed hosts the event, opens the ways of tunnels anew, and closes
/// the links that lead to what they were before. The state has them as they are now.
pub(crate) fn moved(
    shared: &Arc<Shared>,
    state: &mut State,
    changed: &BTreeSet<SshHostId>,
    event: &Event,
) {
    let hosts = reached_by(state, changed);
    let links = shared.links.part(&hosts);
    tunnels::moved(shared, state, &hosts);
    for id in connections_over(state, changed) {
        route(shared, state, &id, event.clone());
    }
    if !links.is_empty() {
        shared.spawn(async move {
            futures::future::join_all(links.iter().map(|link| link.close())).await;
        });
    }
}
