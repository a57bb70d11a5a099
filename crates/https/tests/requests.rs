//! Requests against a server of this process with a certificate that no authority signed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use backend_api::{BackendError, BoxStream, Certificates, Cx, Dial, DialTarget};
use futures::{SinkExt, StreamExt};
use https::{Authorization, BaseUrl, Call, Client, Fingerprint, Message, Server, Trust};
use model::{CertificateQuestion, CertificateVerdict, ErrorCode, Failure, Secret};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

const CERTIFICATE: &[u8] = include_bytes!("certificate.der");
const KEY: &[u8] = include_bytes!("key.der");

/// What the server does with a connection once it is open.
type Serve = fn(BoxStream) -> futures::future::BoxFuture<'static, ()>;

/// Dials into the server of this process.
struct Inside {
    acceptor: Option<TlsAcceptor>,
    serve: Serve,
}

#[async_trait]
impl Dial for Inside {
    async fn dial(&self, _target: &DialTarget) -> Result<BoxStream, BackendError> {
        let (ours, theirs): (DuplexStream, DuplexStream) = tokio::io::duplex(64 * 1024);
        let (acceptor, serve) = (self.acceptor.clone(), self.serve);
        tokio::spawn(async move {
            match acceptor {
                None => serve(Box::new(theirs)).await,
                Some(acceptor) => {
                    if let Ok(stream) = acceptor.accept(theirs).await {
                        serve(Box::new(stream)).await;
                    }
                }
            }
        });
        Ok(Box::new(ours))
    }
}

/// Answers every question the same way and keeps what was asked.
struct Person {
    says_yes: bool,
    asked: Mutex<Vec<CertificateQuestion>>,
}

#[async_trait]
impl Certificates for Person {
    async fn judge(&self, question: CertificateQuestion) -> Result<(), BackendError> {
        self.asked.lock().unwrap().push(question);
        if self.says_yes {
            return Ok(());
        }
        Err(BackendError::Trust(Failure::new(ErrorCode::CertificateUnknown, "no")))
    }
}

fn acceptor() -> TlsAcceptor {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(KEY.to_vec()));
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(
        rustls::crypto::ring::default_provider(),
    ))
    .with_safe_default_protocol_versions()
    .unwrap()
    .with_no_client_auth()
    .with_single_cert(vec![CERTIFICATE.to_vec().into()], key)
    .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

fn client(url: &str, trust: Trust, serve: Serve) -> Client {
    let url = BaseUrl::parse(url, None).unwrap();
    let acceptor = url.is_tls().then(acceptor);
    Client::new(Server { url, trust, dial: Arc::new(Inside { acceptor, serve }) })
}

fn cx(says_yes: bool) -> (Cx, Arc<Person>) {
    let person = Arc::new(Person { says_yes, asked: Mutex::default() });
    let cx = Cx::new(CancellationToken::new());
    (Cx { certificates: Arc::<Person>::clone(&person), ..cx }, person)
}

/// Reads the head of a request.
async fn head(stream: &mut BoxStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8(head).unwrap()
}

/// Answers like Python's own server with what it was asked, and closes without a word.
fn echo(mut stream: BoxStream) -> futures::future::BoxFuture<'static, ()> {
    Box::pin(async move {
        let head = head(&mut stream).await;
        let reply = format!("HTTP/1.0 200 OK\r\nContent-Length: {}\r\n\r\n{head}", head.len());
        let _ = stream.write_all(reply.as_bytes()).await;
        let _ = stream.flush().await;
    })
}

/// Answers in pieces, and then breaks off when the path says so.
fn pieces(mut stream: BoxStream) -> futures::future::BoxFuture<'static, ()> {
    Box::pin(async move {
        let head = head(&mut stream).await;
        let _ = stream
            .write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\none\n\r\n")
            .await;
        let _ = stream.flush().await;
        if !head.contains("/broken") {
            let _ = stream.write_all(b"4\r\ntwo\n\r\n0\r\n\r\n").await;
            let _ = stream.flush().await;
        }
    })
}

/// Has no patience with what is not HTTP.
fn blunt(mut stream: BoxStream) -> futures::future::BoxFuture<'static, ()> {
    Box::pin(async move {
        let _ = stream.read_u8().await;
        let _ = stream.write_all(b"HTTP/1.0 400 Bad Request\r\n\r\n").await;
        let _ = stream.flush().await;
    })
}

fn mute(mut stream: BoxStream) -> futures::future::BoxFuture<'static, ()> {
    Box::pin(async move {
        let _ = stream.read_to_end(&mut Vec::new()).await;
    })
}

fn sockets(stream: BoxStream) -> futures::future::BoxFuture<'static, ()> {
    Box::pin(async move {
        let mut socket = tokio_tungstenite::accept_async(stream).await.unwrap();
        while let Some(Ok(message)) = socket.next().await {
            if message.is_text() {
                socket.send(message).await.unwrap();
            }
        }
    })
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_asked_about_once() {
    let client = client("https://lab-server", Trust::Authorities, echo);
    let (cx, person) = cx(true);
    let both = tokio::join!(client.send(Call::get("/a"), &cx), client.send(Call::get("/b"), &cx));
    assert_eq!(both.0.unwrap().status, 200);
    assert_eq!(both.1.unwrap().status, 200);
    let asked = person.asked.lock().unwrap();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].verdict, CertificateVerdict::Unknown);
    assert_eq!(asked[0].fingerprint, Fingerprint::of(CERTIFICATE).to_string());
    assert_eq!(asked[0].subject, "O=Moorline, CN=lab-server");
    assert_eq!(asked[0].server, "https://lab-server");
    assert!(asked[0].reason.contains("nobody"), "{}", asked[0].reason);
}

