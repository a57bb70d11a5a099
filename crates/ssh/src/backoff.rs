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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::Backoff;

    proptest! {
        #[test]
        fn delays_stay_between_a_second_and_a_minute(attempt: u32, random: u64) {
            let delay = Backoff.next_delay(attempt, random);
            prop_assert!(delay >= Duration::from_secs(1) && delay <= Duration::from_secs(60));
        }

        #[test]
        fn later_attempts_never_wait_less_at_their_least(attempt in 0_u32..100) {
            prop_assert!(Backoff.next_delay(attempt, 0) <= Backoff.next_delay(attempt + 1, 0));
        }
    }

    #[test]
    fn links_lost_together_come_back_apart() {
        let delays = (0..100).map(|random| Backoff.next_delay(5, random * 997));
        let spread: std::collections::BTreeSet<Duration> = delays.collect();
        assert!(spread.len() > 90);
    }
}
