//! Commands on the far machine.

use std::sync::Arc;

use async_trait::async_trait;
use backend_api::{BackendError, BoxStream, ExecOutput, RemoteExec, Terminal};
use model::TerminalSize;
use russh::Channel;
use russh::client::Msg;
use tokio::io::AsyncReadExt;

use crate::Link;
use crate::channel::{Carries, STDERR_BYTES};
use crate::connection::{Connection, NotOpened};
use crate::quote::command_line;

const MAX_OUTPUT_BYTES: usize = 1024 * 1024;

#[async_trait]
impl RemoteExec for Link {
    async fn run(&self, argv: &[&str]) -> Result<ExecOutput, BackendError> {
        let command = command_line(argv)?;
        let (connection, channel) = self.open_session(false).await?;
        let stream = connection.exec(channel, &command, Carries::Command).await?;
        let mut limited = stream.take(MAX_OUTPUT_BYTES as u64 + 1);
        let mut stdout = Vec::new();
        limited.read_to_end(&mut stdout).await.map_err(|error| {
            BackendError::unreachable(format!(
                "the connection to {} was lost while {} ran",
                connection.host_name(),
                argv.first().unwrap_or(&"")
            ))
            .with_hint("Connect again; whether the command finished is not known.")
            .with_detail(error.to_string())
        })?;
        let stream = limited.into_inner();
        let stderr = stream.stderr();
        if stdout.len() > MAX_OUTPUT_BYTES || stderr.len() >= STDERR_BYTES {
            let program = argv.first().unwrap_or(&"");
            return Err(BackendError::rejected(format!("{program} printed more than 1 MiB"))
                .with_hint("Ask it for less."));
        }
        Ok(ExecOutput { exit_code: stream.exit_code(), stdout, stderr })
    }

    async fn spawn(&self, argv: &[&str]) -> Result<BoxStream, BackendError> {
        self.spawn_on(argv, false).await
    }

    async fn spawn_bulk(&self, argv: &[&str]) -> Result<BoxStream, BackendError> {
        self.spawn_on(argv, true).await
    }

    async fn terminal(&self, argv: &[&str], size: TerminalSize) -> Result<Terminal, BackendError> {
        self.open_terminal(argv, size).await
    }
}

impl Link {
    async fn spawn_on(&self, argv: &[&str], is_bulk: bool) -> Result<BoxStream, BackendError> {
        let command = command_line(argv)?;
        let (connection, channel) = self.open_session(is_bulk).await?;
        let stream = connection.exec(channel, &command, Carries::CommandStream).await?;
        Ok(Box::new(stream))
    }

    /// Opens a session channel wherever the server still allows one: servers limit sessions per
    /// connection, often to ten, sometimes to one.
    pub(crate) async fn open_session(
        &self,
        is_bulk: bool,
    ) -> Result<(Arc<Connection>, Channel<Msg>), BackendError> {
        let mut candidates = vec![Arc::clone(self.control())];
        let lane = if is_bulk { self.lanes().pick().await } else { None };
        candidates.splice(0..0, lane);
        candidates.extend(self.lanes().all());
        for connection in candidates {
            match connection.session().await {
                Ok(channel) => return Ok((connection, channel)),
                Err(NotOpened::Refused(_)) => {}
                Err(NotOpened::Lost(error)) => return Err(error),
            }
        }
        if let Some(lane) = self.lanes().open_another().await
            && let Ok(channel) = lane.session().await
        {
            return Ok((lane, channel));
        }
        let host = self.control().host_name();
        Err(BackendError::busy(format!("{host} allows no more sessions at once"))
            .with_hint("Close a terminal or wait, or ask for a higher MaxSessions on the server."))
    }
}
