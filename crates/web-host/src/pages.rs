//! HTTP inside the guarded origin: files of the front end, and the way to the WebSocket.

use std::{convert::Infallible, io, path::PathBuf, sync::Arc};

use app::Core;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::{body::Incoming, server::conn::http1, service::service_fn, upgrade::OnUpgrade};
use hyper_util::rt::TokioIo;
use tokio::{io::DuplexStream, sync::mpsc};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::{files, socket};

/// What all connections share.
pub(crate) struct Site {
    core: Arc<Core>,
    ui_folder: PathBuf,
    policy: HeaderValue,
}

impl Site {
    /// Errors: when the folder has no `index.html`.
    pub(crate) fn new(core: Arc<Core>, ui_folder: PathBuf, origin: &str) -> io::Result<Self> {
        let index = ui_folder.join("index.html");
        if !index.is_file() {
            let message = format!("the front end is not built: there is no {}", index.display());
            return Err(io::Error::new(io::ErrorKind::NotFound, message));
        }
        let socket_origin = origin.replacen("http", "ws", 1);
        let policy = HeaderValue::from_str(&format!(
            "default-src 'self'; connect-src 'self' {socket_origin}; img-src 'self' data: blob:; \
             style-src 'self' 'unsafe-inline'; script-src 'self'; font-src 'self' data:; \
             object-src 'none'; frame-src 'none'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'"
        ))
        .map_err(io::Error::other)?;
        Ok(Self { core, ui_folder, policy })
    }
}

/// Serves one connection, and the WebSocket it may become, to its end.
pub(crate) async fn connection(pipe: DuplexStream, site: Arc<Site>) {
    let (upgrades, mut upgraded) = mpsc::channel::<OnUpgrade>(1);
    let answer = {
        let site = site.clone();
        service_fn(move |request| answer(site.clone(), upgrades.clone(), request))
    };
    let serving = http1::Builder::new().serve_connection(TokioIo::new(pipe), answer);
    if let Err(error) = serving.with_upgrades().await {
        tracing::debug!(%error, "a connection of the web host broke");
    }
    if let Ok(upgrade) = upgraded.try_recv()
        && let Ok(stream) = upgrade.await
    {
        socket::run(&site.core, stream).await;
    }
}

async fn answer(
    site: Arc<Site>,
    upgrades: mpsc::Sender<OnUpgrade>,
    mut request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    if request.uri().path() == "/ipc" {
        let key = socket_key(request.headers());
        return Ok(match key {
            Some(accept) if upgrades.try_send(hyper::upgrade::on(&mut request)).is_ok() => {
                switching(accept)
            }
            _ => plain(StatusCode::UPGRADE_REQUIRED, "this address speaks WebSocket\n"),
        });
    }
    if *request.method() != Method::GET && *request.method() != Method::HEAD {
        return Ok(plain(StatusCode::METHOD_NOT_ALLOWED, "only GET is answered here\n"));
    }
    Ok(file(&site, request.uri().path()).await)
}

/// The accept value for a WebSocket request; None when it is not one.
fn socket_key(headers: &HeaderMap) -> Option<HeaderValue> {
    let upgrade = headers.get(header::UPGRADE)?;
    let version = headers.get(header::SEC_WEBSOCKET_VERSION)?;
    let key = headers.get(header::SEC_WEBSOCKET_KEY)?;
    let is_socket = upgrade.as_bytes().eq_ignore_ascii_case(b"websocket") && version == "13";
    is_socket.then(|| HeaderValue::from_str(&derive_accept_key(key.as_bytes())).ok()).flatten()
}

fn switching(accept: HeaderValue) -> Response<Full<Bytes>> {
    let mut reply = Response::new(Full::default());
    *reply.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = reply.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    reply
}

async fn file(site: &Site, path: &str) -> Response<Full<Bytes>> {
    let Some(path) = files::locate(&site.ui_folder, path) else {
        return plain(StatusCode::NOT_FOUND, "there is no such file\n");
    };
    let Ok(bytes) = tokio::fs::read(&path).await else {
        return plain(StatusCode::NOT_FOUND, "there is no such file\n");
    };
    let mut reply = Response::new(Full::new(Bytes::from(bytes)));
    let headers = reply.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(files::content_type(&path)));
    headers.insert(header::CONTENT_SECURITY_POLICY, site.policy.clone());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    reply
}

fn plain(status: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
    let mut reply = Response::new(Full::from(text));
    *reply.status_mut() = status;
    reply
}
