//! Answers: JSON, text, streams.

use std::convert::Infallible;

use bytes::Bytes;
use futures::{Stream, StreamExt};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use hyper::header::CONTENT_TYPE;
use hyper::{Response, StatusCode};
use serde_json::{Value, json};

pub(super) type Reply = Response<UnsyncBoxBody<Bytes, Infallible>>;

pub(super) fn bytes(status: u16, kind: &str, body: impl Into<Bytes>) -> Reply {
    with(status, kind, Full::new(body.into()).boxed_unsync())
}

pub(super) fn json(status: u16, value: &Value) -> Reply {
    bytes(status, "application/json; charset=utf-8", value.to_string())
}

pub(super) fn refuse(status: u16, error: impl Into<String>) -> Reply {
    json(status, &json!({ "error": error.into() }))
}

pub(super) fn message(text: impl Into<String>) -> Reply {
    json(200, &json!({ "message": text.into() }))
}

/// What the server of 2025 says to paths that it does not know.
pub(super) fn no_page() -> Reply {
    bytes(404, "text/plain", "404 page not found")
}

pub(super) fn stream(kind: &str, chunks: impl Stream<Item = Bytes> + Send + 'static) -> Reply {
    let frames = chunks.map(|chunk| Ok::<_, Infallible>(Frame::data(chunk)));
    with(200, kind, UnsyncBoxBody::new(StreamBody::new(frames)))
}

fn with(status: u16, kind: &str, body: UnsyncBoxBody<Bytes, Infallible>) -> Reply {
    let mut reply = Response::new(body);
    *reply.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    if let Ok(kind) = kind.parse() {
        reply.headers_mut().insert(CONTENT_TYPE, kind);
    }
    reply
}
