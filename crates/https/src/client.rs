//! A server and the way to it: one connection for each request, closed when its owner is dropped.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use backend_api::{BackendError, BoxStream, Cx, Dial};
use bytes::Bytes;
use futures::stream::BoxStream as BoxItems;
use futures::{StreamExt, TryStreamExt};
use http::{HeaderMap, Request, StatusCode, header::HOST};
use http_body_util::{BodyExt, BodyStream, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::crypto::CryptoProvider;
use rustls_platform_verifier::Verifier;
use tokio::sync::{OnceCell, Semaphore};
use tokio_util::task::AbortOnDropHandle;

use crate::base_url::BaseUrl;
use crate::call::Call;
use crate::certificate::Fingerprint;
use crate::problems;
use crate::verify::Rule;

/// What is taken as proof that a server is the right one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// The authorities of this computer; for others a person is asked.
    Authorities,
    /// This certificate and no other; for others a person is asked.
    Pinned(Fingerprint),
    /// Any certificate, because a person said so.
    Insecure,
}

/// A server as its connection describes it.
#[derive(Clone)]
pub struct Server {
    pub url: BaseUrl,
    pub trust: Trust,
    /// What carries the streams: the SSH host, or this computer.
    pub dial: Arc<dyn Dial>,
}

/// A server that can be asked. Cheap to clone; clones share what was found out about the certificate.
#[derive(Clone)]
pub struct Client {
    pub(crate) server: Server,
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) provider: Arc<CryptoProvider>,
    pub(crate) rule: Mutex<Rule>,
    /// Read when first asked for: there are hundreds, and reading them takes its time.
    pub(crate) authorities: OnceCell<Arc<Verifier>>,
    /// Held by whoever asks a person, so that one certificate is asked about once.
    pub(crate) asking: Semaphore,
}

/// A whole answer.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// An answer that goes on; dropping it closes its connection.
pub struct Streaming {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// Ends with an error when the connection breaks.
    pub body: BoxItems<'static, Result<Bytes, BackendError>>,
}

impl Client {
    /// A client that has no connection yet.
    #[must_use]
    pub fn new(server: Server) -> Self {
        let rule = match server.trust {
            Trust::Authorities => Rule::Authorities,
            Trust::Pinned(fingerprint) => Rule::Only(fingerprint),
            Trust::Insecure => Rule::Anything,
        };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let shared = Shared {
            provider,
            rule: Mutex::new(rule),
            authorities: OnceCell::new(),
            asking: Semaphore::new(1),
        };
        Self { server, shared: Arc::new(shared) }
    }

    #[must_use]
    pub fn url(&self) -> &BaseUrl {
        &self.server.url
    }

    /// Sends a request and reads the whole answer, whatever its status.
    ///
    /// # Errors
    /// `Unreachable` when nothing answers, it broke off or took too long; `Trust` for a certificate that
    /// nobody vouches for; `Rejected` for an answer that is too long; `Cancelled`.
    pub async fn send(&self, call: Call, cx: &Cx) -> Result<Reply, BackendError> {
        let stream = self.open(call.is_bulk, cx).await?;
        let deadline = call.deadline;
        let whole = async {
            let most = call.most;
            let (parts, body, _task) = self.exchange(stream, call).await?;
            let body = self.whole(body, most).await?;
            Ok(Reply { status: parts.status, headers: parts.headers, body })
        };
        self.within(deadline, whole, cx).await
    }

    /// Sends a request whose answer goes on. A status other than 2xx comes back as a whole answer.
    ///
    /// # Errors
    /// As `send`; the deadline is for the beginning of the answer only.
    pub async fn stream(
        &self,
        call: Call,
        cx: &Cx,
    ) -> Result<Result<Streaming, Reply>, BackendError> {
        let stream = self.open(call.is_bulk, cx).await?;
        let deadline = call.deadline;
        let begun = async {
            let most = call.most;
            let (parts, body, task) = self.exchange(stream, call).await?;
            let (status, headers) = (parts.status, parts.headers);
            if status.is_success() {
                return Ok(Ok(Streaming { status, headers, body: self.pieces(body, task) }));
            }
            let body = self.whole(body, most).await?;
            Ok(Err(Reply { status, headers, body }))
        };
        self.within(deadline, begun, cx).await
    }

    fn pieces(
        &self,
        body: Incoming,
        task: AbortOnDropHandle<()>,
    ) -> BoxItems<'static, Result<Bytes, BackendError>> {
        let url = self.url().clone();
        let frames = TryStreamExt::map_err(BodyStream::new(body), move |error| {
            problems::broken(&url, &error)
        });
        frames
            .try_filter_map(|frame| std::future::ready(Ok(frame.into_data().ok())))
            .inspect(move |_| {
                // The connection lives as long as what is read from it.
                let _ = &task;
            })
            .boxed()
    }

    async fn exchange(
        &self,
        stream: BoxStream,
        call: Call,
    ) -> Result<(http::response::Parts, Incoming, AbortOnDropHandle<()>), BackendError> {
        let url = self.url();
        let headers = call.request_headers();
        let mut request = Request::builder()
            .method(call.method)
            .uri(url.path(&call.path))
            .header(HOST, url.authority())
            .body(Full::new(call.body))
            .map_err(|error| BackendError::protocol(format!("cannot write a request: {error}")))?;
        request.headers_mut().extend(headers);
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| problems::broken(url, &error))?;
        let task = AbortOnDropHandle::new(tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection to a server ended");
            }
        }));
        let response =
            sender.send_request(request).await.map_err(|error| problems::broken(url, &error))?;
        let (parts, body) = response.into_parts();
        Ok((parts, body, task))
    }

    async fn whole(&self, body: Incoming, most: usize) -> Result<Bytes, BackendError> {
        match Limited::new(body, most).collect().await {
            Ok(collected) => Ok(collected.to_bytes()),
            Err(error) if error.is::<LengthLimitError>() => {
                Err(problems::too_long(self.url(), most))
            }
            Err(error) => Err(problems::broken(self.url(), error.as_ref())),
        }
    }

    pub(crate) async fn within<T: Send>(
        &self,
        deadline: Duration,
        work: impl Future<Output = Result<T, BackendError>> + Send,
        cx: &Cx,
    ) -> Result<T, BackendError> {
        let limited = async {
            let ended = tokio::time::timeout(deadline, work).await;
            ended.unwrap_or_else(|_| Err(problems::silent(self.url(), deadline.as_secs())))
        };
        cx.until_cancelled(limited).await
    }
}
