//! Plans: what a change would do, in words, before it is done.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{FieldProblem, FormValues};

/// One step of a plan; the run that carries the plan out has the same steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlanStep {
    /// Short name, for example "Volumes".
    pub name: String,
    /// What it does, as a sentence without a full stop.
    pub summary: String,
}

/// What would happen. Made by reading only; applying it checks that it still fits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Plan {
    /// The name of the thing to be made.
    pub subject: String,
    /// The input the plan was made from, completed with what the server chose.
    pub input: FormValues,
    pub steps: Vec<PlanStep>,
    pub warnings: Vec<String>,
    /// Not empty: the plan cannot be applied.
    pub problems: Vec<FieldProblem>,
    /// A command line that makes the same thing by hand.
    pub command: Option<String>,
}
