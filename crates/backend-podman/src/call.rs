//! Requests to libpod: method, path, body, how long they may take and how much they may carry.

use std::io;
use std::time::Duration;

use backend_api::BackendError;
use bytes::Bytes;
use futures::{Stream, TryStreamExt};
use http_body_util::{BodyExt, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::body::Frame;
use hyper::header::{CONNECTION, CONTENT_TYPE, HOST, UPGRADE};
use hyper::{Method, Request};
use serde::Serialize;

use crate::transport::Weight;

/// Everything libpod understands since 4.0; newer servers still answer to it.
const PREFIX: &str = "/v4.0.0/libpod";
/// Reads answer at once; the rest of the time is the network's.
pub(crate) const READ: Duration = Duration::from_secs(30);
/// Making, starting and stopping things takes as long as the server's disk needs.
pub(crate) const CHANGE: Duration = Duration::from_secs(120);
pub(crate) type Body = UnsyncBoxBody<Bytes, io::Error>;

/// A request: method, path below libpod's prefix, and a body with its type.
pub(crate) struct Call {
    method: Method,
    path: String,
    body: Option<(&'static str, Body)>,
    is_upgrade: bool,
    pub(crate) weight: Weight,
    pub(crate) deadline: Duration,
}

impl Call {
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path, READ)
    }

    pub(crate) fn head(path: impl Into<String>) -> Self {
        Self::new(Method::HEAD, path, READ)
    }

    pub(crate) fn post(path: impl Into<String>) -> Self {
        Self::new(Method::POST, path, CHANGE)
    }

    pub(crate) fn put(path: impl Into<String>) -> Self {
        Self::new(Method::PUT, path, CHANGE)
    }

    pub(crate) fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::DELETE, path, CHANGE)
    }

    fn new(method: Method, path: impl Into<String>, deadline: Duration) -> Self {
        Self {
            method,
            path: path.into(),
            body: None,
            is_upgrade: false,
            weight: Weight::Control,
            deadline,
        }
    }

    /// Sends `value` as JSON.
    pub(crate) fn json(mut self, value: &impl Serialize) -> Result<Self, BackendError> {
        let bytes = serde_json::to_vec(value)
            .map_err(|error| BackendError::protocol(format!("cannot write a request: {error}")))?;
        let body = Full::new(Bytes::from(bytes)).map_err(|never| match never {});
        self.body = Some(("application/json", body.boxed_unsync()));
        Ok(self)
    }

    /// Sends a tar archive.
    pub(crate) fn tar(
        mut self,
        bytes: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Self {
        let body = BodyExt::boxed_unsync(StreamBody::new(bytes.map_ok(Frame::data)));
        self.body = Some(("application/x-tar", body));
        self
    }

    /// Waits no longer than this for the answer.
    pub(crate) fn within(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Says that the answer may be large or read slowly.
    pub(crate) fn bulk(mut self) -> Self {
        self.weight = Weight::Bulk;
        self
    }

    /// The same question once more, where asking twice is the same as asking once and the answer is short.
    pub(crate) fn again(&self) -> Option<Self> {
        let is_read = self.method == Method::GET || self.method == Method::HEAD;
        let is_short = self.weight == Weight::Control && !self.is_upgrade;
        (is_read && is_short && self.body.is_none()).then(|| Self {
            method: self.method.clone(),
            path: self.path.clone(),
            body: None,
            ..*self
        })
    }

    pub(crate) fn upgraded(mut self) -> Self {
        self.is_upgrade = true;
        self
    }

    pub(crate) fn request(self) -> Result<Request<Body>, BackendError> {
        let mut request = Request::builder()
            .method(self.method)
            .uri(match self.path.strip_prefix('/') {
                Some(_) => self.path,
                None => format!("{PREFIX}/{}", self.path),
            })
            .header(HOST, "d");
        let empty = || Full::new(Bytes::new()).map_err(|never| match never {}).boxed_unsync();
        let body = match self.body {
            Some((kind, body)) => {
                request = request.header(CONTENT_TYPE, kind);
                body
            }
            None => empty(),
        };
        request = if self.is_upgrade {
            request.header(CONNECTION, "Upgrade").header(UPGRADE, "tcp")
        } else {
            request
        };
        request
            .body(body)
            .map_err(|error| BackendError::invalid(format!("cannot make a request: {error}")))
    }
}

/// Makes one segment of a path, or one value of a query.
pub(crate) fn escape(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
