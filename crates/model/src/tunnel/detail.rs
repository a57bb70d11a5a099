//! What the page of one tunnel shows beyond the list.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Failure, TimestampMs};

/// The past of one tunnel, newest first everywhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TunnelDetail {
    /// At most 50.
    pub errors: Vec<TunnelError>,
    /// At most 50; open ones come first.
    pub clients: Vec<TunnelClient>,
    /// At most 100; empty unless HTTP is watched.
    pub requests: Vec<HttpExchange>,
    /// The same tunnel as a command line of OpenSSH.
    pub command: String,
}

/// One thing that went wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TunnelError {
    /// When it last happened.
    pub at: TimestampMs,
    pub failure: Failure,
    /// How often in a row.
    pub count: u32,
}

/// One connection through the tunnel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TunnelClient {
    pub opened_at: TimestampMs,
    /// None while it is open.
    pub closed_at: Option<TimestampMs>,
    /// Where it came from, for example "127.0.0.1:51342" or a program's name.
    pub from: String,
    /// Where a SOCKS client asked to go.
    pub target: Option<String>,
    pub bytes_down: u64,
    pub bytes_up: u64,
    /// Why it ended, unless in order.
    pub error: Option<String>,
}

/// One HTTP request and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HttpExchange {
    pub at: TimestampMs,
    pub method: String,
    /// Without the query, which may hold secrets; at most 200 characters.
    pub path: String,
    /// None while it is not answered, or when the connection ended before.
    pub status: Option<u16>,
    /// Until the head of the answer.
    pub took_ms: Option<u32>,
}
