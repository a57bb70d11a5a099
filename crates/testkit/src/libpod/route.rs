//! Which request means what.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use futures::future::BoxFuture;
use http_body_util::BodyExt;
use hyper::Request;
use hyper::body::Incoming;
use hyper::header::UPGRADE;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::reply::{Reply, bytes, json, no_container, refuse};
use super::state::{Server, field};
use super::{containers, exec, files, images, live, programs, volumes};

const PREFIX: &str = "/v4.0.0/libpod/";

/// A request taken apart.
struct Asked {
    method: String,
    path: Vec<String>,
    query: BTreeMap<String, String>,
    body: Value,
    raw: Bytes,
}

impl Asked {
    fn number(&self, key: &str) -> Option<u64> {
        self.query.get(key)?.parse().ok()
    }

    fn text(&self, key: &str) -> &str {
        self.query.get(key).map_or("", String::as_str)
    }
}

/// Answers a request; what an upgrade begins is sent to `later`.
pub(super) async fn answer(
    server: Arc<Server>,
    mut request: Request<Incoming>,
    later: mpsc::Sender<BoxFuture<'static, ()>>,
) -> Result<Reply, Infallible> {
    let is_upgrade = request.headers().contains_key(UPGRADE);
    let upgrade = hyper::upgrade::on(&mut request);
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let path = head.uri.path().strip_prefix(PREFIX).unwrap_or_default();
    let asked = Asked {
        method: head.method.to_string(),
        path: path.split('/').map(decoded).collect(),
        query: head.uri.query().unwrap_or_default().split('&').filter_map(pair).collect(),
        body: serde_json::from_slice(&body).unwrap_or_default(),
        raw: body,
    };
    let words: Vec<&str> = asked.path.iter().map(String::as_str).collect();
    if let (true, ["exec", id, "start"]) = (is_upgrade, words.as_slice()) {
        let reply = exec::attach(&server, id, &asked.body);
        let has_terminal = server.state().session(id).is_some_and(|session| session.has_terminal);
        let id = (*id).to_owned();
        let work: BoxFuture<'static, ()> = if has_terminal {
            Box::pin(exec::shell(server, id, upgrade))
        } else {
            Box::pin(programs::run(server, id, upgrade))
        };
        let _ = later.send(work).await;
        return Ok(reply);
    }
    Ok(match words.as_slice() {
        ["containers", id, rest @ ..] if !matches!(*id, "json" | "create" | "stats") => {
            of_container(server, &asked, id, rest).await
        }
        ["exec", id, "json"] => exec::inspect(&server, id),
        ["exec", id, "start"] => exec::run(&server, id),
        ["exec", id, "resize"] => {
            let size = |key| asked.number(key).unwrap_or_default();
            exec::resize(&server, id, size("h"), size("w"))
        }
        rest => of_server(server, &asked, rest),
    })
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn pair(text: &str) -> Option<(String, String)> {
    text.split_once('=').map(|(key, value)| (key.to_owned(), decoded(value)))
}

fn of_server(server: Arc<Server>, asked: &Asked, words: &[&str]) -> Reply {
    match (asked.method.as_str(), words) {
        ("GET", ["_ping"]) => bytes(200, "OK"),
        ("GET", ["info"]) => json(200, &info()),
        ("GET", ["images", "json"]) => images::list(&server.state()),
        ("GET", ["images", name, "json"]) => images::inspect(&server.state(), name),
        ("GET", ["images", _, "history"]) => images::history(),
        ("POST", ["images", name, "tag"]) => {
            images::tag(&server, name, asked.text("repo"), asked.text("tag"))
        }
        ("DELETE", ["images", name]) => images::remove(&server, name),
        ("GET", ["volumes", "json"]) => volumes::list(&server.state()),
        ("GET", ["volumes", name, "json"]) => volumes::inspect(&server.state(), name),
        ("POST", ["volumes", "create"]) => {
            let name = containers::text(field(&asked.body, "/Name"));
            volumes::create(&mut server.state(), &name)
        }
        ("DELETE", ["volumes", name]) => volumes::remove(&mut server.state(), name),
        ("GET", ["system", "df"]) => volumes::sizes(&server.state()),
        ("GET", ["containers", "json"]) => {
            let state = server.state();
            json(200, &state.containers.iter().map(containers::listed).collect())
        }
        ("GET", ["containers", "stats"]) => {
            live::stats(server, asked.number("interval").unwrap_or(5))
        }
        ("GET", ["events"]) => live::events(server, asked.text("since").parse().unwrap_or(0)),
        ("POST", ["containers", "create"]) => containers::create(&server, asked.body.clone()),
        _ => refuse(404, "not found", "Path not found"),
    }
}

async fn of_container(server: Arc<Server>, asked: &Asked, id: &str, words: &[&str]) -> Reply {
    if server.state().container(id).is_none() {
        return no_container(id);
    }
    match (asked.method.as_str(), words) {
        ("GET", ["json"]) => match server.state().container(id) {
            Some(found) => json(200, &containers::inspected(found)),
            None => no_container(id),
        },
        ("POST", ["start"]) => containers::run(&server, id, &[true]),
        ("POST", ["stop"]) => containers::run(&server, id, &[false]),
        ("POST", ["restart"]) => containers::run(&server, id, &[false, true]),
        ("POST", ["rename"]) => containers::rename(&server, id, asked.text("name")),
        ("POST", ["wait"]) => live::wait(&server, id).await,
        ("POST", ["exec"]) => exec::create(&server, id, &asked.body),
        ("DELETE", []) => containers::remove(&server, id),
        ("GET", ["logs"]) => {
            let tail = asked.text("tail").parse().ok();
            live::logs(server, id.to_owned(), tail, asked.text("follow") == "true").await
        }
        ("HEAD" | "GET", ["archive"]) => files::get(&server, id, asked.text("path")),
        ("PUT", ["archive"]) => {
            let keeps_owner = asked.text("copyUIDGID") == "false";
            files::put(&server, id, asked.text("path"), &asked.raw, keeps_owner)
        }
        _ => refuse(404, "not found", "Path not found"),
    }
}

fn info() -> Value {
    json!({
        "host": {
            "cpus": 2, "memTotal": 8_589_934_592_u64, "memFree": 4_294_967_296_u64,
            "security": { "rootless": false },
        },
        "store": { "graphRootAllocated": 270_553_174_016_u64, "graphRootUsed": 60_368_269_312_u64 },
        "version": { "APIVersion": "4.3.1", "Version": "4.3.1" },
    })
}
