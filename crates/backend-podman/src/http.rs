//! HTTP/1.1 to libpod: one connection per request or stream, closed when its owner is dropped.
//!
//! Deliberately not here: what libpod's answers mean; see `error` and `wire`.

use std::time::Duration;

use backend_api::{BackendError, Cx};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::header::{CONNECTION, CONTENT_TYPE, HOST, UPGRADE};
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;

use crate::transport::{Transport, Weight};

/// Everything libpod understands since 4.0; newer servers still answer to it.
const PREFIX: &str = "/v4.0.0/libpod";
/// Reads answer at once; the rest of the time is the network's.
pub(crate) const READ: Duration = Duration::from_secs(30);
/// Making, starting and stopping things takes as long as the server's disk needs.
pub(crate) const CHANGE: Duration = Duration::from_secs(120);
/// An answer that is no stream: thousands of containers fit.
const MAX_BODY: usize = 64 * 1024 * 1024;

/// A libpod server and the way to it.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    /// The connection's name, for messages.
    pub(crate) server: String,
    pub(crate) transport: Transport,
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// An answer that goes on; dropping it closes its connection.
pub(crate) struct Streaming {
    pub(crate) body: Incoming,
    _task: AbortOnDropHandle<()>,
}

/// A stream both ways after an upgrade; dropping it closes its connection.
pub(crate) struct Raw {
    pub(crate) io: TokioIo<hyper::upgrade::Upgraded>,
    pub(crate) task: AbortOnDropHandle<()>,
}

/// A request: method, path below libpod's prefix, JSON body.
pub(crate) struct Call {
    method: Method,
    path: String,
    body: Option<Bytes>,
    is_upgrade: bool,
    weight: Weight,
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
        self.body = Some(Bytes::from(bytes));
        Ok(self)
    }

    /// Says that the answer may be large or read slowly.
    pub(crate) fn bulk(mut self) -> Self {
        self.weight = Weight::Bulk;
        self
    }

    fn upgraded(mut self) -> Self {
        self.is_upgrade = true;
        self
    }

    fn request(self) -> Result<Request<Full<Bytes>>, BackendError> {
        let mut request = Request::builder()
            .method(self.method)
            .uri(format!("{PREFIX}/{}", self.path))
            .header(HOST, "d");
        if self.body.is_some() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        request = if self.is_upgrade {
            request.header(CONNECTION, "Upgrade").header(UPGRADE, "tcp")
        } else {
            request
        };
        request
            .body(Full::new(self.body.unwrap_or_default()))
            .map_err(|error| BackendError::invalid(format!("cannot make a request: {error}")))
    }
}

impl Client {
    /// Sends a request and reads the whole answer, whatever its status.
    pub(crate) async fn send(&self, call: Call, cx: &Cx) -> Result<Reply, BackendError> {
        let deadline = call.deadline;
        let work = async {
            let (response, _task) = self.exchange(call, cx).await?;
            let (parts, body) = response.into_parts();
            let body = self.read_body(body).await?;
            Ok(Reply { status: parts.status, headers: parts.headers, body })
        };
        self.within(deadline, work, cx).await
    }

    /// Sends a request whose answer goes on; a status other than 200 comes back as a whole reply.
    pub(crate) async fn stream(
        &self,
        call: Call,
        cx: &Cx,
    ) -> Result<Result<Streaming, Reply>, BackendError> {
        let deadline = call.deadline;
        self.within(deadline, self.begin_stream(call, cx), cx).await
    }

    /// The same for an answer that begins only when there is something to say; ends with `cx`.
    pub(crate) async fn stream_later(
        &self,
        call: Call,
        cx: &Cx,
    ) -> Result<Result<Streaming, Reply>, BackendError> {
        cx.until_cancelled(self.begin_stream(call, cx)).await
    }

    async fn begin_stream(
        &self,
        call: Call,
        cx: &Cx,
    ) -> Result<Result<Streaming, Reply>, BackendError> {
        let (response, task) = self.exchange(call, cx).await?;
        let (parts, body) = response.into_parts();
        if parts.status == StatusCode::OK {
            return Ok(Ok(Streaming { body, _task: task }));
        }
        let body = self.read_body(body).await?;
        Ok(Err(Reply { status: parts.status, headers: parts.headers, body }))
    }

    /// Sends a request that turns its connection into a stream both ways.
    pub(crate) async fn upgrade(
        &self,
        call: Call,
        cx: &Cx,
    ) -> Result<Result<Raw, Reply>, BackendError> {
        let deadline = call.deadline;
        let work = async {
            let (response, task) = self.exchange(call.upgraded(), cx).await?;
            if response.status() == StatusCode::SWITCHING_PROTOCOLS {
                let upgraded =
                    hyper::upgrade::on(response).await.map_err(|error| self.broken(&error))?;
                return Ok(Ok(Raw { io: TokioIo::new(upgraded), task }));
            }
            let (parts, body) = response.into_parts();
            let body = self.read_body(body).await?;
            Ok(Err(Reply { status: parts.status, headers: parts.headers, body }))
        };
        self.within(deadline, work, cx).await
    }

    async fn exchange(
        &self,
        call: Call,
        cx: &Cx,
    ) -> Result<(Response<Incoming>, AbortOnDropHandle<()>), BackendError> {
        let weight = call.weight;
        let request = call.request()?;
        let stream = self.transport.open(weight, cx).await?;
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(|error| self.broken(&error))?;
        let task = AbortOnDropHandle::new(tokio::spawn(async move {
            if let Err(error) = connection.with_upgrades().await {
                tracing::debug!(%error, "a connection to libpod ended");
            }
        }));
        let response = sender.send_request(request).await.map_err(|error| self.broken(&error))?;
        Ok((response, task))
    }

    async fn read_body(&self, body: Incoming) -> Result<Bytes, BackendError> {
        match Limited::new(body, MAX_BODY).collect().await {
            Ok(collected) => Ok(collected.to_bytes()),
            Err(error) => Err(self.lost(&error.to_string())),
        }
    }

    async fn within<T: Send>(
        &self,
        deadline: Duration,
        work: impl Future<Output = Result<T, BackendError>> + Send,
        cx: &Cx,
    ) -> Result<T, BackendError> {
        cx.until_cancelled(async {
            timeout(deadline, work).await.unwrap_or_else(|_| {
                Err(BackendError::unreachable(format!(
                    "Podman on \"{}\" did not answer within {} seconds",
                    self.server,
                    deadline.as_secs()
                ))
                .with_hint("Try again; if it stays so, look at the server's load and disk."))
            })
        })
        .await
    }

    fn broken(&self, error: &hyper::Error) -> BackendError {
        let mut words = error.to_string();
        let mut source = std::error::Error::source(error);
        while let Some(inner) = source {
            words = format!("{words}: {inner}");
            source = inner.source();
        }
        self.lost(&words)
    }

    /// The link broke in the middle of something.
    pub(crate) fn lost(&self, words: &str) -> BackendError {
        BackendError::unreachable(format!("the connection to Podman on \"{}\" broke", self.server))
            .with_hint("It is tried again by itself; if it stays so, check that the Podman service runs there.")
            .with_detail(words)
    }
}

/// Makes one segment of a path, or one value of a query.
pub(crate) fn escape(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
