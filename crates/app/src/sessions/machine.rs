//! How one connection comes and goes, as a pure state machine: events in, effects out.
//!
//! No clock, no randomness, no I/O: the caller brings the first two and carries out the effects.

use model::{ConnectionState, ErrorCode, Failure, TimestampMs};
use ssh::Backoff;

/// Who wants the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// A person, who waits: a first failure is shown at once.
    Person,
    /// The start of the app: the network may come later.
    Start,
}

/// What happened. Events of an attempt carry its number; those of an older attempt mean nothing.
#[derive(Debug, Clone)]
pub(crate) enum Event {
    ConnectAsked {
        cause: Cause,
    },
    DisconnectAsked,
    Stage {
        attempt: u64,
        words: String,
    },
    Connected {
        attempt: u64,
    },
    /// The attempt failed, or the session that it made was lost.
    Broke {
        attempt: u64,
        failure: Failure,
    },
    /// The countdown is over.
    Due {
        attempt: u64,
    },
    Answered {
        attempt: u64,
        round_trip_ms: u32,
    },
    /// A machine on the way was changed: what runs now leads to the old one.
    Moved,
    /// The computer slept: sessions may be dead, networks may be back.
    Woke,
}

/// What the caller does about it, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Effect {
    /// End the attempt, the countdown or the session that runs now.
    Drop,
    /// Begin this attempt.
    Open { attempt: u64 },
    /// Report `Due` at that time.
    Wait { attempt: u64, until: TimestampMs },
    /// Ask the server for a sign of life now.
    Probe,
}

/// The moment of an event.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) at: TimestampMs,
    /// Any evenly spread number.
    pub(crate) random: u64,
}

/// One connection's coming and going.
#[derive(Debug, Clone)]
pub(crate) struct Machine {
    state: ConnectionState,
    attempt: u64,
    /// Failures in a row.
    failures: u32,
    last_seen: Option<TimestampMs>,
    cause: Cause,
}

impl Default for Machine {
    fn default() -> Self {
        Self {
            state: ConnectionState::Disconnected,
            attempt: 0,
            failures: 0,
            last_seen: None,
            cause: Cause::Person,
        }
    }
}

impl Machine {
    /// How the connection is, for a person.
    pub(crate) fn state(&self) -> &ConnectionState {
        &self.state
    }

    /// Takes one event.
    pub(crate) fn apply(&mut self, event: Event, moment: Moment) -> Vec<Effect> {
        match event {
            Event::ConnectAsked { cause } => self.connect_asked(cause),
            Event::DisconnectAsked => {
                self.attempt += 1;
                self.failures = 0;
                self.state = ConnectionState::Disconnected;
                vec![Effect::Drop]
            }
            Event::Stage { attempt, words } => {
                if attempt == self.attempt
                    && let ConnectionState::Connecting { stage } = &mut self.state
                {
                    *stage = words;
                }
                Vec::new()
            }
            Event::Connected { attempt } => {
                if self.is_current(attempt) {
                    self.failures = 0;
                    self.last_seen = Some(moment.at);
                    self.state =
                        ConnectionState::Connected { since: moment.at, round_trip_ms: None };
                }
                Vec::new()
            }
            Event::Broke { attempt, failure } => self.broke(attempt, failure, moment),
            Event::Due { attempt } if attempt == self.attempt && self.is_waiting() => self.open(),
            Event::Due { .. } => Vec::new(),
            Event::Answered { attempt, round_trip_ms } => {
                self.answered(attempt, round_trip_ms, moment.at);
                Vec::new()
            }
            Event::Moved => match self.state {
                ConnectionState::Connected { .. }
                | ConnectionState::Connecting { .. }
                | ConnectionState::Reconnecting { .. } => self.open(),
                ConnectionState::Disconnected | ConnectionState::Failed { .. } => Vec::new(),
            },
            Event::Woke => match self.state {
                ConnectionState::Connected { .. } => vec![Effect::Probe],
                ConnectionState::Reconnecting { .. } => self.open(),
                ConnectionState::Disconnected
                | ConnectionState::Connecting { .. }
                | ConnectionState::Failed { .. } => Vec::new(),
            },
        }
    }

    /// True when an attempt with this number is the one that counts.
    pub(crate) fn is_current(&self, attempt: u64) -> bool {
        attempt == self.attempt && !matches!(self.state, ConnectionState::Disconnected)
    }

    fn is_waiting(&self) -> bool {
        matches!(self.state, ConnectionState::Reconnecting { .. })
    }

    fn connect_asked(&mut self, cause: Cause) -> Vec<Effect> {
        match self.state {
            ConnectionState::Connected { .. } => vec![Effect::Probe],
            ConnectionState::Connecting { .. } => Vec::new(),
            ConnectionState::Disconnected
            | ConnectionState::Reconnecting { .. }
            | ConnectionState::Failed { .. } => {
                self.cause = cause;
                self.open()
            }
        }
    }

    fn open(&mut self) -> Vec<Effect> {
        self.attempt += 1;
        self.state = ConnectionState::Connecting { stage: "starting".into() };
        vec![Effect::Drop, Effect::Open { attempt: self.attempt }]
    }

    fn answered(&mut self, attempt: u64, round_trip: u32, at: TimestampMs) {
        if attempt == self.attempt
            && let ConnectionState::Connected { round_trip_ms, .. } = &mut self.state
        {
            *round_trip_ms = Some(round_trip);
            self.last_seen = Some(at);
        }
    }

    fn broke(&mut self, attempt: u64, failure: Failure, moment: Moment) -> Vec<Effect> {
        if !self.is_current(attempt) {
            return Vec::new();
        }
        if failure.code == ErrorCode::Cancelled {
            self.state = ConnectionState::Disconnected;
            return vec![Effect::Drop];
        }
        let was_seen = self.last_seen.is_some();
        let is_shown_at_once = self.cause == Cause::Person && !was_seen;
        if !may_pass(failure.code) || is_shown_at_once {
            self.state = ConnectionState::Failed { error: failure, last_seen: self.last_seen };
            return vec![Effect::Drop];
        }
        let delay = Backoff.next_delay(self.failures, moment.random).as_millis();
        let until = moment.at.saturating_add(i64::try_from(delay).unwrap_or(i64::MAX));
        self.failures = self.failures.saturating_add(1);
        self.attempt += 1;
        self.state = ConnectionState::Reconnecting {
            next_try_at: until,
            attempt: self.failures,
            last_seen: self.last_seen,
            error: failure,
        };
        vec![Effect::Drop, Effect::Wait { attempt: self.attempt, until }]
    }
}

/// Whether the same attempt may work later without a person doing anything.
fn may_pass(code: ErrorCode) -> bool {
    match code {
        ErrorCode::Unreachable | ErrorCode::Busy => true,
        ErrorCode::Unauthorized
        | ErrorCode::Forbidden
        | ErrorCode::NotFound
        | ErrorCode::Conflict
        | ErrorCode::Unsupported
        | ErrorCode::Cancelled
        | ErrorCode::Invalid
        | ErrorCode::Rejected
        | ErrorCode::Protocol
        | ErrorCode::HostKeyUnknown
        | ErrorCode::HostKeyChanged
        | ErrorCode::HostKeyRevoked
        | ErrorCode::CertificateUnknown
        | ErrorCode::CertificateChanged
        | ErrorCode::SecretsLocked
        | ErrorCode::Storage
        | ErrorCode::Internal => false,
    }
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;
