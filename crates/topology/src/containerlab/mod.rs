//! Containerlab topologies: nodes with kinds and images, links in the short and the long form, variables.
//! Deliberately not here: what its templates make; the server fills those in.

mod beside;
mod links;
mod meant;
mod nodes;
mod variables;

use std::collections::BTreeMap;

use model::{TemplateVariable, TopologyKind};

use crate::{Parsed, TopologyProblem, by_name, graph::Builder, yaml, yaml::Value};

/// What a template's file is before the server fills it in.
const TEMPLATE: &str = "{{";

/// Reads a topology, with the defaults of its variables in place.
///
/// # Errors
/// When it is no YAML or has no topology; a template that is not YAML yet is an empty graph with a remark.
pub fn containerlab_yaml(text: &str) -> Result<Parsed, TopologyProblem> {
    let open = variables::open(text);
    let filled = variables::filled(text, &BTreeMap::new()).unwrap_or_else(|_| text.to_owned());
    let document = match yaml::read(&filled) {
        Ok(document) => document.root,
        Err(_) if text.contains(TEMPLATE) => return Ok(template(open)),
        Err(problem) => return Err(problem),
    };
    let topology = document.get("topology").filter(|topology| topology.is_map());
    let Some(topology) = topology else {
        return Err(TopologyProblem::at(
            document.line,
            "this is no Containerlab topology: it has no \"topology\"",
            "Put \"nodes\" and \"links\" below a key \"topology\".",
        ));
    };
    let mut builder = Builder::default();
    let mut problems = Vec::new();
    if text.contains(TEMPLATE) {
        builder.remark(AS_TEMPLATE);
    }
    let needs = nodes::read(topology, &mut builder, &mut problems);
    links::read(topology, &mut builder, &mut problems);
    let name = document.text("name").map(str::to_owned);
    if let Some(problem) = name_problem(name.as_deref(), &document) {
        problems.push(problem);
    }
    problems.sort_by_key(|problem| problem.line);
    Ok(Parsed {
        name,
        kind: TopologyKind::Containerlab,
        graph: builder.finish(),
        images: by_name(needs.images),
        files: by_name(needs.files),
        variables: open,
        problems,
    })
}

const AS_TEMPLATE: &str =
    "The file is a template that Containerlab fills in: what it makes is seen once the lab runs.";

fn template(variables: Vec<TemplateVariable>) -> Parsed {
    let mut builder = Builder::default();
    builder.remark(AS_TEMPLATE);
    Parsed {
        name: None,
        kind: TopologyKind::Containerlab,
        graph: builder.finish(),
        images: Vec::new(),
        files: Vec::new(),
        variables,
        problems: Vec::new(),
    }
}

fn name_problem(name: Option<&str>, document: &Value) -> Option<TopologyProblem> {
    match name {
        None => Some(TopologyProblem::whole(
            "the lab has no name",
            "Add a line such as \"name: mylab\" at the top.",
        )),
        Some(name) if name.chars().any(|c| c.is_whitespace() || c == '/') => {
            let line = document.get("name").map(|value| value.line);
            let hint = "Use letters, digits and hyphens.".into();
            Some(TopologyProblem { line, message: format!("\"{name}\" is no name of a lab"), hint })
        }
        Some(_) => None,
    }
}

/// Puts values in the place of a topology's variables. What comes out is still for Containerlab: it may be
/// a template, and a dollar that is meant as one stays written twice.
///
/// # Errors
/// Names the variables that need a value and have none, and values that cannot be written into the file.
pub fn containerlab_expand(
    text: &str,
    variables: &BTreeMap<String, String>,
) -> Result<String, TopologyProblem> {
    let value = |name: &str| variables.get(name).filter(|value| !value.is_empty());
    let missing: Vec<String> = variables::open(text)
        .into_iter()
        .filter(|open| open.default.is_none() && value(&open.name).is_none())
        .map(|open| open.name)
        .collect();
    if !missing.is_empty() {
        return Err(TopologyProblem::whole(
            format!("no value for {}", missing.join(", ")),
            "Give each a value, or a default in the file as in ${NAME:=value}.",
        ));
    }
    variables::filled(text, variables)
}
