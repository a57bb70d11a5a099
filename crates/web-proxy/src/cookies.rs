//! Cookie names and attributes between a service that may think it is on https and a browser that
//! speaks plain http to a loopback origin.
//!
//! Browsers refuse `Secure`, the `__Host-` family and `SameSite=None` there, so names are mapped one to
//! one and attributes are dropped. Sessions of our own never cross in either direction.

use crate::{head::Fields, origin::is_own_cookie};

const NAME: &[u8] = b"Cookie: ";

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
    fields: Fields<'_>,
    name: &str,
    is_right: impl Fn(&[u8]) -> bool,
) -> bool {
    fields.all("cookie").flat_map(pairs).any(|pair| {
        split_name(pair).is_some_and(|(n, value)| n == name.as_bytes() && is_right(value))
    })
}

/// Writes the browser's cookies as the service's, in one line: own sessions removed, names mapped back.
pub(crate) fn to_upstream(fields: Fields<'_>, out: &mut Vec<u8>) {
    let start = out.len();
    out.extend_from_slice(NAME);
    let empty = out.len();
    for pair in fields.all("cookie").flat_map(pairs) {
        push_upstream(out, empty, pair);
    }
    if out.len() == empty {
        out.truncate(start);
    } else {
        out.extend_from_slice(b"\r\n");
    }
}

fn push_upstream(all: &mut Vec<u8>, empty: usize, pair: &[u8]) {
    let (name, rest) = name_and_rest(pair);
    if is_own_cookie(name) {
        return;
    }
    if all.len() > empty {
        all.extend_from_slice(b"; ");
    }
    let (prefix, name) = swap(name, |(service, browser)| (browser, service));
    all.extend_from_slice(prefix);
    all.extend_from_slice(name);
    all.extend_from_slice(rest);
}

/// Writes one value of `Set-Cookie` as a line the browser keeps. False: it must not get it.
pub(crate) fn to_browser(line: &[u8], out: &mut Vec<u8>) -> bool {
    let mut parts = line.split(|byte| *byte == b';');
    let Some(first) = parts.next() else { return false };
    let (name, rest) = name_and_rest(first.trim_ascii());
    if is_own_cookie(name) {
        return false;
    }
    let (prefix, name) = swap(name, |(service, browser)| (service, browser));
    for piece in [prefix, name, rest] {
        out.extend_from_slice(piece);
    }
    for attribute in parts.filter_map(|part| attribute(part.trim_ascii())) {
        out.extend_from_slice(b"; ");
        out.extend_from_slice(attribute);
    }
    true
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
