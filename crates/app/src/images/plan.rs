//! What a build would do, in words: what is sent, the steps, what is worth knowing first.

use backend_api::NameOf;
use model::{BuildInput, Failure, FieldProblem, FormValues, Plan};

use super::build::{Build, Files, prepare_build};
use crate::sessions::Live;

/// Sending more than this deserves a word.
const MUCH: u64 = 256 * 1024 * 1024;

pub(super) async fn plan(live: &Live, input: BuildInput) -> Result<Plan, Failure> {
    let images = live.session.images().ok_or_else(|| live.cannot("build images"))?;
    let mut plan = Plan {
        subject: input.name.clone(),
        input: FormValues::new(),
        steps: Vec::new(),
        warnings: Vec::new(),
        problems: Vec::new(),
        command: None,
    };
    match images.full_name(&input.name, NameOf::Local) {
        Ok(full) => plan.subject = full,
        Err(problem) => plan.problems.push(problem),
    }
    let prepared = prepare_build(BuildInput { name: plan.subject.clone(), ..input }).await;
    match prepared {
        Err(failure) => plan.problems.push(problem(failure)),
        Ok(build) => {
            match images.build_steps(&build.request) {
                Ok(steps) => plan.steps = steps,
                Err(error) => plan.problems.push(problem(error.into())),
            }
            if let (Some(first), Files::Folder(_)) = (plan.steps.first_mut(), &build.files) {
                first.summary = sent(live, &build);
            }
            plan.warnings = warnings(&build);
        }
    }
    Ok(plan)
}

fn problem(failure: Failure) -> FieldProblem {
    let hint = failure.hint.map(|hint| format!(". {hint}")).unwrap_or_default();
    FieldProblem {
        field: failure.field.unwrap_or_else(|| "path".into()),
        message: format!("{}{hint}", failure.message),
        suggestion: None,
    }
}

fn sent(live: &Live, build: &Build) -> String {
    let Files::Folder(folder) = &build.files else { return String::new() };
    let left_out = match (folder.left_out, folder.ignore_file) {
        (0, _) | (_, None) => String::new(),
        (count, Some(file)) => format!("; {count} left out by {file}"),
    };
    let files = if folder.files == 1 { "file" } else { "files" };
    format!("Send {} {files}, {}, to {}{left_out}", folder.files, size(folder.bytes), live.name)
}

fn warnings(build: &Build) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Files::Folder(folder) = &build.files
        && folder.bytes > MUCH
    {
        let what = if folder.ignore_file.is_some() {
            "Name more in it"
        } else {
            "Write a .containerignore"
        };
        warnings.push(format!(
            "This sends {}. {what} to leave out what the build does not need.",
            size(folder.bytes)
        ));
    }
    if !build.request.arguments.is_empty() {
        warnings.push("Values of build arguments stay readable in the image's history.".into());
    }
    warnings
}

fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["B", "KiB", "MiB", "GiB"];
    let mut value = bytes;
    let mut unit = 0;
    while value >= 1024 && unit + 1 < UNITS.len() {
        value = value.div_ceil(1024);
        unit += 1;
    }
    format!("{value} {}", UNITS.get(unit).copied().unwrap_or("GiB"))
}
