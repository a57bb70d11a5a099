//! The listener of one service and the tasks of its connections.

use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr},
    pin::pin,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::{interval, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{exchange, pool::IDLE_LIFE, service::Service, tunnel::TunnelSlot};

/// Connections beyond this many wait to be accepted.
const MOST_CONNECTIONS: usize = 1024;
const MOST_HEADER_BYTES: usize = 64 * 1024;
/// How long a browser may take to send a request's head, or keep an idle connection.
const HEAD_DEADLINE: Duration = Duration::from_secs(90);
/// How long answers in flight may take to end after the proxy was told to stop.
const GRACE: Duration = Duration::from_secs(2);
const BIND_ATTEMPTS: usize = 8;

/// Listeners on one port: on IPv4, and on IPv6 where this computer has it, so that no other person's
/// program can sit on the other `localhost` and receive what is meant for us.
pub(crate) struct Listeners {
    first: TcpListener,
    second: Option<TcpListener>,
}

impl Listeners {
    /// Errors: when no loopback port can be bound.
    pub(crate) async fn bind() -> io::Result<Self> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            let first = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            let port = first.local_addr()?.port();
            match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
                Ok(second) => return Ok(Self { first, second: Some(second) }),
                Err(error)
                    if error.kind() == io::ErrorKind::AddrInUse && attempt < BIND_ATTEMPTS => {}
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(error),
                Err(_) => return Ok(Self { first, second: None }),
            }
        }
    }

    pub(crate) fn port(&self) -> io::Result<u16> {
        Ok(self.first.local_addr()?.port())
    }

    async fn accept(&self) -> io::Result<TcpStream> {
        let second = async {
            match &self.second {
                Some(listener) => listener.accept().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            accepted = self.first.accept() => Ok(accepted?.0),
            accepted = second => Ok(accepted?.0),
        }
    }
}

/// Serves until `stop`, then lets answers in flight end for a moment. Dropping the future ends every
/// connection at once.
pub(crate) async fn serve(listeners: Listeners, service: Arc<Service>, stop: CancellationToken) {
    let mut connections = JoinSet::new();
    let mut prune = interval(IDLE_LIFE / 3);
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            accepted = listeners.accept(), if connections.len() < MOST_CONNECTIONS => match accepted {
                Ok(stream) => {
                    connections.spawn(connection(stream, service.clone(), stop.clone()));
                }
                Err(error) => tracing::warn!(%error, "cannot accept a connection"),
            },
            Some(_) = connections.join_next() => {}
            _ = prune.tick() => service.pool.prune(Instant::now()),
        }
    }
    drop(listeners);
    while connections.join_next().await.is_some() {}
}

async fn connection(stream: TcpStream, service: Arc<Service>, stop: CancellationToken) {
    let _open = Open::count(&service);
    let _ = stream.set_nodelay(true);
    let slot = Arc::new(TunnelSlot::default());
    let answer = {
        let (service, slot) = (service.clone(), slot.clone());
        service_fn(move |request| exchange::answer(service.clone(), slot.clone(), request))
    };
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_DEADLINE)
        .max_header_size(MOST_HEADER_BYTES)
        .auto_date_header(false);
    let mut serving = pin!(builder.serve_connection(TokioIo::new(stream), answer).with_upgrades());
    let ended = tokio::select! {
        biased;
        ended = serving.as_mut() => ended,
        () = stop.cancelled() => {
            serving.as_mut().graceful_shutdown();
            let _ = timeout(GRACE, serving).await;
            return;
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke");
    }
    if let Some(tunnel) = slot.take() {
        tokio::select! {
            ended = tunnel.run() => if let Err(error) = ended {
                tracing::debug!(%error, "a web socket broke");
            },
            () = stop.cancelled() => {}
        }
    }
}

/// Counts a connection while it lives.
struct Open(Arc<Service>);

impl Open {
    fn count(service: &Arc<Service>) -> Self {
        service.open_connections.fetch_add(1, Ordering::Relaxed);
        Self(service.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open_connections.fetch_sub(1, Ordering::Relaxed);
    }
}
