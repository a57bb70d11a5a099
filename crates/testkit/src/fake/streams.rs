//! What goes on in a session of the fake server: changes, ports, logs, terminals, measurements.

use std::time::Duration;

use async_trait::async_trait;
use backend_api::{
    BackendError, BoxStream, Cx, Endpoints, Exec, ExecOutput, ExecRequest, LogOptions, Logs,
    Metrics, Terminal, TerminalInput, TerminalOptions, TerminalOutput, Watch, WatchEvent,
};
use futures::{StreamExt as _, stream, stream::BoxStream as BoxItems};
use model::{LogLine, LogStream, MetricSample, WorkspaceId, WorkspaceState};
use tokio::sync::mpsc;

use super::session::{FakeSession, lost};

#[async_trait]
impl Watch for FakeSession {
    async fn watch(
        &self,
        _cx: &Cx,
    ) -> Result<BoxItems<'static, Result<WatchEvent, BackendError>>, BackendError> {
        self.check()?;
        let events = self.server.changes.subscribe();
        let broken = self.broken.clone();
        let items = stream::unfold(events, |mut events| async move {
            let item = events.recv().await.unwrap_or(WatchEvent::Resync);
            Some((Ok(item), events))
        });
        Ok(items.take_until(broken.cancelled_owned()).boxed())
    }
}

#[async_trait]
impl Endpoints for FakeSession {
    /// Every port echoes.
    async fn dial(
        &self,
        id: &WorkspaceId,
        _port: u16,
        _cx: &Cx,
    ) -> Result<BoxStream, BackendError> {
        self.check()?;
        self.find(id)?;
        let (near, far) = tokio::io::duplex(64 * 1024);
        let broken = self.broken.clone();
        tokio::spawn(async move {
            let (mut reader, mut writer) = tokio::io::split(far);
            tokio::select! {
                () = broken.cancelled() => {}
                _ = tokio::io::copy(&mut reader, &mut writer) => {}
            }
        });
        Ok(Box::new(near))
    }
}

#[async_trait]
impl Logs for FakeSession {
    async fn logs(
        &self,
        id: &WorkspaceId,
        options: LogOptions,
        _cx: &Cx,
    ) -> Result<BoxItems<'static, Result<LogLine, BackendError>>, BackendError> {
        self.check()?;
        self.find(id)?;
        let all = self.server.state().log.clone();
        let skip = options.tail.map_or(0, |tail| all.len().saturating_sub(tail as usize));
        let lines = stream::iter(all.into_iter().skip(skip))
            .map(|text| Ok(LogLine { at: None, stream: LogStream::Stdout, text }));
        Ok(if options.is_followed { lines.chain(stream::pending()).boxed() } else { lines.boxed() })
    }
}

#[async_trait]
impl Exec for FakeSession {
    async fn run(
        &self,
        id: &WorkspaceId,
        request: ExecRequest,
        _cx: &Cx,
    ) -> Result<ExecOutput, BackendError> {
        self.run_program(id, request)
    }

    /// Prints the greeting, then what is typed; "exit" ends it with code 3.
    async fn terminal(
        &self,
        id: &WorkspaceId,
        _options: TerminalOptions,
        _cx: &Cx,
    ) -> Result<Terminal, BackendError> {
        self.check()?;
        self.find(id)?;
        let (input, mut typed) = mpsc::channel(16);
        let greeting = self.server.state().greeting.clone();
        let (printed, output) = mpsc::channel(16);
        let broken = self.broken.clone();
        tokio::spawn(async move {
            let work = async {
                for part in greeting.chunks(8192) {
                    let part = TerminalOutput::Bytes(part.to_vec().into());
                    if printed.send(Ok(part)).await.is_err() {
                        return;
                    }
                }
                while let Some(item) = typed.recv().await {
                    let out = match item {
                        TerminalInput::Bytes(bytes) if bytes.as_ref() == b"exit" => {
                            TerminalOutput::Exited { exit_code: Some(3) }
                        }
                        TerminalInput::Bytes(bytes) => TerminalOutput::Bytes(bytes),
                        TerminalInput::Resize(size) => TerminalOutput::Bytes(
                            format!("[{}x{}]", size.columns, size.rows).into(),
                        ),
                    };
                    let is_end = matches!(out, TerminalOutput::Exited { .. });
                    if printed.send(Ok(out)).await.is_err() || is_end {
                        return;
                    }
                }
            };
            tokio::select! {
                () = broken.cancelled() => drop(printed.send(Err(lost())).await),
                () = work => {}
            }
        });
        let output = stream::unfold(output, |mut output| async move {
            output.recv().await.map(|item| (item, output))
        });
        Ok(Terminal { program: "sh".into(), input, output: output.boxed() })
    }
}

#[async_trait]
impl Metrics for FakeSession {
    async fn metrics(
        &self,
        cx: &Cx,
    ) -> Result<
        BoxItems<'static, Result<Vec<(WorkspaceId, MetricSample)>, BackendError>>,
        BackendError,
    > {
        self.check()?;
        let (server, clock) = (self.server.clone(), cx.clock.clone());
        let items = stream::unfold(0_u64, move |count| {
            let (server, clock) = (server.clone(), clock.clone());
            async move {
                if count > 0 {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                let rows = server.state().workspaces.clone();
                let running = rows.into_iter().filter(|row| row.state == WorkspaceState::Running);
                let samples = running.map(|row| {
                    let sample = MetricSample {
                        at: clock.now(),
                        cpu_percent: 12.5,
                        memory_bytes: 1024,
                        memory_limit_bytes: None,
                        network_in_bytes: count,
                        network_out_bytes: count,
                        disk_read_bytes: count,
                        disk_written_bytes: count,
                    };
                    (row.id, sample)
                });
                Some((Ok(samples.collect()), count + 1))
            }
        });
        Ok(items.boxed())
    }
}
