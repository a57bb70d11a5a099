//! The gate of a forward: whether there is a way now, and what a connection does while there is none.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use backend_api::Dial;
use model::WhenDown;
use tokio::{
    sync::{Notify, watch},
    time::{Instant, timeout_at},
};

/// How long the first connection of an on-demand forward waits for its way, questions included.
const OPENING: Duration = Duration::from_secs(120);

/// Why a connection got no way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The way is down, and new connections do not wait.
    #[error("the way was down")]
    Down,
    /// It waited as long as it may.
    #[error("the way did not come back within {} s", .0.as_secs())]
    TooLate(Duration),
}

#[derive(Clone, Default)]
enum State {
    Open(Arc<dyn Dial>),
    /// Nobody needed the way yet; the first connection opens it.
    Resting,
    #[default]
    Shut,
}

/// Whether there is a way now. Shut at first.
#[derive(Default)]
pub struct Gate {
    state: watch::Sender<State>,
    waiting: AtomicUsize,
    wanted: Notify,
}

impl Gate {
    /// A gate that is shut.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// There is a way; everybody who waits takes it.
    pub fn open(&self, way: Arc<dyn Dial>) {
        self.state.send_replace(State::Open(way));
    }

    /// The way is down. Connections wait or are refused, as their forward says.
    pub fn shut(&self) {
        self.state.send_replace(State::Shut);
    }

    /// The way is opened on demand: connections wait for it whatever their forward says, until it is
    /// opened or shut.
    pub fn rest(&self) {
        self.state.send_replace(State::Resting);
    }

    /// Connections that wait for a way now.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Resolves when a connection waits for a way. For one caller at a time.
    pub async fn wanted(&self) {
        while self.waiting() == 0 {
            self.wanted.notified().await;
        }
    }

    /// The way, as soon as there is one. Dropping the future gives up the wait.
    ///
    /// # Errors
    /// When there is none and `when_down` allows no wait, or none that long.
    pub async fn way(&self, when_down: WhenDown) -> Result<Arc<dyn Dial>, Refused> {
        self.way_since(when_down, Instant::now()).await
    }

    /// As `way`, for a connection that began to wait at `since`.
    pub(crate) async fn way_since(
        &self,
        when_down: WhenDown,
        since: Instant,
    ) -> Result<Arc<dyn Dial>, Refused> {
        let mut state = self.state.subscribe();
        let mut waiting = None;
        loop {
            let may_wait = match (&*state.borrow_and_update(), when_down) {
                (State::Open(way), _) => return Ok(Arc::clone(way)),
                (State::Resting, _) => OPENING,
                (State::Shut, WhenDown::Hold { seconds }) => Duration::from_secs(seconds.into()),
                (State::Shut, WhenDown::Refuse) => return Err(Refused::Down),
            };
            waiting.get_or_insert_with(|| Waiting::begin(self));
            match timeout_at(since + may_wait, state.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return Err(Refused::Down),
                Err(_) => return Err(Refused::TooLate(may_wait)),
            }
        }
    }

    /// Resolves when `way` is not the way any more.
    pub(crate) async fn left(&self, way: &Arc<dyn Dial>) {
        let mut state = self.state.subscribe();
        let is_other = |state: &State| !matches!(state, State::Open(now) if Arc::ptr_eq(now, way));
        // The gate holds the sender, so this cannot fail.
        drop(state.wait_for(is_other).await);
    }
}

/// One connection that waits, for as long as this is held.
struct Waiting<'a>(&'a Gate);

impl<'a> Waiting<'a> {
    fn begin(gate: &'a Gate) -> Self {
        gate.waiting.fetch_add(1, Ordering::Relaxed);
        gate.wanted.notify_one();
        Self(gate)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use backend_api::{BackendError, BoxStream, Dial, DialTarget};
    use model::WhenDown;
    use tokio::time::Instant;

    use super::{Gate, Refused};

    struct Nowhere;

    #[async_trait::async_trait]
    impl Dial for Nowhere {
        async fn dial(&self, target: &DialTarget) -> Result<BoxStream, BackendError> {
            Err(BackendError::unreachable(target.to_string()))
        }
    }

    const HOLD: WhenDown = WhenDown::Hold { seconds: 20 };

    #[tokio::test(start_paused = true)]
    async fn a_connection_waits_as_long_as_it_may() {
        let gate = Gate::new();
        assert_eq!(gate.way(WhenDown::Refuse).await.err(), Some(Refused::Down));
        let began = Instant::now();
        let late = gate.way(HOLD).await.err();
        assert_eq!(late, Some(Refused::TooLate(Duration::from_secs(20))));
        assert_eq!(began.elapsed(), Duration::from_secs(20));
        assert_eq!(gate.waiting(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_is_known_and_goes_through_when_the_gate_opens() {
        let gate = Gate::new();
        let opening = async {
            gate.wanted().await;
            assert_eq!(gate.waiting(), 1);
            tokio::time::sleep(Duration::from_secs(9)).await;
            gate.open(Arc::new(Nowhere));
        };
        let (way, ()) = tokio::join!(gate.way(HOLD), opening);
        assert!(way.is_ok());
        assert!(gate.way(WhenDown::Refuse).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_connection_on_demand_waits_even_where_others_would_not() {
        let gate = Gate::new();
        gate.rest();
        let opening = async {
            gate.wanted().await;
            gate.open(Arc::new(Nowhere));
        };
        assert!(tokio::join!(gate.way(WhenDown::Refuse), opening).0.is_ok());
        gate.rest();
        let failing = async {
            gate.wanted().await;
            gate.shut();
        };
        let (refused, ()) = tokio::join!(gate.way(WhenDown::Refuse), failing);
        assert_eq!(refused.err(), Some(Refused::Down));
    }

    #[tokio::test(start_paused = true)]
    async fn a_way_that_was_replaced_is_left() {
        let gate = Gate::new();
        gate.open(Arc::new(Nowhere));
        let Ok(way) = gate.way(HOLD).await else { panic!("the gate is open") };
        let still = tokio::time::timeout(Duration::from_secs(1), gate.left(&way)).await;
        assert!(still.is_err());
        gate.open(Arc::new(Nowhere));
        gate.left(&way).await;
    }
}
