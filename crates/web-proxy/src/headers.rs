//! Headers on their way through: what belongs to one hop stays on it.

use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::{cookies, location, origin::Origin};

static HOP_BY_HOP: [HeaderName; 8] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];
/// What a browser or a page could use to make a service believe in another origin or caller.
static FORWARDED: [HeaderName; 4] = [
    HeaderName::from_static("forwarded"),
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-forwarded-port"),
    HeaderName::from_static("x-real-ip"),
];
/// What would send a browser to https or to another port of this computer.
static ELSEWHERE: [HeaderName; 2] = [header::STRICT_TRANSPORT_SECURITY, header::ALT_SVC];
static FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
static FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Prepares a request's headers for the service. `Host` stays the browser's, so that a service that
/// compares it with `Origin` finds them equal.
pub(crate) fn to_upstream(headers: &mut HeaderMap, origin: &Origin) {
    strip_hop_by_hop(headers);
    for name in &FORWARDED {
        headers.remove(name);
    }
    headers.remove(header::EXPECT);
    headers.insert(&FORWARDED_HOST, origin.authority.clone());
    headers.insert(&FORWARDED_PROTO, HeaderValue::from_static("http"));
    cookies::to_upstream(headers);
}

/// Prepares a reply's headers for the browser.
pub(crate) fn to_browser(headers: &mut HeaderMap, origin: &Origin, ports: &[u16]) {
    strip_hop_by_hop(headers);
    for name in &ELSEWHERE {
        headers.remove(name);
    }
    cookies::to_browser(headers);
    location::rewrite(headers, origin, ports);
}

/// Asks for, or grants, a WebSocket on this hop.
pub(crate) fn set_upgrade(headers: &mut HeaderMap) {
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
}

fn strip_hop_by_hop(headers: &mut HeaderMap) {
    strip_named_by_connection(headers);
    for name in &HOP_BY_HOP {
        headers.remove(name);
    }
}

fn strip_named_by_connection(headers: &mut HeaderMap) {
    let mut named = Vec::new();
    for line in headers.get_all(header::CONNECTION) {
        for token in line.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii) {
            let is_plain = [&b"keep-alive"[..], b"close", b"upgrade"]
                .iter()
                .any(|known| token.eq_ignore_ascii_case(known));
            if !is_plain && let Ok(name) = HeaderName::from_bytes(token) {
                named.push(name);
            }
        }
    }
    for name in named.iter().filter(|name| !is_needed(name)) {
        headers.remove(name);
    }
}

/// A request may not use `Connection` to remove what the checks and rewriting rely on.
fn is_needed(name: &HeaderName) -> bool {
    [header::HOST, header::COOKIE, header::ORIGIN, header::CONTENT_LENGTH].contains(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> HeaderMap {
        let parse = |(name, value): &(&str, &str)| {
            (name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap())
        };
        pairs.iter().map(parse).collect()
    }

    fn check_request(pairs: &[(&str, &str)], wanted: &[(&str, &str)]) {
        let mut headers = map(pairs);
        to_upstream(&mut headers, &Origin::new("ws-a.localhost", 4000).unwrap());
        assert_eq!(headers.remove("x-forwarded-host").unwrap(), "ws-a.localhost:4000");
        assert_eq!(headers.remove("x-forwarded-proto").unwrap(), "http");
        assert_eq!(headers, map(wanted));
    }

    #[test]
    fn one_hop_headers_stay_on_their_hop() {
        check_request(
            &[
                ("host", "ws-a.localhost:4000"),
                ("connection", "keep-alive, X-Once, Host"),
                ("x-once", "1"),
                ("keep-alive", "timeout=5"),
                ("te", "trailers"),
                ("upgrade", "h2c"),
                ("expect", "100-continue"),
                ("accept", "*/*"),
            ],
            &[("host", "ws-a.localhost:4000"), ("accept", "*/*")],
        );
    }

    #[test]
    fn nobody_else_says_where_a_request_came_from() {
        check_request(
            &[
                ("host", "ws-a.localhost:4000"),
                ("x-forwarded-host", "evil.test"),
                ("x-forwarded-for", "1.2.3.4"),
                ("forwarded", "for=1.2.3.4"),
            ],
            &[("host", "ws-a.localhost:4000")],
        );
    }

    #[test]
    fn replies_do_not_send_the_browser_to_https() {
        let mut headers = map(&[
            ("strict-transport-security", "max-age=1"),
            ("alt-svc", "h3=\":443\""),
            ("location", "http://localhost:8080/"),
            ("connection", "close"),
        ]);
        let origin = Origin::new("ws-a.localhost", 4000).unwrap();
        to_browser(&mut headers, &origin, &[8080]);
        assert_eq!(headers, map(&[("location", "http://ws-a.localhost:4000/")]));
    }
}
