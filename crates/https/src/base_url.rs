//! The URL of a server: scheme, host, port and what comes before every path.

use http::Uri;
use http::uri::Scheme;

/// The URL that every path of a server begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    is_tls: bool,
    /// Without brackets.
    host: String,
    port: u16,
    /// Empty, or a path that begins with a slash and does not end with one.
    prefix: String,
}

impl BaseUrl {
    /// Reads `https://host`, `https://host:port/prefix` or the same with `http`. Without a port it is
    /// `default_port`, or the scheme's own.
    ///
    /// # Errors
    /// A sentence that says what would do.
    pub fn parse(text: &str, default_port: Option<u16>) -> Result<Self, String> {
        let text = text.trim();
        let wrong = || format!("\"{text}\" is not a URL such as https://lab.example.org:8090");
        if text.contains('@') {
            return Err(
                "a name or password does not belong into the URL: there are fields for both".into(),
            );
        }
        let uri: Uri = text.parse().map_err(|_| wrong())?;
        let is_tls = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => true,
            Some(scheme) if *scheme == Scheme::HTTP => false,
            _ => return Err(wrong()),
        };
        if uri.query().is_some() || text.contains('#') {
            return Err("the URL of a server has neither a question mark nor a hash sign".into());
        }
        let host = uri.host().and_then(plain_host).ok_or_else(wrong)?;
        let port = match uri.port() {
            Some(port) => Some(port.as_u16()).filter(|port| *port > 0).ok_or_else(wrong)?,
            None if text.trim_end_matches('/').ends_with(':') => return Err(wrong()),
            None => default_port.unwrap_or(if is_tls { 443 } else { 80 }),
        };
        let prefix = uri.path().trim_end_matches('/').to_owned();
        Ok(Self { is_tls, host: host.to_ascii_lowercase(), port, prefix })
    }

    /// True for `https`.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.is_tls
    }

    /// A name, or an address without brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// True when the host is the machine that the stream ends on.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let address = self.host.parse::<std::net::IpAddr>();
        self.host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    }

    /// What goes into a `Host` header.
    #[must_use]
    pub fn authority(&self) -> String {
        let default = if self.is_tls { 443 } else { 80 };
        match (self.host.contains(':'), self.port == default) {
            (true, true) => format!("[{}]", self.host),
            (true, false) => format!("[{}]:{}", self.host, self.port),
            (false, true) => self.host.clone(),
            (false, false) => format!("{}:{}", self.host, self.port),
        }
    }

    /// The path and query of a request below this URL.
    #[must_use]
    pub fn path(&self, below: &str) -> String {
        format!("{}/{}", self.prefix, below.trim_start_matches('/'))
    }
}

/// A name or an address without brackets; none for what can be neither.
fn plain_host(host: &str) -> Option<&str> {
    if let Some(inner) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return inner.parse::<std::net::Ipv6Addr>().is_ok().then_some(inner);
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    (!host.is_empty() && host.chars().all(is_plain)).then_some(host)
}

impl std::fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scheme = if self.is_tls { "https" } else { "http" };
        write!(f, "{scheme}://{}{}", self.authority(), self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::BaseUrl;

    #[test]
    fn what_people_type_is_read() {
        for (text, shown, path) in [
            ("https://lab", "https://lab:8090", "/healthz"),
            ("https://lab/", "https://lab:8090", "/healthz"),
            ("http://LAB:80", "http://lab", "/healthz"),
            (" https://10.0.0.1:8090/netlab/ ", "https://10.0.0.1:8090/netlab", "/netlab/healthz"),
            ("https://[fd00::1]:443", "https://[fd00::1]", "/healthz"),
        ] {
            let url = BaseUrl::parse(text, Some(8090)).unwrap();
            assert_eq!(url.to_string(), shown);
            assert_eq!(url.path("/healthz"), path);
        }
        assert_eq!(BaseUrl::parse("https://lab", None).unwrap().port(), 443);
        assert!(BaseUrl::parse("http://[::1]", None).unwrap().is_loopback());
        assert!(!BaseUrl::parse("http://lab", None).unwrap().is_loopback());
    }

    #[test]
    fn what_is_no_server_is_refused() {
        for text in [
            "",
            "lab",
            "lab:8090",
            "ftp://lab",
            "https://",
            "https://lab:0",
            "https://lab:",
            "https://u:p@lab",
            "https://lab?x=1",
            "https://lab/#x",
            "https://la b",
        ] {
            assert!(BaseUrl::parse(text, None).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_as_the_same(text in "https?://[a-z0-9.\\-\\[\\]:]{1,20}(/[a-z/]{0,8})?") {
            if let Ok(url) = BaseUrl::parse(&text, None) {
                prop_assert_eq!(BaseUrl::parse(&url.to_string(), None), Ok(url));
            }
        }
    }
}
