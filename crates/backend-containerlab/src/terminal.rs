//! Consoles: a session made on the server, attached by a WebSocket, ended when its terminal is dropped.

use std::sync::Arc;

use async_trait::async_trait;
use backend_api::{
    BackendError, Cx, Exec, ExecOutput, ExecRequest, Terminal, TerminalInput, TerminalOptions,
    TerminalOutput,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures::{SinkExt, StreamExt};
use https::{Call, Message, WebSocket};
use model::WorkspaceId;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;

use crate::api::{Api, escape};
use crate::session::{ClabSession, console_parts};
use crate::wire::{Container, TerminalSession};

/// Items between a terminal and its reader.
const QUEUE: usize = 64;
/// What has a shell in its container; everything else is a machine of its own, reached by SSH.
const SHELL_KINDS: &[&str] = &["linux", "host", "bridge", "ovs-bridge", "k8s-kind", "generic_vm"];

#[derive(Deserialize)]
struct Said {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    data: String,
    #[serde(default, rename = "exitCode")]
    exit_code: Option<i32>,
}

#[async_trait]
impl Exec for ClabSession {
    async fn run(
        &self,
        id: &WorkspaceId,
        request: ExecRequest,
        cx: &Cx,
    ) -> Result<ExecOutput, BackendError> {
        if request.stdin.is_some() || request.user.is_some() {
            return Err(BackendError::unsupported(
                "commands on nodes get no input and run as the node's own user",
            ));
        }
        let (lab, one) = self.console(id, cx).await?;
        let command = quoted(&request.argv);
        let own = [one];
        let nodes: Vec<String> = own.iter().map(|one| one.node().to_owned()).collect();
        let ran = self.run_on(lab, &own, &nodes, &command, cx).await?;
        let ran = ran.into_iter().next().ok_or_else(|| {
            BackendError::conflict(format!("node \"{}\" does not run", nodes.join("")))
                .with_hint("Start the node first.")
        })?;
        Ok(ExecOutput {
            exit_code: ran.exit_code,
            stdout: ran.stdout.into_bytes(),
            stderr: ran.stderr.into_bytes(),
        })
    }

    async fn terminal(
        &self,
        id: &WorkspaceId,
        options: TerminalOptions,
        cx: &Cx,
    ) -> Result<Terminal, BackendError> {
        if !self.found.features().console {
            return Err(BackendError::unsupported(format!(
                "\"{}\" opens no consoles",
                self.api.server
            ))
            .with_hint("Update containerlab's API server on it."));
        }
        if options.argv.is_some() {
            return Err(BackendError::unsupported("a console of a node runs the node's own shell"));
        }
        let (lab, one) = self.console(id, cx).await?;
        let protocol = if SHELL_KINDS.contains(&one.kind.as_str()) { "shell" } else { "ssh" };
        let subject = format!("node \"{}\"", one.node());
        let attempt = self.api.attempt("open a console on", &subject);
        let mut asked = json!({
            "protocol": protocol, "cols": options.size.columns, "rows": options.size.rows,
        });
        if let (Some(user), Some(asked)) = (options.user, asked.as_object_mut()) {
            asked.insert("sshUsername".into(), user.into());
        }
        let node = format!("api/v1/labs/{}/nodes/{}", escape(lab), escape(&one.name));
        let call = Call::post(format!("{node}/terminal-sessions")).json(&asked)?;
        let session: TerminalSession = self.api.json(call, attempt, cx).await?;
        let path = format!("api/v1/terminal-sessions/{}", escape(&session.session_id));
        let socket =
            match self.api.web_socket(Call::get(format!("{path}/stream")).bulk(), cx).await? {
                Ok(socket) => socket,
                Err(reply) => return Err(attempt.refused(&reply)),
            };
        let (input, from_person) = mpsc::channel(QUEUE);
        let (to_person, output) = mpsc::channel(QUEUE);
        let closing = self.closing.child_token();
        let carrier = Carrier { api: self.api.clone(), path, closing, cx: cx.clone() };
        tokio::spawn(carrier.run(socket, from_person, to_person));
        let program = if protocol == "ssh" { "ssh" } else { "sh" };
        Ok(Terminal { program: program.into(), input, output: ReceiverStream::new(output).boxed() })
    }
}

impl ClabSession {
    /// The lab and container of a console.
    async fn console<'a>(
        &self,
        id: &'a WorkspaceId,
        cx: &Cx,
    ) -> Result<(&'a str, Container), BackendError> {
        let (lab, container) = console_parts(id)?;
        let own = self.containers(lab, cx).await?;
        let one = own.into_iter().find(|one| one.name == container);
        let one =
            one.ok_or_else(|| BackendError::not_found(format!("there is no node {container}")))?;
        Ok((lab, one))
    }
}

