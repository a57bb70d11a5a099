//! Answers: JSON, nothing, refusals in libpod's words, streams.

use std::convert::Infallible;

use bytes::Bytes;
use futures::{Stream, StreamExt};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::{Value, json};

pub(super) type Reply = Response<UnsyncBoxBody<Bytes, Infallible>>;

fn reply(status: u16, body: UnsyncBoxBody<Bytes, Infallible>) -> Reply {
    let mut reply = Response::new(body);
    *reply.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    reply.headers_mut().insert("libpod-api-version", HeaderValue::from_static("4.3.1"));
    reply
}

pub(super) fn bytes(status: u16, bytes: impl Into<Bytes>) -> Reply {
    reply(status, Full::new(bytes.into()).boxed_unsync())
}

pub(super) fn empty(status: u16) -> Reply {
    bytes(status, Bytes::new())
}

pub(super) fn json(status: u16, value: &Value) -> Reply {
    let mut reply = bytes(status, value.to_string());
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    reply
}

pub(super) fn refuse(status: u16, cause: &str, message: &str) -> Reply {
    let message = format!("{message}: {cause}");
    json(status, &json!({ "cause": cause, "message": message, "response": status }))
}

pub(super) fn no_container(id: &str) -> Reply {
    refuse(404, "no such container", &format!("no container with name or ID \"{id}\" found"))
}

pub(super) fn stream(chunks: impl Stream<Item = Bytes> + Send + 'static) -> Reply {
    let frames = chunks.map(|chunk| Ok::<_, Infallible>(Frame::data(chunk)));
    reply(200, BodyExt::boxed_unsync(StreamBody::new(frames)))
}
