//! How a tunnel is at this moment.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Failure, TimestampMs};

/// How a tunnel is, as its end-to-end check and its links say; never what it was meant to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum TunnelState {
    /// Nothing listens.
    Stopped,
    /// On demand: the listener is open, the first connection opens the way.
    Listening,
    /// `stage` says in words what it is doing.
    Connecting { stage: String },
    /// The last check went through to the end.
    Open { since: TimestampMs },
    /// The SSH host answers; nothing answers at the target.
    TargetDown { since: TimestampMs, error: Failure },
    /// The way is down; tried again at `next_try_at`. The listener stays open.
    Reconnecting { next_try_at: TimestampMs, attempt: u32, error: Failure },
    /// Another program holds the port. `free_port` is one that is free now.
    PortTaken { holder: Option<PortHolder>, free_port: Option<u16>, error: Failure },
    /// Given up until the person does something.
    Failed { error: Failure },
}

/// The program that listens where we wanted to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PortHolder {
    pub pid: u32,
    /// The program's name or command line, shortened to 200 characters.
    pub command: String,
}

/// How one machine on the way is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HopState {
    /// Not asked: the tunnel is stopped, waits for its first connection, or a machine before this one does
    /// not answer.
    Idle,
    Connecting,
    Up,
    Down,
}
