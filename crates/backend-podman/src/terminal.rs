//! Terminals: an exec session with a TTY, its input, its size, its end.
//!
//! Podman leaves the programs of an exec session running when its stream closes. So the session begins with
//! a line of shell that tells its process id in a control sequence, and a terminal that is dropped sends
//! that process the hang-up which a closed terminal would have sent.

use std::time::Duration;

use async_trait::async_trait;
use backend_api::{
    BackendError, Cx, Exec, Terminal, TerminalInput, TerminalOptions, TerminalOutput,
};
use bytes::Bytes;
use futures::StreamExt;
use model::{TerminalSize, WorkspaceId};
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;

use crate::guest::Guest;
use crate::http::{Call, Client, Raw, escape};
use crate::session::PodmanSession;
use crate::wire::{ExecInspected, ExecSpec, ExecStart, Inspected, Made};

/// Tells the process id, then becomes the first shell that is there.
const LOGIN_SHELL: &str = r#"printf '\033]7788;%s\007' "$$"; for shell in "$1" /bin/bash /bin/sh; do [ -x "$shell" ] && exec "$shell" -l; done; exec sh -l"#;
/// Tells the process id, then becomes the program that was asked for.
const PROGRAM: &str = r#"printf '\033]7788;%s\007' "$$"; exec "$@""#;
const MARK: &[u8] = b"\x1b]7788;";
/// Longest mark: the digits of a process id and the byte that ends it.
const MARK_LENGTH: usize = MARK.len() + 12;
/// The mark comes before this much output, or not at all.
const MARK_WITHIN: usize = 64 * 1024;
const WORK_FOLDER: &str = "/workspace";
/// Items between a terminal and its reader; each is at most one read.
const QUEUE: usize = 64;
const READ_SIZE: usize = 32 * 1024;
/// How long the exit code of a program that ended may take.
const EXIT_CODE: Duration = Duration::from_secs(5);
/// How long telling a program that its terminal is gone may take.
const HANG_UP: Duration = Duration::from_secs(10);

#[async_trait]
impl Exec for PodmanSession {
    async fn terminal(
        &self,
        id: &WorkspaceId,
        options: TerminalOptions,
        cx: &Cx,
    ) -> Result<Terminal, BackendError> {
        let found = self.inspected(id, cx).await?;
        if !found.state.running {
            return Err(BackendError::conflict(format!(
                "\"{}\" on \"{}\" does not run",
                found.name,
                self.server_name()
            ))
            .with_hint("Start it, then open the terminal again."));
        }
        let guest = self.guest(&found, options.user.as_deref(), cx).await?;
        let program = program_name(options.argv.as_deref(), &guest);
        let exec_id = self.make_exec(&found, &guest, options.argv, cx).await?;
        let raw = self.start_exec(&exec_id, &found.name, options.size, cx).await?;
        Ok(self.spawn_terminal(program, exec_id, &found, raw, cx))
    }
}

fn program_name(argv: Option<&[String]>, guest: &Guest) -> String {
    let path = match argv {
        Some(argv) => argv.first().map_or("sh", String::as_str),
        None => guest.shell.as_deref().unwrap_or("sh"),
    };
    path.rsplit('/').next().unwrap_or(path).to_owned()
}

impl PodmanSession {
    async fn make_exec(
        &self,
        found: &Inspected,
        guest: &Guest,
        argv: Option<Vec<String>>,
        cx: &Cx,
    ) -> Result<String, BackendError> {
        let mut cmd: Vec<String> = vec!["/bin/sh".into(), "-c".into()];
        match argv {
            Some(argv) => {
                cmd.extend([PROGRAM.to_owned(), "sh".to_owned()]);
                cmd.extend(argv);
            }
            None => {
                let shell = guest.shell.clone().unwrap_or_else(|| "/bin/bash".into());
                cmd.extend([LOGIN_SHELL.to_owned(), "sh".to_owned(), shell]);
            }
        }
        let has_work_folder = self.has_path(&found.id, WORK_FOLDER, cx).await;
        let spec = ExecSpec {
            cmd,
            attach_stdin: true,
            attach_stdout: true,
            attach_stderr: true,
            tty: true,
            user: guest.user.clone(),
            working_dir: has_work_folder.then(|| WORK_FOLDER.to_owned()),
            env: environment(found, guest),
        };
        let call = Call::post(format!("containers/{}/exec", escape(&found.id))).json(&spec)?;
        let made: Made = self.ask_json(call, "open a terminal in", &found.name, cx).await?;
        Ok(made.id)
    }

    async fn start_exec(
        &self,
        exec_id: &str,
        name: &str,
        size: TerminalSize,
        cx: &Cx,
    ) -> Result<Raw, BackendError> {
        let start = ExecStart { detach: false, tty: true, rows: size.rows, columns: size.columns };
        let call = Call::post(format!("exec/{}/start", escape(exec_id))).json(&start)?.bulk();
        match self.client.upgrade(call, cx).await? {
            Ok(raw) => Ok(raw),
            Err(reply) => Err(self.attempt("open a terminal in", name).refused(&reply)),
        }
    }

