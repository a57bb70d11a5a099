//! Fields on their way through: what belongs to one hop stays on it, what names an address is mapped.

use crate::{
    cookies,
    head::{Fields, Framing, ReplyHead, RequestHead},
    location,
    origin::Origin,
};

/// What becomes of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Through,
    /// It stays on its hop, or is written anew.
    Stays,
    Location,
    SetCookie,
}

const HOP_BY_HOP: [&str; 10] = [
    "connection",
    "keep-alive",
    "proxy-connection",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "content-length",
    "expect",
];
/// What a browser or a page could use to make a service believe in another origin or caller.
const FORWARDED: [&str; 7] = [
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-port",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
    "cookie",
];
/// What would send a browser to https or to another port of this computer.
const ELSEWHERE: [&str; 2] = ["strict-transport-security", "alt-svc"];
/// A request may not use `Connection` to remove what the checks and rewriting rely on.
const NEEDED: [&str; 3] = ["host", "cookie", "origin"];

/// Writes a request's head for the service. `Host` stays the browser's, so that a service that compares
/// it with `Origin` finds them equal.
pub(crate) fn write_request(
    head: RequestHead<'_>,
    origin: &Origin,
    framing: Framing,
    is_upgrade: bool,
    out: &mut Vec<u8>,
) {
    let path = head.path_and_query();
    let slash = if path.starts_with('?') { "/" } else { "" };
    for piece in [head.method, " ", slash, path, " HTTP/1.1\r\n"] {
        out.extend_from_slice(piece.as_bytes());
    }
    let is_odd = has_odd_words(head.fields);
    for field in head.fields.0 {
        let stays = among(field.name, &HOP_BY_HOP)
            || among(field.name, &FORWARDED)
            || (is_odd && is_named_by_connection(head.fields, field.name));
        if !stays {
            line(field.name, field.value, out);
        }
    }
    cookies::to_upstream(head.fields, out);
    line("X-Forwarded-Host", origin.authority.as_bytes(), out);
    out.extend_from_slice(b"X-Forwarded-Proto: http\r\n");
    end(framing, is_upgrade, out);
}

/// Writes a reply's head for the browser. `framing` is that towards the browser.
pub(crate) fn write_reply(
    head: ReplyHead<'_>,
    to: &Reply<'_>,
    framing: Framing,
    is_upgrade: bool,
    out: &mut Vec<u8>,
) {
    out.extend_from_slice(b"HTTP/1.1 ");
    out.extend_from_slice(head.status.to_string().as_bytes());
    out.extend_from_slice(b" ");
    out.extend_from_slice(head.reason.as_bytes());
    out.extend_from_slice(b"\r\n");
    let is_odd = has_odd_words(head.fields);
    for field in head.fields.0 {
        if is_odd && is_named_by_connection(head.fields, field.name) {
            continue;
        }
        match way_back(field.name) {
            Way::Stays => {}
            Way::Through => line(field.name, field.value, out),
            Way::Location => {
                let inside = location::inside(field.value, to.origin, to.ports);
                line("Location", inside.as_deref().map_or(field.value, str::as_bytes), out);
            }
            Way::SetCookie => set_cookie(field.value, out),
        }
    }
    if framing == Framing::None
        && has_unsent_body(head, to)
        && let Some(length) = head.fields.first("content-length")
    {
        line("Content-Length", length, out);
    }
    if !to.is_kept && !is_upgrade {
        out.extend_from_slice(b"Connection: close\r\n");
    }
    end(framing, is_upgrade, out);
}

/// What a reply's head depends on besides the reply.
#[derive(Debug)]
pub(crate) struct Reply<'a> {
    pub(crate) origin: &'a Origin,
    /// By which the service may call itself.
    pub(crate) ports: &'a [u16],
    pub(crate) is_to_head: bool,
    /// Whether the browser's connection is kept.
    pub(crate) is_kept: bool,
}

/// A reply that says how long the body would have been.
fn has_unsent_body(head: ReplyHead<'_>, to: &Reply<'_>) -> bool {
    (to.is_to_head && head.status != 204) || head.status == 304
}

