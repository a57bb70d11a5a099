//! Notices that the computer slept: wall time went on and monotonic time did not, or, where that goes on
//! while the computer sleeps, nothing was looked at for far too long.

use std::{sync::Arc, time::Duration, time::Instant};

use model::TimestampMs;

use super::{Event, report};
use crate::{
    shared::Shared,
    tunnels::{self, Rousing},
};

const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Less than this may be a clock being set.
const SLEPT_MS: i64 = 10_000;

/// Longer than this between two looks, and nobody was there: on Windows the monotonic clock counts sleep.
const AWAY_MS: i64 = 20_000;

/// Compares two clocks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Drift {
    wall: TimestampMs,
    monotonic: Instant,
}

impl Drift {
    pub(crate) fn new(wall: TimestampMs, monotonic: Instant) -> Self {
        Self { wall, monotonic }
    }

    /// True when the computer slept since the last look.
    pub(crate) fn slept(&mut self, wall: TimestampMs, monotonic: Instant) -> bool {
        let by_wall = wall.saturating_sub(self.wall);
        let awake = monotonic.saturating_duration_since(self.monotonic).as_millis();
        let awake = i64::try_from(awake).unwrap_or(i64::MAX);
        *self = Self { wall, monotonic };
        by_wall.saturating_sub(awake) > SLEPT_MS || awake > AWAY_MS
    }
}

/// Tells every connection and tunnel when the computer slept. Runs for as long as the core.
pub(crate) async fn watch(shared: Arc<Shared>) {
    let mut drift = Drift::new(shared.now(), Instant::now());
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        if !drift.slept(shared.now(), Instant::now()) {
            continue;
        }
        tracing::info!("the computer slept");
        let ids = shared.owner.with(|state| state.connections.keys().cloned().collect::<Vec<_>>());
        for id in ids.await.unwrap_or_default() {
            report(&shared, &id, Event::Woke).await;
        }
        tunnels::rouse(&shared, Rousing::Slept).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_time_that_nobody_lived_through_is_sleep() {
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        let mut drift = Drift::new(0, start);
        assert!(!drift.slept(5_000, after(5)));
        assert!(drift.slept(3_605_000, after(10)));
        assert!(!drift.slept(3_610_000, after(15)), "only once");
        assert!(!drift.slept(0, after(20)), "a clock that is set back is not sleep");
        assert!(drift.slept(3_600_000, after(3_620)), "where the clock counts sleep");
        assert!(!drift.slept(3_610_000, after(3_630)), "a busy computer is late, not asleep");
    }
}
