//! One request: judged, carried to the service, its reply carried back.

use std::{
    convert::Infallible,
    error::Error,
    sync::{Arc, atomic::Ordering},
    time::Instant,
};

use http::{
    HeaderMap, HeaderValue, Request, Response, StatusCode, Uri, Version, header,
    uri::{Parts, PathAndQuery},
};
use hyper::body::{Body, Incoming};

use crate::{
    body::{ReplyBody, RequestBody},
    guard::{self, Refusal, Verdict},
    headers,
    lane::{Failed, Lane},
    pages,
    service::Service,
    tunnel::{Tunnel, TunnelSlot},
};

/// What the service replied, and the lane it came on.
type Carried = (Response<Incoming>, Box<Lane>);

/// Answers one request of a browser. A WebSocket that was agreed on is left in `slot`.
pub(crate) async fn answer(
    service: Arc<Service>,
    slot: Arc<TunnelSlot>,
    request: Request<Incoming>,
) -> Result<Response<ReplyBody>, Infallible> {
    service.requests.fetch_add(1, Ordering::Relaxed);
    let verdict = guard::judge(&request, &service.origin, &service.session);
    let wants_page = wants_page(request.headers());
    let reply = match verdict {
        Verdict::Pass => pass(&service, request).await,
        Verdict::Upgrade => upgrade(&service, &slot, request).await,
        Verdict::Enter { is_from_elsewhere } => {
            Ok(enter(&service, request.uri(), is_from_elsewhere))
        }
        Verdict::Refuse(refusal) => Ok(pages::refused(refusal, &service.label)),
    };
    Ok(reply.unwrap_or_else(|reason| pages::unreachable(&service.label, &reason, wants_page)))
}

fn enter(service: &Service, uri: &Uri, is_from_elsewhere: bool) -> Response<ReplyBody> {
    match service.links.redeem(guard::offered_token(uri), Instant::now()) {
        Some(path) => pages::entered(&path, service.session_cookie.clone(), is_from_elsewhere),
        None => pages::refused(Refusal::LinkEnded, &service.label),
    }
}

async fn pass(
    service: &Arc<Service>,
    request: Request<Incoming>,
) -> Result<Response<ReplyBody>, String> {
    let (reply, lane) = carry(service, prepare(service, request)).await?;
    if reply.status() == StatusCode::SWITCHING_PROTOCOLS {
        return Err("It changed to another protocol without being asked".to_owned());
    }
    Ok(deliver(service, reply, lane))
}

async fn upgrade(
    service: &Arc<Service>,
    slot: &TunnelSlot,
    mut request: Request<Incoming>,
) -> Result<Response<ReplyBody>, String> {
    let browser = hyper::upgrade::on(&mut request);
    let mut request = prepare(service, request);
    headers::set_upgrade(request.headers_mut());
    let lane = service.pool.open().await.map_err(|error| error.to_string())?;
    let (mut reply, lane) = send(lane, request).await.map_err(|failed| words(&failed.error))?;
    if reply.status() != StatusCode::SWITCHING_PROTOCOLS {
        return Ok(deliver(service, reply, lane));
    }
    adapt(service, reply.headers_mut());
    headers::set_upgrade(reply.headers_mut());
    slot.set(Tunnel { browser, lane });
    Ok(reply.map(|_| ReplyBody::whole(bytes::Bytes::new())))
}

/// Sends on an idle lane, or on a fresh one when there is none or the service closed it meanwhile.
async fn carry(service: &Service, mut request: Request<RequestBody>) -> Result<Carried, String> {
    if let Some(lane) = service.pool.take() {
        let spare = spare(&request);
        match send(lane, request).await {
            Ok(carried) => return Ok(carried),
            Err(failed) => {
                request = failed.unsent.or(spare).ok_or_else(|| words(&failed.error))?;
            }
        }
    }
    let lane = service.pool.open().await.map_err(|error| error.to_string())?;
    send(lane, request).await.map_err(|failed| words(&failed.error))
}

async fn send(mut lane: Box<Lane>, request: Request<RequestBody>) -> Result<Carried, Failed> {
    let reply = lane.exchange(request).await?;
    Ok((reply, lane))
}

/// A copy to ask again with, where asking twice does no harm.
fn spare(request: &Request<RequestBody>) -> Option<Request<RequestBody>> {
    let is_harmless = request.method().is_safe() && request.body().is_end_stream();
    is_harmless.then(|| {
        let mut copy = Request::new(RequestBody::Empty);
        *copy.method_mut() = request.method().clone();
        *copy.uri_mut() = request.uri().clone();
        *copy.headers_mut() = request.headers().clone();
        copy
    })
}

fn prepare(service: &Service, request: Request<Incoming>) -> Request<RequestBody> {
    let (mut head, body) = request.into_parts();
    headers::to_upstream(&mut head.headers, &service.origin);
    if head.uri.authority().is_some() {
        head.uri = origin_form(head.uri);
    }
    head.version = Version::HTTP_11;
    let body = if body.is_end_stream() { RequestBody::Empty } else { RequestBody::Stream(body) };
    if body.size_hint().exact().is_none() {
        // Without this hyper sends no body at all with a GET.
        head.headers.insert(header::TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
    }
    Request::from_parts(head, body)
}

fn origin_form(uri: Uri) -> Uri {
    let mut parts = Parts::default();
    parts.path_and_query =
        uri.into_parts().path_and_query.or_else(|| Some(PathAndQuery::from_static("/")));
    Uri::from_parts(parts).unwrap_or_default()
}

fn deliver(
    service: &Arc<Service>,
    mut reply: Response<Incoming>,
    lane: Box<Lane>,
) -> Response<ReplyBody> {
    adapt(service, reply.headers_mut());
    *reply.version_mut() = Version::HTTP_11;
    reply.map(|body| ReplyBody::service(body, lane, service.pool.clone()))
}

fn adapt(service: &Service, headers: &mut HeaderMap) {
    headers::to_browser(headers, &service.origin, &service.ports);
}

/// What a browser accepts when it shows the reply in a tab.
fn wants_page(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"text/html"))
}

/// hyper's error in words a person can use, its cause included.
fn words(error: &hyper::Error) -> String {
    let what =
        if error.is_parse() { "It does not speak HTTP" } else { "It broke off before it answered" };
    let cause = error.source().map(|cause| format!(" ({cause})")).unwrap_or_default();
    format!("{what}{cause}")
}
