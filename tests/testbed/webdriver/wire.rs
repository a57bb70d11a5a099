//! One word of the protocol: a request over plain HTTP on loopback, and its answer.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http::{Method, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::{net::TcpStream, time::timeout};

/// The longest a single word of the protocol may take.
const ANSWER: Duration = Duration::from_secs(60);

/// Sends a request and gives the value of its answer; the driver's own words are in the error.
pub(super) async fn send(
    port: u16,
    method: Method,
    path: &str,
    body: Option<&Value>,
) -> Result<Value> {
    let what = format!("{method} {path}");
    let answer = async {
        let io = TokioIo::new(TcpStream::connect(("127.0.0.1", port)).await?);
        let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await?;
        let connection = tokio::spawn(connection);
        let body = body.map(Value::to_string).unwrap_or_default();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", format!("127.0.0.1:{port}"))
            .header("content-type", "application/json; charset=utf-8")
            .body(Full::new(Bytes::from(body)))?;
        let bytes = sender.send_request(request).await?.into_body().collect().await?.to_bytes();
        connection.abort();
        anyhow::Ok(serde_json::from_slice::<Value>(&bytes)?)
    };
    let mut reply = timeout(ANSWER, answer)
        .await
        .with_context(|| format!("no answer to {what}"))?
        .with_context(|| what.clone())?;
    let value = reply["value"].take();
    if let Some(error) = value["error"].as_str() {
        bail!("{what}: {error}: {}", value["message"].as_str().unwrap_or_default());
    }
    Ok(value)
}
