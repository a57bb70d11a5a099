//! One proxied service: its listener and its life.

use std::{io, sync::Arc};

use crate::Upstream;

/// What passed through a proxy since it started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Connections from browsers that are open now.
    pub open_connections: u64,
    /// Requests answered, refused ones included.
    pub requests: u64,
    /// Bytes sent to the service.
    pub bytes_up: u64,
    /// Bytes received from the service.
    pub bytes_down: u64,
}

/// A guarded origin for one service. Dropping it closes everything at once.
#[derive(Debug)]
pub struct Proxy {
    origin: String,
}

impl Proxy {
    /// Listens on a free loopback port. `label` names the service on the pages a person may see, such
    /// as "shop, port 8080".
    ///
    /// Errors: when no loopback port can be bound or the system gives no randomness.
    pub async fn start(_upstream: Arc<dyn Upstream>, _label: &str) -> io::Result<Self> {
        Err(io::Error::from(io::ErrorKind::Unsupported))
    }

    /// The origin, without a slash at the end.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// A link that opens `path` (with its query) once, within 60 seconds.
    #[must_use]
    pub fn one_time_link(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// What passed so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        Counters::default()
    }

    /// Stops listening, lets answers in flight end for a moment, ends everything else, and waits for it.
    pub async fn shutdown(self) {}
}
