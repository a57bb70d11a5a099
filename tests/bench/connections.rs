//! P8: a thousand forwarded connections at once through a real sshd, next to the same connections made
//! directly and next to `ssh -L`. Ten thousand in all through each; what fails is counted.
#![allow(clippy::expect_used, clippy::indexing_slicing)]

use std::{
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use backend_api::{DialTarget, SystemClock};
use forward::{Exposure, Gate, Meter, Mode, Options, bind, serve};
use model::{TunnelPoint, WhenDown};
use tests::{
    echo::Echo,
    link::{connect, trust},
    measure::{Ratio, Rounds},
    sshd::{Sshd, SshdOptions, free_port},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::{CancellationToken, DropGuard};

const AT_ONCE: usize = 1000;
const ROUNDS: usize = 10;
/// A connection that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(60);

const RAW: &str = "directly";
const OURS: &str = "Moorline, one tunnel";
const OPENSSH: &str = "ssh -L";

#[tokio::main]
async fn main() -> Result<()> {
    let sshd = Sshd::start(&SshdOptions::default())?;
    let target = target()?;
    let (ours, _stop) = ours(&sshd, target).await?;
    let openssh = OpenSsh::start(&sshd, target).await?;
    let arms = [(RAW, target), (OURS, ours), (OPENSSH, openssh.address)];
    let mut rounds = Rounds::new(&[RAW, OURS, OPENSSH]);
    let mut failed = [0; 3];
    // Buffers, lanes and caches are there before it counts.
    for (_, address) in arms {
        at_once(address, 100).await;
    }
    for _ in 0..ROUNDS {
        let mut times = Vec::new();
        for (index, (_, address)) in arms.into_iter().enumerate() {
            let start = Instant::now();
            failed[index] += at_once(address, AT_ONCE).await;
            times.push(start.elapsed());
        }
        rounds.add(&times);
    }
    rounds.print(
        "P8 a thousand connections at once",
        &[
            Ratio { label: "ours / directly", over: OURS, under: RAW, goal: "at most 2.5" },
            Ratio { label: "ssh -L / ours", over: OPENSSH, under: OURS, goal: "above 1" },
        ],
    );
    for ((name, _), failed) in arms.into_iter().zip(failed) {
        println!("  {name:44} {failed:6} of {} failed", ROUNDS * AT_ONCE);
    }
    ensure!(failed[1] == 0, "{} connections through Moorline failed", failed[1]);
    Ok(())
}

/// Opens connections all at once, each with a question and its answer; gives how many failed.
async fn at_once(address: SocketAddr, count: usize) -> usize {
    let failed = Arc::new(AtomicUsize::new(0));
    let mut connections = JoinSet::new();
    for number in 0..count {
        let failed = Arc::clone(&failed);
        connections.spawn(async move {
            if !matches!(timeout(PATIENCE, round_trip(address, number)).await, Ok(Ok(()))) {
                failed.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    connections.join_all().await;
    failed.load(Ordering::Relaxed)
}

async fn round_trip(address: SocketAddr, number: usize) -> Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    let sent = number.to_be_bytes();
    stream.write_all(&sent).await?;
    let mut got = [0; 8];
    stream.read_exact(&mut got).await?;
    ensure!(got == sent, "another connection's answer");
    stream.shutdown().await?;
    ensure!(stream.read(&mut got).await? == 0, "more than was asked for");
    Ok(())
}

/// Sends back what it gets, in threads of its own.
fn target() -> Result<SocketAddr> {
    let (give, take) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async move {
            let echo = Echo::start();
            give.send(echo.address).expect("somebody waits");
            std::future::pending::<()>().await;
        });
    });
    Ok(take.recv()?)
}

/// A tunnel of ours to the target, until the guard is dropped.
async fn ours(sshd: &Sshd, target: SocketAddr) -> Result<(SocketAddr, DropGuard)> {
    let link = connect(sshd).await.map_err(|failure| anyhow::anyhow!("{failure:?}"))?;
    let point = TunnelPoint::Tcp { host: "127.0.0.1".into(), port: 0 };
    let listener = bind(&point, Exposure::Loopback)?;
    let address = listener.point().to_string().parse()?;
    let gate = Arc::new(Gate::new());
    gate.open(Arc::new(link));
    let meter = Arc::new(Meter::new(Arc::new(SystemClock)));
    let mode = Mode::Fixed(DialTarget::Tcp { host: target.ip().to_string(), port: target.port() });
    let options = Options { when_down: WhenDown::default(), is_http_watched: false };
    let cancel = CancellationToken::new();
    tokio::spawn(serve(listener, mode, gate, meter, options, cancel.clone()));
    Ok((address, cancel.drop_guard()))
}

/// A forward of OpenSSH's client.
struct OpenSsh {
    address: SocketAddr,
    child: Child,
}

impl OpenSsh {
    async fn start(sshd: &Sshd, target: SocketAddr) -> Result<Self> {
        let known = trust(&[sshd]).user;
        let known = known.first().context("a file of known hosts")?;
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()?));
        let child = Command::new("ssh")
            .args(["-N", "-F", "none", "-o", "BatchMode=yes", "-o", "ExitOnForwardFailure=yes"])
            .arg("-o")
            .arg(format!("UserKnownHostsFile={}", known.display()))
            .arg("-i")
            .arg(&sshd.client_key)
            .args(["-p", &sshd.port.to_string(), "-L", &format!("{address}:{target}")])
            .arg("root@127.0.0.1")
            .stdin(Stdio::null())
            .spawn()
            .context("cannot start ssh")?;
        let forward = Self { address, child };
        let start = Instant::now();
        while round_trip(address, 0).await.is_err() {
            ensure!(start.elapsed() < Duration::from_secs(20), "ssh -L does not answer");
            sleep(Duration::from_millis(20)).await;
        }
        Ok(forward)
    }
}

impl Drop for OpenSsh {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
