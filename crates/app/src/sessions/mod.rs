//! Sessions: connects, keeps and reconnects. The rules are in `machine.rs`; here they are carried out.
//!
//! What a session is used for is the business of the other modules.

mod connect;
mod keep;
mod links;
mod live;
mod machine;
mod memory;
mod moved;
mod pool;
mod straight;
mod wake;

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    sync::Arc,
    time::Duration,
};

use model::{ConnectionId, ConnectionState, Failure, TimestampMs};

pub(crate) use connect::{carriers, secrets};
pub(crate) use links::{
    Given, LinkRequest, SshLinks, chain, expand, link, options as link_options,
};
pub(crate) use live::{CALL_TIMEOUT, Live, local_cx};
pub(crate) use machine::{Cause, Event, Machine};
pub(crate) use memory::is_same_login;
pub(crate) use moved::{connections_over, moved};
pub(crate) use wake::watch as watch_for_sleep;

use crate::{
    Core, forwards, pages,
    shared::{Shared, no_connection},
    state::{Entry, State},
};
use machine::{Effect, Moment};

/// Reports an event of a connection to the owner of the state.
pub(crate) async fn report(shared: &Arc<Shared>, id: &ConnectionId, event: Event) {
    let handle = Arc::clone(shared);
    let id = id.clone();
    // Only fails while the app is ending, when nothing needs to follow.
    drop(shared.owner.with(move |state| route(&handle, state, &id, event)).await);
}

/// Says what an attempt is doing. May be lost when very much is going on.
pub(crate) fn post_stage(shared: &Arc<Shared>, id: &ConnectionId, attempt: u64, words: &str) {
    let handle = Arc::clone(shared);
    let (id, words) = (id.clone(), words.to_owned());
    shared.owner.post(move |state| route(&handle, state, &id, Event::Stage { attempt, words }));
}

/// Gives a connection's machine an event and carries out what follows.
pub(crate) fn route(shared: &Arc<Shared>, state: &mut State, id: &ConnectionId, event: Event) {
    let Some(entry) = state.connections.get_mut(id) else { return };
    let moment = Moment { at: shared.now(), random: RandomState::new().build_hasher().finish() };
    let before = entry.machine.state().clone();
    for effect in entry.machine.apply(event, moment) {
        perform(shared, entry, &effect, moment.at);
    }
    if before == *entry.machine.state() {
        return;
    }
    state.changes.is_connections = true;
    let is_up = matches!(entry.machine.state(), ConnectionState::Connected { .. });
    let is_over = matches!(
        entry.machine.state(),
        ConnectionState::Disconnected | ConnectionState::Failed { .. }
    );
    if !is_up && state.workspaces.lost(id) {
        state.changes.workspaces.insert(id.clone());
    }
    if !is_up && state.labs.lost(id) {
        state.changes.labs.insert(id.clone());
    }
    if is_over {
        forwards::close_of(state, id);
        pages::close_of(state, id);
    }
}

fn perform(shared: &Arc<Shared>, entry: &mut Entry, effect: &Effect, now: TimestampMs) {
    match effect {
        Effect::Drop => {
            entry.token.cancel();
            entry.live = None;
        }
        Effect::Open { attempt } => {
            entry.token = shared.cancel.child_token();
            let connection = entry.connection.clone();
            let work =
                connect::attempt(Arc::clone(shared), connection, *attempt, entry.token.clone());
            shared.spawn(work);
        }
        Effect::Wait { attempt, until } => {
            entry.token = shared.cancel.child_token();
            let (token, attempt) = (entry.token.clone(), *attempt);
            let (handle, id) = (Arc::clone(shared), entry.connection.id.clone());
            let delay = Duration::from_millis(u64::try_from(until - now).unwrap_or(0));
            shared.spawn(async move {
                tokio::select! {
                    () = token.cancelled() => {}
                    () = tokio::time::sleep(delay) => {
                        report(&handle, &id, Event::Due { attempt }).await;
                    }
                }
            });
        }
        Effect::Probe => {
            if let Some(live) = &entry.live {
                live.probe.notify_one();
            }
        }
    }
}

impl Core {
    /// Connects now; while reconnecting, does not wait for the countdown.
    ///
    /// # Errors
    /// `NotFound` when the connection is gone. How connecting goes is told by events.
    pub async fn connection_connect(&self, id: &ConnectionId) -> Result<(), Failure> {
        self.ask_session(id, Event::ConnectAsked { cause: Cause::Person }).await
    }

    /// Disconnects, and stays so until asked.
    ///
    /// # Errors
    /// `NotFound` when the connection is gone.
    pub async fn connection_disconnect(&self, id: &ConnectionId) -> Result<(), Failure> {
        self.ask_session(id, Event::DisconnectAsked).await
    }

    async fn ask_session(&self, id: &ConnectionId, event: Event) -> Result<(), Failure> {
        let shared = Arc::clone(&self.shared);
        let id = id.clone();
        let job = move |state: &mut State| {
            if !state.connections.contains_key(&id) {
                return Err(no_connection());
            }
            route(&shared, state, &id, event);
            Ok(())
        };
        self.shared.owner.with(job).await?
    }
}
