//! Redirects: those that lead back to the service stay inside its guarded origin, all others are left.

use crate::origin::Origin;

/// A `Location` as the browser gets it, when it names the service by another address than the
/// browser's. None: it stays as it is.
pub(crate) fn inside(location: &[u8], origin: &Origin, ports: &[u16]) -> Option<String> {
    let text = std::str::from_utf8(location).ok()?;
    let (default_port, rest) = without_scheme(text)?;
    let (authority, path) =
        rest.find(['/', '?', '#', '\\']).map_or((rest, ""), |at| rest.split_at(at));
    let (host, port) = host_and_port(authority, default_port)?;
    let is_inside = host.eq_ignore_ascii_case(&origin.host)
        || (is_this_computer(host) && ports.contains(&port));
    let slash = if path.starts_with('/') { "" } else { "/" };
    is_inside.then(|| format!("{}{slash}{path}", origin.text))
}

fn without_scheme(text: &str) -> Option<(u16, &str)> {
    [("http://", 80), ("https://", 443), ("//", 80)].into_iter().find_map(|(scheme, port)| {
        let (start, rest) = text.split_at_checked(scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then_some((port, rest))
    })
}

fn host_and_port(authority: &str, default_port: u16) -> Option<(&str, u16)> {
    if authority.contains('@') {
        return None;
    }
    match authority.rsplit_once(':') {
        Some((host, "")) => Some((host, default_port)),
        Some((host, port)) if !port.ends_with(']') => Some((host, port.parse().ok()?)),
        _ => Some((authority, default_port)),
    }
}

fn is_this_computer(host: &str) -> bool {
    ["localhost", "127.0.0.1", "0.0.0.0", "[::1]", "[::]"]
        .iter()
        .any(|known| host.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(location: &[u8]) -> Vec<u8> {
        let origin = Origin::new("ws-a.localhost", 4000);
        inside(location, &origin, &[8080, 80]).map_or_else(|| location.to_vec(), String::into_bytes)
    }

    #[test]
    fn redirects_to_the_service_stay_inside() {
        for (location, wanted) in [
            ("http://127.0.0.1:8080/login?to=%2F#a", "http://ws-a.localhost:4000/login?to=%2F#a"),
            ("https://ws-a.localhost:4000/x", "http://ws-a.localhost:4000/x"),
            ("http://ws-a.localhost/", "http://ws-a.localhost:4000/"),
            ("HTTP://LocalHost:8080", "http://ws-a.localhost:4000/"),
            ("//[::1]:8080?a", "http://ws-a.localhost:4000/?a"),
            ("http://localhost/", "http://ws-a.localhost:4000/"),
        ] {
            assert_eq!(
                String::from_utf8(check(location.as_bytes())).unwrap(),
                wanted,
                "{location}"
            );
        }
    }

    #[test]
    fn redirects_elsewhere_are_left() {
        for location in [
            "./login",
            "/a",
            "?b",
            "https://github.com/login",
            "http://127.0.0.1:9090/",
            "http://localhost.evil.test:8080/",
            "http://x@localhost:8080/",
            "https://localhost/",
            "http://localhost:99999/",
            "ftp://localhost:8080/",
            "",
        ] {
            assert_eq!(check(location.as_bytes()), location.as_bytes(), "{location}");
        }
    }

    proptest! {
        #[test]
        fn nothing_else_comes_out(
            location in "(http:|https:|)(//|/|)(localhost|ws-a.localhost|x|)(:8080|:1|:|)[ -~\u{e9}]{0,12}",
        ) {
            let out = check(location.as_bytes());
            prop_assert!(out == location.as_bytes() || out.starts_with(b"http://ws-a.localhost:4000/"));
        }

        #[test]
        fn bytes_do_no_harm(location in proptest::collection::vec(any::<u8>(), 0..80)) {
            check(&location);
        }
    }
}