/// Carries one terminal until its program, its person or the session ends.
struct Carrier {
    api: Arc<Api>,
    path: String,
    closing: CancellationToken,
    cx: Cx,
}

impl Carrier {
    async fn run(
        self,
        mut socket: WebSocket,
        mut from_person: mpsc::Receiver<TerminalInput>,
        to_person: mpsc::Sender<Result<TerminalOutput, BackendError>>,
    ) {
        let mut typed = Typed::default();
        let is_over = loop {
            tokio::select! {
                () = self.closing.cancelled() => break false,
                () = to_person.closed() => break false,
                input = from_person.recv() => {
                    let Some(message) = input.map(|input| typed.message(input)) else { break false };
                    if let Some(message) = message
                        && socket.send(message).await.is_err()
                    {
                        let _ = to_person.send(Err(broken())).await;
                        break true;
                    }
                }
                said = socket.next() => {
                    let (item, is_last) = heard(said);
                    if let Some(item) = item && to_person.send(item).await.is_err() {
                        break false;
                    }
                    if is_last {
                        break true;
                    }
                }
            }
        };
        if !is_over {
            let _ = socket.send(Message::text(json!({ "type": "close" }).to_string())).await;
            let cx = Cx { cancel: CancellationToken::new(), ..self.cx };
            let _ = self.api.send(Call::delete(self.path), &cx).await;
        }
    }
}

type Heard = Option<Result<TerminalOutput, BackendError>>;

/// What a message means, and whether it is the last.
fn heard(said: Option<Result<Message, impl std::error::Error>>) -> (Heard, bool) {
    let text = match said {
        Some(Ok(Message::Text(text))) => text,
        Some(Ok(Message::Close(_))) | None => return (Some(Err(broken())), true),
        Some(Ok(_)) => return (None, false),
        Some(Err(error)) => return (Some(Err(broken().with_detail(error.to_string()))), true),
    };
    let Ok(said) = serde_json::from_str::<Said>(text.as_str()) else { return (None, false) };
    match said.kind.as_str() {
        "output" => {
            let bytes = STANDARD.decode(said.data.as_bytes()).unwrap_or_default();
            (Some(Ok(TerminalOutput::Bytes(Bytes::from(bytes)))), false)
        }
        "exit" => (Some(Ok(TerminalOutput::Exited { exit_code: said.exit_code })), true),
        _ => (None, false),
    }
}

fn broken() -> BackendError {
    BackendError::unreachable("the connection of the console broke")
        .with_hint("Open the console again.")
}

/// What was typed, as text: a character that comes in two parts waits for the second.
#[derive(Default)]
struct Typed {
    held: Vec<u8>,
}

impl Typed {
    fn message(&mut self, input: TerminalInput) -> Option<Message> {
        let said = match input {
            TerminalInput::Resize(size) => {
                json!({ "type": "resize", "cols": size.columns, "rows": size.rows })
            }
            TerminalInput::Bytes(bytes) => {
                let text = self.text(&bytes);
                if text.is_empty() {
                    return None;
                }
                json!({ "type": "input", "data": text })
            }
        };
        Some(Message::text(said.to_string()))
    }

    fn text(&mut self, bytes: &[u8]) -> String {
        self.held.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(&self.held) {
            Ok(text) => text.len(),
            // Only what could still become a character waits.
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => self.held.len(),
        };
        let rest = self.held.split_off(whole);
        let text = String::from_utf8_lossy(&self.held).into_owned();
        self.held = rest;
        text
    }
}

/// Words as the server splits them again.
fn quoted(argv: &[String]) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    let word = |word: &String| {
        if !word.is_empty() && word.chars().all(is_plain) {
            word.clone()
        } else {
            format!("'{}'", word.replace('\'', "'\"'\"'"))
        }
    };
    argv.iter().map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Typed, quoted};

    #[test]
    fn words_are_quoted() {
        let words = ["vtysh".to_owned(), "-c".to_owned(), "show it's".to_owned()];
        assert_eq!(quoted(&words), "vtysh -c 'show it'\"'\"'s'");
    }

    proptest! {
        #[test]
        fn typed_text_arrives_whole_in_any_cut(text in "\\PC{0,60}", cut in 1usize..5) {
            let mut typed = Typed::default();
            let got: String = text.as_bytes().chunks(cut).map(|chunk| typed.text(chunk)).collect();
            prop_assert_eq!(got, text);
        }

        #[test]
        fn any_bytes_are_sent(bytes in proptest::collection::vec(any::<u8>(), 0..50)) {
            let mut typed = Typed::default();
            let _ = typed.text(&bytes);
            prop_assert!(typed.held.len() < 4);
        }
    }
}
