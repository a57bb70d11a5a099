//! Counters of one forward: bytes, connections, the last clients.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use backend_api::Clock;
use model::{HttpExchange, TimestampMs, TrafficSample, TunnelClient, TunnelTraffic};

use crate::{
    samples::Samples,
    watch::{NoteId, Notes},
};

const CLIENTS: usize = 50;

/// What went through one forward. Counts on while listeners come and go.
pub struct Meter {
    clock: Arc<dyn Clock>,
    down: AtomicU64,
    up: AtomicU64,
    state: Mutex<State>,
}

struct State {
    connections: u64,
    samples: Samples,
    /// By number: the newest last.
    open: BTreeMap<u64, Arc<Client>>,
    /// The newest first.
    closed: VecDeque<TunnelClient>,
    notes: Notes,
}

impl Meter {
    /// A meter at zero.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let state = State {
            connections: 0,
            samples: Samples::new(),
            open: BTreeMap::new(),
            closed: VecDeque::new(),
            notes: Notes::default(),
        };
        Self { clock, down: AtomicU64::new(0), up: AtomicU64::new(0), state: Mutex::new(state) }
    }

    /// Bytes, connections, and the last minute.
    #[must_use]
    pub fn traffic(&self) -> TunnelTraffic {
        let mut state = self.state();
        TunnelTraffic {
            bytes_down: self.down.load(Ordering::Relaxed),
            bytes_up: self.up.load(Ordering::Relaxed),
            open_connections: u32::try_from(state.open.len()).unwrap_or(u32::MAX),
            connections: state.connections,
            samples: state.samples.list(),
        }
    }

    /// The last minute in 2-second samples, oldest first; empty when nothing went through.
    #[must_use]
    pub fn samples(&self) -> Vec<TrafficSample> {
        self.state().samples.list()
    }

    /// The last clients, at most 50: open ones first, newest first.
    #[must_use]
    pub fn clients(&self) -> Vec<TunnelClient> {
        let state = self.state();
        let open = state.open.values().rev().map(|client| client.view(None, None));
        open.chain(state.closed.iter().cloned()).take(CLIENTS).collect()
    }

    /// The last HTTP requests, at most 100, newest first. Empty unless they are watched.
    #[must_use]
    pub fn requests(&self) -> Vec<HttpExchange> {
        self.state().notes.list()
    }

    /// Counts a connection for as long as the answer is held.
    pub(crate) fn begin(self: &Arc<Self>, from: String) -> Count {
        let client = Arc::new(Client {
            opened_at: self.clock.now(),
            from,
            target: Mutex::new(None),
            down: AtomicU64::new(0),
            up: AtomicU64::new(0),
        });
        let mut state = self.state();
        state.connections += 1;
        let number = state.connections;
        state.open.insert(number, Arc::clone(&client));
        Count { meter: Arc::clone(self), number, client, error: None }
    }

    pub(crate) fn note_request(&self, method: String, path: String) -> NoteId {
        self.state().notes.request(self.clock.now(), method, path)
    }

    pub(crate) fn note_answer(&self, request: NoteId, status: u16, took: Duration) {
        self.state().notes.answer(request, status, took);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Client {
    opened_at: TimestampMs,
    from: String,
    target: Mutex<Option<String>>,
    down: AtomicU64,
    up: AtomicU64,
}

impl Client {
    fn view(&self, closed_at: Option<TimestampMs>, error: Option<String>) -> TunnelClient {
        TunnelClient {
            opened_at: self.opened_at,
            closed_at,
            from: self.from.clone(),
            target: self.target.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            bytes_down: self.down.load(Ordering::Relaxed),
            bytes_up: self.up.load(Ordering::Relaxed),
            error,
        }
    }
}

/// One connection that is counted as open.
pub(crate) struct Count {
    meter: Arc<Meter>,
    number: u64,
    client: Arc<Client>,
    error: Option<String>,
}

impl Count {
    /// Bytes towards the client.
    pub(crate) fn down(&self, bytes: usize) {
        self.add(bytes as u64, 0);
    }

    /// Bytes towards the target.
    pub(crate) fn up(&self, bytes: usize) {
        self.add(0, bytes as u64);
    }

    /// Where it came from.
    pub(crate) fn from(&self) -> &str {
        &self.client.from
    }

    /// Where a SOCKS client asked to go.
    pub(crate) fn leads_to(&self, target: String) {
        *self.client.target.lock().unwrap_or_else(PoisonError::into_inner) = Some(target);
    }

    /// It did not end in order.
    pub(crate) fn broke(&mut self, why: String) {
        self.error = Some(why);
    }

    fn add(&self, down: u64, up: u64) {
        self.client.down.fetch_add(down, Ordering::Relaxed);
        self.client.up.fetch_add(up, Ordering::Relaxed);
        self.meter.down.fetch_add(down, Ordering::Relaxed);
        self.meter.up.fetch_add(up, Ordering::Relaxed);
        self.meter.state().samples.add(down, up);
    }
}

impl Drop for Count {
    fn drop(&mut self) {
        let now = self.meter.clock.now();
        let closed = self.client.view(Some(now), self.error.take());
        let mut state = self.meter.state();
        state.open.remove(&self.number);
        state.closed.push_front(closed);
        state.closed.truncate(CLIENTS);
    }
}
