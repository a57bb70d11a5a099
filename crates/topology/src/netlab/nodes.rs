//! The nodes of a topology: a list of names, or a map with what each is.

use std::collections::HashSet;

use super::groups::{Group, Groups};
use crate::{
    TopologyProblem,
    graph::{Builder, MAX_NODES},
    yaml::{Kind, Value},
};

/// What the rest of the reading needs to know.
pub(super) struct Nodes {
    /// Every name that a link may have, also of nodes that netlab puts in the place of another.
    pub(super) names: HashSet<String>,
    /// Nodes whose place a component takes.
    pub(super) included: Vec<String>,
    pub(super) images: Vec<(String, String)>,
    /// Some node does not say what it is.
    pub(super) without_device: bool,
}

struct Draft<'a> {
    name: &'a str,
    line: u32,
    data: &'a Value,
}

pub(super) fn read(
    document: &Value,
    groups: &Groups<'_>,
    builder: &mut Builder,
    problems: &mut Vec<TopologyProblem>,
) -> Nodes {
    let none = Value { line: 1, span: (0, 0), kind: Kind::Null };
    let mut drafts = drafts(document, problems);
    let known: HashSet<&str> = drafts.iter().map(|draft| draft.name).collect();
    let made = groups.made().into_iter().filter(|(name, _)| !known.contains(name));
    drafts.extend(made.map(|(name, line)| Draft { name, line, data: &none }));
    let default = document.at(&["defaults", "device"]).and_then(Value::word);
    let mut nodes = Nodes {
        names: HashSet::new(),
        included: Vec::new(),
        images: Vec::new(),
        without_device: false,
    };
    if drafts.len() > MAX_NODES {
        problems.push(TopologyProblem::whole(
            format!("the topology has {} nodes", drafts.len()),
            format!("Moorline shows {MAX_NODES} at most."),
        ));
    }
    for draft in drafts.into_iter().take(MAX_NODES) {
        if let Some(problem) = name_problem(draft.name, draft.line) {
            problems.push(problem);
            continue;
        }
        nodes.names.insert(draft.name.to_owned());
        if let Some(component) = draft.data.text("include") {
            nodes.included.push(format!("{}_", draft.name));
            builder.remark(format!(
                "{} stands for the component {component}: its nodes are seen once netlab has read it.",
                draft.name
            ));
            continue;
        }
        let of = groups.of(draft.name, draft.data);
        let device = setting(&draft, &of, "device").or(default);
        nodes.without_device |= device.is_none();
        let role = setting(&draft, &of, "role").or(of.first().map(|group| group.name));
        builder.node(draft.name, device.unwrap_or_default(), role);
        let image = setting(&draft, &of, "image").or(setting(&draft, &of, "box"));
        if let Some(image) = image.or_else(|| default_image(document, device)) {
            nodes.images.push((image.to_owned(), draft.name.to_owned()));
        }
    }
    nodes
}

fn drafts<'a>(document: &'a Value, problems: &mut Vec<TopologyProblem>) -> Vec<Draft<'a>> {
    let Some(nodes) = document.get("nodes") else { return Vec::new() };
    match &nodes.kind {
        Kind::Map(entries) => entries
            .iter()
            .filter_map(|entry| {
                let draft = Draft { name: &entry.key, line: entry.line, data: &entry.value };
                if entry.value.is_map() || entry.value.is_null() {
                    return Some(draft);
                }
                problems.push(TopologyProblem::at(
                    entry.value.line,
                    format!("node {} has a value where settings are expected", entry.key),
                    format!("Write the settings below it, for example \"device: frr\", or only \"{}:\".", entry.key),
                ));
                None
            })
            .collect(),
        Kind::List(items) => items
            .iter()
            .filter_map(|item| {
                let name = item.word().or_else(|| item.text("name"));
                if name.is_none() {
                    problems.push(TopologyProblem::at(
                        item.line,
                        "a node has no name",
                        "Give it a \"name\", or write the nodes as a map of names.",
                    ));
                }
                Some(Draft { name: name?, line: item.line, data: item })
            })
            .collect(),
        Kind::Null => Vec::new(),
        Kind::Text(_) => {
            problems.push(TopologyProblem::at(
                nodes.line,
                "nodes is one word",
                "Write a list such as \"nodes: [ r1, r2 ]\", or a map of names.",
            ));
            Vec::new()
        }
    }
}

/// Netlab's rule for names of all kinds.
pub(super) fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        && name.len() <= 16
}

fn name_problem(name: &str, line: u32) -> Option<TopologyProblem> {
    (!is_identifier(name)).then(|| {
        let shown: String = name.chars().take(40).collect();
        TopologyProblem::at(
            line,
            format!("netlab takes no node called \"{shown}\""),
            "Use up to 16 letters, digits and underscores, beginning with a letter.",
        )
    })
}

fn setting<'a>(draft: &Draft<'a>, groups: &[&'a Group<'a>], key: &str) -> Option<&'a str> {
    draft.data.text(key).or_else(|| groups.iter().find_map(|group| group.text(key)))
}

/// `defaults.devices.frr.clab.image`, as topologies set it for all nodes of a device.
fn default_image<'a>(document: &'a Value, device: Option<&str>) -> Option<&'a str> {
    let device = document.at(&["defaults", "devices", device?])?;
    device.at(&["clab", "image"]).or_else(|| device.get("image"))?.word()
}
