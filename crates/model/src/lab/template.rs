//! Templates: what labs are made from, wherever the files are.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::TopologyGraph;
use crate::{Failure, TemplateId, TimestampMs};

/// Where a template's files are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum TemplateSource {
    /// A git repository, at any host.
    Git {
        /// https, ssh, or `user@host:path`. Never with a password.
        url: String,
        /// Branch, tag or commit; none means the default branch.
        reference: Option<String>,
        /// A folder inside, relative; empty means the whole repository.
        path: String,
    },
    /// A folder of this computer.
    Folder { path: String },
    /// One topology file of this computer, without anything beside it.
    File { path: String },
}

/// What a form sends for a new or changed template.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
pub struct TemplateInput {
    /// None: made from the source.
    pub name: Option<String>,
    pub source: TemplateSource,
}

/// A template as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Template {
    pub id: TemplateId,
    pub name: String,
    pub source: TemplateSource,
    pub created_at: TimestampMs,
}

/// A template as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TemplateView {
    pub template: Template,
    /// What was found in it when it was last looked at; none: never.
    pub index: Option<TemplateIndex>,
    /// Why the last look failed; the index is of the one before.
    pub error: Option<Failure>,
    /// Being fetched or read now.
    pub is_loading: bool,
}

/// What a topology file is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TopologyKind {
    Netlab,
    Containerlab,
}

/// One topology of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TemplateTopology {
    /// Relative to the template, with slashes.
    pub path: String,
    /// Its name in the file, else made from the path.
    pub name: String,
    /// None: neither.
    pub kind: Option<TopologyKind>,
    pub nodes: u32,
    pub links: u32,
}

/// What a template holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TemplateIndex {
    pub topologies: Vec<TemplateTopology>,
    /// For git: the commit that was looked at.
    pub commit: Option<String>,
    pub looked_at: TimestampMs,
    /// What was left out, as sentences.
    pub remarks: Vec<String>,
}

/// A value that a topology leaves open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TemplateVariable {
    pub name: String,
    pub default: Option<String>,
    pub help: Option<String>,
}

/// A file that goes to the server with a topology.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TemplateFile {
    /// Relative to the topology's folder, with slashes.
    pub path: String,
    pub bytes: u64,
}

/// A topology before it is run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TemplatePreview {
    pub topology: TemplateTopology,
    /// The file's text.
    pub text: String,
    pub graph: TopologyGraph,
    pub variables: Vec<TemplateVariable>,
    pub files: Vec<TemplateFile>,
    pub commit: Option<String>,
    /// Why it cannot be run as it is, as sentences with line numbers where there are some.
    pub problems: Vec<String>,
}
