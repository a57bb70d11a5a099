//! Arguments and replies that are not already a type of `model`.
//!
//! A stream's number is chosen by the client, so that its handler stands before the first byte arrives.

mod doctor;
mod everyday;
mod files;
mod git;
mod images;
mod import;
mod labs;
mod open_in;
mod rebuild;
mod settings;
mod shared_sessions;
mod tunnels;
mod volumes;

pub use doctor::*;
pub use everyday::{LinkAnswerArgs, LinkAnswered, NoticesRemoveArgs};
pub use files::{PathPickArgs, PathPicked};
pub use git::{GitFolderArgs, GitTieArgs, GitTransferArgs, GitUrlArgs};
pub use images::{
    ImageBuildArgs, ImagePullArgs, ImageRemoveArgs, ImageTagArgs, ImagesPruneArgs,
    ImagesPruneListArgs,
};
pub use import::{ImportTakeArgs, WorkspaceAdoptArgs};
pub use labs::*;
pub use open_in::*;
pub use rebuild::{RebuildPlanArgs, WorkspaceRebuildArgs};
pub use settings::*;
pub use shared_sessions::*;
pub use tunnels::*;
pub use volumes::{CarryStarted, VolumeArgs, VolumesRemoveArgs};

use app::{Answer, OpenIn};
use model::{
    ConnectionId, ConnectionInput, FormValues, ForwardId, Plan, QuestionId, RemoveVolumes, RunId,
    RunStatus, TerminalId, TerminalSize, WorkspaceRef,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// No arguments.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
pub struct NoArgs {}

/// Nothing to reply beyond that it was done.
#[derive(Debug, Clone, Copy, Serialize, TS)]
pub struct Done {}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ConnectionArgs {
    pub connection_id: ConnectionId,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ConnectionUpdateArgs {
    pub connection_id: ConnectionId,
    pub input: ConnectionInput,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct WorkspaceArgs {
    pub workspace: WorkspaceRef,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct WorkspaceRenameArgs {
    pub workspace: WorkspaceRef,
    pub name: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct WorkspaceRemoveArgs {
    pub workspace: WorkspaceRef,
    pub volumes: RemoveVolumes,
    /// True: the git remote that Moorline added on this computer stays. Commits stay in any case.
    #[serde(default)]
    pub keeps_remote: bool,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct WorkspaceFavouriteArgs {
    pub workspace: WorkspaceRef,
    pub is_favourite: bool,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct WorkspacePlanArgs {
    pub connection_id: ConnectionId,
    pub input: FormValues,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct WorkspaceCreateArgs {
    pub connection_id: ConnectionId,
    /// A plan as `workspace_plan` gave it.
    pub plan: Plan,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct PageOpenArgs {
    pub workspace: WorkspaceRef,
    /// None: the workspace's web IDE.
    pub port: Option<u16>,
    pub open_in: OpenIn,
}

/// A page that was opened, or is to be opened by the caller.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PageOpened {
    /// Set when the host has no window of its own: a link that works once, within a minute.
    pub url: Option<String>,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ForwardOpenArgs {
    pub workspace: WorkspaceRef,
    /// Inside the workspace.
    pub port: u16,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ForwardCloseArgs {
    pub forward_id: ForwardId,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct TerminalOpenArgs {
    pub workspace: WorkspaceRef,
    pub size: TerminalSize,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct TerminalAttachArgs {
    pub terminal_id: TerminalId,
    /// Carries the bytes: first what was printed so far (up to 2 MiB), then what follows.
    pub stream: u32,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct TerminalWriteArgs {
    pub terminal_id: TerminalId,
    /// Base64, so that any byte may be typed.
    pub data: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct TerminalResizeArgs {
    pub terminal_id: TerminalId,
    pub size: TerminalSize,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct TerminalArgs {
    pub terminal_id: TerminalId,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct LogOpenArgs {
    pub workspace: WorkspaceRef,
    /// Lines from before now; none means all.
    pub tail: Option<u32>,
    /// Carries one JSON `LogLine` a line.
    pub stream: u32,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct MetricsOpenArgs {
    /// Carries one JSON `WorkspaceMetrics` a line: first up to an hour of history, then news.
    pub stream: u32,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct StreamAckArgs {
    pub stream: u32,
    /// Bytes consumed since the last acknowledgement.
    pub bytes: u32,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct StreamArgs {
    pub stream: u32,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct RunsListArgs {
    /// Words to look for in names, verbs and errors; empty means all.
    pub search: String,
    pub status: Option<RunStatus>,
    /// At most this many, newest first.
    pub limit: u32,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct RunArgs {
    pub run_id: RunId,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct RunStarted {
    pub run_id: RunId,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct RunLogOpenArgs {
    pub run_id: RunId,
    /// Carries one JSON `LogLine` a line, from the beginning; ends when the run ends.
    pub stream: u32,
}

/// Where a file was saved.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Saved {
    /// None when the person cancelled.
    pub path: Option<String>,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct QuestionAnswerArgs {
    pub question_id: QuestionId,
    pub answer: Answer,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct UrlArgs {
    /// http or https only.
    pub url: String,
}

/// Whose log is saved, all of it that the server still has.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct LogSaveArgs {
    pub workspace: WorkspaceRef,
}
