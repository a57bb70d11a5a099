//! What services do that a proxy must carry unchanged.

use super::rig::{Rig, value_of};

#[tokio::test]
async fn the_service_sees_the_address_of_the_browser() {
    let rig = Rig::start().await;
    let request = format!("{}X-Forwarded-Host: evil.test\r\n", rig.head("GET /a?b=c"));
    let (seen, got) = rig.exchange(&request, "HTTP/1.1 204 No Content\r\n\r\n").await;
    assert!(seen.starts_with("GET /a?b=c HTTP/1.1\r\n"), "{seen}");
    assert_eq!(value_of(&seen, "host"), Some(rig.host.as_str()));
    assert_eq!(value_of(&seen, "x-forwarded-host"), Some(rig.host.as_str()));
    assert_eq!(value_of(&seen, "x-forwarded-proto"), Some("http"));
    assert!(got.starts_with("HTTP/1.1 204"), "{got}");
}

#[tokio::test]
async fn replies_without_a_body_keep_their_length() {
    let rig = Rig::start().await;
    let reply = "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n";
    let (_, got) = rig.exchange(&rig.head("HEAD /"), reply).await;
    assert_eq!(value_of(&got, "content-length"), Some("1234"));
    let (_, got) =
        rig.exchange(&rig.head("GET /"), "HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n").await;
    assert!(got.starts_with("HTTP/1.1 304"), "{got}");
    assert_eq!(value_of(&got, "etag"), Some("x"));
}

#[tokio::test]
async fn redirects_stay_inside_and_https_is_not_asked_for() {
    let rig = Rig::start().await;
    let port = rig.service.local_addr().unwrap().port();
    let reply = format!(
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{port}/login\r\n\
         Strict-Transport-Security: max-age=1\r\nContent-Length: 0\r\n\r\n"
    );
    let (_, got) = rig.exchange(&rig.head("GET /"), &reply).await;
    assert_eq!(value_of(&got, "location"), Some(format!("{}/login", rig.proxy.origin()).as_str()));
    assert_eq!(value_of(&got, "strict-transport-security"), None);
}

#[tokio::test]
async fn replies_stream() {
    let rig = Rig::start().await;
    let head =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    let mut client = rig.connect().await;
    client.send(&format!("{}\r\n", rig.head("GET /events"))).await;
    let mut service = rig.accept().await;
    service.head().await;
    service.send(head).await;
    assert!(client.head().await.starts_with("HTTP/1.1 200"));
    for word in ["one", "two", "three"] {
        service.send(&format!("{:x}\r\n{word}\r\n", word.len())).await;
        client.until(word).await;
    }
    service.send("0\r\n\r\n").await;
    client.until("0\r\n\r\n").await;
}

#[tokio::test]
async fn requests_stream() {
    let rig = Rig::start().await;
    let mut client = rig.connect().await;
    client.send(&format!("{}Transfer-Encoding: chunked\r\n\r\n", rig.head("POST /up"))).await;
    client.send("3\r\none\r\n").await;
    let mut service = rig.accept().await;
    service.head().await;
    service.until("one").await;
    client.send("3\r\ntwo\r\n0\r\n\r\n").await;
    service.until("two").await;
    service.until("0\r\n\r\n").await;
    service.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
    client.until("ok").await;
}

#[tokio::test]
async fn a_get_may_have_a_body() {
    let rig = Rig::start().await;
    let mut client = rig.connect().await;
    client.send(&format!("{}Transfer-Encoding: chunked\r\n\r\n", rig.head("GET /search"))).await;
    client.send("3\r\none\r\n0\r\n\r\n").await;
    let mut service = rig.accept().await;
    service.until("one").await;
    service.until("0\r\n\r\n").await;
    service.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
    assert!(client.head().await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_client_that_waits_to_be_asked_is_asked() {
    let rig = Rig::start().await;
    let mut client = rig.connect().await;
    let head = format!("{}Content-Length: 3\r\nExpect: 100-continue\r\n\r\n", rig.head("PUT /x"));
    client.send(&head).await;
    let mut service = rig.accept().await;
    assert_eq!(value_of(&service.head().await, "expect"), None);
    assert!(client.head().await.starts_with("HTTP/1.1 100"));
    client.send("abc").await;
    service.until("abc").await;
    service.send("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n").await;
    assert!(client.head().await.starts_with("HTTP/1.1 201"));
}

#[tokio::test]
async fn a_service_may_end_its_reply_by_closing() {
    let rig = Rig::start().await;
    let mut client = rig.connect().await;
    client.send(&format!("{}Connection: close\r\n\r\n", rig.head("GET /old"))).await;
    let mut service = rig.accept().await;
    service.head().await;
    service.send("HTTP/1.0 200 OK\r\n\r\nall there is").await;
    drop(service);
    let got = client.rest().await;
    assert!(got.starts_with("HTTP/1.1 200") && got.contains("all there is"), "{got}");
}

#[tokio::test]
async fn early_words_of_a_service_do_not_confuse() {
    let rig = Rig::start().await;
    let reply = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    let (_, got) = rig.exchange(&rig.head("GET /"), reply).await;
    assert!(got.starts_with("HTTP/1.1 200"), "{got}");
}

#[tokio::test]
async fn a_reply_that_breaks_off_is_not_made_to_look_whole() {
    let rig = Rig::start().await;
    let mut client = rig.connect().await;
    client.send(&format!("{}\r\n", rig.head("GET /"))).await;
    let mut service = rig.accept().await;
    service.head().await;
    service.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n").await;
    client.until("one").await;
    drop(service);
    let rest = client.rest().await;
    assert!(!rest.contains("0\r\n\r\n"), "{rest:?}");
}

#[tokio::test]
async fn a_service_that_speaks_something_else_is_named() {
    for reply in ["SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\n\r\n"] {
        let rig = Rig::start().await;
        let (_, got) = rig.exchange(&rig.head("GET /"), reply).await;
        assert!(got.starts_with("HTTP/1.1 502"), "{got}");
    }
}
