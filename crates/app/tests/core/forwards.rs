//! A forward takes the workspace's own port when it is free, says so when it is not, and counts.

use std::net::Ipv4Addr;

use model::{Forward, WorkspaceRef, WorkspaceState};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use crate::bench::{Bench, reference};

async fn workspace(bench: &Bench) -> WorkspaceRef {
    let workspace = bench.server.add("atlas-api", WorkspaceState::Running);
    let id = bench.connected().await;
    bench.until_row("atlas-api", |_| true).await;
    reference(&id, &workspace)
}

async fn echo(forward: &Forward) -> TcpStream {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, forward.local_port)).await.unwrap();
    stream.write_all(b"hello").await.unwrap();
    let mut answer = [0; 5];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"hello");
    stream
}

#[tokio::test]
async fn a_free_port_is_taken_and_connections_are_counted() {
    let bench = Bench::start().await;
    let workspace = workspace(&bench).await;
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let forward = bench.core.forward_open(workspace.clone(), port).await.unwrap();
    assert_eq!((forward.local_port, forward.remark.clone()), (port, None));
    let stream = echo(&forward).await;
    let row = |count: u32| {
        let bench = &bench;
        async move {
            bench
                .until_row("atlas-api", |row| {
                    row.forwards.first().is_some_and(|f| f.open_connections == count)
                })
                .await
        }
    };
    row(1).await;
    drop(stream);
    row(0).await;
    let again = bench.core.forward_open(workspace, port).await.unwrap();
    assert_eq!(again.id, forward.id, "one listener per port");
    bench.core.forward_close(forward.id).await.unwrap();
    bench.until_row("atlas-api", |row| row.forwards.is_empty()).await;
    let closed = async || TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.err();
    bench.until("the listener to close", closed).await;
}

#[tokio::test]
async fn two_who_ask_at_once_get_one_forward_and_a_deleted_connection_gets_none() {
    let bench = Bench::start().await;
    let workspace = workspace(&bench).await;
    let open = || bench.core.forward_open(workspace.clone(), 8090);
    let (first, second) = tokio::join!(open(), open());
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!((&first.id, first.local_port), (&second.id, second.local_port));
    echo(&second).await;
    bench.core.forward_close(first.id).await.unwrap();
    let deleting = bench.core.connection_delete(&workspace.connection_id);
    let (opened, deleted) = tokio::join!(open(), deleting);
    deleted.unwrap();
    if let Ok(forward) = opened {
        let address = (Ipv4Addr::LOCALHOST, forward.local_port);
        let closed = async || TcpStream::connect(address).await.err();
        bench.until("the listener to close", closed).await;
    }
}

#[tokio::test]
async fn a_port_that_is_taken_is_replaced_with_a_remark() {
    let bench = Bench::start().await;
    let workspace = workspace(&bench).await;
    let other = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = other.local_addr().unwrap().port();
    let forward = bench.core.forward_open(workspace, port).await.unwrap();
    assert_ne!(forward.local_port, port);
    let remark = forward.remark.clone().unwrap();
    assert!(remark.contains(&format!("port {port} ")), "{remark}");
    assert!(remark.contains("taken by another program"), "{remark}");
    echo(&forward).await;
}

#[tokio::test]
async fn a_forward_keeps_its_port_over_a_reconnect_and_ends_with_its_workspace() {
    let bench = Bench::start().await;
    let workspace = workspace(&bench).await;
    let id = workspace.connection_id.clone();
    let forward = bench.core.forward_open(workspace.clone(), 8080).await.unwrap();
    bench.server.go_away();
    bench.core.connection_connect(&id).await.unwrap();
    bench.until_row("atlas-api", |row| row.stale_since.is_some()).await;
    bench.server.come_back();
    bench.until_connected(&id).await;
    echo(&forward).await;
    bench.until_row("atlas-api", |row| row.stale_since.is_none()).await;
    bench.core.workspace_stop(&workspace).await.unwrap();
    bench.until_row("atlas-api", |row| row.forwards.is_empty()).await;
}
