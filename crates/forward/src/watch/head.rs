//! Heads of requests and answers, as far as the watch needs them.

use httparse::{EMPTY_HEADER, Header, Status};

use super::body::Body;

const HEADERS: usize = 128;
const LONGEST_PATH: usize = 200;
const LONGEST_METHOD: usize = 24;

/// A head that can be read.
pub(super) trait Head: Sized {
    /// False as soon as these bytes cannot begin such a head.
    fn may_begin(bytes: &[u8]) -> bool;

    /// Reads a whole head.
    fn read(bytes: &[u8]) -> Option<Self>;
}

/// A request.
pub(super) struct Request {
    pub(super) method: String,
    /// Without the query and at most 200 characters.
    pub(super) path: String,
    pub(super) body: Body,
}

/// An answer.
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) body: Body,
}

impl Head for Request {
    fn may_begin(bytes: &[u8]) -> bool {
        let method = bytes.split(|byte| *byte == b' ').next().unwrap_or_default();
        method.len() <= LONGEST_METHOD
            && method
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_!#$%&'*+.^`|~".contains(byte))
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut headers = [EMPTY_HEADER; HEADERS];
        let mut request = httparse::Request::new(&mut headers);
        if !matches!(request.parse(bytes), Ok(Status::Complete(_))) {
            return None;
        }
        Some(Self {
            method: request.method?.to_owned(),
            path: shown(request.path?),
            body: framing(request.headers, Body::none())?,
        })
    }
}

impl Head for Response {
    fn may_begin(bytes: &[u8]) -> bool {
        bytes.iter().zip(b"HTTP/1.").all(|(one, other)| one == other)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut headers = [EMPTY_HEADER; HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        if !matches!(response.parse(bytes), Ok(Status::Complete(_))) {
            return None;
        }
        Some(Self {
            status: response.code?,
            body: framing(response.headers, Body::until_the_end())?,
        })
    }
}

/// Queries, fragments and user names in addresses may hold secrets.
fn shown(target: &str) -> String {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let path = match path.split_once("://") {
        Some((scheme, rest)) => {
            let end = rest.find('/').unwrap_or(rest.len());
            let (authority, path) = rest.split_at(end);
            let host = authority.rsplit('@').next().unwrap_or_default();
            format!("{scheme}://{host}{path}")
        }
        None => path.to_owned(),
    };
    path.chars().take(LONGEST_PATH).collect()
}

/// How long the body is (RFC 9112 section 6). None when it cannot be known, so that nothing is guessed.
fn framing(headers: &[Header<'_>], otherwise: Body) -> Option<Body> {
    if let Some(encoding) = named(headers, "transfer-encoding").last() {
        let last = encoding.value.rsplit(|byte| *byte == b',').next()?.trim_ascii();
        return last.eq_ignore_ascii_case(b"chunked").then(Body::chunked);
    }
    let mut lengths = named(headers, "content-length").map(|header| {
        let text = std::str::from_utf8(header.value.trim_ascii()).ok()?;
        text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
    });
    match lengths.next() {
        None => Some(otherwise),
        Some(first) => {
            let is_one = lengths.all(|length| length == first);
            is_one.then_some(Body::of_length(first?))
        }
    }
}

fn named<'a, 'h>(
    headers: &'a [Header<'h>],
    name: &'static str,
) -> impl Iterator<Item = &'a Header<'h>> {
    headers.iter().filter(move |header| header.name.eq_ignore_ascii_case(name))
}
