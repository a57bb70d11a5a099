//! Interfaces of nodes: their rates, what is made worse on purpose, and captures.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One interface of a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NodeInterface {
    pub node: String,
    pub name: String,
    pub alias: Option<String>,
    pub mac: Option<String>,
    pub mtu: Option<u32>,
    /// The system's word: "up", "down".
    pub state: Option<String>,
}

/// How much goes through an interface, as the node sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct InterfaceRate {
    pub node: String,
    pub interface: String,
    /// Bytes a second into the node.
    pub down_bytes: f64,
    /// Bytes a second out of the node.
    pub up_bytes: f64,
}

/// What is made worse on purpose on one interface; all empty: nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Impairment {
    pub node: String,
    pub interface: String,
    pub delay_ms: Option<f64>,
    pub jitter_ms: Option<f64>,
    /// Percent, 0 to 100.
    pub loss_percent: Option<f64>,
    /// Kilobits a second.
    pub rate_kbit: Option<u64>,
    /// Percent, 0 to 100.
    pub corruption_percent: Option<f64>,
}

/// A capture that a program of this computer shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Capture {
    /// What opens it, for example a `packetflix:` link.
    pub url: String,
    pub node: String,
    pub interface: String,
}
