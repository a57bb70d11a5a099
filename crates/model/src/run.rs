//! Runs: one recorded operation each, with steps, durations and an outcome.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{ConnectionId, Failure, FormValues, LabId, RunId, TimestampMs, WorkspaceId};

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    Running,
    Succeeded,
    Failed,
    Cancelled,
    /// The app ended while it ran; what it left on the server was looked at afterwards.
    Interrupted,
}

/// How one step of a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StepStatus {
    Waiting,
    Running,
    Succeeded,
    Failed,
    Skipped,
}

/// One step of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RunStep {
    pub name: String,
    pub summary: String,
    pub status: StepStatus,
    pub started_at: Option<TimestampMs>,
    pub ended_at: Option<TimestampMs>,
    /// How far it is, where that is known.
    #[serde(default)]
    pub progress: Option<StepProgress>,
}

/// How much of a step is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StepProgress {
    pub done_bytes: u64,
    /// None while it is not known how much there will be.
    pub total_bytes: Option<u64>,
}

/// What a run is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RunSubject {
    pub connection_id: ConnectionId,
    /// The connection's name when the run began.
    pub connection_name: String,
    /// The thing's name, for example the workspace's.
    pub name: String,
    /// None while it does not exist yet.
    pub workspace_id: Option<WorkspaceId>,
    /// Set for what is done with a lab, once its server has an id for it.
    #[serde(default)]
    pub lab_id: Option<LabId>,
}

/// One recorded operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Run {
    pub id: RunId,
    /// What is done: "create", "start", "stop", "restart", "rename", "remove", "pull_image",
    /// "build_image", "tag_image", "remove_image", "prune_images", "set up" for a server, or "lab_" and
    /// the verb of a lab.
    pub verb: String,
    pub subject: RunSubject,
    pub status: RunStatus,
    pub started_at: TimestampMs,
    pub ended_at: Option<TimestampMs>,
    pub steps: Vec<RunStep>,
    pub error: Option<Failure>,
    /// What it was started with, so that it can be retried; of environment variables only the names.
    pub input: FormValues,
    /// What cancelling means now, in a sentence; none when it cannot be cancelled.
    pub cancel_means: Option<String>,
    /// After an interruption or a failure: what was left behind on the server and may be removed.
    pub leftover: Option<WorkspaceId>,
    /// Lines in the log.
    pub log_lines: u64,
}
