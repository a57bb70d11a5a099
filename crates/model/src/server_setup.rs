//! Server set-up: the script that prepares a server for a kind of connection, and what is said about it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Field, FieldProblem, PlanStep};

/// A script that prepares a server, with everything a person has to know before agreeing to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ServerSetup {
    /// For example "Set up Podman on the server".
    pub title: String,
    /// What it does, in a sentence or two.
    pub summary: String,
    /// The choices.
    pub fields: Vec<Field>,
    /// The whole script; it is run as it stands here.
    pub script: String,
}

/// What running the script with certain choices would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SetupPlan {
    /// Arguments of the script.
    pub arguments: Vec<String>,
    pub steps: Vec<PlanStep>,
    /// What agreeing to it means, in plain words; the gravest first.
    pub warnings: Vec<String>,
    pub problems: Vec<FieldProblem>,
}