    fn spawn_terminal(
        &self,
        program: String,
        exec_id: String,
        found: &Inspected,
        raw: Raw,
        cx: &Cx,
    ) -> Terminal {
        let (input, from_person) = mpsc::channel(QUEUE);
        let (to_person, output) = mpsc::channel(QUEUE);
        let cx = cx.for_call(self.closing.child_token(), cx.log.clone());
        let worker =
            Worker { client: self.client.clone(), container_id: found.id.clone(), exec_id, cx };
        tokio::spawn(worker.run(raw, from_person, to_person));
        Terminal { program, input, output: ReceiverStream::new(output).boxed() }
    }
}

fn environment(found: &Inspected, guest: &Guest) -> Vec<String> {
    let mut env = vec!["TERM=xterm-256color".to_owned(), "COLORTERM=truecolor".to_owned()];
    if let Some(home) = &guest.home {
        env.push(format!("HOME={home}"));
    }
    if let Some(user) = &guest.user {
        env.extend([format!("USER={user}"), format!("LOGNAME={user}")]);
    }
    if let Some(shell) = &guest.shell {
        env.push(format!("SHELL={shell}"));
    }
    if !found.config.env.iter().any(|pair| pair.starts_with("LANG=")) {
        env.push("LANG=C.UTF-8".to_owned());
    }
    env
}

type RawIo = hyper_util::rt::TokioIo<hyper::upgrade::Upgraded>;
type Output = mpsc::Sender<Result<TerminalOutput, BackendError>>;

/// Owns one terminal until its program ends, its reader is gone, or the session closes.
struct Worker {
    client: Client,
    container_id: String,
    exec_id: String,
    cx: Cx,
}

/// How the output of a terminal ended.
enum End {
    Program,
    Broken(BackendError),
    NobodyListens,
}

impl Worker {
    async fn run(self, raw: Raw, input: mpsc::Receiver<TerminalInput>, output: Output) {
        let Raw { io, task: _task } = raw;
        let (mut reader, writer) = tokio::io::split(io);
        let mut mark = MarkFinder::default();
        let end = tokio::select! {
            end = read_output(&self.client, &mut reader, &output, &mut mark) => end,
            () = self.write_input(writer, input) => End::NobodyListens,
            () = self.cx.cancel.cancelled() => End::NobodyListens,
        };
        match end {
            End::Program => {
                let exit_code = self.exit_code().await;
                let _ = output.send(Ok(TerminalOutput::Exited { exit_code })).await;
            }
            End::Broken(error) => {
                let _ = output.send(Err(error)).await;
            }
            End::NobodyListens => {
                find_mark(&mut reader, &mut mark).await;
                self.hang_up(mark.process).await;
            }
        }
    }

    /// Carries input until the stream breaks; what happens then is the output's to say.
    async fn write_input(
        &self,
        mut writer: WriteHalf<RawIo>,
        mut input: mpsc::Receiver<TerminalInput>,
    ) {
        while let Some(item) = input.recv().await {
            match item {
                TerminalInput::Bytes(bytes) => {
                    let written = async {
                        writer.write_all(&bytes).await?;
                        writer.flush().await
                    };
                    if written.await.is_err() {
                        break;
                    }
                }
                TerminalInput::Resize(size) => self.resize(size).await,
            }
        }
        std::future::pending::<()>().await;
    }

    async fn resize(&self, size: TerminalSize) {
        let path =
            format!("exec/{}/resize?h={}&w={}", escape(&self.exec_id), size.rows, size.columns);
        match self.client.send(Call::post(path), &self.cx).await {
            Ok(reply) if reply.status.is_success() => {}
            Ok(reply) => tracing::debug!(status = %reply.status, "a terminal was not resized"),
            Err(error) => tracing::debug!(%error, "a terminal was not resized"),
        }
    }

    /// The exit code, once libpod has noticed that the program ended.
    async fn exit_code(&self) -> Option<i32> {
        let asked = async {
            loop {
                let call = Call::get(format!("exec/{}/json", escape(&self.exec_id)));
                let reply = self.client.send(call, &self.cx).await.ok()?;
                let found: ExecInspected = serde_json::from_slice(&reply.body).ok()?;
                if !found.running {
                    return reply.status.is_success().then_some(found.exit_code);
                }
                tokio::time::sleep(EXIT_CODE / 50).await;
            }
        };
        tokio::time::timeout(EXIT_CODE, asked).await.ok().flatten()
    }

    /// Tells the program that its terminal is gone.
    async fn hang_up(&self, process: Option<u32>) {
        let Some(process) = process else { return };
        let cx = self.cx.for_call(CancellationToken::new(), self.cx.log.clone());
        let spec = ExecSpec {
            cmd: vec![
                "/bin/sh".into(),
                "-c".into(),
                "kill -HUP \"$1\"".into(),
                "sh".into(),
                process.to_string(),
            ],
            attach_stdin: false,
            attach_stdout: true,
            attach_stderr: true,
            tty: false,
            user: Some("0".into()),
            working_dir: None,
            env: Vec::new(),
        };
        let told = async {
            let path = format!("containers/{}/exec", escape(&self.container_id));
            let made = self.client.send(Call::post(path).json(&spec)?, &cx).await?;
            let made: Made = serde_json::from_slice(&made.body).unwrap_or_default();
            let start = ExecStart { detach: false, tty: false, rows: 0, columns: 0 };
            let call = Call::post(format!("exec/{}/start", escape(&made.id))).json(&start)?;
            self.client.send(call, &cx).await.map(drop)
        };
        match tokio::time::timeout(HANG_UP, told).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "a closed terminal was not hung up"),
            Err(_) => tracing::debug!("a closed terminal was not hung up in time"),
        }
    }
}

