//! Tunnels: a listener here or on an SSH host whose connections are carried to the other side.
//!
//! Owns: what a tunnel is, how it is at a moment, what its page shows, a tunnel as a line of text.
//! Deliberately not here: anything that listens.

mod detail;
mod export;
mod input;
mod line;
mod route;
mod state;
mod view;

pub use detail::{HttpExchange, TunnelClient, TunnelDetail, TunnelError};
pub use export::ExportHop;
pub use input::{TunnelFound, TunnelInput, TunnelReading, TunnelThrough, TunnelWay};
pub use line::{TunnelLine, TypedWay};
pub use route::{TunnelPoint, TunnelRoute};
pub use state::{HopState, PortHolder, TunnelState};
pub use view::{
    StripCell, TrafficSample, TunnelCheck, TunnelHop, TunnelSurvived, TunnelTraffic, TunnelView,
};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{SshHostId, TimestampMs, TunnelId};

/// A tunnel as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Tunnel {
    pub id: TunnelId,
    /// What the person calls it; unique among tunnels.
    pub name: String,
    pub route: TunnelRoute,
    /// The SSH host that carries it; its jumps come before it.
    pub ssh_host_id: SshHostId,
    pub options: TunnelOptions,
    pub created_at: TimestampMs,
}

/// How a tunnel behaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TunnelOptions {
    /// Started with the app, and kept up.
    pub starts_with_app: bool,
    /// Listens at once and connects to the SSH host when the first connection comes. Not for `Remote`.
    pub is_on_demand: bool,
    /// What happens to new connections while the way is down.
    pub when_down: WhenDown,
    pub check: TunnelCheckKind,
    /// Keeps the last HTTP requests that went through; only for plain HTTP.
    pub is_http_watched: bool,
    /// Offered in the tray.
    pub is_favourite: bool,
    /// The person allowed this listener to be reached from other machines.
    pub may_be_exposed: bool,
}

impl Default for TunnelOptions {
    fn default() -> Self {
        Self {
            starts_with_app: true,
            is_on_demand: false,
            when_down: WhenDown::default(),
            check: TunnelCheckKind::default(),
            is_http_watched: false,
            is_favourite: false,
            may_be_exposed: false,
        }
    }
}

/// What happens to a new connection while the way is down. Its listener stays open in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "policy", rename_all = "snake_case")]
pub enum WhenDown {
    /// It waits this long for the way to come back, then it is closed. 1 to 300 seconds.
    Hold { seconds: u32 },
    /// It is closed at once.
    Refuse,
}

impl Default for WhenDown {
    fn default() -> Self {
        Self::Hold { seconds: 20 }
    }
}

/// How a tunnel is checked from end to end.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TunnelCheckKind {
    /// A connection to the target is opened and closed. For `Dynamic` only the SSH host is asked.
    #[default]
    Connect,
    /// A GET request of HTTP/1.1; any answer below 500 is good. `path` begins with a slash.
    Http { path: String },
    /// Only the SSH host is asked: for targets that are disturbed by connections that say nothing.
    HostOnly,
}
