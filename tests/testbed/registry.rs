//! A container registry on loopback that holds one image, and can hold its largest layer back half-way.
//!
//! Speaks as much of the distribution protocol as a pull needs, over plain HTTP. `PodmanService` trusts it.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use futures::StreamExt;
use futures::stream;
use http_body_util::{BodyExt, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::task::AbortOnDropHandle;

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const LAYER_BYTES: usize = 6 * 1024 * 1024;
const PIECE: usize = 64 * 1024;
/// Podman tells of bytes once a second.
const PACE: Duration = Duration::from_millis(60);

type Body = UnsyncBoxBody<Bytes, Infallible>;

/// The registry; it ends when the value is dropped.
pub struct Registry {
    /// For names of images: `HOST:PORT`.
    pub address: String,
    /// The second half of the layer waits for a permit.
    gate: Arc<Semaphore>,
    _task: AbortOnDropHandle<()>,
}

struct Contents {
    manifest: Bytes,
    blobs: BTreeMap<String, Bytes>,
    gate: Arc<Semaphore>,
}

impl Registry {
    /// Starts a registry that holds `dev/box`; every image below `secret/` wants a login.
    ///
    /// # Errors
    /// When no port can be had, or `tar` and `sha256sum` do not work.
    pub async fn start() -> Result<Self> {
        let gate = Arc::new(Semaphore::new(0));
        let contents = Arc::new(contents(gate.clone())?);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?.to_string();
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let contents = contents.clone();
                let service = service_fn(move |request: Request<Incoming>| {
                    let reply = answer(&contents, &request);
                    async move { Ok::<_, Infallible>(reply) }
                });
                connections.spawn(
                    hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service),
                );
            }
        });
        Ok(Self { address, gate, _task: AbortOnDropHandle::new(task) })
    }

    /// Lets the layer through to its end, now and later.
    pub fn open(&self) {
        self.gate.add_permits(1000);
    }
}

fn contents(gate: Arc<Semaphore>) -> Result<Contents> {
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("noise"), noise())?;
    let packed =
        Command::new("tar").arg("-C").arg(folder.path()).args(["-cf", "-", "noise"]).output()?;
    ensure!(packed.status.success(), "tar cannot pack a layer");
    let layer = Bytes::from(packed.stdout);
    let layer_digest = digest(&layer)?;
    let config = json!({
        "architecture": "amd64", "os": "linux", "config": { "Env": ["PATH=/bin"] },
        "rootfs": { "type": "layers", "diff_ids": [layer_digest] },
        "history": [{ "created": "2026-01-01T00:00:00Z", "created_by": "the testbed" }],
    });
    let config = Bytes::from(config.to_string());
    let config_digest = digest(&config)?;
    let manifest = json!({
        "schemaVersion": 2, "mediaType": MANIFEST,
        "config": {
            "mediaType": "application/vnd.oci.image.config.v1+json",
            "digest": config_digest, "size": config.len(),
        },
        "layers": [{
            "mediaType": "application/vnd.oci.image.layer.v1.tar",
            "digest": layer_digest, "size": layer.len(),
        }],
    });
    let blobs = BTreeMap::from([(layer_digest, layer), (config_digest, config)]);
    Ok(Contents { manifest: Bytes::from(manifest.to_string()), blobs, gate })
}

/// Bytes that no compression makes smaller.
fn noise() -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_be_bytes()
    };
    std::iter::repeat_with(next).flatten().take(LAYER_BYTES).collect()
}

fn digest(bytes: &[u8]) -> Result<String> {
    let mut child =
        Command::new("sha256sum").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    child.stdin.take().context("no stdin")?.write_all(bytes)?;
    let output = child.wait_with_output()?;
    let text = String::from_utf8(output.stdout)?;
    Ok(format!("sha256:{}", text.split_whitespace().next().context("no digest")?))
}

fn answer(contents: &Contents, request: &Request<Incoming>) -> Response<Body> {
    let path = request.uri().path();
    let whole = |bytes: Bytes| Full::new(bytes).boxed_unsync();
    let (status, kind, length, body) = if path.starts_with("/v2/secret/") {
        let words = json!({ "errors": [{ "code": "UNAUTHORIZED", "message": "log in" }] });
        let words = Bytes::from(words.to_string());
        (401, "application/json", words.len(), whole(words))
    } else if path == "/v2/" {
        (200, "application/json", 2, whole(Bytes::from_static(b"{}")))
    } else if path.starts_with("/v2/dev/box/manifests/") {
        (200, MANIFEST, contents.manifest.len(), whole(contents.manifest.clone()))
    } else if let Some(blob) = path.rsplit('/').next().and_then(|digest| contents.blobs.get(digest))
    {
        let body = held(blob.clone(), contents.gate.clone());
        (200, "application/octet-stream", blob.len(), body)
    } else {
        let words = json!({ "errors": [{ "code": "MANIFEST_UNKNOWN", "message": "unknown" }] });
        let words = Bytes::from(words.to_string());
        (404, "application/json", words.len(), whole(words))
    };
    let body = if request.method() == hyper::Method::HEAD { whole(Bytes::new()) } else { body };
    Response::builder()
        .status(status)
        .header("Content-Type", kind)
        .header("Content-Length", length)
        .header("WWW-Authenticate", "Basic realm=\"testbed\"")
        .body(body)
        .expect("a response of constants")
}

/// A large blob comes as slowly as over a poor line, and stops half-way until the gate opens.
fn held(blob: Bytes, gate: Arc<Semaphore>) -> Body {
    let middle = if blob.len() > PIECE { blob.len() / 2 } else { blob.len() };
    let pieces: Vec<Bytes> = (0..blob.len())
        .step_by(PIECE)
        .map(|start| blob.slice(start..(start + PIECE).min(blob.len())))
        .collect();
    let mut sent = 0;
    let frames = stream::iter(pieces).then(move |piece| {
        sent += piece.len();
        let waits = (sent > middle).then(|| gate.clone());
        async move {
            match waits {
                Some(gate) => drop(gate.acquire().await),
                None => tokio::time::sleep(PACE).await,
            }
            Ok::<_, Infallible>(Frame::data(piece))
        }
    });
    StreamBody::new(frames).boxed_unsync()
}
