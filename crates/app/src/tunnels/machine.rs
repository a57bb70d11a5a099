//! How one tunnel comes and goes, as a pure state machine: events in, effects out.
//!
//! No clock, no randomness, no I/O: the caller brings the first two and carries out the effects. The
//! ladder of repair below a lost way (the link, its jumps, new credentials) is climbed by the attempt.

use model::{ErrorCode, Failure, TimestampMs, TunnelState};
use ssh::Backoff;

pub(crate) use super::event::{Effect, Event, Kind, Moment, NotBound};

/// A way that stood this long was not lost in the same trouble as the one before.
const STEADY_MS: i64 = 10_000;
/// The least pause between two attempts, however many clients wait.
const PAUSE_MS: i64 = 2_000;
/// Of a countdown, what clients that wait have to sit out.
const SHORTEST_PART: i64 = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Stopped,
    Binding,
    /// On demand, and nobody came yet.
    Listening,
    Opening,
    /// The link is up.
    Up {
        since: TimestampMs,
    },
    Waiting {
        /// Not before, whoever waits.
        earliest: TimestampMs,
        until: TimestampMs,
        is_wanted: bool,
    },
    /// Until the person does something.
    GivenUp,
}

/// One tunnel's coming and going.
#[derive(Debug, Clone)]
pub(crate) struct Machine {
    kind: Kind,
    state: TunnelState,
    phase: Phase,
    attempt: u64,
    /// Failures in a row.
    failures: u32,
    /// The way stood since it was started.
    was_up: bool,
}

