//! One session of the fake server, with every ability.

use std::time::Duration;

use async_trait::async_trait;
use backend_api::{
    Applied, Apply, BackendError, BoxStream, Cx, Endpoints, Exec, Lifecycle, LogOptions, Logs,
    Metrics, Session, StepSink, Terminal, TerminalInput, TerminalOptions, TerminalOutput, Watch,
    WatchEvent,
};
use futures::{StreamExt as _, stream, stream::BoxStream as BoxItems};
use model::{
    FieldKind, Form, FormValues, LogLine, LogStream, MetricSample, Plan, PlanStep, RemoveVolumes,
    ServerInfo, Workspace, WorkspaceDetail, WorkspaceId, WorkspaceState,
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{ApplyStop, FakeServer, field, workspace};

pub(super) struct FakeSession {
    pub(super) server: FakeServer,
    pub(super) broken: CancellationToken,
}

fn lost() -> BackendError {
    BackendError::unreachable("the link to the fake server broke").with_hint("Call come_back.")
}

impl FakeSession {
    fn check(&self) -> Result<(), BackendError> {
        if self.broken.is_cancelled() {
            return Err(lost());
        }
        self.server.check_up()
    }

    async fn pass(&self, cx: &Cx) -> Result<(), BackendError> {
        self.check()?;
        let gate = async {
            match self.server.gate.acquire().await {
                Ok(permit) => permit.forget(),
                Err(_) => return Err(lost()),
            }
            Ok(())
        };
        cx.until_cancelled(gate).await
    }

    fn set(&self, id: &WorkspaceId, state: WorkspaceState) -> Result<(), BackendError> {
        let mut all = self.server.state();
        let found = all.workspaces.iter_mut().find(|row| row.id == *id);
        found.ok_or_else(|| BackendError::not_found("no such workspace"))?.state = state;
        drop(all);
        self.server.tell(id);
        Ok(())
    }

    fn find(&self, id: &WorkspaceId) -> Result<Workspace, BackendError> {
        let state = self.server.state();
        let found = state.workspaces.iter().find(|row| row.id == *id).cloned();
        found.ok_or_else(|| BackendError::not_found("no such workspace"))
    }
}

#[async_trait]
impl Session for FakeSession {
    async fn server(&self, _cx: &Cx) -> Result<ServerInfo, BackendError> {
        self.check()?;
        Ok(ServerInfo { product: "Fake 1".into(), ..ServerInfo::default() })
    }

    async fn ping(&self, _cx: &Cx) -> Result<(), BackendError> {
        self.check()
    }

    async fn list(&self, _cx: &Cx) -> Result<Vec<Workspace>, BackendError> {
        self.check()?;
        Ok(self.server.state().workspaces.clone())
    }

    async fn inspect(&self, id: &WorkspaceId, _cx: &Cx) -> Result<WorkspaceDetail, BackendError> {
        self.check()?;
        Ok(WorkspaceDetail {
            workspace: self.find(id)?,
            limits: model::Limits::default(),
            volumes: Vec::new(),
            environment_names: Vec::new(),
            labels: std::collections::BTreeMap::new(),
            command: Vec::new(),
            user: None,
            exit_code: None,
        })
    }

    fn lifecycle(&self) -> Option<&dyn Lifecycle> {
        Some(self)
    }
    fn watch(&self) -> Option<&dyn Watch> {
        Some(self)
    }
    fn endpoints(&self) -> Option<&dyn Endpoints> {
        Some(self)
    }
    fn logs(&self) -> Option<&dyn Logs> {
        Some(self)
    }
    fn exec(&self) -> Option<&dyn Exec> {
        Some(self)
    }
    fn metrics(&self) -> Option<&dyn Metrics> {
        Some(self)
    }
    fn apply(&self) -> Option<&dyn Apply> {
        Some(self)
    }
}

#[async_trait]
impl Lifecycle for FakeSession {
    async fn start(&self, id: &WorkspaceId, cx: &Cx) -> Result<(), BackendError> {
        self.pass(cx).await?;
        self.set(id, WorkspaceState::Running)
    }

    async fn stop(&self, id: &WorkspaceId, cx: &Cx) -> Result<(), BackendError> {
        self.pass(cx).await?;
        self.set(id, WorkspaceState::Stopped)
    }

    async fn restart(&self, id: &WorkspaceId, cx: &Cx) -> Result<(), BackendError> {
        self.pass(cx).await?;
        self.set(id, WorkspaceState::Running)
    }

    async fn rename(&self, id: &WorkspaceId, name: &str, cx: &Cx) -> Result<(), BackendError> {
        self.pass(cx).await?;
        let mut state = self.server.state();
        if state.workspaces.iter().any(|row| row.name == name) {
            return Err(BackendError::conflict(format!("the fake server already has {name}"))
                .with_field("name"));
        }
        let found = state.workspaces.iter_mut().find(|row| row.id == *id);
        found.ok_or_else(|| BackendError::not_found("no such workspace"))?.name = name.into();
        Ok(())
    }

    async fn remove(
        &self,
        id: &WorkspaceId,
        _volumes: RemoveVolumes,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        self.pass(cx).await?;
        self.server.state().workspaces.retain(|row| row.id != *id);
        self.server.tell(id);
        Ok(())
    }
}

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
                    };
                    (row.id, sample)
                });
                Some((Ok(samples.collect()), count + 1))
            }
        });
        Ok(items.boxed())
    }
}

#[async_trait]
impl Apply for FakeSession {
    async fn form(&self, _cx: &Cx) -> Result<Form, BackendError> {
        self.check()?;
        Ok(Form { fields: vec![field("extras", FieldKind::Environment)] })
    }

    async fn plan(&self, input: &FormValues, _cx: &Cx) -> Result<Plan, BackendError> {
        self.check()?;
        let subject = input.get("name").cloned().unwrap_or_default();
        let is_taken = self.server.state().workspaces.iter().any(|row| row.name == subject);
        let problems = is_taken.then(|| model::FieldProblem {
            field: "name".into(),
            message: format!("the fake server already has {subject}"),
            suggestion: Some(format!("{subject}-2")),
        });
        let step = |name: &str| PlanStep { name: name.into(), summary: name.into() };
        Ok(Plan {
            subject,
            input: input.clone(),
            steps: vec![step("Make"), step("Start")],
            warnings: Vec::new(),
            problems: problems.into_iter().collect(),
            command: Some(format!("make {input:?}")),
        })
    }

    async fn apply(
        &self,
        plan: &Plan,
        steps: &dyn StepSink,
        made: &(dyn Fn(WorkspaceId) + Send + Sync),
        cx: &Cx,
    ) -> Result<Applied, BackendError> {
        self.check()?;
        self.server.state().applied_inputs.push(plan.input.clone());
        steps.begin(0);
        cx.log.line(LogStream::Stdout, "making");
        let row = workspace(&plan.subject, WorkspaceState::Created);
        let id = row.id.clone();
        self.server.state().workspaces.push(row);
        made(id.clone());
        let stop = self.server.state().apply_stop;
        match stop {
            ApplyStop::Never => {}
            ApplyStop::AfterMaking => {
                cx.cancel.cancelled().await;
                self.server.state().workspaces.retain(|row| row.id != id);
                return Err(BackendError::Cancelled);
            }
            ApplyStop::FailAfterMaking => {
                return Err(BackendError::rejected("the fake server refuses to start it"));
            }
        }
        steps.begin(1);
        self.pass(cx).await?;
        cx.log.line(LogStream::Stdout, "starting");
        self.set(&id, WorkspaceState::Running)?;
        Ok(Applied { workspace_id: id })
    }
}
