//! A server and the way to it: one connection for each request, closed when its owner is dropped.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use backend_api::{BackendError, BoxStream, Cx, Dial, DialTarget};
use bytes::Bytes;
use futures::stream::BoxStream as BoxItems;
use futures::{StreamExt, TryStreamExt};
use http::{HeaderMap, Request, StatusCode, header::HOST};
use http_body_util::{BodyExt, BodyStream, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use model::{CertificateQuestion, CertificateVerdict};
use rustls::ClientConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::ServerName;
use rustls_platform_verifier::Verifier;
use tokio::sync::Semaphore;
use tokio_rustls::TlsConnector;
use tokio_util::task::AbortOnDropHandle;

use crate::base_url::BaseUrl;
use crate::call::Call;
use crate::certificate::Fingerprint;
use crate::facts::Facts;
use crate::problems;
use crate::verify::{Judge, Refused, Rule};

/// How long a connection and its TLS may take.
const OPEN_LIMIT: Duration = Duration::from_secs(20);

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
    server: Server,
    shared: Arc<Shared>,
}

struct Shared {
    provider: Arc<CryptoProvider>,
    rule: Mutex<Rule>,
    /// Held by whoever asks a person, so that one certificate is asked about once.
    asking: Semaphore,
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
        let shared = Shared { provider, rule: Mutex::new(rule), asking: Semaphore::new(1) };
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

    /// Opens a stream to the server, with TLS where its URL says so. A person who is asked takes as long as
    /// people take.
    pub(crate) async fn open(&self, is_bulk: bool, cx: &Cx) -> Result<BoxStream, BackendError> {
        loop {
            let rule = self.rule();
            let opened = self.within(OPEN_LIMIT, self.try_open(is_bulk, rule), cx).await?;
            match opened {
                Ok(stream) => return Ok(stream),
                Err(refused) => cx.until_cancelled(self.ask(rule, refused, cx)).await?,
            }
        }
    }

    async fn try_open(
        &self,
        is_bulk: bool,
        rule: Rule,
    ) -> Result<Result<BoxStream, Refused>, BackendError> {
        let stream = self.dial(is_bulk).await?;
        if self.url().is_tls() { self.handshake(stream, rule).await } else { Ok(Ok(stream)) }
    }

    async fn dial(&self, is_bulk: bool) -> Result<BoxStream, BackendError> {
        let url = self.url();
        let target = DialTarget::Tcp { host: url.host().to_owned(), port: url.port() };
        if is_bulk {
            self.server.dial.dial_bulk(&target).await
        } else {
            self.server.dial.dial(&target).await
        }
    }

    /// The stream, or the certificate that was refused.
    async fn handshake(
        &self,
        stream: BoxStream,
        rule: Rule,
    ) -> Result<Result<BoxStream, Refused>, BackendError> {
        let url = self.url();
        let judge = Arc::new(self.judge(rule)?);
        let config = ClientConfig::builder_with_provider(Arc::clone(&self.shared.provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| problems::no_tls(url, &error))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::<Judge>::clone(&judge))
            .with_no_client_auth();
        let name = ServerName::try_from(url.host().to_owned())
            .map_err(|error| problems::no_tls(url, &error))?;
        match TlsConnector::from(Arc::new(config)).connect(name, stream).await {
            Ok(stream) => Ok(Ok(Box::new(stream))),
            Err(error) => match judge.take_refused() {
                Some(refused) => Ok(Err(refused)),
                None => Err(problems::no_tls(url, &error)),
            },
        }
    }

    fn judge(&self, rule: Rule) -> Result<Judge, BackendError> {
        let provider = Arc::clone(&self.shared.provider);
        let authorities = match rule {
            Rule::Authorities => {
                let verifier = Verifier::new(Arc::clone(&provider));
                let reason = "the authorities of this computer cannot be read";
                let verifier = verifier.map_err(|error| {
                    problems::untrusted(self.url(), false, &format!("{reason}: {error}"))
                })?;
                Some(Arc::new(verifier))
            }
            Rule::Only(_) | Rule::Anything => None,
        };
        Ok(Judge::new(rule, provider, authorities))
    }

    fn rule(&self) -> Rule {
        *self.shared.rule.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks whether the certificate may be used; from then on it is the only one.
    async fn ask(&self, rule: Rule, refused: Refused, cx: &Cx) -> Result<(), BackendError> {
        let Ok(_turn) = self.shared.asking.acquire().await else {
            return Err(BackendError::Cancelled);
        };
        if self.rule() != rule {
            // Somebody was asked meanwhile.
            return Ok(());
        }
        let shown = Fingerprint::of(&refused.certificate);
        let known = match rule {
            Rule::Only(known) => Some(known.to_string()),
            Rule::Authorities | Rule::Anything => None,
        };
        let facts = Facts::of(&refused.certificate);
        let question = CertificateQuestion {
            server: self.url().to_string(),
            verdict: match known {
                Some(_) => CertificateVerdict::Changed,
                None => CertificateVerdict::Unknown,
            },
            fingerprint: shown.to_string(),
            known,
            subject: facts.subject,
            issuer: facts.issuer,
            valid_until: facts.valid_until,
            reason: refused.reason,
        };
        cx.certificates.judge(question).await?;
        *self.shared.rule.lock().unwrap_or_else(PoisonError::into_inner) = Rule::Only(shown);
        Ok(())
    }
}
