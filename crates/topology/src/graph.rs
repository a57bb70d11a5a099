//! Builds a graph that holds together: names and ids are unique, and every end names a node.

use std::collections::{HashMap, HashSet};

use model::{GraphLink, GraphLinkKind, GraphNode, LinkEnd, TopologyGraph};

/// More than this cannot be drawn, and no server runs it.
pub(crate) const MAX_NODES: usize = 2_000;
const MAX_LINKS: usize = 20_000;
const MAX_REMARKS: usize = 50;

#[derive(Debug, Default)]
pub(crate) struct Builder {
    graph: TopologyGraph,
    names: HashSet<String>,
    ids: HashSet<String>,
    /// How many links have the same ends.
    counts: HashMap<String, u32>,
}

impl Builder {
    /// Adds a node; false when there is one of that name or there are too many.
    pub(crate) fn node(&mut self, name: &str, kind: &str, role: Option<&str>) -> bool {
        if name.is_empty() || self.names.contains(name) {
            return false;
        }
        if self.graph.nodes.len() >= MAX_NODES {
            self.remark(format!("Only the first {MAX_NODES} nodes are shown."));
            return false;
        }
        self.names.insert(name.to_owned());
        self.graph.nodes.push(GraphNode {
            name: name.to_owned(),
            kind: kind.to_owned(),
            role: role.map(str::to_owned),
        });
        true
    }

    pub(crate) fn knows(&self, node: &str) -> bool {
        self.names.contains(node)
    }

    /// Adds a link. Ends at unknown nodes are left out, and so is a link without ends.
    pub(crate) fn link(&mut self, kind: GraphLinkKind, ends: Vec<LinkEnd>, label: Option<String>) {
        let ends: Vec<LinkEnd> = ends.into_iter().filter(|end| self.knows(&end.node)).collect();
        if ends.is_empty() {
            return;
        }
        if self.graph.links.len() >= MAX_LINKS {
            self.remark(format!("Only the first {MAX_LINKS} links are shown."));
            return;
        }
        let kind = fitting(kind, ends.len());
        let id = self.id(&ends, label.as_deref().filter(|_| kind == GraphLinkKind::Outside));
        self.graph.links.push(GraphLink { id, kind, ends, label });
    }

    /// Made from what the link joins and not from its place in the file, so that it stays when others
    /// come and go; links with the same ends are numbered.
    fn id(&mut self, ends: &[LinkEnd], outside: Option<&str>) -> String {
        let named = ends.iter().map(|end| match end.interface.as_str() {
            "" => end.node.clone(),
            interface => format!("{}:{interface}", end.node),
        });
        let mut named: Vec<String> = named.chain(outside.map(str::to_owned)).collect();
        named.sort();
        let base = named.join(" - ");
        let mut id = base.clone();
        while !self.ids.insert(id.clone()) {
            let count = self.counts.entry(base.clone()).or_insert(1);
            *count += 1;
            id = format!("{base} ({count})");
        }
        id
    }

    pub(crate) fn remark(&mut self, sentence: impl Into<String>) {
        let sentence = sentence.into();
        if self.graph.remarks.len() < MAX_REMARKS && !self.graph.remarks.contains(&sentence) {
            self.graph.remarks.push(sentence);
        }
    }

    pub(crate) fn finish(self) -> TopologyGraph {
        self.graph
    }
}

/// The kind that a link has with so many ends. A segment with two is drawn as what it looks like.
fn fitting(kind: GraphLinkKind, ends: usize) -> GraphLinkKind {
    match (kind, ends) {
        (GraphLinkKind::Outside, 1) => GraphLinkKind::Outside,
        (_, 1) => GraphLinkKind::Stub,
        (_, 2) => GraphLinkKind::PointToPoint,
        _ => GraphLinkKind::Lan,
    }
}

/// An end whose interface nobody has named yet.
pub(crate) fn end(node: &str) -> LinkEnd {
    LinkEnd { node: node.to_owned(), interface: String::new(), address: None }
}
