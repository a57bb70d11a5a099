//! What happens to a tunnel and what is done about it, as data.

use model::{Failure, PortHolder, TimestampMs};

/// What of a tunnel decides how it comes and goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind {
    /// There is a listener on this computer.
    pub(crate) listens_here: bool,
    pub(crate) is_on_demand: bool,
}

/// Why there is no listener.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum NotBound {
    /// Another program holds the port.
    Taken { holder: Option<PortHolder>, free_port: Option<u16>, error: Failure },
    /// Anything else.
    Other(Failure),
}

/// What happened. Events of an attempt carry its number; those of an older attempt mean nothing.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Event {
    StartAsked,
    StopAsked,
    /// Do not wait for the countdown; look now.
    RetryAsked,
    /// The listener is open.
    Bound {
        attempt: u64,
    },
    /// It is not: here, or on the SSH host.
    NotBound {
        attempt: u64,
        problem: NotBound,
    },
    Stage {
        attempt: u64,
        words: String,
    },
    /// The SSH host is reached.
    LinkUp {
        attempt: u64,
    },
    /// The attempt failed, or the link that it made was lost.
    Broke {
        attempt: u64,
        failure: Failure,
    },
    /// The check went through to the end.
    ProbeGood {
        attempt: u64,
    },
    /// The SSH host answers, the target does not.
    ProbeBad {
        attempt: u64,
        failure: Failure,
    },
    /// The countdown is over.
    Due {
        attempt: u64,
    },
    /// A client waits for the way.
    Wanted,
    /// On demand: nobody used the way for long.
    Idle {
        attempt: u64,
    },
    /// The computer slept, or its network is another one.
    Roused,
    /// A machine on the way was changed: what runs now leads to the old one.
    Moved,
}

/// What the caller does about it, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Effect {
    /// End the attempt, the countdown or the way that there is now; shut the gate.
    Drop,
    /// Close the listener of this computer and what goes through it.
    Unbind,
    /// Open the listener of this computer.
    Bind { attempt: u64 },
    /// Begin this attempt to reach the SSH host.
    Open { attempt: u64 },
    /// Let clients through.
    OpenGate,
    /// Report `Due` at that time.
    Wait { attempt: u64, until: TimestampMs },
    /// Check from end to end now.
    Probe,
}

/// The moment of an event.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) at: TimestampMs,
    /// Any evenly spread number.
    pub(crate) random: u64,
}
