//! Idle lanes to the service, and the making of new ones.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::time::timeout;

use crate::{
    Upstream,
    lane::{Lane, Traffic},
};

/// Idle lanes beyond this many are closed.
const MOST_IDLE: usize = 64;
/// A lane that nobody used for this long is closed.
pub(crate) const IDLE_LIFE: Duration = Duration::from_secs(15);
const DIAL_DEADLINE: Duration = Duration::from_secs(15);

struct Idle {
    lane: Lane,
    since: Instant,
}

/// All ways to one service.
pub(crate) struct Pool {
    upstream: Arc<dyn Upstream>,
    pub(crate) traffic: Arc<Traffic>,
    idle: Mutex<Vec<Idle>>,
}

impl Pool {
    pub(crate) fn new(upstream: Arc<dyn Upstream>) -> Self {
        Self { upstream, traffic: Arc::default(), idle: Mutex::default() }
    }

    /// The lane that was used last and still works.
    pub(crate) fn take(&self) -> Option<Lane> {
        loop {
            let mut idle = self.lock().pop()?;
            if idle.lane.is_ready() {
                return Some(idle.lane);
            }
        }
    }

    /// Keeps a lane for the next request.
    pub(crate) fn put(&self, lane: Lane) {
        let mut idle = self.lock();
        if idle.len() < MOST_IDLE {
            idle.push(Idle { lane, since: Instant::now() });
        }
    }

    /// A fresh lane.
    ///
    /// Errors: what dialling says, or `TimedOut` after 15 seconds.
    pub(crate) async fn open(&self) -> io::Result<Lane> {
        let stream = timeout(DIAL_DEADLINE, self.upstream.dial()).await.map_err(|_| {
            io::Error::new(io::ErrorKind::TimedOut, "nothing answered within 15 seconds")
        })??;
        Ok(Lane::new(stream, self.traffic.clone()))
    }

    /// Closes lanes that were idle for too long at `now`.
    pub(crate) fn prune(&self, now: Instant) {
        let old = {
            let mut idle = self.lock();
            let old = idle.partition_point(|one| now.duration_since(one.since) >= IDLE_LIFE);
            idle.drain(..old).collect::<Vec<_>>()
        };
        drop(old);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
