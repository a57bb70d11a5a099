//! Bytes, ends and failures, as the programs on both sides see them.

use std::{io::ErrorKind, net::SocketAddr};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::rig::{Forward, Nobody, until};

/// Answers with what it read, backwards, once the client's end came.
async fn reverser() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut all = Vec::new();
                stream.read_to_end(&mut all).await.expect("the client's end");
                all.reverse();
                stream.write_all(&all).await.expect("the answer");
            });
        }
    });
    address
}

#[tokio::test]
async fn an_end_in_one_direction_leaves_the_other_open() {
    let forward = Forward::to(reverser().await);
    let sent: Vec<u8> = (0..1_000_000_u32).map(|n| (n % 251) as u8).collect();
    let mut client = TcpStream::connect(forward.address()).await.expect("connects");
    client.write_all(&sent).await.expect("sends");
    client.shutdown().await.expect("ends its direction");
    let mut answer = Vec::new();
    client.read_to_end(&mut answer).await.expect("an end in order");
    answer.reverse();
    assert!(answer == sent, "{} of {} bytes came back", answer.len(), sent.len());
    until("the connection is counted as closed", || forward.meter.traffic().open_connections == 0)
        .await;
    let traffic = forward.meter.traffic();
    assert_eq!((traffic.bytes_up, traffic.bytes_down), (1_000_000, 1_000_000));
    assert_eq!(traffic.connections, 1);
    assert_eq!(forward.meter.clients()[0].error, None);
}

#[tokio::test]
async fn a_refused_target_is_an_error_for_the_client() {
    let nobody = Nobody::new();
    let forward = Forward::to(nobody.address());
    let mut client = TcpStream::connect(forward.address()).await.expect("connects");
    let error = client.read(&mut [0; 8]).await.expect_err("not an end in order");
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    until("the failure is noted", || forward.meter.clients()[0].error.is_some()).await;
}

#[tokio::test]
async fn stopping_breaks_connections_off_and_closes_the_port() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let forward = Forward::to(listener.local_addr().expect("bound"));
    let mut client = TcpStream::connect(forward.address()).await.expect("connects");
    let (mut far, _) = listener.accept().await.expect("carried");
    client.write_all(b"hello").await.expect("sends");
    far.read_exact(&mut [0; 5]).await.expect("carried");
    let address = forward.address();
    drop(forward.stop);
    forward.task.await.expect("ends");
    assert!(client.read(&mut [0; 8]).await.is_err(), "broken off, not ended in order");
    assert!(TcpStream::connect(address).await.is_err(), "nothing listens");
}
