//! HTTP/1.1 to libpod. Short reads share connections that are kept; every stream and every change has one
//! of its own, closed when its owner is dropped.
//!
//! Deliberately not here: requests (`call`), what libpod's answers mean (`error` and `wire`).

use std::{pin::pin, time::Duration};

use backend_api::{BackendError, Cx};
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::{HeaderMap, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::sync::Notify;
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;

use crate::early::EarlyList;
use crate::kept::{Conversation, Kept};
use crate::transport::{Transport, Weight};

pub(crate) use crate::call::{Call, escape};

/// An answer that is no stream: thousands of containers fit.
const MAX_BODY: usize = 64 * 1024 * 1024;

/// A libpod server and the way to it.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    /// The connection's name, for messages.
    pub(crate) server: String,
    pub(crate) transport: Transport,
    kept: Kept,
    pub(crate) early: EarlyList,
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

impl Client {
    /// A client that has no connection yet.
    pub(crate) fn new(server: String, transport: Transport) -> Self {
        Self { server, transport, kept: Kept::default(), early: EarlyList::default() }
    }

    /// Closes what is kept for further questions; streams go on.
    pub(crate) fn close(&self) {
        self.kept.close();
    }

    /// Sends a request and reads the whole answer, whatever its status.
    pub(crate) async fn send(&self, call: Call, cx: &Cx) -> Result<Reply, BackendError> {
        let deadline = call.deadline;
        self.within(deadline, self.whole(call, cx), cx).await
    }

    /// The same for a request of any length: the deadline begins again whenever `moved` is told.
    pub(crate) async fn send_while(
        &self,
        call: Call,
        moved: &Notify,
        cx: &Cx,
    ) -> Result<Reply, BackendError> {
        let deadline = call.deadline;
        let work = async {
            let mut whole = pin!(self.whole(call, cx));
            loop {
                tokio::select! {
                    reply = &mut whole => return reply,
                    moved = timeout(deadline, moved.notified()) => {
                        moved.map_err(|_| self.silent(deadline))?;
                    }
                }
            }
        };
        cx.until_cancelled(work).await
    }

    async fn whole(&self, call: Call, cx: &Cx) -> Result<Reply, BackendError> {
        let Some(again) = call.again() else {
            return self.ask(&mut self.open(call.weight, cx).await?, call).await;
        };
        if let Some(kept) = self.kept.take() {
            match self.ask_and_keep(kept, call).await {
                Ok(reply) => return Ok(reply),
                // The server ends what rests for too long, perhaps while the question was on its way.
                Err(error) => tracing::debug!(%error, "a kept connection to libpod had ended"),
            }
        }
        self.ask_and_keep(self.open(again.weight, cx).await?, again).await
    }

    async fn ask_and_keep(&self, mut on: Conversation, call: Call) -> Result<Reply, BackendError> {
        let reply = self.ask(&mut on, call).await?;
        self.kept.put(on, self.transport.most_kept());
        Ok(reply)
    }

    async fn ask(&self, on: &mut Conversation, call: Call) -> Result<Reply, BackendError> {
        let request = call.request()?;
        on.sender.ready().await.map_err(|error| self.broken(&error))?;
        let response =
            on.sender.send_request(request).await.map_err(|error| self.broken(&error))?;
        let (parts, body) = response.into_parts();
        let body = self.read_body(body).await?;
        Ok(Reply { status: parts.status, headers: parts.headers, body })
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
        let mut opened = self.open(call.weight, cx).await?;
        let sent = opened.sender.send_request(call.request()?).await;
        Ok((sent.map_err(|error| self.broken(&error))?, opened.task))
    }

    async fn open(&self, weight: Weight, cx: &Cx) -> Result<Conversation, BackendError> {
        let stream = self.transport.open(weight, cx).await?;
        let (sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(|error| self.broken(&error))?;
        let task = AbortOnDropHandle::new(tokio::spawn(async move {
            if let Err(error) = connection.with_upgrades().await {
                tracing::debug!(%error, "a connection to libpod ended");
            }
        }));
        Ok(Conversation { sender, task })
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
            timeout(deadline, work).await.unwrap_or_else(|_| Err(self.silent(deadline)))
        })
        .await
    }

    /// Nothing came for too long.
    pub(crate) fn silent(&self, deadline: Duration) -> BackendError {
        BackendError::unreachable(format!(
            "Podman on \"{}\" did not answer within {} seconds",
            self.server,
            deadline.as_secs()
        ))
        .with_hint("Try again; if it stays so, look at the server's load and disk.")
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
