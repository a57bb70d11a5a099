//! Diagnoses: the staged test of one connection, with cause, evidence and fixes for each stage.
//!
//! Deliberately not here: carrying a stage or a fix out.

mod text;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{ConnectionId, Failure, HostAddress, TimestampMs};

/// How one stage stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StageStatus {
    Waiting,
    Running,
    Passed,
    /// It works, and something about it deserves a look.
    Warned,
    Failed,
    /// An earlier stage failed, or it is not needed here.
    Skipped,
}

/// Something that mends what a stage found. All but `Command` and `PublicKey` are buttons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "fix", rename_all = "snake_case")]
pub enum Fix {
    /// Test again, and show the host key to the person, who compares it.
    CompareHostKey,
    /// Test again, and show the certificate to the person, who compares it.
    CompareCertificate,
    /// Test again, and ask the person for what is missing.
    AskCredentials,
    /// Change a field of the connection, named as `Failure::field` names it.
    EditField { field: String },
    /// Prepare the server with the script that its kind of connection brings.
    SetUpServer,
    /// Choose, pull or build an image.
    ChooseImage,
    /// Append a public key to a file of a login, over a link that asks for the password. Only after the
    /// person saw all of it and agreed.
    CopyKey {
        /// The machine on the way, as an index into `Diagnosis::hops`.
        hop: u32,
        /// The line that is appended.
        line: String,
        /// The file on that machine.
        file: String,
    },
    /// A line to be typed by hand, on this computer or on the server.
    Command {
        /// Where it is typed, in words: "on this computer", "on forge-1".
        place: String,
        line: String,
    },
    /// A public key that the server has to know, as a line of authorized_keys.
    PublicKey { line: String },
}

/// What came of copying a public key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KeyCopied {
    pub server: String,
    pub file: String,
    /// False: it was there already, and nothing was to be done.
    pub is_new: bool,
}

/// One stage of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Stage {
    /// What is tested: "name", "port", "host_key", "login", "clock", or a check of the backend.
    pub id: String,
    /// The machine on the way it is about, as an index into `Diagnosis::hops`; none for the service.
    pub hop: Option<u32>,
    pub title: String,
    pub status: StageStatus,
    /// What was found, in one line.
    pub summary: Option<String>,
    /// Cause, next step and evidence, when it failed or warned.
    pub failure: Option<Failure>,
    pub fixes: Vec<Fix>,
    /// How long it took so far.
    pub duration_ms: Option<u32>,
}

/// One machine on the way, as a test names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DiagnosedHop {
    pub name: String,
    pub addresses: Vec<HostAddress>,
    pub user: String,
}

/// The staged test of one connection, as it stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Diagnosis {
    /// None for a connection that is not stored yet.
    pub connection_id: Option<ConnectionId>,
    /// The connection's name.
    pub name: String,
    /// The kind's name for a person, for example "Podman".
    pub kind_title: String,
    /// The machines on the way, the last one is the server.
    pub hops: Vec<DiagnosedHop>,
    pub stages: Vec<Stage>,
    pub started_at: TimestampMs,
    /// None while it goes on.
    pub ended_at: Option<TimestampMs>,
}

impl Diagnosis {
    /// The stage that ended the test, if one did.
    #[must_use]
    pub fn failed(&self) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.status == StageStatus::Failed)
    }
}

/// A diagnosis together with its text for a report, as it travels to the interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DiagnosisReport {
    pub diagnosis: Diagnosis,
    /// The whole of it as plain text, without anything secret.
    pub text: String,
}

impl From<Diagnosis> for DiagnosisReport {
    fn from(diagnosis: Diagnosis) -> Self {
        Self { text: diagnosis.as_text(), diagnosis }
    }
}
