//! Cookie names and attributes between a service that may think it is on https and a browser that
//! speaks plain http to a loopback origin.
//!
//! Browsers refuse `Secure`, the `__Host-` family and `SameSite=None` there, so names are mapped one to
//! one and attributes are dropped. Sessions of our own never cross in either direction.

use http::{HeaderMap, HeaderValue, header};

use crate::origin::is_own_cookie;

/// What the service calls a cookie's beginning, and what the browser gets to see. The last four
/// keep the mapping one to one for services that use our prefixes themselves.
const PREFIXES: [(&[u8], &[u8]); 7] = [
    (b"__Host-", b"mh_"),
    (b"__Secure-", b"ms_"),
    (b"__Http-", b"mt_"),
    (b"mh_", b"mm_mh_"),
    (b"ms_", b"mm_ms_"),
    (b"mt_", b"mm_mt_"),
    (b"mm_", b"mm_mm_"),
];

/// Whether one of the cookies carries this name and a value that `is_right` accepts.
pub(crate) fn has_session(
    headers: &HeaderMap,
    name: &str,
    is_right: impl Fn(&[u8]) -> bool,
) -> bool {
    headers.get_all(header::COOKIE).iter().flat_map(|line| pairs(line.as_bytes())).any(|pair| {
        split_name(pair).is_some_and(|(n, value)| n == name.as_bytes() && is_right(value))
    })
}

/// Turns the browser's cookies into the service's: own sessions removed, names mapped back.
pub(crate) fn to_upstream(headers: &mut HeaderMap) {
    let mut all = Vec::new();
    for line in headers.get_all(header::COOKIE) {
        for pair in pairs(line.as_bytes()) {
            push_upstream(&mut all, pair);
        }
    }
    match HeaderValue::from_maybe_shared(bytes::Bytes::from(all)) {
        Ok(value) if !value.is_empty() => drop(headers.insert(header::COOKIE, value)),
        _ => drop(headers.remove(header::COOKIE)),
    }
}

fn push_upstream(all: &mut Vec<u8>, pair: &[u8]) {
    let (name, rest) = name_and_rest(pair);
    if is_own_cookie(name) {
        return;
    }
    if !all.is_empty() {
        all.extend_from_slice(b"; ");
    }
    let (prefix, name) = swap(name, |(service, browser)| (browser, service));
    all.extend_from_slice(prefix);
    all.extend_from_slice(name);
    all.extend_from_slice(rest);
}

/// Turns the service's `Set-Cookie` lines into ones the browser keeps.
pub(crate) fn to_browser(headers: &mut HeaderMap) {
    let header::Entry::Occupied(entry) = headers.entry(header::SET_COOKIE) else { return };
    let (_, lines) = entry.remove_entry_mult();
    let rewritten: Vec<_> = lines.filter_map(|line| set_cookie(line.as_bytes())).collect();
    for line in rewritten {
        headers.append(header::SET_COOKIE, line);
    }
}

/// One `Set-Cookie` line as the browser gets it; None when it must not get it.
fn set_cookie(line: &[u8]) -> Option<HeaderValue> {
    let mut parts = line.split(|byte| *byte == b';');
    let (name, rest) = name_and_rest(parts.next()?.trim_ascii());
    if is_own_cookie(name) {
        return None;
    }
    let (prefix, name) = swap(name, |(service, browser)| (service, browser));
    let mut out = Vec::with_capacity(line.len() + 8);
    out.extend_from_slice(prefix);
    out.extend_from_slice(name);
    out.extend_from_slice(rest);
    for attribute in parts.filter_map(|part| attribute(part.trim_ascii())) {
        out.extend_from_slice(b"; ");
        out.extend_from_slice(attribute);
    }
    HeaderValue::from_maybe_shared(bytes::Bytes::from(out)).ok()
}

fn attribute(attribute: &[u8]) -> Option<&[u8]> {
    let (name, value) = split_name(attribute).unwrap_or((attribute, b""));
    let is = |wanted: &str| name.trim_ascii().eq_ignore_ascii_case(wanted.as_bytes());
    if name.is_empty() || is("domain") || is("secure") || is("partitioned") {
        return None;
    }
    if is("samesite") && value.trim_ascii().eq_ignore_ascii_case(b"none") {
        return Some(b"SameSite=Lax");
    }
    Some(attribute)
}

/// Replaces the known prefix of a name; no known prefix begins another. `direction` says which side of a pair to look for.
fn swap(
    name: &[u8],
    direction: impl Fn((&'static [u8], &'static [u8])) -> (&'static [u8], &'static [u8]),
) -> (&'static [u8], &[u8]) {
    PREFIXES
        .into_iter()
        .map(direction)
        .find_map(|(from, to)| name.strip_prefix(from).map(|rest| (to, rest)))
        .unwrap_or((b"", name))
}

fn pairs(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| *byte == b';').map(<[u8]>::trim_ascii).filter(|pair| !pair.is_empty())
}

fn split_name(pair: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = pair.iter().position(|byte| *byte == b'=')?;
    let (name, rest) = pair.split_at_checked(at)?;
    Some((name, rest.get(1..)?))
}

/// The trimmed name, and everything from the equals sign on. A pair without one is all value.
fn name_and_rest(pair: &[u8]) -> (&[u8], &[u8]) {
    match pair.iter().position(|byte| *byte == b'=').and_then(|at| pair.split_at_checked(at)) {
        Some((name, rest)) => (name.trim_ascii(), rest),
        None => (b"", pair),
    }
}

#[cfg(test)]
#[path = "cookies_tests.rs"]
mod tests;
