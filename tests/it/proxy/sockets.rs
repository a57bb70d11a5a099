//! WebSockets: agreed on by the service, then bytes both ways until both sides closed.

use super::rig::{Peer, Rig, value_of};

const SWITCH: &str = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                      Sec-WebSocket-Accept: x\r\n\r\n";

async fn ask(rig: &Rig) -> (Peer, Peer, String) {
    let mut client = rig.connect().await;
    let head = rig.head("GET /socket");
    let origin = rig.proxy.origin();
    client
        .send(&format!(
            "{head}Origin: {origin}\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Key: k\r\nSec-WebSocket-Version: 13\r\n\r\n"
        ))
        .await;
    let mut service = rig.accept().await;
    let seen = service.head().await;
    (client, service, seen)
}

#[tokio::test]
async fn bytes_go_both_ways_and_the_first_are_not_lost() {
    let rig = Rig::start().await;
    let (mut client, mut service, seen) = ask(&rig).await;
    assert_eq!(value_of(&seen, "upgrade"), Some("websocket"));
    assert_eq!(value_of(&seen, "sec-websocket-key"), Some("k"));
    assert_eq!(value_of(&seen, "origin"), Some(rig.proxy.origin()));
    assert!(!seen.contains("moorline_"), "{seen}");
    service.send(&format!("{SWITCH}hello")).await;
    let got = client.head().await;
    assert!(got.starts_with("HTTP/1.1 101"), "{got}");
    assert_eq!(value_of(&got, "sec-websocket-accept"), Some("x"));
    client.until("hello").await;
    client.send("ping").await;
    service.until("ping").await;
    service.send("pong").await;
    client.until("pong").await;
}

#[tokio::test]
async fn one_side_may_close_and_still_listen() {
    let rig = Rig::start().await;
    let (mut client, mut service, _) = ask(&rig).await;
    service.send(SWITCH).await;
    client.head().await;
    client.send("last words").await;
    client.close_write().await;
    assert_eq!(service.rest().await, "last words");
    service.send("the answer").await;
    service.close_write().await;
    assert_eq!(client.rest().await, "the answer");
}

#[tokio::test]
async fn a_service_may_refuse() {
    let rig = Rig::start().await;
    let (mut client, mut service, _) = ask(&rig).await;
    service.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno").await;
    assert!(client.head().await.starts_with("HTTP/1.1 403"));
    client.until("no").await;
}

#[tokio::test]
async fn shutdown_ends_web_sockets() {
    let rig = Rig::start().await;
    let (mut client, mut service, _) = ask(&rig).await;
    service.send(SWITCH).await;
    client.head().await;
    client.send("ping").await;
    service.until("ping").await;
    assert_eq!(rig.proxy.counters().open_connections, 1);
    rig.proxy.shutdown().await;
    assert_eq!(client.rest().await, "");
    assert_eq!(service.rest().await, "");
}

#[tokio::test]
async fn much_passes_unharmed() {
    let rig = Rig::start().await;
    let (mut client, mut service, _) = ask(&rig).await;
    service.send(SWITCH).await;
    client.head().await;
    let piece = "0123456789abcdef".repeat(4096);
    let send = async {
        for _ in 0..64 {
            client.send(&piece).await;
        }
        client.close_write().await;
    };
    let (all, ()) = tokio::join!(service.rest(), send);
    assert_eq!(all.len(), 64 * piece.len());
    assert!(all.as_bytes().chunks(16).all(|part| part == b"0123456789abcdef"));
}
