//! The checks at the door. Pure: a request's head goes in, what may happen to it comes out.

use crate::{
    cookies,
    head::{Fields, RequestHead},
    origin::Origin,
    token::Token,
};

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
pub(crate) fn judge(head: RequestHead<'_>, origin: &Origin, session: &Token) -> Verdict {
    match check(head, origin, session) {
        Ok(verdict) => verdict,
        Err(refusal) => Verdict::Refuse(refusal),
    }
}

fn check(head: RequestHead<'_>, origin: &Origin, session: &Token) -> Result<Verdict, Refusal> {
    let fields = head.fields;
    if !is_host(head, origin) {
        return Err(Refusal::WrongHost);
    }
    if matches!(head.method, "CONNECT" | "TRACE") {
        return Err(Refusal::Method);
    }
    if path(head).starts_with(OWN_PATHS) {
        return enter(head);
    }
    let is_foreign = !matches!(fetch_site(fields), None | Some(b"same-origin" | b"none"));
    if is_foreign {
        return Err(Refusal::ForeignPage);
    }
    if !cookies::has_session(fields, &origin.cookie_name, |value| session.matches(value)) {
        return Err(Refusal::NoSession);
    }
    let mut origins = fields.all("origin");
    let first = origins.next();
    let is_exact = |value: &[u8]| value == origin.text.as_bytes();
    if is_web_socket(fields) {
        let is_own_page = first.is_some_and(is_exact) && origins.next().is_none();
        return if is_own_page { Ok(Verdict::Upgrade) } else { Err(Refusal::ForeignPage) };
    }
    let is_foreign = !first.is_none_or(is_exact) || !origins.all(is_exact);
    if is_foreign && !head.is_safe() {
        return Err(Refusal::ForeignPage);
    }
    Ok(Verdict::Pass)
}

/// Exactly one `Host`, exactly ours; and a target in absolute form must agree.
fn is_host(head: RequestHead<'_>, origin: &Origin) -> bool {
    let mut hosts = head.fields.all("host");
    hosts.next() == Some(origin.authority.as_bytes())
        && hosts.next().is_none()
        && head.absolute().is_none_or(|(named, _)| named == origin.authority)
        && (head.absolute().is_some() || head.target.starts_with('/') || head.target == "*")
}

/// A link may be followed from anywhere, but only as a page of its own: never as a frame, an image or a
/// script of another page.
fn enter(head: RequestHead<'_>) -> Result<Verdict, Refusal> {
    if path(head) != LINK_PATH {
        return Err(Refusal::NoSuchPage);
    }
    if head.method != "GET" {
        return Err(Refusal::Method);
    }
    let fields = head.fields;
    let is_from_elsewhere = !matches!(fetch_site(fields), None | Some(b"none" | b"same-origin"));
    let is_page = fields.first("sec-fetch-mode").is_none_or(|mode| mode == b"navigate")
        && fields.first("sec-fetch-dest").is_none_or(|dest| dest == b"document");
    if is_page { Ok(Verdict::Enter { is_from_elsewhere }) } else { Err(Refusal::ForeignPage) }
}

fn fetch_site(fields: Fields<'_>) -> Option<&[u8]> {
    fields.first("sec-fetch-site")
}

fn path(head: RequestHead<'_>) -> &str {
    let target = head.path_and_query();
    target.split_once('?').map_or(target, |(path, _)| path)
}

/// Whether the browser asks for a WebSocket.
fn is_web_socket(fields: Fields<'_>) -> bool {
    fields.first("upgrade").is_some_and(|value| value.eq_ignore_ascii_case(b"websocket"))
}

/// The token that a link's query carries.
pub(crate) fn offered_token(head: RequestHead<'_>) -> &[u8] {
    let query = head.path_and_query().split_once('?').map(|(_, query)| query);
    query
        .and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("token=")))
        .unwrap_or_default()
        .as_bytes()
}

#[cfg(test)]
#[path = "guard_tests.rs"]
mod tests;
