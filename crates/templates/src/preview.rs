//! A topology before it is run.

use model::{Failure, TemplateFile, TemplatePreview, TopologyGraph};

use crate::{index::described, walk::Found};

/// Puts together what is known of a topology. Why its files cannot travel is one of its problems.
pub(crate) fn of(
    path: &str,
    text: String,
    found: Result<Vec<Found>, Failure>,
    commit: Option<String>,
) -> TemplatePreview {
    let mut problems = Vec::new();
    let mut needed = Vec::new();
    let (graph, variables) = match topology::read(&text) {
        Ok(parsed) => {
            problems.extend(parsed.problems.iter().map(ToString::to_string));
            needed = parsed.files;
            (parsed.graph, parsed.variables)
        }
        Err(problem) => {
            problems.push(problem.to_string());
            (TopologyGraph::default(), Vec::new())
        }
    };
    let files = match found {
        Ok(found) => {
            problems.extend(missing(&needed, &found));
            found
        }
        Err(failure) => {
            let hint = failure.hint.unwrap_or_default();
            problems.push(format!("{}. {hint}", failure.message));
            Vec::new()
        }
    };
    TemplatePreview {
        topology: described(path, &text),
        text,
        graph,
        variables,
        files: files
            .into_iter()
            .map(|file| TemplateFile { path: file.path, bytes: file.size })
            .collect(),
        commit,
        problems,
    }
}

/// Files that nodes need and that do not travel.
fn missing(needed: &[(String, Vec<String>)], found: &[Found]) -> Vec<String> {
    let is_there = |path: &str| {
        let folder = format!("{path}/");
        found.iter().any(|file| file.path == path || file.path.starts_with(&folder))
    };
    needed
        .iter()
        .filter(|(path, _)| !is_there(path))
        .map(|(path, nodes)| {
            let nodes = nodes.join(", ");
            format!(
                "{path}, which {nodes} needs, does not travel with the topology. Put it into the \
                 topology's folder, and take the folder as the template."
            )
        })
        .collect()
}
