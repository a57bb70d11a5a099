//! Arguments about tunnels.

use model::{TunnelId, TunnelInput};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Clone, Deserialize, TS)]
pub struct TunnelArgs {
    pub tunnel_id: TunnelId,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct TunnelReadArgs {
    pub line: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct TunnelUpdateArgs {
    pub tunnel_id: TunnelId,
    pub input: TunnelInput,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct TunnelStartArgs {
    pub tunnel_id: TunnelId,
    /// Listens here for this time instead of where it is stored to.
    pub port: Option<u16>,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct TunnelFavouriteArgs {
    pub tunnel_id: TunnelId,
    pub is_favourite: bool,
}

/// A loopback address for one tunnel.
#[derive(Debug, Clone, Serialize, TS)]
pub struct OwnAddress {
    /// For example "127.77.0.3".
    pub address: String,
    /// The command that makes it usable on this computer, where one is needed first (macOS).
    pub command: Option<String>,
}