impl Machine {
    /// A tunnel that is stopped.
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            kind,
            state: TunnelState::Stopped,
            phase: Phase::Stopped,
            attempt: 0,
            failures: 0,
            was_up: false,
        }
    }

    /// The same for a tunnel that is of another kind now. Its numbers go on, so that nothing that still
    /// runs for the old one is taken for its own.
    pub(crate) fn as_kind(&self, kind: Kind) -> Self {
        Self { attempt: self.attempt + 1, ..Self::new(kind) }
    }

    /// How the tunnel is, for a person.
    pub(crate) fn state(&self) -> &TunnelState {
        &self.state
    }

    /// True when the link of this attempt is, or may become, the one that counts.
    pub(crate) fn is_current(&self, attempt: u64) -> bool {
        attempt == self.attempt && !matches!(self.phase, Phase::Stopped | Phase::GivenUp)
    }

    /// True while a link is there.
    pub(crate) fn is_up(&self) -> bool {
        matches!(self.phase, Phase::Up { .. })
    }

    /// True from when it was started until it is stopped.
    pub(crate) fn is_started(&self) -> bool {
        self.phase != Phase::Stopped
    }

    /// Takes one event.
    pub(crate) fn apply(&mut self, event: Event, moment: Moment) -> Vec<Effect> {
        match event {
            Event::StartAsked => self.start_asked(),
            Event::StopAsked => self.stop_asked(),
            Event::RetryAsked => match self.phase {
                Phase::Stopped => Vec::new(),
                _ => self.start_asked(),
            },
            Event::Bound { attempt } => self.bound(attempt),
            Event::NotBound { attempt, problem } => self.not_bound(attempt, problem, moment),
            Event::Stage { attempt, words } => {
                self.stage(attempt, words);
                Vec::new()
            }
            Event::LinkUp { attempt } => self.link_up(attempt, moment.at),
            Event::Broke { attempt, failure } => self.broke(attempt, failure, moment),
            Event::ProbeGood { attempt } => {
                self.probed(attempt, None, moment.at);
                Vec::new()
            }
            Event::ProbeBad { attempt, failure } => {
                self.probed(attempt, Some(failure), moment.at);
                Vec::new()
            }
            Event::Due { attempt } => self.due(attempt),
            Event::Wanted => self.wanted(moment.at),
            Event::Idle { attempt } => self.idle(attempt),
            Event::Roused => match self.phase {
                Phase::Up { .. } => vec![Effect::Probe],
                Phase::Waiting { .. } => self.open(),
                _ => Vec::new(),
            },
            Event::Moved => match (self.phase, &self.state) {
                (Phase::Opening | Phase::Up { .. } | Phase::Waiting { .. }, _) => self.open(),
                // What was edited may be what was wrong.
                (Phase::GivenUp, TunnelState::Failed { .. }) => self.start(),
                _ => Vec::new(),
            },
        }
    }

    fn start_asked(&mut self) -> Vec<Effect> {
        match self.phase {
            Phase::Stopped | Phase::GivenUp => self.start(),
            Phase::Listening | Phase::Waiting { .. } => self.open(),
            Phase::Up { .. } => vec![Effect::Probe],
            Phase::Binding | Phase::Opening => Vec::new(),
        }
    }

    fn start(&mut self) -> Vec<Effect> {
        self.failures = 0;
        self.was_up = false;
        if !self.kind.listens_here {
            return self.open();
        }
        self.enter(Phase::Binding);
        self.state = TunnelState::Connecting { stage: "opening the listener".into() };
        vec![Effect::Drop, Effect::Unbind, Effect::Bind { attempt: self.attempt }]
    }

    fn stop_asked(&mut self) -> Vec<Effect> {
        self.enter(Phase::Stopped);
        self.failures = 0;
        self.state = TunnelState::Stopped;
        vec![Effect::Drop, Effect::Unbind]
    }

    fn bound(&mut self, attempt: u64) -> Vec<Effect> {
        if attempt != self.attempt || self.phase != Phase::Binding {
            return Vec::new();
        }
        if self.kind.is_on_demand { self.listen() } else { self.open() }
    }

    fn listen(&mut self) -> Vec<Effect> {
        self.enter(Phase::Listening);
        self.failures = 0;
        self.state = TunnelState::Listening;
        vec![Effect::Drop]
    }

    fn open(&mut self) -> Vec<Effect> {
        self.enter(Phase::Opening);
        self.state = TunnelState::Connecting { stage: "starting".into() };
        vec![Effect::Drop, Effect::Open { attempt: self.attempt }]
    }

    /// Every phase has a number of its own, so that what belonged to an older one means nothing.
    fn enter(&mut self, phase: Phase) {
        self.attempt += 1;
        self.phase = phase;
    }

    fn not_bound(&mut self, attempt: u64, problem: NotBound, moment: Moment) -> Vec<Effect> {
        if attempt != self.attempt || !matches!(self.phase, Phase::Binding | Phase::Opening) {
            return Vec::new();
        }
        match problem {
            // What holds the port of the SSH host is most likely our own lost session.
            NotBound::Taken { error, .. } if self.was_up && self.phase == Phase::Opening => {
                self.wait(error, moment)
            }
            NotBound::Taken { holder, free_port, error } => {
                self.give_up(TunnelState::PortTaken { holder, free_port, error })
            }
            NotBound::Other(error) => self.give_up(TunnelState::Failed { error }),
        }
    }

    fn give_up(&mut self, state: TunnelState) -> Vec<Effect> {
        self.enter(Phase::GivenUp);
        self.state = state;
        vec![Effect::Drop, Effect::Unbind]
    }

    fn stage(&mut self, attempt: u64, words: String) {
        if attempt == self.attempt
            && let TunnelState::Connecting { stage } = &mut self.state
        {
            *stage = words;
        }
    }

    fn link_up(&mut self, attempt: u64, at: TimestampMs) -> Vec<Effect> {
        if attempt != self.attempt || self.phase != Phase::Opening {
            return Vec::new();
        }
        // The attempt goes on as the way: its number stays.
        self.phase = Phase::Up { since: at };
        self.was_up = true;
        self.state = TunnelState::Connecting { stage: "checking the target".into() };
        vec![Effect::OpenGate, Effect::Probe]
    }

    fn probed(&mut self, attempt: u64, bad: Option<Failure>, at: TimestampMs) {
        if attempt != self.attempt || !self.is_up() {
            return;
        }
        self.state = match (bad, &self.state) {
            (None, TunnelState::Open { since }) => TunnelState::Open { since: *since },
            (None, _) => TunnelState::Open { since: at },
            (Some(error), TunnelState::TargetDown { since, .. }) => {
                TunnelState::TargetDown { since: *since, error }
            }
            (Some(error), _) => TunnelState::TargetDown { since: at, error },
        };
    }

    fn broke(&mut self, attempt: u64, failure: Failure, moment: Moment) -> Vec<Effect> {
        if attempt != self.attempt {
            return Vec::new();
        }
        match self.phase {
            Phase::Opening | Phase::Up { .. } if !may_pass(failure.code) => {
                self.give_up(TunnelState::Failed { error: failure })
            }
            Phase::Up { since } if moment.at.saturating_sub(since) >= STEADY_MS => {
                self.failures = 0;
                // The next client opens it again.
                if self.kind.is_on_demand { self.listen() } else { self.wait(failure, moment) }
            }
            Phase::Up { .. } => self.wait(failure, moment),
            Phase::Opening => self.wait(failure, moment),
            _ => Vec::new(),
        }
    }

    fn wait(&mut self, error: Failure, moment: Moment) -> Vec<Effect> {
        let delay = Backoff.next_delay(self.failures, moment.random).as_millis();
        let until = moment.at.saturating_add(i64::try_from(delay).unwrap_or(i64::MAX));
        self.failures = self.failures.saturating_add(1);
        self.state =
            TunnelState::Reconnecting { next_try_at: until, attempt: self.failures, error };
        let part = until.saturating_sub(moment.at) / SHORTEST_PART;
        let earliest = moment.at.saturating_add(part.max(PAUSE_MS)).min(until);
        self.count_down(earliest, until, false)
    }

    fn count_down(
        &mut self,
        earliest: TimestampMs,
        until: TimestampMs,
        is_wanted: bool,
    ) -> Vec<Effect> {
        self.enter(Phase::Waiting { earliest, until, is_wanted });
        if let TunnelState::Reconnecting { next_try_at, .. } = &mut self.state {
            *next_try_at = until;
        }
        vec![Effect::Drop, Effect::Wait { attempt: self.attempt, until }]
    }

    fn due(&mut self, attempt: u64) -> Vec<Effect> {
        match self.phase {
            Phase::Waiting { is_wanted, .. } if attempt == self.attempt => {
                if self.kind.is_on_demand && !is_wanted { self.listen() } else { self.open() }
            }
            _ => Vec::new(),
        }
    }

    fn wanted(&mut self, at: TimestampMs) -> Vec<Effect> {
        match self.phase {
            Phase::Listening => self.open(),
            Phase::Waiting { earliest, .. } if earliest <= at => self.open(),
            Phase::Waiting { is_wanted: true, .. } => Vec::new(),
            Phase::Waiting { earliest, .. } => self.count_down(earliest, earliest, true),
            _ => Vec::new(),
        }
    }

    fn idle(&mut self, attempt: u64) -> Vec<Effect> {
        let is_meant = attempt == self.attempt && self.kind.is_on_demand && self.is_up();
        if is_meant { self.listen() } else { Vec::new() }
    }
}

/// Whether the same attempt may work later without a person doing anything.
fn may_pass(code: ErrorCode) -> bool {
    match code {
        ErrorCode::Unreachable | ErrorCode::Busy | ErrorCode::Protocol | ErrorCode::Internal => {
            true
        }
        ErrorCode::Unauthorized
        | ErrorCode::Forbidden
        | ErrorCode::NotFound
        | ErrorCode::Conflict
        | ErrorCode::Unsupported
        | ErrorCode::Cancelled
        | ErrorCode::Invalid
        | ErrorCode::Rejected
        | ErrorCode::HostKeyUnknown
        | ErrorCode::HostKeyChanged
        | ErrorCode::HostKeyRevoked
        | ErrorCode::CertificateUnknown
        | ErrorCode::CertificateChanged
        | ErrorCode::SecretsLocked
        | ErrorCode::Storage => false,
    }
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;
