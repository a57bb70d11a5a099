//! Requests: method, path, headers, a whole body, how long they may take and how much may come back.

use std::time::Duration;

use backend_api::BackendError;
use base64::Engine;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use model::Secret;
use serde::Serialize;

const DEADLINE: Duration = Duration::from_secs(30);
const MOST: usize = 16 * 1024 * 1024;

/// What proves who asks. Its value is never logged.
#[derive(Debug, Clone)]
pub struct Authorization(HeaderValue);

impl Authorization {
    /// `Basic` with a name and a password. None when they cannot be sent.
    #[must_use]
    pub fn basic(user: &str, password: &Secret<String>) -> Option<Self> {
        let pair = Secret::new(format!("{user}:{}", password.expose()));
        let text = base64::engine::general_purpose::STANDARD.encode(pair.expose().as_bytes());
        Self::sensitive(&Secret::new(format!("Basic {text}")))
    }

    /// `Bearer` with a token. None when it cannot be sent.
    #[must_use]
    pub fn bearer(token: &Secret<String>) -> Option<Self> {
        Self::sensitive(&Secret::new(format!("Bearer {}", token.expose())))
    }

    fn sensitive(text: &Secret<String>) -> Option<Self> {
        let mut value = HeaderValue::from_str(text.expose()).ok()?;
        value.set_sensitive(true);
        Some(Self(value))
    }
}

/// One request. Its path is below the server's URL and already escaped.
#[derive(Debug, Clone)]
pub struct Call {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) deadline: Duration,
    pub(crate) most: usize,
    pub(crate) is_bulk: bool,
}

impl Call {
    /// A request without a body, which may take 30 seconds and bring 16 MiB.
    #[must_use]
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            deadline: DEADLINE,
            most: MOST,
            is_bulk: false,
        }
    }

    #[must_use]
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    #[must_use]
    pub fn post(path: impl Into<String>) -> Self {
        Self::new(Method::POST, path)
    }

    #[must_use]
    pub fn put(path: impl Into<String>) -> Self {
        Self::new(Method::PUT, path)
    }

    #[must_use]
    pub fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::DELETE, path)
    }

    /// Sends `value` as JSON.
    ///
    /// # Errors
    /// `Protocol` when it cannot be written as JSON.
    pub fn json(self, value: &impl Serialize) -> Result<Self, BackendError> {
        let bytes = serde_json::to_vec(value)
            .map_err(|error| BackendError::protocol(format!("cannot write a request: {error}")))?;
        Ok(self.body("application/json", bytes))
    }

    /// Sends bytes of a kind, which is a constant of the caller's.
    #[must_use]
    pub fn body(mut self, kind: &'static str, bytes: impl Into<Bytes>) -> Self {
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        self.body = bytes.into();
        self
    }

    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Says who asks; nobody where there is none.
    #[must_use]
    pub fn authorized(mut self, authorization: Option<&Authorization>) -> Self {
        if let Some(Authorization(value)) = authorization {
            self.headers.insert(AUTHORIZATION, value.clone());
        }
        self
    }

    /// Waits no longer than this: for the whole answer, or of one that goes on for its beginning.
    #[must_use]
    pub fn within(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Takes a longer answer, in bytes.
    #[must_use]
    pub fn at_most(mut self, bytes: usize) -> Self {
        self.most = bytes;
        self
    }

    /// Says that the answer may be large or read slowly.
    #[must_use]
    pub fn bulk(mut self) -> Self {
        self.is_bulk = true;
        self
    }

    /// The length is always told: a server may take a request without one as an empty one.
    pub(crate) fn request_headers(&self) -> HeaderMap {
        let mut headers = self.headers.clone();
        if self.method != Method::GET || !self.body.is_empty() {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(self.body.len()));
        }
        headers
    }
}
