//! Netlab topologies: what a person wrote, and what netlab made of it. Addresses and interfaces are known
//! only in the second; components and plugins are carried out by netlab, so here they are remarks.

mod dots;
mod groups;
mod json;
mod links;
mod nodes;

use model::{TemplateVariable, TopologyKind};

use crate::{Parsed, TopologyProblem, by_name, graph::Builder, yaml, yaml::Value};

pub use json::netlab_json;

/// Reads a topology as a person wrote it.
///
/// # Errors
/// When it is no YAML, or holds neither nodes nor links.
pub fn netlab_yaml(text: &str) -> Result<Parsed, TopologyProblem> {
    read(yaml::read(text)?)
}

pub(crate) fn read(document: yaml::Document) -> Result<Parsed, TopologyProblem> {
    let merge = document.merge;
    let document = dots::undotted(document.root);
    if !document.is_map() {
        return Err(TopologyProblem::at(
            document.line,
            "this is no topology: there are no keys",
            "Begin with \"nodes:\" and the names of your nodes.",
        ));
    }
    let mut builder = Builder::default();
    let mut problems: Vec<TopologyProblem> = merge.map(merge_problem).into_iter().collect();
    problems.extend(document.get("name").and_then(name_problem));
    remarks(&document, &mut builder);
    let groups = groups::Groups::read(&document);
    let nodes = nodes::read(&document, &groups, &mut builder, &mut problems);
    links::read(&document, &nodes, &mut builder, &mut problems);
    problems.sort_by_key(|problem| problem.line);
    Ok(Parsed {
        name: document.text("name").map(str::to_owned),
        kind: TopologyKind::Netlab,
        graph: builder.finish(),
        images: by_name(nodes.images),
        files: Vec::new(),
        variables: variables(&document, nodes.without_device),
        problems,
    })
}

fn merge_problem(line: u32) -> TopologyProblem {
    TopologyProblem::at(
        line,
        "netlab does not know the key \"<<\"",
        "Put the common settings into a group, or write them out.",
    )
}

fn name_problem(name: &Value) -> Option<TopologyProblem> {
    let is_good = name.word().is_some_and(nodes::is_identifier);
    (!is_good).then(|| {
        TopologyProblem::at(
            name.line,
            "netlab does not take this name of the topology",
            "Use up to 16 letters, digits and underscores, beginning with a letter, or leave it out.",
        )
    })
}

/// Whether this can be meant for netlab.
pub(crate) fn is_topology(document: &Value) -> bool {
    let has_names = |value: &Value| match &value.kind {
        yaml::Kind::Map(_) => true,
        yaml::Kind::List(items) => {
            items.iter().all(|item| item.word().is_some() || item.text("name").is_some())
        }
        yaml::Kind::Null | yaml::Kind::Text(_) => false,
    };
    if document.get("topology").is_some() {
        return false;
    }
    if document.entries().iter().any(|entry| entry.key.starts_with("nodes.")) {
        return true;
    }
    let has = |key: &str| document.get(key).is_some();
    match document.get("nodes") {
        Some(nodes) => has_names(nodes),
        // Then something else makes them.
        None => has("links") && ["plugin", "components", "groups"].into_iter().any(has),
    }
}

fn remarks(document: &Value, builder: &mut Builder) {
    let plugins = document.get("plugin").map(Value::words).unwrap_or_default();
    // This one names labs and adds nothing to them.
    let plugins: Vec<&str> = plugins.into_iter().filter(|name| *name != "multilab").collect();
    if !plugins.is_empty() {
        builder.remark(format!(
            "The topology uses the plugin {}: what it adds is seen once netlab has read it.",
            plugins.join(", ")
        ));
    }
    if document.get("_include").is_some() {
        builder.remark("The topology includes other files: their content is not shown here.");
    }
}

/// What can be set beside the topology, in the defaults of its folder.
fn variables(document: &Value, is_device_open: bool) -> Vec<TemplateVariable> {
    let mut variables = Vec::new();
    let is_set = |path: &[&str]| document.at(path).is_some();
    let open = |name: &str, help: &str| TemplateVariable {
        name: name.into(),
        default: Some(String::new()),
        help: Some(help.into()),
    };
    if is_device_open {
        variables.push(open(
            "device",
            "What nodes are that say nothing of themselves, for example frr. Empty: what the server has set.",
        ));
    }
    if !is_set(&["provider"]) && !is_set(&["defaults", "provider"]) {
        variables.push(open(
            "provider",
            "What runs the nodes: clab or libvirt. Empty: what the server has set.",
        ));
    }
    variables
}
