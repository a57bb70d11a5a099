//! How long to wait before trying to connect again. Pure: the caller brings the randomness and waits.

use std::time::Duration;

const FIRST_MS: u64 = 1_000;
const LONGEST_MS: u64 = 60_000;

/// Delays that double from 1 s to 60 s, each somewhere in the upper half of its span, so that many
/// links lost at once do not come back at once.
#[derive(Debug, Clone, Copy, Default)]
pub struct Backoff;

impl Backoff {
    /// The delay before attempt `attempt`, counted from 0. `random` is any evenly spread number.
    #[must_use]
    pub fn next_delay(self, attempt: u32, random: u64) -> Duration {
        let doubled = FIRST_MS.checked_shl(attempt.min(16)).unwrap_or(LONGEST_MS);
        let span = doubled.min(LONGEST_MS);
        let half = span / 2;
        Duration::from_millis((half + random % (half + 1)).max(FIRST_MS))
    }
}
