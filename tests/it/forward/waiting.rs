//! Connections while the way is down: held or refused, and carried when it is back.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use backend_api::{BackendError, BoxStream, Dial, DialTarget};
use forward::Mode;
use model::WhenDown;
use tests::echo::echo;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::rig::{Forward, Here, loopback, tcp, until};

const HOLD: WhenDown = WhenDown::Hold { seconds: 30 };

#[tokio::test]
async fn a_held_connection_loses_nothing_it_sent_meanwhile() {
    let forward = Forward::of(loopback(), Mode::Fixed(tcp(echo())), HOLD);
    let mut client = TcpStream::connect(forward.address()).await.expect("the listener is open");
    client.write_all(b"sent while the way was down").await.expect("sends");
    tokio::time::timeout(Duration::from_secs(5), forward.gate.wanted()).await.expect("wanted");
    assert_eq!(forward.gate.waiting(), 1);
    forward.gate.open(Arc::new(Here::default()));
    client.shutdown().await.expect("ends");
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.expect("an end in order");
    assert_eq!(answer, "sent while the way was down");
}

#[tokio::test]
async fn a_refused_connection_is_an_error_at_once() {
    let forward = Forward::of(loopback(), Mode::Fixed(tcp(echo())), WhenDown::Refuse);
    let mut client = TcpStream::connect(forward.address()).await.expect("the listener is open");
    client.read(&mut [0; 8]).await.expect_err("refused");
    assert_eq!(forward.last_error().await.as_deref(), Some("the way was down"));
}

/// A way that breaks when it is used, and whose gate hears of it a moment later.
struct Breaking(Arc<forward::Gate>);

#[async_trait]
impl Dial for Breaking {
    async fn dial(&self, target: &DialTarget) -> Result<BoxStream, BackendError> {
        let gate = Arc::clone(&self.0);
        tokio::spawn(async move { gate.shut() });
        Err(BackendError::unreachable(format!("the connection was lost before {target}")))
    }
}

#[tokio::test]
async fn a_connection_that_finds_the_way_broken_waits_for_the_next_one() {
    let forward = Forward::of(loopback(), Mode::Fixed(tcp(echo())), HOLD);
    forward.gate.open(Arc::new(Breaking(Arc::clone(&forward.gate))));
    let mut client = TcpStream::connect(forward.address()).await.expect("connects");
    client.write_all(b"x").await.expect("sends");
    until("it waits", || forward.gate.waiting() == 1).await;
    forward.gate.open(Arc::new(Here::default()));
    client.read_exact(&mut [0]).await.expect("carried");
}

/// A way whose other end does not answer any more.
struct Silent;

#[async_trait]
impl Dial for Silent {
    async fn dial(&self, _target: &DialTarget) -> Result<BoxStream, BackendError> {
        std::future::pending().await
    }
}

#[tokio::test]
async fn a_connection_on_a_way_that_died_takes_the_next_one() {
    let forward = Forward::of(loopback(), Mode::Fixed(tcp(echo())), HOLD);
    forward.gate.open(Arc::new(Silent));
    let mut client = TcpStream::connect(forward.address()).await.expect("connects");
    client.write_all(b"x").await.expect("sends");
    until("it is accepted", || forward.meter.traffic().open_connections == 1).await;
    assert_eq!(forward.gate.waiting(), 0);
    forward.gate.shut();
    until("it waits again", || forward.gate.waiting() == 1).await;
    forward.gate.open(Arc::new(Here::default()));
    client.read_exact(&mut [0]).await.expect("carried");
}
