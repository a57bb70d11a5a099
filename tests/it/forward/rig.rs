//! A forward whose way leads back to this computer.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use backend_api::{BackendError, BoxStream, Dial, DialTarget, SystemClock};
use forward::{Exposure, Gate, Meter, Mode, Options, bind, serve};
use model::{TunnelPoint, WhenDown};
use tokio::{net::TcpStream, task::JoinHandle};
use tokio_util::sync::{CancellationToken, DropGuard};

/// A way that dials on this computer and counts.
#[derive(Default)]
pub(super) struct Here(pub(super) AtomicUsize);

#[async_trait]
impl Dial for Here {
    async fn dial(&self, target: &DialTarget) -> Result<BoxStream, BackendError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        let DialTarget::Tcp { host, port } = target else {
            return Err(BackendError::unsupported("only TCP"));
        };
        let dialed = TcpStream::connect((host.as_str(), *port)).await;
        let stream = dialed.map_err(|error| BackendError::unreachable(error.to_string()))?;
        Ok(Box::new(stream))
    }
}

/// A forward that serves until it is dropped.
pub(super) struct Forward {
    pub(super) gate: Arc<Gate>,
    pub(super) meter: Arc<Meter>,
    pub(super) address: SocketAddr,
    pub(super) task: JoinHandle<()>,
    pub(super) stop: DropGuard,
}

impl Forward {
    /// With an open gate, to a port of this computer.
    pub(super) fn to(target: SocketAddr) -> Self {
        let forward = Self::shut(Mode::Fixed(tcp(target)), WhenDown::default());
        forward.gate.open(Arc::new(Here::default()));
        forward
    }

    /// With a gate that is shut.
    pub(super) fn shut(mode: Mode, when_down: WhenDown) -> Self {
        let point = TunnelPoint::Tcp { host: "127.0.0.1".into(), port: 0 };
        let listener = bind(&point, Exposure::Loopback).expect("a free port");
        let address = listener.point().to_string().parse().expect("an address");
        let (gate, meter) = (Arc::new(Gate::new()), Arc::new(Meter::new(Arc::new(SystemClock))));
        let options = Options { when_down, is_http_watched: false };
        let cancel = CancellationToken::new();
        let served =
            serve(listener, mode, Arc::clone(&gate), Arc::clone(&meter), options, cancel.clone());
        Self { gate, meter, address, task: tokio::spawn(served), stop: cancel.drop_guard() }
    }
}

pub(super) fn tcp(address: SocketAddr) -> DialTarget {
    DialTarget::Tcp { host: address.ip().to_string(), port: address.port() }
}

/// Waits for a condition.
pub(super) async fn until(what: &str, is_so: impl Fn() -> bool) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
    while !is_so() {
        assert!(tokio::time::Instant::now() < deadline, "not within 10 s: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
