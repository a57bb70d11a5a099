//! What a person does with tunnels: listing, starting, stopping.

use std::{sync::Arc, time::Duration};

use model::{Failure, TunnelId, TunnelView};

use super::{Entry, machine::Event, no_tunnel, route};
use crate::{Core, state::State};

/// How long closing a listener may take before nobody waits for it any more.
const CLOSING: Duration = Duration::from_secs(5);

impl Core {
    /// All tunnels with their states, by name.
    ///
    /// # Errors
    /// `Cancelled` while the app is ending.
    pub async fn tunnels(&self) -> Result<Vec<TunnelView>, Failure> {
        let now = self.shared.now();
        self.shared.owner.with(move |state| state.tunnel_views(now)).await
    }

    /// Starts a tunnel, on `port` for this time when one is given; while reconnecting, does not wait for
    /// the countdown.
    ///
    /// # Errors
    /// `NotFound`; `Storage`. How starting goes is told by events.
    pub async fn tunnel_start(&self, id: &TunnelId, port: Option<u16>) -> Result<(), Failure> {
        self.shared.store.want_tunnel(id, true).await?;
        if port.is_some() {
            self.end_tunnel(id).await?;
        }
        self.ask_tunnel(id, move |entry| {
            entry.is_wanted = true;
            entry.port = port.or(entry.port);
            if !entry.machine.is_started() {
                entry.history.begin();
            }
            Event::StartAsked
        })
        .await
    }

    /// Stops a tunnel; it stays so until it is started again, also when the app is. Returns when nothing
    /// listens any more.
    ///
    /// # Errors
    /// `NotFound`; `Storage`.
    pub async fn tunnel_stop(&self, id: &TunnelId) -> Result<(), Failure> {
        self.shared.store.want_tunnel(id, false).await?;
        self.ask_tunnel(id, |entry| {
            (entry.is_wanted, entry.port) = (false, None);
            Event::StopAsked
        })
        .await?;
        self.end_tunnel(id).await
    }

    /// Does not wait for the countdown; checks an open tunnel now.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn tunnel_retry(&self, id: &TunnelId) -> Result<(), Failure> {
        self.ask_tunnel(id, |_| Event::RetryAsked).await
    }

    /// Puts a tunnel into the tray, or takes it from there.
    ///
    /// # Errors
    /// `NotFound`; `Storage`.
    pub async fn tunnel_favourite(&self, id: &TunnelId, is_favourite: bool) -> Result<(), Failure> {
        let mut tunnel = self.shared.tunnel(id).await?;
        tunnel.options.is_favourite = is_favourite;
        self.shared.store.put_tunnel(&tunnel).await?;
        let id = id.clone();
        let job = move |state: &mut State| {
            if let Some(entry) = state.tunnels.get_mut(&id) {
                entry.tunnel.options.is_favourite = is_favourite;
                state.changes.tunnels.insert(id);
            }
        };
        self.shared.owner.with(job).await
    }

    /// Stops what runs for a tunnel, and waits until its listener is closed.
    pub(super) async fn end_tunnel(&self, id: &TunnelId) -> Result<(), Failure> {
        let (handle, id) = (Arc::clone(&self.shared), id.clone());
        let job = move |state: &mut State| {
            route(&handle, state, &id, Event::StopAsked);
            state.tunnels.get(&id).map(|entry| entry.listener.closed.clone())
        };
        let closed = self.shared.owner.with(job).await?.ok_or_else(no_tunnel)?;
        drop(tokio::time::timeout(CLOSING, closed.cancelled()).await);
        Ok(())
    }

    async fn ask_tunnel(
        &self,
        id: &TunnelId,
        prepare: impl FnOnce(&mut Entry) -> Event + Send + 'static,
    ) -> Result<(), Failure> {
        let (handle, id) = (Arc::clone(&self.shared), id.clone());
        let job = move |state: &mut State| {
            let event = prepare(state.tunnels.get_mut(&id).ok_or_else(no_tunnel)?);
            route(&handle, state, &id, event);
            Ok(())
        };
        self.shared.owner.with(job).await?
    }
}
