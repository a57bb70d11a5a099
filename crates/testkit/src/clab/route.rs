//! Which request means what, and who may ask it.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use futures::future::BoxFuture;
use http_body_util::BodyExt;
use hyper::Request;
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::reply::{Reply, json as json_reply, no_page, refuse};
use super::state::Server;
use super::{CLAB_ADMIN, errors, legacy, lifecycle, netem, nodes, terminals, workspace};

/// A request taken apart.
pub(super) struct Asked {
    pub(super) method: String,
    pub(super) query: BTreeMap<String, String>,
    pub(super) body: Bytes,
    pub(super) content_type: String,
    /// Who asks.
    pub(super) user: String,
}

impl Asked {
    pub(super) fn text(&self, key: &str) -> &str {
        self.query.get(key).map_or("", String::as_str)
    }

    pub(super) fn is(&self, key: &str) -> bool {
        self.text(key) == "true"
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub(super) fn names(&self, key: &str) -> Vec<String> {
        self.text(key).split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }
}

pub(super) type Later = mpsc::Sender<BoxFuture<'static, ()>>;

/// Answers a request; what an upgrade begins is sent to `later`.
pub(super) async fn answer(
    server: Arc<Server>,
    mut request: Request<Incoming>,
    later: Later,
) -> Result<Reply, Infallible> {
    let upgrade = hyper::upgrade::on(&mut request);
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let path = head.uri.path().to_owned();
    server.state().requests.push(format!("{} {path}", head.method));
    let header = |name| head.headers.get(name).and_then(|value| value.to_str().ok());
    let mut asked = Asked {
        method: head.method.to_string(),
        query: head.uri.query().unwrap_or_default().split('&').filter_map(pair).collect(),
        body,
        content_type: header(CONTENT_TYPE).unwrap_or_default().to_owned(),
        user: String::new(),
    };
    let Some(below) = path.strip_prefix("/api/v1/") else {
        return Ok(public(&server, &asked, &path));
    };
    match who(&server, header(AUTHORIZATION)) {
        Ok(user) => asked.user = user,
        Err(error) => return Ok(refuse(401, error)),
    }
    let words: Vec<String> = below.split('/').map(decoded).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if let (true, ["terminal-sessions", id, "stream"]) = (server.is_modern(), words.as_slice()) {
        let key = head.headers.get("sec-websocket-key").cloned();
        return Ok(terminals::attach(&server, &asked, id, key, upgrade, &later).await);
    }
    Ok(route(&server, &asked, &words).await)
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn pair(text: &str) -> Option<(String, String)> {
    text.split_once('=').map(|(key, value)| (key.to_owned(), decoded(value)))
}

fn public(server: &Arc<Server>, asked: &Asked, path: &str) -> Reply {
    let version = if server.is_modern() { "clab-0.79.0-api-1.4.0" } else { "0.1.11" };
    match (asked.method.as_str(), path) {
        ("GET", "/") => json_reply(
            200,
            &json!({
                "api_base_path": format!("https://{}/api/v1", server.address), "clab_runtime": "docker",
                "message": format!("Containerlab API Server (Version: {version}) is running (https)."),
            }),
        ),
        ("GET", "/health") => json_reply(
            200,
            &json!({
                "status": "healthy", "uptime": "2s", "startTime": "2026-11-21T11:30:22.697308248Z",
                "version": version,
            }),
        ),
        ("POST", "/login") => {
            let body = asked.json();
            let (Some(user), Some(password)) =
                (body["username"].as_str(), body["password"].as_str())
            else {
                return refuse(
                    400,
                    "Invalid request body: Key: 'LoginRequest.Password' Error:Field validation for 'Password' failed on the 'required' tag",
                );
            };
            match server.login(user, password) {
                Some(token) => json_reply(200, &json!({ "token": token })),
                None if server.is_modern() => {
                    refuse(401, "Invalid credentials or user not in allowed group")
                }
                None => refuse(401, "Invalid username or password"),
            }
        }
        _ => no_page(),
    }
}

fn who(server: &Arc<Server>, header: Option<&str>) -> Result<String, &'static str> {
    let header = header.ok_or("Authorization header required")?;
    let token = header.strip_prefix("Bearer ").unwrap_or_default();
    let user = server.state().logins.get(token).cloned();
    user.ok_or("Invalid or expired token")
}

async fn route(server: &Arc<Server>, asked: &Asked, words: &[&str]) -> Reply {
    let is_modern = server.is_modern();
    match (asked.method.as_str(), words) {
        ("GET", ["session"]) if is_modern => session(asked),
        ("GET", ["capabilities"]) if is_modern => capabilities(),
        ("GET", ["events"]) if is_modern => nodes::events(server, asked),
        ("GET", ["images"]) if is_modern => nodes::images(server).await,
        (_, ["tools", "netem", verb]) if is_modern => netem::answer(server, asked, verb),
        (_, ["labs", "workspace", rest @ ..]) if is_modern => {
            workspace::answer(server, asked, rest)
        }
        ("GET" | "DELETE", ["terminal-sessions", id]) if is_modern => {
            terminals::of_session(server, asked, id)
        }
        ("GET", ["labs", "topology", "files"]) if is_modern => {
            workspace::topologies(server, asked).await
        }
        ("GET", ["labs"]) => list(server, asked).await,
        ("POST", ["labs"]) => legacy::deploy(server, asked).await,
        ("POST", ["labs", "archive"]) => legacy::archive(server, asked).await,
        (_, ["labs", lab, rest @ ..]) => of_lab(server, asked, lab, rest).await,
        _ => no_page(),
    }
}

fn session(asked: &Asked) -> Reply {
    let is_admin = asked.user == CLAB_ADMIN;
    let roles = if is_admin { json!(["api-user", "superuser"]) } else { json!(["api-user"]) };
    json_reply(200, &json!({ "username": asked.user, "roles": roles }))
}

fn capabilities() -> Reply {
    json_reply(
        200,
        &json!({
            "apiVersion": "v1", "serverVersion": "clab-0.79.0-api-1.4.0", "runtime": "docker",
            "features": [
                "captures", "lab-lifecycle", "lifecycle-logs-ndjson", "runtime-events-ndjson",
                "runtime-images", "terminal-websocket", "topology-events-ndjson", "topology-files",
                "workspace-files",
            ],
        }),
    )
}

/// A map of labs; empty when there is none.
async fn list(server: &Arc<Server>, asked: &Asked) -> Reply {
    if server.state().quirk(|quirk| *quirk == super::Quirk::DoesNotFit).is_some() {
        return errors::does_not_fit("all");
    }
    let mut labs: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    match server.containers(&asked.user).await {
        Ok(containers) => {
            for one in containers {
                let shown = serde_json::to_value(&one).unwrap_or_default();
                labs.entry(one.lab_name).or_default().push(shown);
            }
            json_reply(200, &json!(labs))
        }
        Err(error) => refuse(500, error),
    }
}

async fn of_lab(server: &Arc<Server>, asked: &Asked, lab: &str, rest: &[&str]) -> Reply {
    let is_name = lab.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if !is_name {
        return refuse(400, "Invalid characters in lab name.");
    }
    if server.state().quirk(|quirk| *quirk == super::Quirk::DoesNotFit).is_some() {
        return errors::does_not_fit(lab);
    }
    let is_modern = server.is_modern();
    match (asked.method.as_str(), rest) {
        ("POST", ["deploy" | "apply"]) if is_modern => {
            return lifecycle::from_files(server, asked, lab, rest.first() == Some(&"apply")).await;
        }
        ("GET", ["topology", "file"]) if is_modern => {
            return workspace::topology(server, asked, lab);
        }
        _ => {}
    }
    let containers = match server.containers(&asked.user).await {
        Ok(containers) => containers,
        Err(error) => return refuse(500, error),
    };
    let own: Vec<_> = containers.into_iter().filter(|one| one.lab_name == lab).collect();
    let is_known = matches!(
        (asked.method.as_str(), rest),
        (_, [] | ["interfaces" | "save" | "exec"] | ["nodes", ..])
    );
    if !is_known && !is_modern {
        return no_page();
    }
    if own.is_empty() {
        return errors::not_found(lab);
    }
    match (asked.method.as_str(), rest) {
        ("GET", []) => json_reply(200, &json!(own)),
        ("DELETE", []) => lifecycle::destroy(server, asked, lab).await,
        ("PUT", []) => lifecycle::redeploy(server, asked, lab, &own).await,
        ("POST", [verb @ ("start" | "stop" | "restart")]) if is_modern => {
            lifecycle::of_nodes(server, asked, lab, verb).await
        }
        _ => nodes::answer(server, asked, lab, &own, rest).await,
    }
}
