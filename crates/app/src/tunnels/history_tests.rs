//! The strip, the gaps and the errors, minute by minute.

use model::{ErrorCode, Failure, TunnelState};
use proptest::prelude::*;

use super::*;

const MINUTE: i64 = 60_000;

fn failure(words: &str) -> Failure {
    Failure::new(ErrorCode::Unreachable, words)
}

fn open() -> TunnelState {
    TunnelState::Open { since: 0 }
}

fn down() -> TunnelState {
    TunnelState::Reconnecting { next_try_at: 0, attempt: 1, error: failure("x") }
}

/// Looks every minute, as the app does.
fn live(history: &mut History, state: &TunnelState, minutes: std::ops::Range<i64>) {
    for minute in minutes {
        history.look(state, minute * MINUTE);
    }
}

#[test]
fn half_hours_say_how_it_was() {
    let mut history = History::new(0);
    live(&mut history, &open(), 0..60);
    live(&mut history, &down(), 60..70);
    live(&mut history, &open(), 70..90);
    live(&mut history, &down(), 90..120);
    live(&mut history, &TunnelState::Stopped, 120..150);
    let strip = history.strip(150 * MINUTE);
    assert_eq!(strip.len(), 48);
    use StripCell::{Down, Off, Partly, Up};
    assert_eq!(strip[41..], [Off, Up, Up, Partly, Down, Off, Off][..]);
    let stored = history.take_slots(150 * MINUTE);
    assert_eq!(stored[2], TunnelSlot { slot: 2, up_ms: 20 * MINUTE, down_ms: 10 * MINUTE });
    assert!(history.take_slots(150 * MINUTE).is_empty());

    let mut later = History::new(150 * MINUTE);
    stored.into_iter().for_each(|slot| later.restore(slot));
    assert_eq!(later.strip(150 * MINUTE), strip);
    later.take_slots((48 + 3) * 30 * MINUTE);
    assert_eq!(later.strip(150 * MINUTE)[44], Off, "a day later it is forgotten");
}

#[test]
fn gaps_count_from_the_loss_to_the_next_good_check() {
    let mut history = History::new(0);
    history.begin();
    history.look(&TunnelState::Connecting { stage: String::new() }, 0);
    history.look(&down(), 500);
    history.look(&open(), 1_000);
    assert_eq!(history.survived(), TunnelSurvived::default(), "it only began");
    history.look(&down(), 2_000);
    history.look(&TunnelState::Connecting { stage: String::new() }, 4_000);
    history.look(&open(), 5_000);
    history.look(&down(), 6_000);
    history.look(&open(), 7_000);
    let survived = history.survived();
    assert_eq!((survived.reconnects, survived.longest_gap_ms), (2, 3_000));
    history.look(&down(), 10_000);
    history.look(&TunnelState::Stopped, 60_000);
    history.look(&open(), 70_000);
    assert_eq!(history.survived().reconnects, 2, "a stop is no gap");
}

#[test]
fn the_same_error_again_is_counted() {
    let mut history = History::new(0);
    for at in 0..3 {
        history.failed(&failure("a"), at);
    }
    (0..60).for_each(|at| history.failed(&failure(if at % 2 == 0 { "b" } else { "a" }), at));
    assert_eq!(history.errors().len(), ERRORS);
    let mut history = History::new(0);
    history.failed(&failure("a"), 1);
    history.failed(&failure("a"), 2);
    assert_eq!(history.errors(), [TunnelError { at: 2, failure: failure("a"), count: 2 }]);
}

#[test]
fn time_that_nobody_lived_through_is_neither_up_nor_down() {
    let mut history = History::new(0);
    history.look(&open(), 0);
    history.look(&open(), 8 * 60 * MINUTE);
    assert!(history.strip(8 * 60 * MINUTE).iter().all(|cell| *cell == StripCell::Off));
}

proptest! {
    #[test]
    fn no_half_hour_is_longer_than_half_an_hour(
        steps in prop::collection::vec((0_i64..200_000, 0_usize..4), 1..200),
    ) {
        let states = [TunnelState::Stopped, open(), down(), TunnelState::Listening];
        let (mut history, mut now) = (History::new(0), 0);
        for (later, state) in steps {
            now += later;
            history.look(&states[state], now);
        }
        prop_assert_eq!(history.strip(now).len(), 48);
        for slot in history.take_slots(now) {
            prop_assert!(slot.up_ms + slot.down_ms <= SLOT_MS);
        }
    }
}
