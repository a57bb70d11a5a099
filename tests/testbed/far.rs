//! Distance: a relay on loopback that holds back every byte by half a round trip, and a new connection by
//! what TCP's handshake takes. It limits nothing else. This kernel has no netem that could do it.
//!
//! Owns its own thread and connections. Deliberately not here: loss, and links that are slow.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use anyhow::{Context, Result};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    time::{Instant, sleep_until},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Pieces that may be on the way at once, in each direction: far more than any window of a test.
const ON_THE_WAY: usize = 4096;
const PIECE: usize = 64 * 1024;

/// A round trip that can be changed while relays use it. Clones share it.
#[derive(Debug, Clone)]
pub struct RoundTrip(Arc<AtomicU64>);

impl RoundTrip {
    #[must_use]
    pub fn new(time: Duration) -> Self {
        let round_trip = Self(Arc::default());
        round_trip.set(time);
        round_trip
    }

    /// From now on; what is on its way arrives as it would have.
    pub fn set(&self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.0.store(micros, Ordering::Relaxed);
    }

    #[must_use]
    pub fn get(&self) -> Duration {
        Duration::from_micros(self.0.load(Ordering::Relaxed))
    }
}

/// Relays to ports of this machine or near it. Dropping it ends all of them.
#[derive(Debug)]
pub struct Far {
    /// In the order of the ports they lead to.
    pub ports: Vec<u16>,
    cancel: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

impl Far {
    /// Starts a relay for each of these ports, all on a thread of their own.
    ///
    /// # Errors
    /// When no thread or port is to be had.
    pub fn start(targets: &[u16], round_trip: &RoundTrip) -> Result<Self> {
        let here = |port: &u16| SocketAddr::from((Ipv4Addr::LOCALHOST, *port));
        Self::to(&targets.iter().map(here).collect::<Vec<_>>(), round_trip)
    }

    /// The same for ports of other addresses.
    ///
    /// # Errors
    /// As `start`.
    pub fn to(targets: &[SocketAddr], round_trip: &RoundTrip) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut ports = Vec::new();
        let mut listeners = Vec::new();
        for target in targets {
            let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
            listener.set_nonblocking(true)?;
            ports.push(listener.local_addr()?.port());
            let _guard = runtime.enter();
            listeners.push((TcpListener::from_std(listener)?, *target));
        }
        let cancel = CancellationToken::new();
        let (ended, round_trip) = (cancel.clone(), round_trip.clone());
        let work = move || runtime.block_on(relay_all(listeners, round_trip, ended));
        let thread = std::thread::Builder::new().name("far".into()).spawn(work);
        Ok(Self { ports, cancel, thread: Some(thread.context("no thread for relays")?) })
    }
}

impl Drop for Far {
    fn drop(&mut self) {
        self.cancel.cancel();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn relay_all(
    listeners: Vec<(TcpListener, SocketAddr)>,
    round_trip: RoundTrip,
    cancel: CancellationToken,
) {
    let tasks = TaskTracker::new();
    for (listener, target) in listeners {
        let (round_trip, inner) = (round_trip.clone(), tasks.clone());
        let work = async move {
            while let Ok((near, _)) = listener.accept().await {
                inner.spawn(relay(near, target, round_trip.clone()));
            }
        };
        let cancel = cancel.clone();
        tasks.spawn(async move { cancel.run_until_cancelled(work).await });
    }
    // The runtime ends with this function, and every connection with the runtime.
    cancel.cancelled().await;
}

async fn relay(near: TcpStream, target: SocketAddr, round_trip: RoundTrip) {
    let accepted = Instant::now();
    let time = round_trip.get();
    // The handshake: the near end may speak after one round trip, the far end is told half a one later.
    let may_speak = accepted + time;
    sleep_until(may_speak + time / 2).await;
    let Ok(far) = TcpStream::connect(target).await else { return };
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    let (near_reader, near_writer) = near.into_split();
    let (far_reader, far_writer) = far.into_split();
    tokio::join!(
        carry(near_reader, far_writer, round_trip.clone(), may_speak),
        carry(far_reader, near_writer, round_trip, may_speak),
    );
}

/// Carries one direction. `not_before`: what is read earlier counts as sent then.
async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    round_trip: RoundTrip,
    not_before: Instant,
) {
    let (sender, mut pieces) = mpsc::channel::<(Instant, Vec<u8>)>(ON_THE_WAY);
    let reading = async move {
        let mut buffer = vec![0; PIECE];
        while let Ok(count @ 1..) = from.read(&mut buffer).await {
            let arrives = Instant::now().max(not_before) + round_trip.get() / 2;
            if sender.send((arrives, buffer[..count].to_vec())).await.is_err() {
                return;
            }
        }
    };
    let writing = async move {
        while let Some((arrives, piece)) = pieces.recv().await {
            sleep_until(arrives).await;
            if to.write_all(&piece).await.is_err() {
                return;
            }
        }
        let _ = to.shutdown().await;
    };
    tokio::join!(reading, writing);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_connection_and_an_echo_take_two_round_trips() {
        let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = server.local_addr().unwrap().port();
        let echo = tokio::spawn(async move {
            let (mut stream, _) = server.accept().await.unwrap();
            let (mut reader, mut writer) = stream.split();
            tokio::io::copy(&mut reader, &mut writer).await.unwrap();
        });
        let time = Duration::from_millis(20);
        let far = Far::start(&[port], &RoundTrip::new(time)).unwrap();
        let started = Instant::now();
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, far.ports[0])).await.unwrap();
        let mut answer = [0; 3];
        for rounds in [2, 3] {
            stream.write_all(b"abc").await.unwrap();
            stream.read_exact(&mut answer).await.unwrap();
            assert_eq!(&answer, b"abc");
            assert!(started.elapsed() >= time * rounds, "{:?}", started.elapsed());
        }
        drop(stream);
        echo.await.unwrap();
    }
}
