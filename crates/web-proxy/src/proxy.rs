//! One proxied service: its start, its links, its end.

use std::{
    io,
    sync::{Arc, atomic::Ordering},
    time::Instant,
};

use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{
    Upstream,
    guard::LINK_PATH,
    listen::Listeners,
    origin::{self, Origin},
    service::Service,
    thread::Thread,
    token::Token,
};

/// What passed through a proxy since it started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Connections from browsers that are open now, WebSockets included.
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
    service: Arc<Service>,
    stop: CancellationToken,
    thread: Thread,
}

impl Proxy {
    /// Listens on a free loopback port. `label` names the service on the pages a person may see, such
    /// as "shop, port 8080". It works on a thread of its own, which ends with it.
    ///
    /// Errors: when no loopback port can be bound, no thread started, or the system gives no randomness.
    pub async fn start(upstream: Arc<dyn Upstream>, label: &str) -> io::Result<Self> {
        let listeners = Listeners::bind()?;
        let origin = Origin::new(&origin::usable_host().await?, listeners.port()?);
        let service = Arc::new(Service::new(upstream, label, origin)?);
        let stop = CancellationToken::new();
        let thread = Thread::start(listeners, Arc::clone(&service), stop.clone())?;
        Ok(Self { service, stop, thread })
    }

    /// The origin, without a slash at the end.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.service.origin.text
    }

    /// A link that opens `path` (with its query) once, within 60 seconds. It carries a secret: it goes
    /// to the person's browser and nowhere else. Should the system give no randomness, the link leads to
    /// the page that refuses.
    #[must_use]
    pub fn one_time_link(&self, path: &str) -> String {
        let origin = self.origin();
        match Token::random() {
            Ok(token) => {
                let link = format!("{origin}{LINK_PATH}?token={}", token.reveal());
                self.service.links.add(token, inside(origin, path), Instant::now());
                link
            }
            Err(error) => {
                tracing::error!(%error, "no randomness for a one-time link");
                format!("{origin}{LINK_PATH}")
            }
        }
    }

    /// What passed so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        let traffic = &self.service.pool.traffic;
        Counters {
            open_connections: self.service.open_connections.load(Ordering::Relaxed),
            requests: self.service.requests.load(Ordering::Relaxed),
            bytes_up: traffic.up.load(Ordering::Relaxed),
            bytes_down: traffic.down.load(Ordering::Relaxed),
        }
    }

    /// Stops listening, lets answers in flight end for at most two seconds, ends everything else, and
    /// waits for it.
    pub async fn shutdown(self) {
        self.stop.cancel();
        self.thread.ended().await;
    }
}

/// The path and query of `path` below `origin`, whatever `path` tries to be.
fn inside(origin: &str, path: &str) -> String {
    let path = path.trim_start_matches(['/', '\\']);
    Url::parse(&format!("{origin}/{path}")).map_or_else(
        |_| "/".to_owned(),
        |url| match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wanted_path_stays_inside() {
        for (path, wanted) in [
            ("/", "/"),
            ("", "/"),
            ("/a?folder=/workspace", "/a?folder=/workspace"),
            ("//evil.test/", "/evil.test/"),
            ("/\\evil.test", "/evil.test"),
            ("/a\r\nSet-Cookie: x", "/aSet-Cookie:%20x"),
            ("/../../é", "/%C3%A9"),
        ] {
            assert_eq!(inside("http://ws-a.localhost:4000", path), wanted, "{path:?}");
        }
    }
}
