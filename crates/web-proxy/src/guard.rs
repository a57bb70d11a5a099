//! The checks at the door. Pure: a request's head goes in, what may happen to it comes out.

use http::{HeaderMap, Method, Request, Uri, header};

use crate::{cookies, origin::Origin, token::Token};

/// Where one-time links lead. Nothing below this path ever reaches a service.
pub(crate) const LINK_PATH: &str = "/.moorline/open";
const OWN_PATHS: &str = "/.moorline/";

/// What may happen to a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It goes to the service.
    Pass,
    /// It goes to the service and may become a WebSocket.
    Upgrade,
    /// It offers a one-time link's token, from a page elsewhere when `is_from_elsewhere`.
    Enter { is_from_elsewhere: bool },
    /// It goes nowhere.
    Refuse(Refusal),
}

/// Why a request goes nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The Host is not this origin: a stale address, or a name that was made to point here.
    WrongHost,
    /// No session cookie.
    NoSession,
    /// The one-time link was used or has ended.
    LinkEnded,
    /// A page of another origin asked.
    ForeignPage,
    /// A method that no page needs.
    Method,
    /// A path that is ours and does not exist.
    NoSuchPage,
}

/// Judges a request.
pub(crate) fn judge<B>(request: &Request<B>, origin: &Origin, session: &Token) -> Verdict {
    match check(request, origin, session) {
        Ok(verdict) => verdict,
        Err(refusal) => Verdict::Refuse(refusal),
    }
}

fn check<B>(request: &Request<B>, origin: &Origin, session: &Token) -> Result<Verdict, Refusal> {
    let headers = request.headers();
    if !is_host(headers, request.uri(), origin) {
        return Err(Refusal::WrongHost);
    }
    let is_refused = *request.method() == Method::CONNECT || *request.method() == Method::TRACE;
    if is_refused {
        return Err(Refusal::Method);
    }
    if request.uri().path().starts_with(OWN_PATHS) {
        return enter(request);
    }
    let is_foreign = !matches!(fetch_site(headers), None | Some(b"same-origin" | b"none"));
    if is_foreign {
        return Err(Refusal::ForeignPage);
    }
    if !cookies::has_session(headers, &origin.cookie_name, |value| session.matches(value)) {
        return Err(Refusal::NoSession);
    }
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let first = origins.next();
    let is_exact = |value: &http::HeaderValue| value.as_bytes() == origin.text.as_bytes();
    if is_web_socket(headers) {
        let is_own_page = first.is_some_and(is_exact) && origins.next().is_none();
        return if is_own_page { Ok(Verdict::Upgrade) } else { Err(Refusal::ForeignPage) };
    }
    let is_foreign = !first.is_none_or(is_exact) || !origins.all(is_exact);
    if is_foreign && !request.method().is_safe() {
        return Err(Refusal::ForeignPage);
    }
    Ok(Verdict::Pass)
}

/// Exactly one `Host`, exactly ours; and a target in absolute form must agree.
fn is_host(headers: &HeaderMap, uri: &Uri, origin: &Origin) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    hosts.next() == Some(&origin.authority)
        && hosts.next().is_none()
        && uri
            .authority()
            .is_none_or(|named| named.as_str().as_bytes() == origin.authority.as_bytes())
}

/// A link may be followed from anywhere, but only as a page of its own: never as a frame, an image or a
/// script of another page.
fn enter<B>(request: &Request<B>) -> Result<Verdict, Refusal> {
    if request.uri().path() != LINK_PATH {
        return Err(Refusal::NoSuchPage);
    }
    if *request.method() != Method::GET {
        return Err(Refusal::Method);
    }
    let headers = request.headers();
    let is_from_elsewhere = !matches!(fetch_site(headers), None | Some(b"none" | b"same-origin"));
    let is_page = headers.get("sec-fetch-mode").is_none_or(|mode| mode == "navigate")
        && headers.get("sec-fetch-dest").is_none_or(|dest| dest == "document");
    if is_page { Ok(Verdict::Enter { is_from_elsewhere }) } else { Err(Refusal::ForeignPage) }
}

fn fetch_site(headers: &HeaderMap) -> Option<&[u8]> {
    headers.get("sec-fetch-site").map(http::HeaderValue::as_bytes)
}

/// Whether the browser asks for a WebSocket.
pub(crate) fn is_web_socket(headers: &HeaderMap) -> bool {
    headers
        .get(header::UPGRADE)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// The token that a link's query carries.
pub(crate) fn offered_token(uri: &Uri) -> &[u8] {
    uri.query()
        .and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("token=")))
        .unwrap_or_default()
        .as_bytes()
}

#[cfg(test)]
#[path = "guard_tests.rs"]
mod tests;
