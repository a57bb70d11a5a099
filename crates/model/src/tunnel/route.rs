//! Where a tunnel listens and where it leads.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One end of a tunnel.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum TunnelPoint {
    /// Host name or address without brackets. Port 0 only where one listens: any free one.
    Tcp { host: String, port: u16 },
    /// The absolute path of a unix socket.
    Unix { path: String },
}

impl std::fmt::Display for TunnelPoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Tcp { host, port } if host.contains(':') => write!(f, "[{host}]:{port}"),
            Self::Tcp { host, port } => write!(f, "{host}:{port}"),
            Self::Unix { path } => f.write_str(path),
        }
    }
}

/// The two ends of a tunnel, and which of them is here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TunnelRoute {
    /// Listens on this computer; `target` is looked up and reached by the SSH host.
    Local { listen: TunnelPoint, target: TunnelPoint },
    /// Listens on the SSH host; `target` is looked up and reached by this computer.
    Remote { listen: TunnelPoint, target: TunnelPoint },
    /// Listens on this computer as a SOCKS5 proxy; names are looked up by the SSH host.
    Dynamic { listen: TunnelPoint },
}

impl TunnelRoute {
    /// Where it listens, on whichever side.
    #[must_use]
    pub fn listen(&self) -> &TunnelPoint {
        match self {
            Self::Local { listen, .. } | Self::Remote { listen, .. } | Self::Dynamic { listen } => {
                listen
            }
        }
    }

    /// Where it leads; none for a proxy, whose clients say.
    #[must_use]
    pub fn target(&self) -> Option<&TunnelPoint> {
        match self {
            Self::Local { target, .. } | Self::Remote { target, .. } => Some(target),
            Self::Dynamic { .. } => None,
        }
    }

    /// True when its listener is on this computer.
    #[must_use]
    pub fn listens_here(&self) -> bool {
        !matches!(self, Self::Remote { .. })
    }
}
