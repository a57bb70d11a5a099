//! Labs: topologies of nodes and links on lab servers, as lists and pages show them.
//!
//! Owns: the words for labs, their nodes, links, templates and plans. Deliberately not here: what a lab
//! server speaks, and where templates come from.

mod graph;
mod plan;
mod template;
mod traffic;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{ConnectionId, LabId, RunId, TimestampMs, WorkspaceId};

pub use graph::{GraphLink, GraphLinkKind, GraphNode, LinkEnd, Position, TopologyGraph};
pub use plan::{
    LabChanges, LabImage, LabInput, LabOptions, LabPlan, LabSync, LabTemplatePick, LabVerb,
    NodeVerb,
};
pub use template::{
    Template, TemplateFile, TemplateIndex, TemplateInput, TemplatePreview, TemplateSource,
    TemplateTopology, TemplateVariable, TemplateView, TopologyKind,
};
pub use traffic::{Capture, Impairment, InterfaceRate, NodeInterface};

/// A lab anywhere: which connection, and which of its labs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
pub struct LabRef {
    /// The connection that lists it.
    pub connection_id: ConnectionId,
    /// Its id on that server.
    pub lab_id: LabId,
}

/// How a lab is, one word each in the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LabState {
    /// Its files are there; it has no nodes.
    Created,
    Starting,
    /// Every node runs and the server says that it is ready.
    Running,
    /// It was started and some of it does not run, or its configuration was not finished.
    Partly,
    Stopping,
    /// Its nodes are there and none runs.
    Stopped,
    /// The server tried and gave up; something may be left there.
    Failed,
    /// The server does not answer, or cannot be asked now.
    Unknown,
}

/// A lab as its server lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Lab {
    pub id: LabId,
    pub name: String,
    pub state: LabState,
    /// One remark on the state, for example the server's last line.
    pub state_remark: Option<String>,
    /// What tells labs of one server apart beside the name: for Netlab the multilab id, or "default".
    pub instance: Option<String>,
    /// The account that owns it, where servers tell.
    pub owner: Option<String>,
    /// True where the server says that this login owns it; without owners, every lab.
    pub is_mine: bool,
    /// How many nodes run, where that is known.
    pub nodes_running: Option<u32>,
    pub nodes_total: Option<u32>,
    pub started_at: Option<TimestampMs>,
    /// Where it is on the server: a folder or a file.
    pub path: Option<String>,
}

/// How a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NodeState {
    Running,
    Paused,
    Stopped,
    /// Not made yet.
    Absent,
    /// The server does not say.
    Unknown,
}

/// One node of a lab.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LabNode {
    /// Its name in the topology, unique in the lab.
    pub name: String,
    pub state: NodeState,
    /// The server's own words, for example "Up 2 minutes".
    pub state_remark: Option<String>,
    /// Device or kind, for example "frr".
    pub kind: String,
    pub image: Option<String>,
    pub management_address: Option<String>,
    /// The name of its container or machine on the server.
    pub container: Option<String>,
    /// Under this id the session's `Exec` and `Logs` reach the node; none: it has no console.
    pub console: Option<WorkspaceId>,
}

/// Everything that the pages of one lab show beyond the list, as its server tells it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct LabDetail {
    pub lab: Lab,
    pub nodes: Vec<LabNode>,
    /// None: the server does not tell how the nodes are linked.
    pub graph: Option<TopologyGraph>,
    /// The topology as the server has it, with what must not be shown left out.
    pub source: Option<String>,
    /// When this was true, where the server cannot be asked just now.
    pub as_of: Option<TimestampMs>,
}

/// What a command printed on one node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LabExecuted {
    pub node: String,
    /// None when a signal ended it.
    pub exit_code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// What a lab server can do, taken from the server itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LabFeatures {
    /// The server's dialect in words, for example "netlab api, 26.2 or newer".
    pub dialect: String,
    pub verbs: Vec<LabVerb>,
    pub node_verbs: Vec<NodeVerb>,
    /// Which topologies it takes.
    pub takes: Vec<TopologyKind>,
    /// Labs of one server are told apart by a number from 1 to this.
    pub instances: Option<u16>,
    /// One operation at a time on the whole server.
    pub is_one_at_a_time: bool,
    pub console: bool,
    pub node_logs: bool,
    pub exec: bool,
    pub interfaces: bool,
    pub rates: bool,
    pub impairments: bool,
    pub capture: bool,
    pub images: bool,
    /// A change can be shown before it is made.
    pub changes: bool,
    /// What is missing here and why, as sentences.
    pub lacks: Vec<String>,
    /// What a person has to know of this server, for example that it answers without a password.
    pub warnings: Vec<String>,
}

/// When a lab is stopped by itself, while Moorline runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AutoStop {
    pub at: TimestampMs,
    /// Set when it is meant again after every start: this long after it.
    pub after_minutes: Option<u32>,
}

/// What Moorline keeps of a lab it made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LabOrigin {
    pub template: LabTemplatePick,
    /// The template's name when the lab was made.
    pub template_name: String,
    /// The commit the files were of, for a template from git.
    pub commit: Option<String>,
    pub variables: BTreeMap<String, String>,
    pub created_at: TimestampMs,
}

/// A lab as lists and pages show it, over all connections.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct LabView {
    pub lab_ref: LabRef,
    pub connection_name: String,
    pub lab: Lab,
    /// Set when the server does not answer: when this row was last true.
    pub stale_since: Option<TimestampMs>,
    /// Offered in the tray.
    pub is_favourite: bool,
    /// Set when Moorline made it.
    pub origin: Option<LabOrigin>,
    pub auto_stop: Option<AutoStop>,
    /// The run that changes it now.
    pub run_id: Option<RunId>,
}

/// One lab with everything its pages show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct LabPage {
    pub view: LabView,
    pub detail: LabDetail,
    /// Where a person put nodes, by name.
    pub positions: BTreeMap<String, Position>,
}

/// One collected set of configurations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Collection {
    pub run_id: RunId,
    pub collected_at: TimestampMs,
    pub files: Vec<CollectedFile>,
}

/// One collected file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CollectedFile {
    /// Relative, with slashes.
    pub path: String,
    pub bytes: u64,
    /// Whether it differs from the set before; none when there is none.
    pub is_changed: Option<bool>,
}

/// A collected file's text and the one before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CollectedText {
    pub text: String,
    /// The same file in the set before; none when there is none.
    pub before: Option<String>,
}
