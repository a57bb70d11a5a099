//! Carriers to this machine, for tests only.

use std::process::Stdio;

use async_trait::async_trait;
use backend_api::{BackendError, BoxStream, Dial, DialTarget, ExecOutput, RemoteExec};
use tokio::net::TcpStream;
use tokio::process::Command;

use crate::OpenStreams;

/// Dials unix sockets and ports of this machine.
#[derive(Debug, Clone, Default)]
pub struct DirectDial {
    /// Counts what it opened.
    pub open: OpenStreams,
}

#[async_trait]
impl Dial for DirectDial {
    async fn dial(&self, target: &DialTarget) -> Result<BoxStream, BackendError> {
        let stream = match target {
            DialTarget::Tcp { host, port } => {
                TcpStream::connect((host.as_str(), *port)).await.map(|stream| {
                    let _ = stream.set_nodelay(true);
                    Box::new(stream) as BoxStream
                })
            }
            DialTarget::Unix { path } => unix(path).await,
        };
        let stream = stream.map_err(|error| {
            BackendError::unreachable(format!("cannot reach {target}"))
                .with_detail(error.to_string())
        })?;
        Ok(Box::new(self.open.counted(stream)))
    }
}

#[cfg(unix)]
async fn unix(path: &str) -> std::io::Result<BoxStream> {
    Ok(Box::new(tokio::net::UnixStream::connect(path).await?))
}

#[cfg(not(unix))]
async fn unix(_path: &str) -> std::io::Result<BoxStream> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// Runs programs on this machine.
#[derive(Debug, Clone, Default)]
pub struct LocalExec {
    /// Variables added to what every program sees.
    pub env: Vec<(String, String)>,
}

#[async_trait]
impl RemoteExec for LocalExec {
    async fn run(&self, argv: &[&str]) -> Result<ExecOutput, BackendError> {
        let output = self.command(argv)?.stdin(Stdio::null()).output().await;
        let output = output.map_err(|error| not_run(argv, &error))?;
        Ok(ExecOutput {
            exit_code: output.status.code(),
            stdout: output.stdout,
            stderr: output.stderr,
        })
    }

    async fn spawn(&self, argv: &[&str]) -> Result<BoxStream, BackendError> {
        let mut command = self.command(argv)?;
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| not_run(argv, &error))?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(BackendError::protocol("a program has no standard streams"));
        };
        Ok(Box::new(Piped { pipes: tokio::io::join(stdout, stdin), _child: child }))
    }
}

impl LocalExec {
    fn command(&self, argv: &[&str]) -> Result<Command, BackendError> {
        let [program, arguments @ ..] = argv else {
            return Err(BackendError::invalid("no program to run"));
        };
        let mut command = Command::new(program);
        command.args(arguments).envs(self.env.iter().cloned()).kill_on_drop(true);
        Ok(command)
    }
}

fn not_run(argv: &[&str], error: &std::io::Error) -> BackendError {
    BackendError::not_found(format!("cannot run {}", argv.first().unwrap_or(&"nothing")))
        .with_detail(error.to_string())
}

/// A program's standard streams; the program ends with them.
struct Piped {
    pipes: tokio::io::Join<tokio::process::ChildStdout, tokio::process::ChildStdin>,
    _child: tokio::process::Child,
}

mod piped {
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use tokio::io::{AsyncRead, ReadBuf};

    use super::Piped;

    impl AsyncRead for Piped {
        fn poll_read(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
            buf: &mut ReadBuf<'_>,
        ) -> Poll<std::io::Result<()>> {
            Pin::new(&mut self.pipes).poll_read(cx, buf)
        }
    }

    passes_writes_on!(Piped, pipes);
}
