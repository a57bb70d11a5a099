//! Every way in, and every way that must be shut.

use proptest::prelude::*;

use super::*;
use crate::head;

struct Door {
    origin: Origin,
    session: Token,
}

fn door() -> Door {
    Door { origin: Origin::new("ws-a.localhost", 4000), session: Token::random().unwrap() }
}

impl Door {
    /// Judges a request with the session, the right Host, and these headers instead or in addition.
    fn judge(&self, method: &str, target: &str, headers: &[(&str, &str)]) -> Verdict {
        let cookie = format!("a=b; moorline_4000={}", self.session.reveal());
        let mut lines = format!("{method} {target} HTTP/1.1\r\n");
        for (name, value) in [("host", "ws-a.localhost:4000"), ("cookie", cookie.as_str())] {
            if !headers.iter().any(|(given, _)| *given == name) {
                lines += &format!("{name}: {value}\r\n");
            }
        }
        for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
            lines += &format!("{name}: {value}\r\n");
        }
        lines += "\r\n";
        let mut memory = head::room();
        let (head, _) = head::request(lines.as_bytes(), &mut memory).unwrap().unwrap();
        judge(head, &self.origin, &self.session)
    }
}

const OWN: &str = "http://ws-a.localhost:4000";
const SOCKET: (&str, &str) = ("upgrade", "websocket");

#[test]
fn the_session_opens_the_door() {
    let door = door();
    assert_eq!(door.judge("GET", "/", &[]), Verdict::Pass);
    assert_eq!(door.judge("POST", "/", &[("origin", OWN)]), Verdict::Pass);
    assert_eq!(door.judge("GET", "/", &[("sec-fetch-site", "none")]), Verdict::Pass);
    assert_eq!(door.judge("GET", "/", &[("sec-fetch-site", "same-origin")]), Verdict::Pass);
    assert_eq!(door.judge("GET", "/", &[SOCKET, ("origin", OWN)]), Verdict::Upgrade);
}

#[test]
fn any_other_host_is_misdirected() {
    let door = door();
    for host in [
        "",
        "127.0.0.1:4000",
        "localhost:4000",
        "ws-a.localhost",
        "ws-a.localhost:4001",
        "WS-A.localhost:4000",
        "ws-a.localhost.:4000",
        "evil.test:4000",
    ] {
        let verdict = door.judge("GET", "/", &[("host", host)]);
        assert_eq!(verdict, Verdict::Refuse(Refusal::WrongHost), "{host}");
    }
    let twice = [("host", "ws-a.localhost:4000"), ("host", "ws-a.localhost:4000")];
    assert_eq!(door.judge("GET", "/", &twice), Verdict::Refuse(Refusal::WrongHost));
    let absolute = door.judge("GET", "http://evil.test/", &[]);
    assert_eq!(absolute, Verdict::Refuse(Refusal::WrongHost));
    let link = door.judge("GET", LINK_PATH, &[("host", "evil.test:4000")]);
    assert_eq!(link, Verdict::Refuse(Refusal::WrongHost));
}

#[test]
fn without_the_session_nothing_passes() {
    let door = door();
    let other = format!("moorline_4000={}", Token::random().unwrap().reveal());
    for cookie in ["", "moorline_4000=", "moorline_4000", other.as_str()] {
        let verdict = door.judge("GET", "/", &[("cookie", cookie)]);
        assert_eq!(verdict, Verdict::Refuse(Refusal::NoSession), "{cookie}");
        let socket = door.judge("GET", "/", &[("cookie", cookie), SOCKET, ("origin", OWN)]);
        assert_eq!(socket, Verdict::Refuse(Refusal::NoSession), "{cookie}");
    }
}

#[test]
fn pages_of_other_origins_are_refused() {
    let door = door();
    let refused = Verdict::Refuse(Refusal::ForeignPage);
    for site in ["cross-site", "same-site", "nonsense"] {
        assert_eq!(door.judge("GET", "/", &[("sec-fetch-site", site)]), refused, "{site}");
    }
    for origin in
        ["http://evil.test", "null", "http://ws-a.localhost:4001", "https://ws-a.localhost:4000"]
    {
        assert_eq!(door.judge("POST", "/", &[("origin", origin)]), refused, "{origin}");
        assert_eq!(door.judge("GET", "/", &[SOCKET, ("origin", origin)]), refused, "{origin}");
        let both = [SOCKET, ("origin", OWN), ("origin", origin)];
        assert_eq!(door.judge("GET", "/", &both), refused, "{origin}");
    }
    assert_eq!(door.judge("GET", "/", &[SOCKET]), refused);
}

#[test]
fn a_link_is_followed_only_as_a_page() {
    let door = door();
    let link = |headers: &[(&str, &str)]| door.judge("GET", "/.moorline/open?token=x", headers);
    assert_eq!(link(&[("cookie", "")]), Verdict::Enter { is_from_elsewhere: false });
    assert_eq!(link(&[("sec-fetch-site", "none")]), Verdict::Enter { is_from_elsewhere: false });
    let page = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "document"),
    ];
    assert_eq!(link(&page), Verdict::Enter { is_from_elsewhere: true });
    for (mode, dest) in [("navigate", "iframe"), ("no-cors", "image"), ("cors", "empty")] {
        let headers = [("sec-fetch-mode", mode), ("sec-fetch-dest", dest)];
        assert_eq!(link(&headers), Verdict::Refuse(Refusal::ForeignPage), "{dest}");
    }
    assert_eq!(door.judge("HEAD", LINK_PATH, &[]), Verdict::Refuse(Refusal::Method));
    assert_eq!(door.judge("GET", "/.moorline/x", &[]), Verdict::Refuse(Refusal::NoSuchPage));
}

#[test]
fn the_token_is_read_from_the_query() {
    for (uri, token) in [
        ("/.moorline/open?token=abc", "abc"),
        ("/.moorline/open?a=b&token=abc&c", "abc"),
        ("/.moorline/open?xtoken=abc", ""),
        ("/.moorline/open", ""),
    ] {
        let head =
            RequestHead { method: "GET", target: uri, fields: Fields(&[]), is_http_11: true };
        assert_eq!(offered_token(head), token.as_bytes(), "{uri}");
    }
}

proptest! {
    #[test]
    fn only_the_exact_host_passes(host in "[!-~]{1,30}|ws-a\\.localhost:[0-9]{1,6}|[!-~\u{a0}-\u{ff}]{1,20}") {
        let door = door();
        let verdict = door.judge("GET", "/", &[("host", host.as_str())]);
        let is_right = host == "ws-a.localhost:4000";
        prop_assert_eq!(verdict == Verdict::Pass, is_right);
    }
}
