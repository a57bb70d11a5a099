//! What a hostile page, a neighbour on the same computer or a curious service might try.

use super::rig::{Rig, cookie_of, enter, follow, value_of};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

fn status(reply: &str) -> &str {
    reply.split(' ').nth(1).unwrap_or_default()
}

#[tokio::test]
async fn a_rebound_name_is_misdirected() {
    let rig = Rig::start().await;
    let port = rig.host.rsplit_once(':').unwrap().1;
    for host in ["evil.test".to_owned(), format!("evil.test:{port}"), format!("127.0.0.1:{port}")] {
        let request = format!("GET / HTTP/1.1\r\nHost: {host}\r\nCookie: {}\r\n", rig.cookie);
        assert_eq!(status(&rig.refused(&request).await), "421", "{host}");
    }
    let nameless = format!("GET / HTTP/1.1\r\nCookie: {}\r\n", rig.cookie);
    assert_eq!(status(&rig.refused(&nameless).await), "421");
}

#[tokio::test]
async fn a_link_works_once() {
    let rig = Rig::start().await;
    let link = rig.proxy.one_time_link("/a?folder=/workspace");
    let first = follow(&rig.proxy, &link, "").await;
    assert_eq!(status(&first), "303");
    assert_eq!(value_of(&first, "location"), Some("/a?folder=/workspace"));
    assert_eq!(value_of(&first, "referrer-policy"), Some("no-referrer"));
    let cookie = value_of(&first, "set-cookie").unwrap();
    for word in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(word), "{cookie}");
    }
    let second = follow(&rig.proxy, &link, "").await;
    assert_eq!(status(&second), "401");
    assert_eq!(value_of(&second, "set-cookie"), None);
}

#[tokio::test]
async fn a_link_does_not_work_in_a_frame() {
    let rig = Rig::start().await;
    let link = rig.proxy.one_time_link("/");
    let frame =
        "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n";
    assert_eq!(status(&follow(&rig.proxy, &link, frame).await), "403");
    assert_eq!(status(&follow(&rig.proxy, &link, "").await), "303", "the frame used the link up");
}

#[tokio::test]
async fn a_link_on_another_page_opens_through_a_page_of_ours() {
    let rig = Rig::start().await;
    let link = rig.proxy.one_time_link("/x");
    let from =
        "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n";
    let reply = follow(&rig.proxy, &link, from).await;
    assert_eq!(status(&reply), "200");
    assert!(cookie_of(&reply).starts_with("moorline_"));
}

#[tokio::test]
async fn without_a_session_a_page_says_what_to_do() {
    let rig = Rig::start().await;
    let mut client = rig.connect().await;
    let request = format!("GET / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", rig.host);
    client.send(&request).await;
    let reply = client.rest().await;
    assert_eq!(status(&reply), "401");
    assert!(reply.contains("shop, port 8080 opens only from Moorline"), "{reply}");
}

#[tokio::test]
async fn a_session_of_another_workspace_is_none_here() {
    let (rig, other) = (Rig::start().await, Rig::start().await);
    let value = other.cookie.split_once('=').unwrap().1;
    let name = rig.cookie.split_once('=').unwrap().0;
    for cookie in [other.cookie.clone(), format!("{name}={value}")] {
        let request = format!("GET / HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\n", rig.host);
        assert_eq!(status(&rig.refused(&request).await), "401", "{cookie}");
    }
    assert_ne!(enter(&rig.proxy).await, other.cookie);
}

#[tokio::test]
async fn pages_of_other_origins_reach_nothing() {
    let rig = Rig::start().await;
    let get = rig.head("GET /");
    let post = rig.head("POST /");
    let port = rig.host.rsplit_once(':').unwrap().1;
    for request in [
        format!("{get}Sec-Fetch-Site: cross-site\r\n"),
        format!("{get}Sec-Fetch-Site: same-site\r\n"),
        format!("{post}Content-Length: 0\r\nOrigin: http://evil.test\r\n"),
        format!("{post}Content-Length: 0\r\nOrigin: null\r\n"),
        format!("{post}Content-Length: 0\r\nOrigin: http://localhost:{port}\r\n"),
    ] {
        assert_eq!(status(&rig.refused(&request).await), "403", "{request}");
    }
}

#[tokio::test]
async fn a_web_socket_needs_exactly_this_origin() {
    let rig = Rig::start().await;
    let socket = format!("{}Connection: Upgrade\r\nUpgrade: websocket\r\n", rig.head("GET /"));
    for origin in ["", "Origin: http://evil.test\r\n", "Origin: null\r\n"] {
        let reply = rig.refused(&format!("{socket}{origin}")).await;
        assert_eq!(status(&reply), "403", "{origin}");
    }
}

#[tokio::test]
async fn the_service_never_sees_or_sets_our_session() {
    let rig = Rig::start().await;
    let name = rig.cookie.split_once('=').unwrap().0.to_owned();
    let reply = format!(
        "HTTP/1.1 200 OK\r\nSet-Cookie: {name}=evil\r\n\
         Set-Cookie: __Host-s=1; Path=/; Secure; SameSite=None\r\nContent-Length: 0\r\n\r\n"
    );
    let request = format!("{}Cookie: mh_s=1; a=b\r\n", rig.head("GET /"));
    let (seen, got) = rig.exchange(&request, &reply).await;
    assert!(!seen.contains("moorline_"), "{seen}");
    assert_eq!(value_of(&seen, "cookie"), Some("__Host-s=1; a=b"));
    assert!(!got.contains("evil"), "{got}");
    assert_eq!(value_of(&got, "set-cookie"), Some("mh_s=1; Path=/; SameSite=Lax"));
}

#[tokio::test]
async fn heads_beyond_the_limit_are_refused() {
    let rig = Rig::start().await;
    let request = format!("{}X-Long: {}\r\n", rig.head("GET /"), "a".repeat(70_000));
    assert_eq!(status(&rig.refused(&request).await), "431");
}

#[tokio::test]
async fn one_request_cannot_hide_another() {
    let rig = Rig::start().await;
    let post = rig.head("POST /");
    for fields in [
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 4\r\nContent-Length: 40\r\n",
        "Transfer-Encoding: gzip\r\n",
        "Content-Length : 4\r\n",
    ] {
        let request = format!("{post}{fields}\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\n");
        assert_eq!(status(&rig.refused(&request).await), "400", "{fields}");
    }
}

#[tokio::test]
async fn requests_may_follow_each_other_without_waiting() {
    let rig = Rig::start().await;
    let mut client = rig.connect().await;
    client.send(&format!("{}\r\n{}\r\n", rig.head("GET /1"), rig.head("GET /2"))).await;
    let mut service = rig.accept().await;
    for path in ["/1", "/2"] {
        assert!(service.head().await.starts_with(&format!("GET {path} ")));
        service.send(OK).await;
        assert_eq!(status(&client.head().await), "200");
    }
}
