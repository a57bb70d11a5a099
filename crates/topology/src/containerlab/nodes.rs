//! The nodes of a Containerlab topology. What a node does not say itself comes from its group, then its
//! kind, then the defaults.

use super::beside;
use crate::{
    TopologyProblem,
    graph::{Builder, MAX_NODES},
    yaml::{Entry, Kind, Value},
};

/// Kinds that have no container, and so no image.
const WITHOUT_IMAGE: &[&str] = &["bridge", "ovs-bridge", "host", "ext-container"];
const SHARES: &str = "container:";

/// What nodes need, each with the name of a node.
#[derive(Default)]
pub(super) struct Needs {
    pub(super) images: Vec<(String, String)>,
    /// Files beside the topology.
    pub(super) files: Vec<(String, String)>,
}

/// Adds the nodes.
pub(super) fn read(
    topology: &Value,
    builder: &mut Builder,
    problems: &mut Vec<TopologyProblem>,
) -> Needs {
    let source = Source { topology };
    let mut needs = Needs::default();
    let nodes = topology.get("nodes");
    if nodes.is_some_and(|nodes| !nodes.is_map() && !nodes.is_null()) {
        problems.push(TopologyProblem::at(
            nodes.map_or(1, |nodes| nodes.line),
            "nodes is no map",
            "Write each node as a name with a colon, and its settings below.",
        ));
    }
    let entries = nodes.map(Value::entries).unwrap_or_default();
    if entries.len() > MAX_NODES {
        problems.push(TopologyProblem::whole(
            format!("the topology has {} nodes", entries.len()),
            format!("Moorline shows {MAX_NODES} at most."),
        ));
    }
    for entry in entries.iter().take(MAX_NODES) {
        if matches!(entry.value.kind, Kind::Text(_) | Kind::List(_)) {
            problems.push(TopologyProblem::at(
                entry.value.line,
                format!("node {} has a value where settings are expected", entry.key),
                "Write the settings below it, for example \"kind: linux\".",
            ));
        }
        let kind = source.kind(&entry.value);
        if kind.is_none() && (entry.value.is_map() || entry.value.is_null()) {
            problems.push(without_kind(entry));
        }
        builder.node(&entry.key, kind.unwrap_or_default(), role(&source, &entry.value).as_deref());
        let has_image = kind.is_none_or(|kind| !WITHOUT_IMAGE.contains(&kind));
        if let Some(image) = source.setting(&entry.value, "image").filter(|_| has_image) {
            needs.images.push((image.to_owned(), entry.key.clone()));
        }
        let files = beside::of(&source, &entry.key, &entry.value).into_iter();
        needs.files.extend(files.map(|file| (file, entry.key.clone())));
    }
    needs
}

fn without_kind(entry: &Entry) -> TopologyProblem {
    TopologyProblem::at(
        entry.line,
        format!("node {} has no kind", entry.key),
        "Add one, for example \"kind: linux\", or set it below \"defaults\".",
    )
}

fn role(source: &Source<'_>, node: &Value) -> Option<String> {
    if let Some(group) = source.group(node) {
        return Some(group.to_owned());
    }
    let of = source.setting(node, "network-mode")?.strip_prefix(SHARES)?;
    Some(format!("in the network of {of}"))
}

/// Where settings of nodes come from.
pub(super) struct Source<'a> {
    topology: &'a Value,
}

impl<'a> Source<'a> {
    fn defaults(&self, key: &str) -> Option<&'a str> {
        self.topology.at(&["defaults", key])?.word()
    }

    fn of_group(&self, group: Option<&str>, key: &str) -> Option<&'a str> {
        self.topology.at(&["groups", group?, key])?.word()
    }

    fn of_kind(&self, kind: Option<&str>, key: &str) -> Option<&'a str> {
        self.topology.at(&["kinds", kind?, key])?.word()
    }

    fn kind(&self, node: &'a Value) -> Option<&'a str> {
        node.text("kind")
            .or_else(|| self.of_group(node.text("group"), "kind"))
            .or_else(|| self.of_group(self.defaults("group"), "kind"))
            .or_else(|| self.defaults("kind"))
    }

    fn group(&self, node: &'a Value) -> Option<&'a str> {
        node.text("group")
            .or_else(|| self.of_kind(self.kind(node), "group"))
            .or_else(|| self.defaults("group"))
    }

    pub(super) fn setting(&self, node: &'a Value, key: &str) -> Option<&'a str> {
        node.text(key)
            .or_else(|| self.of_group(self.group(node), key))
            .or_else(|| self.of_kind(self.kind(node), key))
            .or_else(|| self.defaults(key))
    }

    /// The words of a list at every level.
    pub(super) fn all(&self, node: &'a Value, key: &str) -> Vec<&'a str> {
        let group = self.group(node).and_then(|group| self.topology.at(&["groups", group]));
        let kind = self.kind(node).and_then(|kind| self.topology.at(&["kinds", kind]));
        let levels = [Some(node), group, kind, self.topology.get("defaults")];
        let lists = levels.into_iter().flatten().filter_map(|level| level.get(key));
        lists.flat_map(Value::words).collect()
    }
}
