//! Terminal sessions: made by a request, attached by one WebSocket, over when the program ends.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures::{FutureExt, SinkExt, StreamExt};
use hyper::header::{CONNECTION, HeaderValue, SEC_WEBSOCKET_ACCEPT, UPGRADE};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use model::TerminalSize;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Message, Role};

use super::engine::{Container, Shell};
use super::reply::{Reply, bytes, json as json_reply, message, refuse};
use super::route::{Asked, Later};
use super::state::{Server, Session};

pub(super) async fn make(server: &Arc<Server>, asked: &Asked, node: &Container) -> Reply {
    let body = asked.json();
    let protocol = body["protocol"].as_str().unwrap_or_default().to_owned();
    if !matches!(protocol.as_str(), "ssh" | "shell" | "telnet") {
        return refuse(400, format!("unsupported terminal protocol \"{protocol}\""));
    }
    let cells = |key: &str| body[key].as_u64().and_then(|cells| u16::try_from(cells).ok());
    let size =
        TerminalSize { columns: cells("cols").unwrap_or(80), rows: cells("rows").unwrap_or(24) };
    let shell = match server.engine.shell(&node.name, size).await {
        Ok(shell) => shell,
        Err(error) => return refuse(500, error),
    };
    let mut state = server.state();
    let id = format!("session-{}", state.sessions.len() + 1);
    let session = Session {
        owner: asked.user.clone(),
        container: node.name.clone(),
        shell: Some(shell),
        is_over: false,
    };
    state.sessions.insert(id.clone(), session);
    json_reply(
        200,
        &json!({
            "sessionId": id, "labName": node.lab_name, "nodeName": node.node_name,
            "protocol": protocol, "state": "created", "expiresAt": "2036-11-21T11:30:33Z",
        }),
    )
}

pub(super) fn of_session(server: &Arc<Server>, asked: &Asked, id: &str) -> Reply {
    let mut state = server.state();
    let Some(session) = state.sessions.get(id).filter(|one| one.owner == asked.user) else {
        return refuse(404, "terminal session not found");
    };
    if asked.method == "GET" {
        let word = if session.is_over { "exited" } else { "running" };
        let shown = json!({ "sessionId": id, "state": word, "containerName": session.container });
        return json_reply(200, &shown);
    }
    state.sessions.remove(id);
    message("Terminal session terminated")
}

pub(super) async fn attach(
    server: &Arc<Server>,
    asked: &Asked,
    id: &str,
    key: Option<HeaderValue>,
    upgrade: OnUpgrade,
    later: &Later,
) -> Reply {
    let shell = {
        let mut state = server.state();
        let Some(session) = state.sessions.get_mut(id).filter(|one| one.owner == asked.user) else {
            return refuse(404, "terminal session not found");
        };
        if session.is_over {
            return refuse(410, "terminal session already exited");
        }
        match session.shell.take() {
            Some(shell) => shell,
            None => return refuse(409, "terminal session already attached"),
        }
    };
    let Some(key) = key else { return refuse(400, "Bad Request") };
    let work = talk(server.clone(), id.to_owned(), shell, upgrade).boxed();
    let _ = later.send(work).await;
    let mut reply = bytes(101, "text/plain", Bytes::new());
    let headers = reply.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    if let Ok(accept) = HeaderValue::from_str(&derive_accept_key(key.as_bytes())) {
        headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    }
    reply
}

async fn talk(server: Arc<Server>, id: String, shell: Shell, upgrade: OnUpgrade) {
    let Ok(upgraded) = upgrade.await else { return };
    let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, None).await;
    let (mut to_client, mut from_client) = socket.split();
    let (mut output, mut input) = tokio::io::split(shell.stream);
    let ready = json!({ "type": "ready", "sessionId": id, "protocol": "shell" });
    let mut exit = shell.exit;
    let mut buffer = vec![0_u8; 4096];
    if to_client.send(text(&ready)).await.is_err() {
        return;
    }
    loop {
        tokio::select! {
            read = output.read(&mut buffer) => match read {
                Ok(count) if count > 0 => {
                    let data = STANDARD.encode(buffer.get(..count).unwrap_or_default());
                    let shown = json!({ "type": "output", "data": data, "encoding": "base64" });
                    if to_client.send(text(&shown)).await.is_err() {
                        break;
                    }
                }
                _ => {
                    let code = (&mut exit).await.unwrap_or(-1);
                    let last = json!({ "type": "exit", "exitCode": code, "error": "", "state": "exited" });
                    let _ = to_client.send(text(&last)).await;
                    let _ = to_client.close().await;
                    break;
                }
            },
            said = from_client.next() => {
                let Some(Ok(Message::Text(said))) = said else { break };
                let said: Value = serde_json::from_str(said.as_str()).unwrap_or_default();
                match (said["type"].as_str(), said["data"].as_str()) {
                    (Some("input"), Some(data)) => {
                        let _ = input.write_all(data.as_bytes()).await;
                    }
                    (Some("resize"), _) => {}
                    _ => break,
                }
            }
        }
    }
    if let Some(session) = server.state().sessions.get_mut(&id) {
        session.is_over = true;
    }
}

fn text(value: &Value) -> Message {
    Message::text(value.to_string())
}
