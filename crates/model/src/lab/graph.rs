//! The graph of a lab: nodes, links, ends; positions are kept apart.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A node as the graph draws it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GraphNode {
    /// Unique in the graph; the name of the lab's node.
    pub name: String,
    /// Device or kind.
    pub kind: String,
    /// What it is for, where the topology says: "spine", "leaf", a group.
    pub role: Option<String>,
}

/// What a link joins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum GraphLinkKind {
    /// Two ends.
    PointToPoint,
    /// Any number of ends on one segment.
    Lan,
    /// One end that leads nowhere inside the lab.
    Stub,
    /// One end, and the other outside of the lab: the host, a management network, another machine.
    Outside,
}

/// One end of a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LinkEnd {
    pub node: String,
    /// Empty while nobody has named it.
    pub interface: String,
    /// With its prefix length, where that is known.
    pub address: Option<String>,
}

/// One link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GraphLink {
    /// Unique in the graph and the same as long as the topology is.
    pub id: String,
    pub kind: GraphLinkKind,
    pub ends: Vec<LinkEnd>,
    /// A name or prefix, where the topology has one.
    pub label: Option<String>,
}

/// Nodes and links.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TopologyGraph {
    pub nodes: Vec<GraphNode>,
    pub links: Vec<GraphLink>,
    /// What was not understood and left out, as sentences.
    pub remarks: Vec<String>,
}

/// Where a person put a node: its centre, in points of the drawing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
pub struct Position {
    pub x: f64,
    pub y: f64,
}
