//! A tunnel as lists and pages show it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{HopState, Tunnel, TunnelPoint, TunnelState};
use crate::TimestampMs;

/// A tunnel with everything that is known of it now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TunnelView {
    pub tunnel: Tunnel,
    pub state: TunnelState,
    /// The SSH hosts on the way, nearest to this computer first.
    pub hops: Vec<TunnelHop>,
    /// Where it listens now; differs from what is stored when another port is used for this time. None
    /// while nothing listens.
    pub listening: Option<TunnelPoint>,
    /// It can be reached from other machines.
    pub is_exposed: bool,
    pub traffic: TunnelTraffic,
    /// From here to the end, as last measured; none while the way is down.
    pub round_trip_ms: Option<u32>,
    /// The newest end-to-end check.
    pub check: Option<TunnelCheck>,
    /// The last 24 hours in 48 half hours, oldest first.
    pub strip: Vec<StripCell>,
    pub survived: TunnelSurvived,
}

/// One machine on the way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TunnelHop {
    /// A connection's name, an alias, or the host.
    pub name: String,
    /// User and address, for example "ops@10.0.0.9:22".
    pub address: String,
    pub state: HopState,
    /// From the machine before it to this one, as last measured.
    pub round_trip_ms: Option<u32>,
}

/// What went through.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TunnelTraffic {
    /// Bytes towards the client since the app started.
    pub bytes_down: u64,
    /// Bytes towards the target since the app started.
    pub bytes_up: u64,
    pub open_connections: u32,
    /// Connections since the app started.
    pub connections: u64,
    /// The last minute in 2-second samples, oldest first, at most 30. Empty when nothing went through.
    pub samples: Vec<TrafficSample>,
}

/// Bytes of one sample.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TrafficSample {
    pub down_per_second: u32,
    pub up_per_second: u32,
}

/// How one end-to-end check went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TunnelCheck {
    pub at: TimestampMs,
    pub is_good: bool,
    pub took_ms: u32,
    /// Of an HTTP check.
    pub http_status: Option<u16>,
}

/// How a tunnel was for half an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StripCell {
    /// Not running, or the app was not.
    Off,
    Up,
    /// Up and down.
    Partly,
    Down,
}

/// What it lived through since it was started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TunnelSurvived {
    pub sleeps: u32,
    pub network_changes: u32,
    /// Ways lost and found again.
    pub reconnects: u32,
    /// The longest time the way was down.
    pub longest_gap_ms: u64,
}
