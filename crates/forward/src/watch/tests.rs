//! What is noted of real conversations, of split ones, and of garbage.

use std::sync::Arc;

use backend_api::SystemClock;
use proptest::prelude::*;

use super::Tap;
use crate::Meter;

/// What the watch noted, oldest first: "GET /a 200".
fn noted(meter: &Meter) -> Vec<String> {
    let notes = meter.requests().into_iter().rev();
    notes
        .map(|note| {
            let status = note.status.map_or_else(|| "-".into(), |status| status.to_string());
            assert_eq!(note.status.is_some(), note.took_ms.is_some());
            format!("{} {} {status}", note.method, note.path)
        })
        .collect()
}

fn meter() -> Arc<Meter> {
    Arc::new(Meter::new(Arc::new(SystemClock)))
}

fn check(up: &str, down: &str, expected: &[&str]) {
    for size in [1, 2, 7, 1000] {
        let meter = meter();
        let mut tap = Tap::new(&meter);
        up.as_bytes().chunks(size).for_each(|piece| tap.up(piece));
        down.as_bytes().chunks(size).for_each(|piece| tap.down(piece));
        assert_eq!(noted(&meter), expected, "in pieces of {size}");
    }
}

#[test]
fn requests_on_one_connection_are_noted_with_their_answers() {
    check(
        "GET /a?token=x HTTP/1.1\r\nHost: h\r\n\r\nPOST /b HTTP/1.1\r\nContent-Length: 3\r\n\r\nGETPUT /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nGET \r\n0\r\nA: b\r\n\r\nHEAD /d HTTP/1.0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHTTP/HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No\r\n\r\nHTTP/1.1 500 X\r\nTransfer-Encoding: gzip, chunked\r\n\r\nA\r\n0123456789\r\n0\r\n\r\nHTTP/1.0 302 F\r\nContent-Length: 99\r\n\r\n",
        &["GET /a 200", "POST /b 204", "PUT /c 500", "HEAD /d 302"],
    );
}

#[test]
fn a_body_without_length_goes_on_to_the_end() {
    check(
        "GET / HTTP/1.0\r\n\r\n",
        "HTTP/1.0 200 OK\r\n\r\nHTTP/1.1 404 not a head\r\n\r\n",
        &["GET / 200"],
    );
}

#[test]
fn an_upgraded_connection_is_left_alone() {
    check(
        "GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n",
        "HTTP/1.1 101 S\r\n\r\n\u{81}HTTP/1.1 200 OK\r\n\r\n",
        &["GET /ws 101"],
    );
    check(
        "CONNECT h:1 HTTP/1.1\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 1",
        &["CONNECT h:1 200"],
    );
}

#[test]
fn addresses_in_requests_lose_what_may_be_secret() {
    check("GET http://me:pw@h/p?q#f HTTP/1.1\r\n\r\n", "", &["GET http://h/p -"]);
    let long = format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(5000));
    check(&long, "", &[&format!("GET /{} -", "x".repeat(199))]);
}

#[test]
fn what_is_not_plain_http_is_not_noted() {
    check("\u{16}\u{3}\u{1} GET / HTTP/1.1\r\n\r\n", "", &[]);
    check("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nGET / HTTP/1.1\r\n\r\n", "", &[]);
    check("GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "", &[]);
    check("GET / HTTP/1.1\r\n\r\nno\r\n\r\nGET /b HTTP/1.1\r\n\r\n", "", &["GET / -"]);
    check("SSH-2.0-OpenSSH_9.2\r\n\r\n", "SSH-2.0-x\r\n", &[]);
}

#[test]
fn only_the_last_hundred_are_kept() {
    let meter = meter();
    let mut tap = Tap::new(&meter);
    for number in 0..150 {
        tap.up(format!("GET /{number} HTTP/1.1\r\n\r\n").as_bytes());
        if number % 2 == 0 || number < 100 {
            tap.down(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        }
    }
    let notes = noted(&meter);
    assert_eq!(notes.len(), 100);
    assert_eq!(notes.last().map(String::as_str), Some("GET /149 -"));
    assert_eq!(notes.first().map(String::as_str), Some("GET /50 200"));
}

/// Pieces of HTTP and of anything else.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"GET /x HTTP/1.1\r\n".to_vec()),
        Just(b"HTTP/1.1 200 OK\r\n".to_vec()),
        Just(b"HTTP/1.1 101 S\r\n\r\n".to_vec()),
        Just(b"Content-Length: 4\r\n".to_vec()),
        Just(b"Transfer-Encoding: chunked\r\n".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"4\r\nabcd\r\n".to_vec()),
        Just(b"0\r\n\r\n".to_vec()),
        Just(b"ffffffffffffffffff\r\n".to_vec()),
        prop::collection::vec(any::<u8>(), 0..9),
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_split_of_any_bytes_is_noted_the_same(up in stream(), down in stream(), size in 1_usize..9) {
        let (whole, split) = (meter(), meter());
        let mut tap = Tap::new(&whole);
        tap.up(&up);
        tap.down(&down);
        let mut tap = Tap::new(&split);
        up.chunks(size).for_each(|piece| tap.up(piece));
        down.chunks(size).for_each(|piece| tap.down(piece));
        prop_assert_eq!(noted(&whole), noted(&split));
    }
}
