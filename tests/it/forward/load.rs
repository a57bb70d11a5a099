//! Many at once: a thousand connections, readers that stall, files that run out.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use futures::future::join_all;
use tests::echo::echo;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{Instant, timeout},
};

use super::rig::{Forward, apart, until};

async fn round_trip(address: SocketAddr, number: usize) -> std::io::Result<()> {
    let mut client = TcpStream::connect(address).await?;
    let sent = number.to_be_bytes();
    client.write_all(&sent).await?;
    let mut got = [0; 8];
    client.read_exact(&mut got).await?;
    assert_eq!(got, sent);
    client.shutdown().await?;
    assert_eq!(client.read(&mut got).await?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_connections_at_once_all_work() {
    let forward = Forward::to(echo());
    let address = forward.address();
    let all = join_all((0..1000).map(|number| tokio::spawn(round_trip(address, number)))).await;
    for one in all {
        one.expect("ends").expect("works");
    }
    until("all are counted as ended", || forward.meter.traffic().open_connections == 0).await;
    let traffic = forward.meter.traffic();
    assert_eq!((traffic.connections, traffic.bytes_up, traffic.bytes_down), (1000, 8000, 8000));
    assert_eq!(forward.meter.clients().len(), 50);
}

/// Sends for as long as anybody reads; "n" first asks for n mebibytes.
async fn source() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mebibytes = stream.read_u8().await.unwrap_or(0);
                let piece = Arc::new(vec![mebibytes; 1024 * 1024]);
                for _ in 0..mebibytes {
                    if stream.write_all(&piece).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_stalled_readers_hold_nobody_up() {
    let forward = Forward::to(source().await);
    let mut stalled = Vec::new();
    for _ in 0..100 {
        let mut client = TcpStream::connect(forward.address()).await.expect("connects");
        client.write_u8(40).await.expect("asks");
        stalled.push(client);
    }
    until("all of them are carried", || {
        let clients = forward.meter.clients();
        clients.len() == 50 && clients.iter().all(|client| client.bytes_down > 0)
    })
    .await;
    let mut client = TcpStream::connect(forward.address()).await.expect("connects");
    client.write_u8(64).await.expect("asks");
    let mut got = Vec::new();
    let reading = timeout(Duration::from_secs(10), client.read_to_end(&mut got));
    reading.await.expect("as if it were alone").expect("an end in order");
    assert!(got.len() == 64 * 1024 * 1024 && got.iter().all(|byte| *byte == 64));
    // And the one that stalled longest still gets all of its own.
    let mut got = Vec::new();
    stalled[0].read_to_end(&mut got).await.expect("an end in order");
    assert!(got.len() == 40 * 1024 * 1024 && got.iter().all(|byte| *byte == 40));
}

#[tokio::test]
async fn a_listener_gets_over_having_no_files_left() {
    let name = "forward::load::a_listener_gets_over_having_no_files_left";
    if apart(name, &["prlimit", "--nofile=64:64"]) {
        return;
    }
    let forward = Forward::to(echo());
    let mut held = Vec::new();
    let deadline = Instant::now() + Duration::from_secs(10);
    // Two ends here, two ends there: files run out while connections wait to be accepted.
    while let Ok(client) = TcpStream::connect(forward.address()).await {
        held.push(client);
        assert!(Instant::now() < deadline, "64 files are enough for {} connections", held.len());
    }
    held.clear();
    let works = async {
        while round_trip(forward.address(), 7).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(10), works).await.expect("it accepts again");
}
