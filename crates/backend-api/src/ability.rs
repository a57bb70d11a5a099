//! What a session may be able to do. The app asks for an ability, never for a kind of backend.

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream as BoxItems;
use model::{
    Form, FormValues, LogLine, MetricSample, Plan, RemoveVolumes, TerminalSize, TimestampMs,
    WorkspaceId,
};

use crate::{BackendError, BoxStream, Cx, ExecOutput, StepSink};

/// Starting, stopping, renaming, removing.
///
/// Each call returns when the server has done it. Calling for a state that is already reached succeeds.
#[async_trait]
pub trait Lifecycle: Send + Sync {
    /// Starts a workspace. `Conflict` names the port that something else holds.
    async fn start(&self, id: &WorkspaceId, cx: &Cx) -> Result<(), BackendError>;
    /// Stops a workspace and keeps its data; it has 10 s before it is killed.
    async fn stop(&self, id: &WorkspaceId, cx: &Cx) -> Result<(), BackendError>;
    async fn restart(&self, id: &WorkspaceId, cx: &Cx) -> Result<(), BackendError>;
    /// Gives a workspace another name; `Invalid` or `Conflict` name the field `name`.
    async fn rename(&self, id: &WorkspaceId, name: &str, cx: &Cx) -> Result<(), BackendError>;
    /// Removes a workspace, running or not. A workspace that is gone already counts as removed.
    async fn remove(
        &self,
        id: &WorkspaceId,
        volumes: RemoveVolumes,
        cx: &Cx,
    ) -> Result<(), BackendError>;
}

/// Something changed on the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WatchEvent {
    /// This workspace changed, appeared or went away: list again.
    Changed(WorkspaceId),
    /// Events were lost: list everything again.
    Resync,
}

/// Live changes, so that nobody polls.
#[async_trait]
pub trait Watch: Send + Sync {
    /// Changes from now on. The stream ends with an error when the link breaks; dropping it stops.
    async fn watch(
        &self,
        cx: &Cx,
    ) -> Result<BoxItems<'static, Result<WatchEvent, BackendError>>, BackendError>;
}

/// Byte streams to the ports of a workspace.
#[async_trait]
pub trait Endpoints: Send + Sync {
    /// Opens one stream to a port inside the workspace. `Unreachable` when nothing listens there,
    /// `NotFound` when the port cannot be reached from outside the workspace.
    async fn dial(&self, id: &WorkspaceId, port: u16, cx: &Cx) -> Result<BoxStream, BackendError>;
}

/// Which part of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogOptions {
    /// Keep giving lines as they are written.
    pub is_followed: bool,
    /// At most this many lines from before now; none means all.
    pub tail: Option<u32>,
    /// Only lines after this time.
    pub since: Option<TimestampMs>,
}

/// What a workspace's main program printed.
#[async_trait]
pub trait Logs: Send + Sync {
    /// Lines, oldest first. Ends when the log ends (not followed) or the workspace stops.
    async fn logs(
        &self,
        id: &WorkspaceId,
        options: LogOptions,
        cx: &Cx,
    ) -> Result<BoxItems<'static, Result<LogLine, BackendError>>, BackendError>;
}

/// How a terminal is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerminalOptions {
    pub size: TerminalSize,
    /// None: the login shell of the workspace's user.
    pub argv: Option<Vec<String>>,
    /// None: the workspace's own user.
    pub user: Option<String>,
}

/// What a person types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TerminalInput {
    Bytes(Bytes),
    Resize(TerminalSize),
}

/// What a terminal gives back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TerminalOutput {
    Bytes(Bytes),
    /// The last item: the program ended.
    Exited {
        exit_code: Option<i32>,
    },
}

/// A running terminal: send input, receive output. Dropping both ends it.
pub struct Terminal {
    /// For the title, for example "zsh".
    pub program: String,
    pub input: tokio::sync::mpsc::Sender<TerminalInput>,
    /// Ends after `Exited`, or with an error when the link breaks.
    pub output: BoxItems<'static, Result<TerminalOutput, BackendError>>,
}

/// A program to run to its end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExecRequest {
    /// Program and arguments, passed as they are: no shell looks at them.
    pub argv: Vec<String>,
    /// None: the workspace's own user.
    pub user: Option<String>,
    /// Given to the program, followed by an end of file; none: it has no input.
    pub stdin: Option<Bytes>,
}

/// Programs inside a workspace.
#[async_trait]
pub trait Exec: Send + Sync {
    /// Runs a program to its end, with the home folder and name of its user in the environment.
    ///
    /// A program that cannot be started ends like one that failed: exit code 126 or 127 and words on standard
    /// error. Errors: `NotFound`, `Conflict` when the workspace does not run, `Rejected` when the output is
    /// longer than 1 MiB on either stream, `Unreachable` after ten minutes. A program may go on after a
    /// cancel, so it should be one that ends by itself.
    async fn run(
        &self,
        id: &WorkspaceId,
        request: ExecRequest,
        cx: &Cx,
    ) -> Result<ExecOutput, BackendError>;

    /// Opens an interactive terminal.
    async fn terminal(
        &self,
        id: &WorkspaceId,
        options: TerminalOptions,
        cx: &Cx,
    ) -> Result<Terminal, BackendError>;
}

/// Live measurements.
#[async_trait]
pub trait Metrics: Send + Sync {
    /// Samples of every running workspace, every few seconds, for as long as the stream is held.
    /// One stream serves a whole connection, so that a list of hundreds costs one request.
    async fn metrics(
        &self,
        cx: &Cx,
    ) -> Result<
        BoxItems<'static, Result<Vec<(WorkspaceId, MetricSample)>, BackendError>>,
        BackendError,
    >;
}

/// What applying a plan made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    pub workspace_id: WorkspaceId,
    /// True when it was given data that was there before, which outlives taking it back.
    pub has_older_data: bool,
}

/// Making things: a form, a plan that only reads, and carrying the plan out.
#[async_trait]
pub trait Apply: Send + Sync {
    /// The form for a new workspace, with the choices the server offers now.
    async fn form(&self, cx: &Cx) -> Result<Form, BackendError>;

    /// Says what would happen. Reads only. Bad input becomes `Plan::problems`, not an error.
    async fn plan(&self, input: &FormValues, cx: &Cx) -> Result<Plan, BackendError>;

    /// Carries a plan out, reporting each of its steps. A plan that no longer fits the server is refused
    /// before anything is changed; after a failure or cancel, what was made is taken away again.
    ///
    /// As soon as something exists on the server that a crash of ours would leave behind, `made` is told.
    async fn apply(
        &self,
        plan: &Plan,
        steps: &dyn StepSink,
        made: &(dyn Fn(WorkspaceId) + Send + Sync),
        cx: &Cx,
    ) -> Result<Applied, BackendError>;
}