fn end(framing: Framing, is_upgrade: bool, out: &mut Vec<u8>) {
    if is_upgrade {
        out.extend_from_slice(b"Connection: Upgrade\r\nUpgrade: websocket\r\n");
    }
    match framing {
        Framing::Length(length) => {
            line("Content-Length", length.to_string().as_bytes(), out);
        }
        Framing::Chunked => out.extend_from_slice(b"Transfer-Encoding: chunked\r\n"),
        Framing::None | Framing::UntilClose => {}
    }
    out.extend_from_slice(b"\r\n");
}

fn line(name: &str, value: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b": ");
    out.extend_from_slice(value);
    out.extend_from_slice(b"\r\n");
}

fn set_cookie(value: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.extend_from_slice(b"Set-Cookie: ");
    if cookies::to_browser(value, out) {
        out.extend_from_slice(b"\r\n");
    } else {
        out.truncate(start);
    }
}

fn way_back(name: &str) -> Way {
    if name.eq_ignore_ascii_case("location") {
        Way::Location
    } else if name.eq_ignore_ascii_case("set-cookie") {
        Way::SetCookie
    } else if among(name, &HOP_BY_HOP) || among(name, &ELSEWHERE) {
        Way::Stays
    } else {
        Way::Through
    }
}

fn among(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Whether `Connection` names fields, besides the few words that every connection says.
fn has_odd_words(fields: Fields<'_>) -> bool {
    let plain = [&b"keep-alive"[..], b"close", b"upgrade"];
    fields
        .connection_words()
        .any(|word| !plain.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

fn is_named_by_connection(fields: Fields<'_>, name: &str) -> bool {
    !among(name, &NEEDED)
        && fields.connection_words().any(|word| word.eq_ignore_ascii_case(name.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::head;

    fn origin() -> Origin {
        Origin::new("ws-a.localhost", 4000)
    }

    fn request(fields: &str) -> String {
        let text = format!("GET /a HTTP/1.1\r\n{fields}\r\n");
        let mut memory = head::room();
        let (head, _) = head::request(text.as_bytes(), &mut memory).unwrap().unwrap();
        let mut out = Vec::new();
        write_request(head, &origin(), Framing::None, false, &mut out);
        String::from_utf8(out).unwrap()
    }

    const OURS: &str = "X-Forwarded-Host: ws-a.localhost:4000\r\nX-Forwarded-Proto: http\r\n\r\n";

    #[test]
    fn one_hop_fields_stay_on_their_hop() {
        let out = request(
            "Host: ws-a.localhost:4000\r\nConnection: keep-alive, X-Once, Host\r\nX-Once: 1\r\n\
             Keep-Alive: timeout=5\r\nTE: trailers\r\nUpgrade: h2c\r\nExpect: 100-continue\r\n\
             Accept: */*\r\n",
        );
        let wanted = "GET /a HTTP/1.1\r\nHost: ws-a.localhost:4000\r\nAccept: */*\r\n";
        assert_eq!(out, format!("{wanted}{OURS}"));
    }

    #[test]
    fn nobody_else_says_where_a_request_came_from() {
        let out = request(
            "Host: ws-a.localhost:4000\r\nX-Forwarded-Host: evil.test\r\n\
             X-Forwarded-For: 1.2.3.4\r\nForwarded: for=1.2.3.4\r\n",
        );
        assert_eq!(out, format!("GET /a HTTP/1.1\r\nHost: ws-a.localhost:4000\r\n{OURS}"));
    }

    #[test]
    fn replies_do_not_send_the_browser_to_https() {
        let text = "HTTP/1.1 302 Found\r\nStrict-Transport-Security: max-age=1\r\n\
                    Alt-Svc: h3=\":443\"\r\nLocation: http://localhost:8080/\r\nConnection: close\r\n\r\n";
        let mut memory = head::room();
        let (head, _) = head::reply(text.as_bytes(), &mut memory).unwrap().unwrap();
        let mut out = Vec::new();
        let to = Reply { origin: &origin(), ports: &[8080], is_to_head: false, is_kept: true };
        write_reply(head, &to, Framing::Length(0), false, &mut out);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "HTTP/1.1 302 Found\r\nLocation: http://ws-a.localhost:4000/\r\nContent-Length: 0\r\n\r\n"
        );
    }
}
