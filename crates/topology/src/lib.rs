//! Topology files of Netlab and Containerlab: what is in them as a graph, which values they leave open, and
//! what is wrong with them. Deliberately not here: where the files are, and everything a server makes of them.

mod containerlab;
mod graph;
mod netlab;
mod problem;
#[cfg(test)]
mod tests;
mod yaml;

use model::{TemplateVariable, TopologyGraph, TopologyKind};

pub use containerlab::{containerlab_expand, containerlab_yaml};
pub use netlab::{netlab_json, netlab_yaml};
pub use problem::TopologyProblem;

/// A topology as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// Its name in the file.
    pub name: Option<String>,
    pub kind: TopologyKind,
    pub graph: TopologyGraph,
    /// Images that the file names, each with the nodes made from it; sorted.
    pub images: Vec<(String, Vec<String>)>,
    /// Files beside the topology that it names, each with the nodes that need it; sorted. Not all can be told.
    pub files: Vec<(String, Vec<String>)>,
    /// What may be given a value. Without a default it must be; an empty default may stay empty.
    pub variables: Vec<TemplateVariable>,
    /// Why a server will refuse it, in the order of the file. The graph shows the rest.
    pub problems: Vec<TopologyProblem>,
}

/// What a text is a topology for; none: it is neither, or cannot be told from a text in this state.
#[must_use]
pub fn kind_of(text: &str) -> Option<TopologyKind> {
    match yaml::read(text) {
        Ok(document) => kind_of_document(&document.root),
        // A template of Containerlab's is YAML only when the server has filled it in.
        Err(_) => {
            let has_key = text.lines().any(|line| line.trim_end() == "topology:");
            (has_key && text.contains("{{")).then_some(TopologyKind::Containerlab)
        }
    }
}

fn kind_of_document(document: &yaml::Value) -> Option<TopologyKind> {
    if document.get("topology").is_some_and(|topology| {
        topology.is_map() && ["nodes", "links"].iter().any(|key| topology.get(key).is_some())
    }) {
        return Some(TopologyKind::Containerlab);
    }
    let is_netlab = netlab::is_topology(document);
    is_netlab.then_some(TopologyKind::Netlab)
}

/// Reads a topology of either kind.
///
/// # Errors
/// When it is no YAML or is neither.
pub fn read(text: &str) -> Result<Parsed, TopologyProblem> {
    let document = match yaml::read(text) {
        Ok(document) => document,
        // A template of Containerlab's may be no YAML yet.
        Err(_) if kind_of(text).is_some() => return containerlab_yaml(text),
        Err(problem) => return Err(problem),
    };
    match kind_of_document(&document.root) {
        Some(TopologyKind::Netlab) => netlab::read(document),
        Some(TopologyKind::Containerlab) => containerlab_yaml(text),
        None => Err(TopologyProblem::whole(
            "this is no topology of Netlab or Containerlab",
            "A Netlab topology has \"nodes\" at its top, a Containerlab one \"topology\" with \"nodes\".",
        )),
    }
}

/// What nodes need with the nodes that need it, sorted.
fn by_name(pairs: impl IntoIterator<Item = (String, String)>) -> Vec<(String, Vec<String>)> {
    let mut by_what = std::collections::BTreeMap::<String, Vec<String>>::new();
    for (what, node) in pairs {
        by_what.entry(what).or_default().push(node);
    }
    by_what.into_iter().collect()
}
