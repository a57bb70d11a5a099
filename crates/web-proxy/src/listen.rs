//! The listener of one service and the tasks of its connections.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::{interval, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    browser::{Browser, Open, Place},
    pool::IDLE_LIFE,
    service::Service,
};

/// Connections beyond this many wait to be accepted.
const MOST_CONNECTIONS: usize = 1024;
/// After a connection that could not be accepted.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);
/// How long answers in flight may take to end after the proxy was told to stop.
const GRACE: Duration = Duration::from_secs(2);
const BIND_ATTEMPTS: usize = 8;

/// Listeners on one port: on IPv4, and on IPv6 where this computer has it, so that no other person's
/// program can sit on the other `localhost` and receive what is meant for us.
pub(crate) struct Listeners {
    first: std::net::TcpListener,
    second: Option<std::net::TcpListener>,
}

impl Listeners {
    /// Errors: when no loopback port can be bound.
    pub(crate) fn bind() -> io::Result<Self> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            let first = listener(Ipv4Addr::LOCALHOST.into(), 0)?;
            let port = first.local_addr()?.port();
            match listener(Ipv6Addr::LOCALHOST.into(), port) {
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
}

fn listener(address: IpAddr, port: u16) -> io::Result<std::net::TcpListener> {
    let listener = std::net::TcpListener::bind((address, port))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// The next connection of either listener.
async fn accept(first: &TcpListener, second: Option<&TcpListener>) -> io::Result<TcpStream> {
    let second = async {
        match second {
            Some(listener) => listener.accept().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        accepted = first.accept() => Ok(accepted?.0),
        accepted = second => Ok(accepted?.0),
    }
}

/// Serves until `stop`, then lets answers in flight end for a moment. Dropping the future ends every
/// connection at once.
///
/// Errors: when this runtime cannot wait for the listeners.
pub(crate) async fn serve(
    listeners: Listeners,
    service: Arc<Service>,
    stop: CancellationToken,
) -> io::Result<()> {
    let first = TcpListener::from_std(listeners.first)?;
    let second = listeners.second.map(TcpListener::from_std).transpose()?;
    let mut connections = JoinSet::new();
    let mut prune = interval(IDLE_LIFE / 3);
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            accepted = accept(&first, second.as_ref()), if connections.len() < MOST_CONNECTIONS => match accepted {
                Ok(stream) => {
                    connections.spawn(connection(stream, service.clone(), stop.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    // Most often no descriptor is free: asking again at once would only burn the CPU.
                    sleep(ACCEPT_AGAIN).await;
                }
            },
            Some(_) = connections.join_next() => {}
            _ = prune.tick() => service.pool.prune(Instant::now()),
        }
    }
    drop((first, second));
    while connections.join_next().await.is_some() {}
    Ok(())
}

async fn connection(stream: TcpStream, service: Arc<Service>, stop: CancellationToken) {
    let _open = Open::count(&service);
    let _ = stream.set_nodelay(true);
    let place = Place::new();
    let mut serving = pin!(Browser::new(stream).serve(&service, &place));
    let ended = tokio::select! {
        biased;
        ended = serving.as_mut() => ended,
        () = stop.cancelled() => {
            if !place.end() {
                let _ = timeout(GRACE, serving).await;
            }
            return;
        }
    };
    match ended {
        Ok(Some(tunnel)) => tokio::select! {
            ended = tunnel.run() => if let Err(error) = ended {
                tracing::debug!(%error, "a web socket broke");
            },
            () = stop.cancelled() => {}
        },
        Ok(None) => {}
        Err(error) => tracing::debug!(%error, "a connection broke"),
    }
}
