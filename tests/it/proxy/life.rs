//! Connections over time: kept, closed under our feet, cancelled, ended.

use std::{sync::Arc, time::Duration};

use tokio::time::timeout;
use web_proxy::Proxy;

use super::rig::{DEADLINE, Peer, Port, Rig, enter};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

#[tokio::test]
async fn a_lane_carries_many_requests() {
    let rig = Rig::start().await;
    let mut client = rig.connect().await;
    client.send(&format!("{}\r\n", rig.head("GET /1"))).await;
    let mut service = rig.accept().await;
    for _ in 0..20 {
        service.head().await;
        service.send(OK).await;
        client.until("ok").await;
        client.send(&format!("{}\r\n", rig.head("GET /again"))).await;
    }
    service.head().await;
    let more = timeout(Duration::from_millis(20), rig.service.accept()).await;
    assert!(more.is_err(), "another connection to the service was opened");
    let counters = rig.proxy.counters();
    assert_eq!((counters.requests, counters.open_connections), (22, 1));
    assert_eq!(counters.bytes_down, 20 * OK.len() as u64);
    assert!(counters.bytes_up > 0);
}

#[tokio::test]
async fn a_lane_that_the_service_closed_costs_nothing() {
    let rig = Rig::start().await;
    let mut client = rig.connect().await;
    for _ in 0..10 {
        client.send(&format!("{}\r\n", rig.head("GET /"))).await;
        let mut service = rig.accept().await;
        service.head().await;
        service.send(OK).await;
        client.until("ok").await;
        drop(service);
    }
}

#[tokio::test]
async fn a_request_cut_off_on_a_kept_lane_is_asked_again() {
    let rig = Rig::start().await;
    let mut client = rig.connect().await;
    client.send(&format!("{}\r\n", rig.head("GET /"))).await;
    let mut service = rig.accept().await;
    service.head().await;
    service.send(OK).await;
    client.until("ok").await;
    client.send(&format!("{}\r\n", rig.head("GET /second"))).await;
    service.head().await;
    drop(service);
    let mut service = rig.accept().await;
    assert!(service.head().await.starts_with("GET /second"));
    service.send(OK).await;
    client.until("ok").await;
}

#[tokio::test]
async fn what_changes_things_is_not_asked_twice() {
    let rig = Rig::start().await;
    let mut client = rig.connect().await;
    client.send(&format!("{}\r\n", rig.head("GET /"))).await;
    let mut service = rig.accept().await;
    service.head().await;
    service.send(OK).await;
    client.until("ok").await;
    client.send(&format!("{}Content-Length: 3\r\n\r\nabc", rig.head("POST /pay"))).await;
    service.until("abc").await;
    drop(service);
    assert!(client.head().await.starts_with("HTTP/1.1 502"));
    let again = timeout(Duration::from_millis(20), rig.service.accept()).await;
    assert!(again.is_err(), "the request was sent twice");
}

#[tokio::test]
async fn a_browser_that_leaves_ends_the_request() {
    let rig = Rig::start().await;
    let mut client = rig.connect().await;
    client.send(&format!("{}\r\n", rig.head("GET /events"))).await;
    let mut service = rig.accept().await;
    service.head().await;
    service.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").await;
    client.head().await;
    drop(client);
    assert_eq!(service.rest().await, "");
}

#[tokio::test]
async fn a_silent_service_is_named_and_asked_again() {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let proxy = Proxy::start(Arc::new(Port(port)), "<shop>").await.unwrap();
    let cookie = enter(&proxy).await;
    let host = proxy.origin().strip_prefix("http://").unwrap().to_owned();
    for (accept, wanted) in [
        ("text/html,*/*", "<meta http-equiv=\"refresh\" content=\"3\">"),
        ("text/html", "&lt;shop&gt; does not answer"),
        ("*/*", "<shop> does not answer: "),
    ] {
        let mut client = Peer::connect(&proxy).await;
        let head = format!("GET / HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n");
        client.send(&format!("{head}Accept: {accept}\r\nConnection: close\r\n\r\n")).await;
        let got = client.rest().await;
        assert!(got.starts_with("HTTP/1.1 502") && got.contains(wanted), "{got}");
    }
}

#[tokio::test]
async fn shutdown_lets_an_answer_end_and_shuts_the_door() {
    let rig = Rig::start().await;
    let mut client = rig.connect().await;
    client.send(&format!("{}\r\n", rig.head("GET /"))).await;
    let mut service = rig.accept().await;
    service.head().await;
    let port = rig.host.rsplit_once(':').unwrap().1.parse::<u16>().unwrap();
    let ending = tokio::spawn(rig.proxy.shutdown());
    let shut = async {
        while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    timeout(DEADLINE, shut).await.expect("the listener closes");
    service.send(OK).await;
    assert!(client.rest().await.ends_with("ok"));
    timeout(DEADLINE, ending).await.expect("in time").unwrap();
}

#[tokio::test]
async fn dropping_a_proxy_ends_everything_at_once() {
    let rig = Rig::start().await;
    let mut client = rig.connect().await;
    client.send(&format!("{}\r\n", rig.head("GET /"))).await;
    let mut service = rig.accept().await;
    service.head().await;
    drop(rig.proxy);
    assert_eq!(client.rest().await, "");
    assert_eq!(service.rest().await, "");
}
