//! A forward whose way leads back to this computer, and servers for it to lead to.

use std::{
    net::SocketAddr,
    process::Command,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use backend_api::{BackendError, BoxStream, Dial, DialTarget, SystemClock};
use forward::{Exposure, Gate, Listener, Meter, Mode, Options, bind, serve};
use model::{TunnelPoint, WhenDown};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    task::JoinHandle,
};
use tokio_util::sync::{CancellationToken, DropGuard};

/// A way that dials on this computer, knows names of its own, and remembers what was asked.
#[derive(Default)]
pub(super) struct Here {
    pub(super) asked: Mutex<Vec<String>>,
}

#[async_trait]
impl Dial for Here {
    async fn dial(&self, target: &DialTarget) -> Result<BoxStream, BackendError> {
        self.asked.lock().unwrap().push(target.to_string());
        let DialTarget::Tcp { host, port } = target else {
            return Err(BackendError::unsupported("only TCP"));
        };
        let host = match host.as_str() {
            "db.inside" => "127.0.0.1",
            "forbidden.inside" => return Err(BackendError::forbidden("not allowed")),
            other => other,
        };
        let dialed = TcpStream::connect((host, *port)).await;
        let stream = dialed.map_err(|error| BackendError::unreachable(error.to_string()))?;
        Ok(Box::new(stream))
    }
}

/// A forward that serves until it is dropped.
pub(super) struct Forward {
    pub(super) gate: Arc<Gate>,
    pub(super) meter: Arc<Meter>,
    pub(super) point: TunnelPoint,
    pub(super) task: JoinHandle<()>,
    pub(super) stop: DropGuard,
}

impl Forward {
    /// With an open gate, to a port of this computer.
    pub(super) fn to(target: SocketAddr) -> Self {
        let forward = Self::of(loopback(), Mode::Fixed(tcp(target)), WhenDown::default());
        forward.gate.open(Arc::new(Here::default()));
        forward
    }

    /// A SOCKS proxy with an open gate.
    pub(super) fn socks() -> (Self, Arc<Here>) {
        let (forward, here) = (Self::of(loopback(), Mode::Socks, WhenDown::Refuse), Arc::default());
        forward.gate.open(Arc::clone(&here) as Arc<dyn Dial>);
        (forward, here)
    }

    /// With a gate that is shut.
    pub(super) fn of(listener: Listener, mode: Mode, when_down: WhenDown) -> Self {
        let point = listener.point().clone();
        let (gate, meter) = (Arc::new(Gate::new()), Arc::new(Meter::new(Arc::new(SystemClock))));
        let options = Options { when_down, is_http_watched: true };
        let cancel = CancellationToken::new();
        let served =
            serve(listener, mode, Arc::clone(&gate), Arc::clone(&meter), options, cancel.clone());
        Self { gate, meter, point, task: tokio::spawn(served), stop: cancel.drop_guard() }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.point.to_string().parse().expect("an address")
    }

    /// Why the newest connection did not end in order; waits until all have ended.
    pub(super) async fn last_error(&self) -> Option<String> {
        until("every connection ended", || {
            let traffic = self.meter.traffic();
            traffic.connections > 0 && traffic.open_connections == 0
        })
        .await;
        self.meter.clients().into_iter().next().and_then(|client| client.error)
    }
}

pub(super) fn at(host: &str, port: u16) -> TunnelPoint {
    TunnelPoint::Tcp { host: host.into(), port }
}

pub(super) fn loopback() -> Listener {
    bind(&at("127.0.0.1", 0), Exposure::Loopback).expect("a free port")
}

pub(super) fn tcp(address: SocketAddr) -> DialTarget {
    DialTarget::Tcp { host: address.ip().to_string(), port: address.port() }
}

/// A port of this computer that nobody listens at, and nobody else can take while this is held.
pub(super) struct Nobody(TcpSocket);

impl Nobody {
    pub(super) fn new() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind(([127, 0, 0, 1], 0).into()).expect("a port");
        Self(socket)
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.0.local_addr().expect("bound")
    }
}

/// Answers HTTP requests with "hello", and keeps connections.
pub(super) async fn web() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut asked = Vec::new();
                while stream.read_buf(&mut asked).await.is_ok_and(|read| read > 0) {
                    while let Some(end) = asked.windows(4).position(|four| four == b"\r\n\r\n") {
                        asked.drain(..end + 4);
                        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
                        stream.write_all(answer).await.expect("answers");
                    }
                }
            });
        }
    });
    address
}

/// What a program printed, and its exit code.
pub(super) async fn run(command: &mut Command) -> (String, Option<i32>) {
    command.env_remove("http_proxy").env_remove("ALL_PROXY").stdin(std::process::Stdio::null());
    let child = tokio::process::Command::from(std::mem::replace(command, Command::new("true")))
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(Duration::from_secs(20), child).await;
    let output = output.expect("ends within 20 s").expect("starts");
    let said = [output.stdout, output.stderr].concat();
    (String::from_utf8_lossy(&said).into_owned(), output.status.code())
}

/// Runs the test that calls this once more, as a process of its own that `wrapper` changes. False inside.
pub(super) fn apart(test: &str, wrapper: &[&str]) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return false;
    }
    let output = Command::new(wrapper[0])
        .args(&wrapper[1..])
        .arg(std::env::current_exe().expect("this program"))
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, "1")
        .output()
        .expect("starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{output:?}");
    true
}

const INSIDE: &str = "MOORLINE_TEST_APART";

/// Waits for a condition.
pub(super) async fn until(what: &str, is_so: impl Fn() -> bool) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
    while !is_so() {
        assert!(tokio::time::Instant::now() < deadline, "not within 10 s: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