/// Carries output until the program ends or nobody listens.
async fn read_output(
    client: &Client,
    reader: &mut ReadHalf<RawIo>,
    output: &Output,
    mark: &mut MarkFinder,
) -> End {
    let mut buffer = vec![0; READ_SIZE];
    loop {
        let read = tokio::select! {
            read = reader.read(&mut buffer) => read,
            () = output.closed() => return End::NobodyListens,
        };
        let bytes = match read {
            Ok(0) => return End::Program,
            Ok(length) => mark.pass(buffer.get(..length).unwrap_or_default()),
            Err(error) => return End::Broken(client.lost(&error.to_string())),
        };
        if !bytes.is_empty() && output.send(Ok(TerminalOutput::Bytes(bytes))).await.is_err() {
            return End::NobodyListens;
        }
    }
}

/// Reads on for the mark of a terminal that was dropped before it came.
async fn find_mark(reader: &mut ReadHalf<RawIo>, mark: &mut MarkFinder) {
    let mut buffer = vec![0; READ_SIZE];
    let read = async {
        while !mark.is_done {
            match reader.read(&mut buffer).await {
                Ok(0) | Err(_) => break,
                Ok(length) => drop(mark.pass(buffer.get(..length).unwrap_or_default())),
            }
        }
    };
    if tokio::time::timeout(HANG_UP, read).await.is_err() {
        tracing::debug!("a closed terminal never told its process id");
    }
}

/// Takes the process id out of the output. What was typed early is echoed before it.
#[derive(Default)]
struct MarkFinder {
    held: Vec<u8>,
    passed: usize,
    is_done: bool,
    process: Option<u32>,
}

impl MarkFinder {
    fn pass(&mut self, bytes: &[u8]) -> Bytes {
        if self.is_done {
            return Bytes::copy_from_slice(bytes);
        }
        self.held.extend_from_slice(bytes);
        let mut shown = match find(&self.held, MARK) {
            Some(begin) => self.take_mark(begin),
            None => {
                let end = self.held.len() - partial_mark(&self.held);
                self.held.drain(..end).collect()
            }
        };
        self.passed += shown.len();
        if self.is_done || self.passed > MARK_WITHIN {
            self.is_done = true;
            shown.append(&mut self.held);
        }
        Bytes::from(shown)
    }

    /// The mark begins at `begin`; what is before it is shown, and the rest stays held until it is whole.
    fn take_mark(&mut self, begin: usize) -> Vec<u8> {
        let shown: Vec<u8> = self.held.drain(..begin).collect();
        let Some(end) = self.held.iter().take(MARK_LENGTH).position(|byte| *byte == 7) else {
            self.is_done = self.held.len() >= MARK_LENGTH;
            return shown;
        };
        let mark: Vec<u8> = self.held.drain(..=end).collect();
        let digits = mark.get(MARK.len()..end).and_then(|digits| std::str::from_utf8(digits).ok());
        self.process = digits.and_then(|digits| digits.parse().ok());
        self.is_done = true;
        shown
    }
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

/// How many bytes at the end may be the beginning of a mark.
fn partial_mark(bytes: &[u8]) -> usize {
    let longest = MARK.len().min(bytes.len());
    let fits =
        |length: &usize| bytes.iter().rev().take(*length).rev().eq(MARK.iter().take(*length));
    (1..=longest).rev().find(fits).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::MarkFinder;

    proptest! {
        #[test]
        fn the_mark_is_taken_out_at_any_cut(
            process in any::<u32>(),
            echo in "[ -~]{0,40}",
            text in "[ -~\\x1b]{0,40}",
            cut in 1usize..30,
        ) {
            let wire = format!("{echo}\x1b]7788;{process}\x07{text}");
            let mut finder = MarkFinder::default();
            let mut shown = Vec::new();
            for chunk in wire.as_bytes().chunks(cut) {
                shown.extend_from_slice(&finder.pass(chunk));
            }
            prop_assert_eq!(finder.process, Some(process));
            prop_assert_eq!(shown, format!("{echo}{text}").into_bytes());
        }
    }

    #[test]
    fn output_without_a_mark_is_kept() {
        let mut finder = MarkFinder::default();
        assert_eq!(&finder.pass(b"\x1b]7788;not a number at all\x07")[..9], b"\x1b]7788;no");
        let mut finder = MarkFinder::default();
        let shown = finder.pass(b"Error: no such file or directory\r\n");
        assert_eq!(&shown[..], b"Error: no such file or directory\r\n");
        assert_eq!(finder.process, None);
    }
}
