//! The address of one proxied service as a browser sees it.

use std::io;

const RANDOM_LENGTH: usize = 20;

/// Scheme, host and port of a guarded origin, in the forms the checks compare with.
#[derive(Debug)]
pub(crate) struct Origin {
    /// Host and port, exactly as a browser sends it in `Host`.
    pub(crate) authority: String,
    /// `http://` and the authority, exactly as a browser sends it in `Origin`.
    pub(crate) text: String,
    /// The host alone.
    pub(crate) host: String,
    /// The session cookie. It carries the port, because cookies do not keep ports apart.
    pub(crate) cookie_name: String,
}

impl Origin {
    /// An origin for a listener on this port.
    pub(crate) fn new(host: &str, port: u16) -> Self {
        let authority = format!("{host}:{port}");
        Self {
            text: format!("http://{authority}"),
            authority,
            host: host.to_owned(),
            cookie_name: format!("{COOKIE_PREFIX}{port}"),
        }
    }
}

const COOKIE_PREFIX: &str = "moorline_";

/// Whether a cookie of this name is a session of some proxy of ours, so that no service may see or set it.
pub(crate) fn is_own_cookie(name: &[u8]) -> bool {
    name.strip_prefix(COOKIE_PREFIX.as_bytes())
        .is_some_and(|port| !port.is_empty() && port.iter().all(u8::is_ascii_digit))
}

/// A host name nobody else uses: 100 random bits below `localhost`, which browsers keep on this
/// computer and treat as a secure context.
///
/// Errors: when the system gives no randomness.
pub(crate) fn random_host() -> io::Result<String> {
    let mut random = [0_u8; RANDOM_LENGTH];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    let letters = random.iter().map(|byte| match byte & 31 {
        value @ 0..26 => char::from(b'a' + value),
        value => char::from(b'2' + (value - 26)),
    });
    Ok(format!("ws-{}.localhost", letters.collect::<String>()))
}

/// The host to use on this computer: the random one where names below `localhost` resolve, else
/// `localhost` itself. Browsers on Linux and Windows resolve such names themselves; macOS leaves it to
/// the system, which can do so from version 26 on.
pub(crate) async fn usable_host() -> io::Result<String> {
    let host = random_host()?;
    if cfg!(target_os = "macos") && tokio::net::lookup_host((host.as_str(), 80)).await.is_err() {
        return Ok("localhost".to_owned());
    }
    Ok(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_long_random_and_plain() {
        let (one, other) = (random_host().unwrap(), random_host().unwrap());
        assert_ne!(one, other);
        let random = one.strip_prefix("ws-").unwrap().strip_suffix(".localhost").unwrap();
        assert_eq!(random.len(), RANDOM_LENGTH);
        assert!(random.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()), "{random}");
    }

    #[test]
    fn own_cookies_are_told_by_name() {
        assert!(is_own_cookie(b"moorline_8080"));
        for name in ["moorline_", "moorline_x", "moorline", "MOORLINE_80", "xmoorline_80"] {
            assert!(!is_own_cookie(name.as_bytes()), "{name}");
        }
    }
}
