//! What a person sees of a fleet, watched through the core's events: which servers show all their rows,
//! and which did not come up at the first try.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use app::{Core, CoreEvent};
use model::{ConnectionId, ConnectionState};
use tokio::sync::broadcast::{Receiver, error::RecvError};

const DEADLINE: Duration = Duration::from_secs(120);

/// Fresh rows by connection, as the events say.
pub(crate) struct Dashboard<'a> {
    core: &'a Core,
    events: Receiver<Arc<CoreEvent>>,
    rows: BTreeMap<ConnectionId, usize>,
    down: BTreeSet<ConnectionId>,
    /// Servers that had to be tried again.
    pub(crate) refused: BTreeMap<ConnectionId, String>,
}

impl<'a> Dashboard<'a> {
    pub(crate) fn new(core: &'a Core) -> Self {
        let events = core.events();
        Self {
            core,
            events,
            rows: BTreeMap::new(),
            down: BTreeSet::new(),
            refused: BTreeMap::new(),
        }
    }

    /// Waits until `servers` show `rows` fresh rows each, and says when that was.
    pub(crate) async fn full(&mut self, servers: usize, rows: usize) -> Result<Instant> {
        let is_full = move |dashboard: &Self| {
            dashboard.rows.values().filter(|count| **count == rows).count() == servers
        };
        self.until("a full dashboard", is_full).await
    }

    /// Waits until `servers` are disconnected.
    pub(crate) async fn dark(&mut self, servers: usize) -> Result<Instant> {
        self.until("the end of all connections", move |d| d.down.len() == servers).await
    }

    async fn until(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) -> Result<Instant> {
        let end = tokio::time::Instant::now() + DEADLINE;
        while !is_so(self) {
            let next = tokio::time::timeout_at(end, self.events.recv()).await;
            let seen = || format!("{:?}; refused: {:?}", self.rows.values(), self.refused);
            match next.with_context(|| format!("waited in vain for {what}: {}", seen()))? {
                Ok(event) => self.note(&event),
                Err(RecvError::Lagged(_)) => {
                    for event in self.core.everything().await {
                        self.note(&event);
                    }
                }
                Err(RecvError::Closed) => ensure!(is_so(self), "the core ended"),
            }
        }
        Ok(Instant::now())
    }

    pub(crate) fn note(&mut self, event: &CoreEvent) {
        match event {
            CoreEvent::Workspaces { connection_id, workspaces } => {
                let fresh = workspaces.iter().filter(|view| view.stale_since.is_none()).count();
                self.rows.insert(connection_id.clone(), fresh);
            }
            CoreEvent::Connections { connections } => {
                self.down.clear();
                for view in connections {
                    let id = view.connection.id.clone();
                    match &view.state {
                        ConnectionState::Disconnected => {
                            self.down.insert(id);
                        }
                        ConnectionState::Reconnecting { error, .. }
                        | ConnectionState::Failed { error, .. } => {
                            self.refused.insert(id, error.message.clone());
                        }
                        ConnectionState::Connecting { .. } | ConnectionState::Connected { .. } => {}
                    }
                }
            }
            _ => {}
        }
    }
}
