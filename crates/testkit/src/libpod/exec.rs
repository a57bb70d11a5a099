//! Exec sessions: a shell that knows `stty size` and `exit`, and the hang-up of another session.
//!
//! As in Podman, a session's program goes on when its stream closes.

use std::sync::Arc;

use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderValue, UPGRADE};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

use super::containers::text;
use super::reply::{Reply, empty, json, no_container, refuse};
use super::state::{ExecSession, Server, field};

pub(super) fn create(server: &Server, container: &str, spec: &Value) -> Reply {
    server.change(|state| {
        let Some(found) = state.container(container) else { return no_container(container) };
        let container = found.id.clone();
        let (id, pid) = state.new_id();
        state.tell(&container, "exec");
        let command = field(spec, "/Cmd").as_array().into_iter().flatten().map(text).collect();
        let is_set = |key: &str| field(spec, key).as_bool().unwrap_or_default();
        let session = ExecSession {
            id: id.clone(),
            container,
            command,
            user: text(field(spec, "/User")),
            has_terminal: is_set("/Tty"),
            has_input: is_set("/AttachStdin"),
            pid,
            rows: 0,
            columns: 0,
            is_running: false,
            exit_code: 0,
        };
        state.sessions.push(session);
        json(201, &json!({ "Id": id }))
    })
}

pub(super) fn inspect(server: &Server, id: &str) -> Reply {
    match server.state().session(id) {
        Some(found) => {
            json(200, &json!({ "Running": found.is_running, "ExitCode": found.exit_code }))
        }
        None => no_session(id),
    }
}

pub(super) fn resize(server: &Server, id: &str, rows: u64, columns: u64) -> Reply {
    match server.state().session(id) {
        Some(session) => {
            (session.rows, session.columns) = (rows, columns);
            empty(201)
        }
        None => no_session(id),
    }
}

/// Starts a session: the answer that begins its stream.
pub(super) fn attach(server: &Server, id: &str, start: &Value) -> Reply {
    let Some(()) = server.change(|state| {
        let session = state.session(id)?;
        session.rows = field(start, "/h").as_u64().unwrap_or_default();
        session.columns = field(start, "/w").as_u64().unwrap_or_default();
        session.is_running = true;
        Some(())
    }) else {
        return no_session(id);
    };
    let mut reply = empty(101);
    let headers = reply.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("tcp"));
    let kind = HeaderValue::from_static("application/vnd.docker.raw-stream");
    headers.insert(CONTENT_TYPE, kind);
    reply
}

/// Runs a session without a terminal to its end: only `kill -HUP` of another one.
pub(super) fn run(server: &Server, id: &str) -> Reply {
    server.change(|state| {
        let Some(session) = state.session(id) else { return no_session(id) };
        let pid = session.command.last().and_then(|pid| pid.parse::<u64>().ok());
        for hung_up in state.sessions.iter_mut().filter(|one| Some(one.pid) == pid) {
            (hung_up.is_running, hung_up.exit_code) = (false, 129);
        }
        empty(200)
    })
}

/// The shell of a session with a terminal.
pub(super) async fn shell(server: Arc<Server>, id: String, upgrade: OnUpgrade) {
    let Ok(upgraded) = upgrade.await else { return };
    let (reader, mut writer) = tokio::io::split(TokioIo::new(upgraded));
    let Some(pid) = server.state().session(&id).map(|session| session.pid) else { return };
    let mut shown = format!("\x1b]7788;{pid}\x07$ ");
    let mut lines = BufReader::new(reader).lines();
    while writer.write_all(shown.as_bytes()).await.is_ok() && writer.flush().await.is_ok() {
        let Ok(Some(line)) = lines.next_line().await else { return };
        let Some(said) = command(&server, &id, line.trim()) else { break };
        shown = format!("{line}\r\n{said}\r\n$ ");
    }
    let _ = writer.shutdown().await;
}

/// What a command prints; none when it ended the shell.
fn command(server: &Server, id: &str, line: &str) -> Option<String> {
    server.change(|state| {
        let session = state.session(id)?;
        if let Some(code) = line.strip_prefix("exit ") {
            session.is_running = false;
            session.exit_code = code.parse().unwrap_or(2);
            return None;
        }
        Some(match line {
            "stty size" => format!("{} {}", session.rows, session.columns),
            other => format!("sh: {other}: not found"),
        })
    })
}

fn no_session(id: &str) -> Reply {
    refuse(404, "no such exec session", &format!("no exec session with ID {id} found"))
}
