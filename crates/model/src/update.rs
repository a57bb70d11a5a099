//! Updates of the app itself: what is known, what is offered, how far installing has come.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Failure, TimestampMs};

/// A newer version that can be installed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UpdateOffer {
    pub version: String,
    /// What changed, as plain text; none when the publisher says nothing.
    pub notes: Option<String>,
    pub published_at: Option<TimestampMs>,
}

/// How it stands with updates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum UpdateState {
    /// This copy cannot replace itself: it has no update address, or runs in a plain browser.
    Unsupported,
    /// The person switched the check off: nobody is asked.
    Off,
    /// Not asked yet.
    Unasked,
    Checking,
    Current {
        checked_at: TimestampMs,
    },
    Available {
        offer: UpdateOffer,
        checked_at: TimestampMs,
    },
    /// `total_bytes` is none where the server does not say.
    Installing {
        offer: UpdateOffer,
        done_bytes: u64,
        total_bytes: Option<u64>,
    },
    /// Asking or installing failed; what is installed still runs.
    Failed {
        failure: Failure,
        checked_at: TimestampMs,
    },
}
