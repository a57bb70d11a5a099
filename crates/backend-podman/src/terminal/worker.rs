//! The task behind one terminal: carries bytes both ways, tells the exit code, hangs up.

use std::time::Duration;

use backend_api::{BackendError, Cx, TerminalInput, TerminalOutput};
use model::TerminalSize;
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::mark::MarkFinder;
use crate::exec_run::exit_code;
use crate::http::{Call, Client, Raw, escape};
use crate::wire::{ExecSpec, ExecStart, Made};

const READ_SIZE: usize = 32 * 1024;
/// How long telling a program that its terminal is gone may take.
const HANG_UP: Duration = Duration::from_secs(10);

type RawIo = hyper_util::rt::TokioIo<hyper::upgrade::Upgraded>;
type Output = mpsc::Sender<Result<TerminalOutput, BackendError>>;

/// Owns one terminal until its program ends, its reader is gone, or the session closes.
pub(super) struct Worker {
    pub(super) client: Client,
    pub(super) container_id: String,
    pub(super) exec_id: String,
    pub(super) cx: Cx,
}

/// How the output of a terminal ended.
enum End {
    Program,
    Broken(BackendError),
    NobodyListens,
}

impl Worker {
    pub(super) async fn run(self, raw: Raw, input: mpsc::Receiver<TerminalInput>, output: Output) {
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
                let exit_code = exit_code(&self.client, &self.exec_id, &self.cx).await;
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