#[tokio::test]
async fn a_person_who_says_no_is_believed_and_asked_again_next_time() {
    let client = client("https://lab-server", Trust::Authorities, echo);
    let (cx, person) = cx(false);
    for _ in 0..2 {
        let error = client.send(Call::get("/"), &cx).await.unwrap_err();
        assert!(matches!(error, BackendError::Trust(_)), "{error:?}");
    }
    assert_eq!(person.asked.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn a_pinned_certificate_needs_nobody_and_another_one_does() {
    let pin = Trust::Pinned(Fingerprint::of(CERTIFICATE));
    let (good, person) = cx(false);
    // Its name does not matter: the fingerprint is the proof.
    client("https://10.9.9.9:8090", pin, echo).send(Call::get("/"), &good).await.unwrap();
    assert!(person.asked.lock().unwrap().is_empty());
    let other = Trust::Pinned(Fingerprint::of(b"another"));
    let (cx, person) = cx(false);
    let refused = client("https://lab-server", other, echo).send(Call::get("/"), &cx).await;
    assert!(refused.is_err());
    let asked = person.asked.lock().unwrap();
    assert_eq!(asked[0].verdict, CertificateVerdict::Changed);
    assert_eq!(asked[0].known, Some(Fingerprint::of(b"another").to_string()));
}

#[tokio::test]
async fn insecure_takes_anything_only_when_it_is_said() {
    let (cx, person) = cx(false);
    client("https://lab-server", Trust::Insecure, echo).send(Call::get("/"), &cx).await.unwrap();
    assert!(person.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn every_change_tells_its_length() {
    let client = client("http://lab-server:8090/netlab", Trust::Authorities, echo);
    let (cx, _) = cx(false);
    let basic = Authorization::basic("netops", &Secret::new("open sesame".into()));
    let call = Call::post("/jobs").authorized(basic.as_ref());
    let reply = client.send(call, &cx).await.unwrap();
    let head = String::from_utf8(reply.body.to_vec()).unwrap().to_lowercase();
    assert!(head.starts_with("post /netlab/jobs http/1.1"), "{head}");
    assert!(head.contains("content-length: 0"), "{head}");
    assert!(head.contains("host: lab-server:8090"), "{head}");
    assert!(head.contains("authorization: basic bmv0b3bzom9wzw4gc2vzyw1l"), "{head}");
    assert!(!format!("{:?}", Call::get("/").authorized(basic.as_ref())).contains("bmV0"));
}

#[tokio::test]
async fn an_answer_that_goes_on_is_given_as_it_comes() {
    let client = client("https://lab-server", Trust::Insecure, pieces);
    let (cx, _) = cx(false);
    let streaming = client.stream(Call::get("/"), &cx).await.unwrap();
    let whole: Vec<_> = streaming.unwrap_or_else(|_| panic!("200")).body.collect().await;
    let text: Vec<u8> = whole.into_iter().flat_map(Result::unwrap).collect();
    assert_eq!(text, b"one\ntwo\n");
    let streaming = client.stream(Call::get("/broken"), &cx).await.unwrap();
    let whole: Vec<_> = streaming.unwrap_or_else(|_| panic!("200")).body.collect().await;
    assert_eq!(whole[0].as_ref().unwrap().as_ref(), b"one\n");
    assert!(matches!(whole[1], Err(BackendError::Unreachable(_))), "{whole:?}");
}

#[tokio::test]
async fn sizes_deadlines_and_cancelling_hold() {
    let (cx, _) = cx(false);
    let long = client("http://lab", Trust::Authorities, echo);
    let error = long.send(Call::get("/").at_most(10), &cx).await.unwrap_err();
    assert!(matches!(error, BackendError::Rejected(_)), "{error:?}");
    let mute = client("http://lab", Trust::Authorities, mute);
    let call = Call::get("/").within(Duration::from_millis(50));
    let error = mute.send(call, &cx).await.unwrap_err();
    assert!(matches!(error, BackendError::Unreachable(_)), "{error:?}");
    let waiting = mute.send(Call::get("/"), &cx);
    let cancel = cx.cancel.clone();
    let (error, ()) = tokio::join!(waiting, async { cancel.cancel() });
    assert!(matches!(error, Err(BackendError::Cancelled)), "{error:?}");
}

#[tokio::test]
async fn a_plain_server_behind_https_is_explained() {
    let url = BaseUrl::parse("https://lab-server", None).unwrap();
    let dial = Arc::new(Inside { acceptor: None, serve: blunt });
    let client = Client::new(Server { url, trust: Trust::Insecure, dial });
    let (cx, _) = cx(true);
    let error = Failure::from(client.send(Call::get("/"), &cx).await.unwrap_err());
    assert_eq!(error.code, ErrorCode::Unreachable);
    assert!(error.hint.as_ref().unwrap().contains("http://"), "{error:?}");
}

#[tokio::test]
async fn web_sockets_go_over_the_same_stream() {
    let client = client("https://lab-server", Trust::Insecure, sockets);
    let (cx, _) = cx(false);
    let opened = client.web_socket(Call::get("/ws"), &cx).await.unwrap();
    let mut socket = opened.unwrap_or_else(|_| panic!("a web socket"));
    socket.send(Message::text("hello")).await.unwrap();
    assert_eq!(socket.next().await.unwrap().unwrap(), Message::text("hello"));
    let plain = self::client("https://lab-server", Trust::Insecure, pieces);
    let refused = plain.web_socket(Call::get("/ws"), &cx).await.unwrap();
    assert_eq!(refused.err().map(|reply| reply.status.as_u16()), Some(200));
}
