//! What is asked of a lab, and what it would do.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{ConnectionId, FieldProblem, PlanStep, TemplateId};

/// What can be done with a lab. Each is one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LabVerb {
    /// The server reads the topology and says whether it will do. No node is made.
    Validate,
    /// Files on the server, everything made from them; no node runs.
    Create,
    /// Nodes run and are configured.
    Start,
    /// Nodes are stopped; what is needed to start again stays.
    Stop,
    /// Stop, then start.
    Restart,
    /// Brings a running lab to what its changed topology says.
    Apply,
    /// Takes the lab down and makes it anew.
    Redeploy,
    /// Takes the lab down and removes what was made on the server.
    Destroy,
    /// Fetches the configurations of all nodes.
    Collect,
}

/// What can be done with one node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NodeVerb {
    Start,
    Stop,
    Restart,
    Pause,
    Unpause,
}

/// A topology of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LabTemplatePick {
    pub template_id: TemplateId,
    /// The topology's path in the template.
    pub topology: String,
}

/// What a person asks for with a new lab.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LabInput {
    pub connection_id: ConnectionId,
    /// Letters, digits and hyphens, 2 to 40, beginning with a letter.
    pub name: String,
    pub template: LabTemplatePick,
    pub variables: BTreeMap<String, String>,
    /// The number that tells labs of one server apart; none: one that is free.
    pub instance: Option<u16>,
    /// Stopped by itself this long after each start.
    pub auto_stop_minutes: Option<u32>,
}

/// Choices of one operation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LabOptions {
    /// Only these nodes, where the server can do that; empty means all.
    #[serde(default)]
    pub nodes: Vec<String>,
    /// With `Destroy`: the lab's folder on the server goes too.
    #[serde(default)]
    pub removes_files: bool,
    /// With `Stop` and `Destroy`: nodes get time to end by themselves.
    #[serde(default)]
    pub is_graceful: bool,
}

/// What would travel before the operation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LabSync {
    pub changed: Vec<String>,
    pub removed: Vec<String>,
    pub unchanged: u32,
    pub bytes: u64,
}

/// An image that the topology needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LabImage {
    pub reference: String,
    /// None: the server does not tell.
    pub is_present: Option<bool>,
    pub nodes: Vec<String>,
}

/// What a change would do to a running lab.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LabChanges {
    pub added_nodes: Vec<String>,
    pub removed_nodes: Vec<String>,
    /// Made anew: what they held is lost.
    pub recreated_nodes: Vec<String>,
    pub restarted_nodes: Vec<String>,
    pub started_nodes: Vec<String>,
    pub added_links: Vec<String>,
    pub removed_links: Vec<String>,
    /// Why, by node.
    pub reasons: BTreeMap<String, String>,
}

/// What an operation would do. Made by reading only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LabPlan {
    pub verb: LabVerb,
    pub steps: Vec<PlanStep>,
    /// The number the lab would get.
    pub instance: Option<u16>,
    /// Where it would be on the server.
    pub path: Option<String>,
    /// None: nothing travels, or that cannot be told without changing something.
    pub sync: Option<LabSync>,
    pub images: Vec<LabImage>,
    /// None: the server cannot tell beforehand.
    pub changes: Option<LabChanges>,
    pub warnings: Vec<String>,
    /// Not empty: it cannot be done.
    pub problems: Vec<FieldProblem>,
    /// What cancelling means once it runs, as a sentence.
    pub cancel_means: String,
}
