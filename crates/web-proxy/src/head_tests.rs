//! Heads as they come, and heads that somebody made up to be read in two ways.

use proptest::prelude::*;

use super::*;

fn framing_of(fields: &str) -> Result<Framing, BadHead> {
    let text = format!("POST / HTTP/1.1\r\nHost: x\r\n{fields}\r\n");
    let mut memory = room();
    let (head, length) = request(text.as_bytes(), &mut memory)?.expect("a whole head");
    assert_eq!(length, text.len());
    head.framing()
}

fn reply_framing(text: &str, is_to_head: bool) -> Result<Framing, BadHead> {
    let mut memory = room();
    reply(text.as_bytes(), &mut memory)?.expect("a whole head").0.framing(is_to_head)
}

#[test]
fn a_length_is_said_once_and_plainly() {
    assert_eq!(framing_of(""), Ok(Framing::None));
    assert_eq!(framing_of("Content-Length: 12\r\n"), Ok(Framing::Length(12)));
    assert_eq!(framing_of("transfer-encoding: Chunked\r\n"), Ok(Framing::Chunked));
    for fields in [
        "Content-Length: 1\r\nContent-Length: 1\r\n",
        "Content-Length: 1, 1\r\n",
        "Content-Length: +1\r\n",
        "Content-Length:\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: xchunked\r\n",
    ] {
        assert_eq!(framing_of(fields), Err(BadHead::Framing), "{fields:?}");
    }
}

#[test]
fn names_with_spaces_and_folded_lines_are_no_http() {
    for fields in ["Content-Length : 3\r\n", "A: b\r\n Content-Length: 3\r\n", "\u{1}: x\r\n"] {
        assert_eq!(framing_of(fields), Err(BadHead::NotHttp), "{fields:?}");
    }
}

#[test]
fn replies_that_have_no_body_have_none() {
    let with_length = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n";
    assert_eq!(reply_framing(with_length, false), Ok(Framing::Length(3)));
    assert_eq!(reply_framing(with_length, true), Ok(Framing::None));
    assert_eq!(reply_framing("HTTP/1.1 204 No\r\n\r\n", false), Ok(Framing::None));
    let unchanged = "HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n";
    assert_eq!(reply_framing(unchanged, false), Ok(Framing::None));
    assert_eq!(reply_framing("HTTP/1.0 200 OK\r\n\r\n", false), Ok(Framing::UntilClose));
}

#[test]
fn a_head_has_a_limit() {
    let long = format!("GET / HTTP/1.1\r\nX: {}", "a".repeat(MOST_HEAD_BYTES));
    assert_eq!(request(long.as_bytes(), &mut room()).err(), Some(BadHead::TooLong));
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "X: y\r\n".repeat(MOST_FIELDS + 1));
    assert_eq!(request(many.as_bytes(), &mut room()).err(), Some(BadHead::TooLong));
}

#[test]
fn a_whole_address_is_taken_apart() {
    for (target, authority, path) in [
        ("http://ws-a.localhost:4000/a?b", Some("ws-a.localhost:4000"), "/a?b"),
        ("http://x", Some("x"), "/"),
        ("HTTP://x?a", Some("x"), "?a"),
        ("/a://b", None, "/a://b"),
        ("/?u=http://x/", None, "/?u=http://x/"),
        ("*", None, "*"),
    ] {
        let text = format!("GET {target} HTTP/1.1\r\n\r\n");
        let mut memory = room();
        let (head, _) = request(text.as_bytes(), &mut memory).unwrap().unwrap();
        assert_eq!(head.absolute().map(|(authority, _)| authority), authority, "{target}");
        assert_eq!(head.path_and_query(), path, "{target}");
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = request(&bytes, &mut room());
        let _ = reply(&bytes, &mut room());
    }

    #[test]
    fn almost_http_does_no_harm(
        text in "(GET|POST) [ -~]{1,12} HTTP/1.[01]\r\n([A-Za-z-]{1,18}: ?[ -~]{0,12}\r?\n){0,6}\r\n",
    ) {
        let mut memory = room();
        if let Ok(Some((head, length))) = request(text.as_bytes(), &mut memory) {
            prop_assert!(length <= text.len());
            let _ = (head.framing(), head.is_kept(), head.path_and_query());
        }
    }
}
