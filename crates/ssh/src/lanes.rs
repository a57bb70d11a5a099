//! Lanes: further connections to the same host for streams that may carry a lot.
//!
//! A lane is opened when it is first needed, with the answers that already worked and no new questions.
//! More than one is opened only where a server limits the sessions of a connection, and where so many
//! streams begin at once that one process of the server is slower than several.
//! A server that refuses more connections gets everything on the control connection.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::LinkOptions;
use crate::connect::Attempt;
use crate::connection::Connection;
use crate::interview::{Answers, Interview, Replay};
use crate::listen::Doors;

const MAX_LANES: usize = 4;
/// Streams that are being opened at the same moment, for each of which numbers one more lane is worth a
/// login.
const BURST: usize = 32;
/// How long a refusal is believed.
const REFUSAL_HOLDS: Duration = Duration::from_secs(60);

#[derive(Default)]
struct State {
    open: Vec<Arc<Connection>>,
    refused_at: Option<Instant>,
    is_closed: bool,
}

/// The lanes of a link. Dropping it gives up a lane that is being opened for a burst.
pub(crate) struct Lanes {
    inner: Arc<Inner>,
    ended: CancellationToken,
    _end: DropGuard,
}

struct Inner {
    options: LinkOptions,
    answers: Arc<Answers>,
    doors: Arc<Doors>,
    state: Mutex<State>,
    /// Lanes that the greatest burst so far was worth.
    wanted: AtomicUsize,
    /// One lane is opened at a time.
    turn: Arc<Semaphore>,
}

impl Lanes {
    pub(crate) fn new(options: LinkOptions, answers: Arc<Answers>, doors: Arc<Doors>) -> Self {
        let (state, wanted) = (Mutex::default(), AtomicUsize::new(1));
        let turn = Arc::new(Semaphore::new(1));
        let ended = CancellationToken::new();
        let inner = Arc::new(Inner { options, answers, doors, state, wanted, turn });
        Self { inner, _end: ended.clone().drop_guard(), ended }
    }

    /// The lane for a new stream, opened if there is none. None when the server allows no further
    /// connection.
    pub(crate) async fn pick(&self) -> Option<Arc<Connection>> {
        let lane = match self.inner.least_used() {
            Some(lane) => lane,
            None => self.first().await?,
        };
        self.inner.wanted.fetch_max(self.inner.worth(), Ordering::Relaxed);
        self.open_beside();
        Some(lane)
    }

    async fn first(&self) -> Option<Arc<Connection>> {
        let _turn = self.inner.turn.acquire().await.ok()?;
        // Somebody else may have opened one in the meantime.
        match self.inner.least_used() {
            Some(lane) => Some(lane),
            None => self.inner.open().await,
        }
    }

    /// Opens one more lane, if there may be one more.
    pub(crate) async fn open_another(&self) -> Option<Arc<Connection>> {
        let _turn = self.inner.turn.acquire().await.ok()?;
        self.inner.open().await
    }

    pub(crate) fn all(&self) -> Vec<Arc<Connection>> {
        self.inner.all()
    }

    /// Ends all lanes; none is opened again.
    pub(crate) async fn close(&self) {
        self.ended.cancel();
        let open = {
            let mut state = self.inner.state();
            state.is_closed = true;
            std::mem::take(&mut state.open)
        };
        futures::future::join_all(open.iter().map(|lane| lane.close())).await;
    }

    /// Opens the lanes that a burst of streams is worth for those to come, while those that are there are
    /// used.
    fn open_beside(&self) {
        if !self.inner.is_short() {
            return;
        }
        // Nobody waits for a second one behind it.
        let Ok(turn) = Arc::clone(&self.inner.turn).try_acquire_owned() else { return };
        let (inner, ended) = (Arc::clone(&self.inner), self.ended.clone());
        tokio::spawn(async move {
            let _turn = turn;
            let opening = async {
                while inner.is_short() {
                    inner.open().await;
                }
            };
            tokio::select! {
                () = ended.cancelled() => {}
                () = opening => {}
            }
        });
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn all(&self) -> Vec<Arc<Connection>> {
        let mut state = self.state();
        state.open.retain(|lane| !lane.is_lost());
        state.open.clone()
    }

    fn least_used(&self) -> Option<Arc<Connection>> {
        self.all().into_iter().min_by_key(|lane| lane.load().streams() + lane.load().opening())
    }

    /// How many lanes the streams that are being opened now are worth.
    fn worth(&self) -> usize {
        let opening: usize = self.all().iter().map(|lane| lane.load().opening()).sum();
        (opening / BURST + 1).min(MAX_LANES)
    }

    /// True while there are fewer lanes than the greatest burst so far was worth, and there may be more.
    fn is_short(&self) -> bool {
        self.may_open() && self.state().open.len() < self.wanted.load(Ordering::Relaxed)
    }

    fn may_open(&self) -> bool {
        let state = self.state();
        let is_refused = state.refused_at.is_some_and(|at| at.elapsed() < REFUSAL_HOLDS);
        !state.is_closed && !is_refused && state.open.len() < MAX_LANES
    }

    /// Opens a lane. Only called by whoever has the turn.
    async fn open(&self) -> Option<Arc<Connection>> {
        if !self.may_open() {
            return None;
        }
        let replay = Arc::new(Replay(Arc::clone(&self.answers)));
        let interview = Arc::new(Interview::new(replay, Arc::default()));
        let attempt = Attempt { options: &self.options, interview: &interview, doors: &self.doors };
        let connected = attempt.connect().await;
        let mut state = self.state();
        match connected {
            Ok(lane) if !state.is_closed => {
                let lane = Arc::new(lane);
                state.open.push(Arc::clone(&lane));
                Some(lane)
            }
            Ok(_) => None,
            Err(error) => {
                tracing::warn!(%error, "no further connection for bulk; the first one carries it");
                state.refused_at = Some(Instant::now());
                None
            }
        }
    }
}
