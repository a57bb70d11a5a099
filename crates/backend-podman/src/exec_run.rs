//! Programs run to their end: an exec session without a TTY, its input, both outputs, its exit code.

use std::time::Duration;

use backend_api::{BackendError, Cx, ExecOutput, ExecRequest};
use bytes::Bytes;
use model::WorkspaceId;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::frames::{FrameParser, NotFrames};
use crate::http::{Call, Client, Raw, escape};
use crate::session::PodmanSession;
use crate::wire::{ExecInspected, ExecSpec, ExecStart, Inspected, Made};

/// The longest a program may take.
const LONGEST: Duration = Duration::from_secs(600);
/// The longest output of a program, on either stream.
const MOST: usize = 1024 * 1024;
const READ_SIZE: usize = 32 * 1024;
/// How long the exit code of a program that ended may take.
const EXIT_CODE: Duration = Duration::from_secs(5);

impl PodmanSession {
    pub(crate) async fn run_program(
        &self,
        id: &WorkspaceId,
        request: ExecRequest,
        cx: &Cx,
    ) -> Result<ExecOutput, BackendError> {
        let found = self.running(id, cx).await?;
        let guest = self.guest(&found, request.user.as_deref(), cx).await?;
        let spec = ExecSpec {
            cmd: request.argv,
            attach_stdin: request.stdin.is_some(),
            attach_stdout: true,
            attach_stderr: true,
            tty: false,
            env: guest.environment(&found),
            user: guest.user,
            working_dir: None,
        };
        let call = Call::post(format!("containers/{}/exec", escape(&found.id))).json(&spec)?;
        let made: Made = self.ask_json(call, "run a program in", &found.name, cx).await?;
        let start = ExecStart { detach: false, tty: false, rows: 0, columns: 0 };
        let call = Call::post(format!("exec/{}/start", escape(&made.id))).json(&start)?.bulk();
        let raw = match self.client.upgrade(call, cx).await? {
            Ok(raw) => raw,
            Err(reply) => {
                return Err(self.attempt("run a program in", &found.name).refused(&reply));
            }
        };
        let carried = self.carry_program(raw, request.stdin, &found);
        let carried = cx.until_cancelled(async {
            let late = || self.client.silent(LONGEST);
            tokio::time::timeout(LONGEST, carried).await.unwrap_or_else(|_| Err(late()))
        });
        let (stdout, stderr) = carried.await?;
        let exit_code = exit_code(&self.client, &made.id, cx).await;
        Ok(ExecOutput { exit_code, stdout, stderr })
    }

    /// The container, which has to run.
    pub(crate) async fn running(
        &self,
        id: &WorkspaceId,
        cx: &Cx,
    ) -> Result<Inspected, BackendError> {
        let found = self.inspected(id, cx).await?;
        if found.state.running {
            return Ok(found);
        }
        Err(BackendError::conflict(format!(
            "\"{}\" on \"{}\" does not run",
            found.name,
            self.server_name()
        ))
        .with_hint("Start it, then try again."))
    }

    /// Gives the program its input while it reads both outputs to their end.
    async fn carry_program(
        &self,
        raw: Raw,
        stdin: Option<Bytes>,
        found: &Inspected,
    ) -> Result<(Vec<u8>, Vec<u8>), BackendError> {
        let Raw { io, task: _task } = raw;
        let (mut reader, mut writer) = tokio::io::split(io);
        let write = async {
            if let Some(bytes) = stdin {
                // A program that does not read its input to the end is no failure.
                let _ = writer.write_all(&bytes).await;
                let _ = writer.shutdown().await;
            }
            std::future::pending::<()>().await;
        };
        let read = async {
            let mut outputs = Outputs::default();
            let mut buffer = vec![0; READ_SIZE];
            loop {
                match reader.read(&mut buffer).await {
                    Ok(0) => return Ok((outputs.stdout, outputs.stderr)),
                    Ok(length) => outputs
                        .take(buffer.get(..length).unwrap_or_default())
                        .map_err(|refusal| self.unusable(&refusal, found))?,
                    Err(error) => return Err(self.client.lost(&error.to_string())),
                }
            }
        };
        tokio::select! {
            read = read => read,
            () = write => Err(self.client.lost("the input ended the stream")),
        }
    }

    fn unusable(&self, refusal: &Refusal, found: &Inspected) -> BackendError {
        let (name, server) = (&found.name, self.server_name());
        match refusal {
            Refusal::NotFrames => BackendError::protocol(format!(
                "\"{server}\" answered something that is not libpod's: cannot run a program in \"{name}\""
            ))
            .with_hint("Check that the socket belongs to Podman 4.0 or newer."),
            Refusal::TooLong => BackendError::rejected(format!(
                "a program in \"{name}\" on \"{server}\" printed more than 1 MiB"
            ))
            .with_hint("Run it in a terminal of the workspace."),
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Refusal {
    NotFrames,
    TooLong,
}

impl From<NotFrames> for Refusal {
    fn from(_: NotFrames) -> Self {
        Self::NotFrames
    }
}

#[derive(Default)]
struct Outputs {
    frames: FrameParser,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

impl Outputs {
    fn take(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        for piece in self.frames.push(bytes)? {
            let output = if piece.fd == 1 { &mut self.stdout } else { &mut self.stderr };
            output.extend_from_slice(&piece.bytes);
            if output.len() > MOST {
                return Err(Refusal::TooLong);
            }
        }
        Ok(())
    }
}

/// The exit code of a session's program, once libpod has noticed that it ended.
pub(crate) async fn exit_code(client: &Client, exec_id: &str, cx: &Cx) -> Option<i32> {
    let asked = async {
        loop {
            let call = Call::get(format!("exec/{}/json", escape(exec_id)));
            let reply = client.send(call, cx).await.ok()?;
            let found: ExecInspected = serde_json::from_slice(&reply.body).ok()?;
            if !found.running {
                return reply.status.is_success().then_some(found.exit_code);
            }
            tokio::time::sleep(EXIT_CODE / 50).await;
        }
    };
    tokio::time::timeout(EXIT_CODE, asked).await.ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::{MOST, Outputs, Refusal};

    fn frame(fd: u8, bytes: &[u8]) -> Vec<u8> {
        let length = u32::try_from(bytes.len()).unwrap().to_be_bytes();
        [&[fd, 0, 0, 0], &length[..], bytes].concat()
    }

    #[test]
    fn outputs_are_told_apart() {
        let mut outputs = Outputs::default();
        let wire = [frame(1, b"one"), frame(2, b"oh"), frame(1, b" two")].concat();
        for chunk in wire.chunks(3) {
            outputs.take(chunk).unwrap();
        }
        assert_eq!(
            (outputs.stdout.as_slice(), outputs.stderr.as_slice()),
            (&b"one two"[..], &b"oh"[..])
        );
    }

    #[test]
    fn more_than_the_limit_is_refused() {
        let mut outputs = Outputs::default();
        outputs.take(&frame(1, &vec![b'x'; MOST])).unwrap();
        assert_eq!(outputs.take(&frame(1, b"x")), Err(Refusal::TooLong));
        assert_eq!(Outputs::default().take(b"plain words"), Err(Refusal::NotFrames));
    }
}
