//! What all connections to one proxied service share.

use std::{
    fmt, io,
    sync::{Arc, atomic::AtomicU64},
};

use http::HeaderValue;

use crate::{
    Upstream,
    origin::Origin,
    pool::Pool,
    token::{Links, Token},
};

/// One proxied service.
pub(crate) struct Service {
    pub(crate) origin: Origin,
    pub(crate) label: String,
    pub(crate) session: Token,
    pub(crate) session_cookie: HeaderValue,
    pub(crate) links: Links,
    pub(crate) ports: Vec<u16>,
    pub(crate) pool: Arc<Pool>,
    pub(crate) requests: AtomicU64,
    pub(crate) open_connections: AtomicU64,
}

impl Service {
    /// Errors: when the system gives no randomness.
    pub(crate) fn new(
        upstream: Arc<dyn Upstream>,
        label: &str,
        origin: Origin,
    ) -> io::Result<Self> {
        let session = Token::random()?;
        let name = &origin.cookie_name;
        let cookie = format!("{name}={}; Path=/; HttpOnly; SameSite=Strict", session.reveal());
        let mut session_cookie = HeaderValue::from_str(&cookie).map_err(io::Error::other)?;
        session_cookie.set_sensitive(true);
        Ok(Self {
            session,
            session_cookie,
            origin,
            label: label.to_owned(),
            links: Links::default(),
            ports: upstream.ports(),
            pool: Arc::new(Pool::new(upstream)),
            requests: AtomicU64::default(),
            open_connections: AtomicU64::default(),
        })
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("origin", &self.origin.text).finish_non_exhaustive()
    }
}
