//! Podman's way to name a server: `ssh://user@host:port/path/of/the.sock`.

/// A server by SSH.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Uri {
    pub(super) user: Option<String>,
    /// Whether a password stands in it.
    pub(super) has_password: bool,
    pub(super) host: String,
    pub(super) port: Option<u16>,
    /// Absolute; none means that Podman finds it.
    pub(super) socket: Option<String>,
}

/// Reads the address of a server.
///
/// # Errors
/// Why it is no server that can be reached by SSH, without a full stop.
pub(super) fn read(text: &str) -> Result<Uri, String> {
    let Some(rest) = text.strip_prefix("ssh://") else {
        return Err(match text.split_once("://").map(|(scheme, _)| scheme) {
            Some("unix" | "npipe") => {
                "it is Podman on this computer, which Moorline does not drive: what runs there could reach your own files".into()
            }
            Some("tcp") => {
                "it is reached by TCP without a login, which Moorline does not do; the same server by SSH will do".into()
            }
            _ => "its address is not of the form ssh://user@host/path".into(),
        });
    };
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let (login, place) = match authority.rsplit_once('@') {
        Some((login, place)) => (Some(login), place),
        None => (None, authority),
    };
    let (host, port) = place_of(place).ok_or("its address names no host and port")?;
    let (user, has_password) = match login.map(|login| login.split_once(':').ok_or(login)) {
        None => (None, false),
        Some(Ok((user, _))) => (Some(user), true),
        Some(Err(user)) => (Some(user), false),
    };
    Ok(Uri {
        user: user.filter(|user| !user.is_empty()).map(decoded),
        has_password,
        host,
        port,
        socket: Some(decoded(path)).filter(|path| path.len() > 1),
    })
}

/// `host`, `host:port`, `[IPv6]`, `[IPv6]:port` or an IPv6 address.
pub(super) fn place_of(text: &str) -> Option<(String, Option<u16>)> {
    let port = |text: &str| text.parse::<u16>().ok().filter(|port| *port > 0);
    let (host, port) = if let Some(rest) = text.strip_prefix('[') {
        let (host, after) = rest.split_once(']')?;
        match after.strip_prefix(':') {
            Some(digits) => (host, Some(port(digits)?)),
            None if after.is_empty() => (host, None),
            None => return None,
        }
    } else if text.matches(':').count() == 1 {
        let (host, digits) = text.split_once(':')?;
        (host, Some(port(digits)?))
    } else {
        (text, None)
    };
    let is_fine = !host.is_empty()
        && !host.starts_with('-')
        && !host.contains(|c: char| c.is_whitespace() || c.is_control() || c == '@' || c == '/');
    is_fine.then(|| (host.to_owned(), port))
}

/// `%2F` and the like; what is not of that form stays.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| *first == b'%');
        let hex = hex.and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
