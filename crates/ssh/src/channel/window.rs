//! How much a server may send to a channel before it is read: new permission only for what was read, and
//! more of it where the way is longer than the window.

use std::time::{Duration, Instant};

/// What a server may send at first. A hundred readers that rest hold no more than 50 MiB.
pub(crate) const FIRST: u32 = 512 * 1024;
/// What is kept of it: 100 ms at more than 1 Gbit/s.
const MOST: u32 = 16 * 1024 * 1024;
/// Shorter round trips are not told apart from a busy computer.
const SHORTEST_ROUND: Duration = Duration::from_millis(1);

/// The window of one channel. All numbers are bytes.
#[derive(Debug)]
pub(crate) struct Window {
    size: u32,
    /// Sent or still allowed, and not given to the reader yet.
    outstanding: u32,
    round_began: Instant,
    read_in_round: u64,
}

impl Window {
    pub(crate) fn new(now: Instant) -> Self {
        Self { size: FIRST, outstanding: FIRST, round_began: now, read_in_round: 0 }
    }

    /// The reader took `bytes`. `round_trip` is how long permission takes to have an effect.
    pub(crate) fn read(&mut self, bytes: u64, now: Instant, round_trip: Duration) {
        self.outstanding =
            self.outstanding.saturating_sub(u32::try_from(bytes).unwrap_or(u32::MAX));
        self.read_in_round += bytes;
        if now.duration_since(self.round_began) < round_trip.max(SHORTEST_ROUND) {
            return;
        }
        // What was read in a round trip is what the window let through; twice that leaves room to grow.
        let wanted = u32::try_from(self.read_in_round * 2).unwrap_or(MOST).min(MOST);
        self.size = self.size.max(wanted);
        (self.round_began, self.read_in_round) = (now, 0);
    }

    /// What the server should be allowed now; zero while it is not worth a message.
    pub(crate) fn due(&self) -> u32 {
        let due = self.size.saturating_sub(self.outstanding);
        if due < self.size / 4 { 0 } else { due }
    }

    /// The server was allowed `bytes` more.
    pub(crate) fn granted(&mut self, bytes: u32) {
        self.outstanding = self.outstanding.saturating_add(bytes);
    }

    /// True when `waiting` unread bytes are more than it was ever allowed.
    pub(crate) fn is_exceeded_by(&self, waiting: usize) -> bool {
        waiting > self.outstanding as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAR: Duration = Duration::from_millis(100);

    #[test]
    fn a_reader_that_rests_gets_no_more_than_the_first_window() {
        let window = Window::new(Instant::now());
        assert_eq!(window.due(), 0);
        assert!(
            !window.is_exceeded_by(FIRST as usize) && window.is_exceeded_by(FIRST as usize + 1)
        );
    }

    #[test]
    fn what_was_read_is_allowed_again_in_pieces_worth_a_message() {
        let now = Instant::now();
        let mut window = Window::new(now);
        window.read(1000, now, FAR);
        assert_eq!(window.due(), 0);
        window.read(u64::from(FIRST / 2), now, FAR);
        assert_eq!(window.due(), FIRST / 2 + 1000);
        window.granted(window.due());
        assert_eq!(window.due(), 0);
    }

    #[test]
    fn a_fast_reader_far_away_gets_a_window_as_long_as_the_way() {
        let mut now = Instant::now();
        let mut window = Window::new(now);
        let mut allowed = u64::from(FIRST);
        for _ in 0..20 {
            // All that is allowed arrives and is read once a round trip.
            now += FAR;
            window.read(allowed, now, FAR);
            let due = window.due();
            window.granted(due);
            allowed = due.into();
        }
        assert_eq!(window.size, MOST);
    }

    #[test]
    fn a_slow_reader_keeps_a_small_window() {
        let mut now = Instant::now();
        let mut window = Window::new(now);
        for _ in 0..1000 {
            now += FAR;
            window.read(10_000, now, FAR);
            window.granted(window.due());
        }
        assert_eq!(window.size, FIRST);
    }
}
