//! What a tunnel lived through: the last errors, its half hours, gaps and how often it came back.
//!
//! Pure: the caller brings the time. Deliberately not here: writing half hours to the database.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use model::{Failure, StripCell, TimestampMs, TunnelError, TunnelState, TunnelSurvived};
use store::TunnelSlot;

/// Errors that are kept.
const ERRORS: usize = 50;
const SLOT_MS: i64 = 30 * 60 * 1000;
/// Half hours of a day.
const SLOTS: i64 = 48;
/// Longer than this between two looks, and nobody was there to see how it was.
const UNSEEN_MS: i64 = 150_000;

/// The number of the half hour of a moment.
pub(super) fn slot_of(at: TimestampMs) -> i64 {
    at.div_euclid(SLOT_MS)
}

/// The oldest half hour that still counts.
pub(super) fn oldest_slot(now: TimestampMs) -> i64 {
    slot_of(now) - SLOTS + 1
}

/// How time is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Was {
    Off,
    Up,
    Down,
    /// It has only begun: neither.
    Beginning,
}

/// The past of one tunnel.
#[derive(Debug, Clone)]
pub(crate) struct History {
    errors: VecDeque<TunnelError>,
    slots: BTreeMap<i64, (i64, i64)>,
    /// Half hours that are not stored as they are.
    touched: BTreeSet<i64>,
    survived: TunnelSurvived,
    was: Was,
    looked_at: TimestampMs,
    /// It was up since it was started.
    has_been_up: bool,
    down_since: Option<TimestampMs>,
}

impl History {
    pub(super) fn new(now: TimestampMs) -> Self {
        Self {
            errors: VecDeque::new(),
            slots: BTreeMap::new(),
            touched: BTreeSet::new(),
            survived: TunnelSurvived::default(),
            was: Was::Off,
            looked_at: now,
            has_been_up: false,
            down_since: None,
        }
    }

    /// A half hour that an earlier process saw.
    pub(super) fn restore(&mut self, slot: TunnelSlot) {
        self.slots.insert(slot.slot, (slot.up_ms, slot.down_ms));
    }

    /// The tunnel is like this from now on, and was as it was last told until now.
    pub(super) fn look(&mut self, state: &TunnelState, now: TimestampMs) {
        self.count(now);
        let was = match state {
            TunnelState::Stopped => Was::Off,
            TunnelState::Open { .. } | TunnelState::Listening => Was::Up,
            TunnelState::Connecting { .. } if !self.has_been_up => Was::Beginning,
            TunnelState::Connecting { .. }
            | TunnelState::TargetDown { .. }
            | TunnelState::Reconnecting { .. }
            | TunnelState::PortTaken { .. }
            | TunnelState::Failed { .. } => Was::Down,
        };
        match was {
            Was::Off => (self.has_been_up, self.down_since) = (false, None),
            Was::Up => {
                if let Some(since) = self.down_since.take() {
                    self.survived.reconnects += 1;
                    self.gap(since, now);
                }
                self.has_been_up = true;
            }
            Was::Down if self.has_been_up => {
                let since = *self.down_since.get_or_insert(now);
                self.gap(since, now);
            }
            Was::Down | Was::Beginning => {}
        }
        self.was = was;
    }

    /// It was started: what it survives counts from here.
    pub(super) fn begin(&mut self) {
        self.survived = TunnelSurvived::default();
        (self.has_been_up, self.down_since) = (false, None);
    }

    pub(super) fn slept(&mut self) {
        self.survived.sleeps += 1;
    }

    pub(super) fn network_changed(&mut self) {
        self.survived.network_changes += 1;
    }

    /// Something went wrong; the same again is counted.
    pub(super) fn failed(&mut self, failure: &Failure, at: TimestampMs) {
        match self.errors.front_mut() {
            Some(last) if last.failure == *failure => {
                last.count = last.count.saturating_add(1);
                last.at = at;
            }
            _ => {
                self.errors.push_front(TunnelError { at, failure: failure.clone(), count: 1 });
                self.errors.truncate(ERRORS);
            }
        }
    }

    /// Newest first.
    pub(super) fn errors(&self) -> Vec<TunnelError> {
        self.errors.iter().cloned().collect()
    }

    pub(super) fn survived(&self) -> TunnelSurvived {
        self.survived
    }

    /// The last 24 hours, oldest first.
    pub(super) fn strip(&self, now: TimestampMs) -> Vec<StripCell> {
        let cell = |slot: i64| match self.slots.get(&slot) {
            None | Some((0, 0)) => StripCell::Off,
            Some((_, 0)) => StripCell::Up,
            Some((0, _)) => StripCell::Down,
            Some(_) => StripCell::Partly,
        };
        (oldest_slot(now)..=slot_of(now)).map(cell).collect()
    }

    /// The half hours that changed since the last call, and forgets those that no longer count.
    pub(super) fn take_slots(&mut self, now: TimestampMs) -> Vec<TunnelSlot> {
        self.slots = self.slots.split_off(&oldest_slot(now));
        let touched = std::mem::take(&mut self.touched);
        let slot = |slot: &i64| {
            let (up_ms, down_ms) = *self.slots.get(slot)?;
            Some(TunnelSlot { slot: *slot, up_ms, down_ms })
        };
        touched.iter().filter_map(slot).collect()
    }

    fn gap(&mut self, since: TimestampMs, now: TimestampMs) {
        let gap = u64::try_from(now.saturating_sub(since)).unwrap_or(0);
        self.survived.longest_gap_ms = self.survived.longest_gap_ms.max(gap);
    }

    fn count(&mut self, now: TimestampMs) {
        let since = std::mem::replace(&mut self.looked_at, now);
        let passed = now.saturating_sub(since);
        if passed <= 0 || passed > UNSEEN_MS || matches!(self.was, Was::Off | Was::Beginning) {
            return;
        }
        let mut at = since;
        while at < now {
            let slot = slot_of(at);
            let until = now.min((slot + 1) * SLOT_MS);
            let (up, down) = self.slots.entry(slot).or_default();
            let counted = if self.was == Was::Up { up } else { down };
            *counted += until - at;
            self.touched.insert(slot);
            at = until;
        }
    }
}

#[cfg(test)]
#[path = "history_tests.rs"]
mod tests;
