//! Lanes: further connections to the same host for streams that may carry a lot.
//!
//! A lane is opened when it is first needed, with the answers that already worked and no new questions.
//! More than one is opened only where a server limits the sessions of a connection.
//! A server that refuses more connections gets everything on the control connection.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use crate::LinkOptions;
use crate::connect::Attempt;
use crate::connection::Connection;
use crate::interview::{Answers, Interview, Replay};
use crate::listen::Doors;

const MAX_LANES: usize = 4;
/// How long a refusal is believed.
const REFUSAL_HOLDS: Duration = Duration::from_secs(60);

#[derive(Default)]
struct State {
    open: Vec<Arc<Connection>>,
    refused_at: Option<Instant>,
    is_closed: bool,
}

pub(crate) struct Lanes {
    options: LinkOptions,
    answers: Arc<Answers>,
    doors: Arc<Doors>,
    state: Mutex<State>,
    /// One lane is opened at a time.
    turn: Semaphore,
}

impl Lanes {
    pub(crate) fn new(options: LinkOptions, answers: Arc<Answers>, doors: Arc<Doors>) -> Self {
        Self { options, answers, doors, state: Mutex::default(), turn: Semaphore::new(1) }
    }

    /// The lane for a new stream, opened if there is none. None when the server allows no further
    /// connection.
    pub(crate) async fn pick(&self) -> Option<Arc<Connection>> {
        if let Some(lane) = self.least_used() {
            return Some(lane);
        }
        let _turn = self.turn.acquire().await.ok()?;
        // Somebody else may have opened one in the meantime.
        match self.least_used() {
            Some(lane) => Some(lane),
            None => self.open().await,
        }
    }

    /// Opens one more lane, if there may be one more.
    pub(crate) async fn open_another(&self) -> Option<Arc<Connection>> {
        let _turn = self.turn.acquire().await.ok()?;
        self.open().await
    }

    pub(crate) fn all(&self) -> Vec<Arc<Connection>> {
        let mut state = self.state();
        state.open.retain(|lane| !lane.is_lost());
        state.open.clone()
    }

    /// Ends all lanes; none is opened again.
    pub(crate) async fn close(&self) {
        let open = {
            let mut state = self.state();
            state.is_closed = true;
            std::mem::take(&mut state.open)
        };
        futures::future::join_all(open.iter().map(|lane| lane.close())).await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn least_used(&self) -> Option<Arc<Connection>> {
        self.all().into_iter().min_by_key(|lane| lane.load().streams())
    }

    /// Opens a lane. Only called by whoever has the turn.
    async fn open(&self) -> Option<Arc<Connection>> {
        let may_open = {
            let state = self.state();
            let is_refused = state.refused_at.is_some_and(|at| at.elapsed() < REFUSAL_HOLDS);
            !state.is_closed && !is_refused && state.open.len() < MAX_LANES
        };
        if !may_open {
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
