//! Whether a wish fits the server: its name, its image, its size.

use model::FieldProblem;

use super::draft::Draft;
use super::names::free_name;
use super::survey::Survey;

pub(crate) fn problem(field: &str, message: String) -> FieldProblem {
    FieldProblem { field: field.into(), message, suggestion: None }
}

pub(super) fn taken_name(draft: &Draft, survey: &Survey, server: &str) -> Option<FieldProblem> {
    if !survey.names.contains(&draft.name) {
        return None;
    }
    let suggestion = free_name(&draft.name, |name| survey.names.contains(name));
    let free = suggestion.as_ref().map(|name| format!(" {name} is free.")).unwrap_or_default();
    let message = format!("{server} already has {}.{free}", draft.name);
    Some(FieldProblem { field: "name".into(), message, suggestion })
}

pub(crate) fn missing_image(draft: &Draft, survey: &Survey, server: &str) -> Option<FieldProblem> {
    if draft.image.is_empty() {
        return None;
    }
    if let Some(image) = &survey.image {
        let has_program = !image.config.cmd.is_empty() || !image.config.entrypoint.is_empty();
        let message = format!(
            "{} says nothing about what to run. Give a command under \"More options\".",
            draft.image
        );
        return (!has_program && draft.command.is_empty()).then(|| problem("command", message));
    }
    let names: Vec<&str> = survey.image_names.iter().map(String::as_str).take(5).collect();
    let there = if names.is_empty() {
        "There are no images yet: pull or build one there first.".to_owned()
    } else {
        format!("It has {}.", names.join(", "))
    };
    Some(problem("image", format!("{server} does not have the image {}. {there}", draft.image)))
}

pub(crate) fn beyond_server(draft: &Draft, survey: &Survey, server: &str) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    if let Some(cpus) = draft.cpus.filter(|cpus| survey.cpus > 0 && *cpus > survey.cpus) {
        problems.push(FieldProblem {
            suggestion: Some(survey.cpus.to_string()),
            ..problem("cpu", format!("{server} has {} cores, not {cpus}", survey.cpus))
        });
    }
    let memory = draft.memory_mib.map(u64::from);
    if let Some(mib) = memory.filter(|mib| survey.memory_mib > 0 && *mib > survey.memory_mib) {
        problems.push(FieldProblem {
            suggestion: Some(survey.memory_mib.to_string()),
            ..problem("memory", format!("{server} has {} MiB, not {mib}", survey.memory_mib))
        });
    }
    problems
}
