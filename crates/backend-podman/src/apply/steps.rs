//! What a plan says it will do, in words.

use model::PlanStep;

use super::draft::Draft;
use crate::wire::CreateSpec;

pub(super) fn steps(
    server: &str,
    draft: &Draft,
    spec: &CreateSpec,
    new_volumes: &[String],
) -> Vec<PlanStep> {
    let step = |name: &str, summary: String| PlanStep { name: name.into(), summary };
    let volumes = if new_volumes.is_empty() {
        "Use the volumes that are there".to_owned()
    } else {
        format!("Make {} on {server}", listed(new_volumes, "volume", "volumes"))
    };
    let ports: Vec<String> =
        spec.portmappings.iter().map(|port| port.container_port.to_string()).collect();
    let image = draft.image.strip_prefix("localhost/").unwrap_or(&draft.image);
    let container = format!(
        "Make container {} from {image} with {} and {}",
        draft.name,
        size(draft),
        listed(&ports, "port", "ports")
    );
    let mut steps = vec![
        step("Check", format!("Check that the name, the image and the ports still fit {server}")),
        step("Volumes", volumes),
        step("Create", container),
    ];
    if draft.is_started {
        steps.push(step("Start", format!("Start {}", draft.name)));
        steps.push(step("Verify", "Check that it still runs after a second".into()));
    }
    steps
}

pub(crate) fn listed(words: &[String], one: &str, many: &str) -> String {
    match words {
        [] => format!("no {many}"),
        [only] => format!("{one} {only}"),
        [first @ .., last] => format!("{many} {} and {last}", first.join(", ")),
    }
}

fn size(draft: &Draft) -> String {
    let memory = draft.memory_mib.map(|mib| match mib % 1024 {
        0 => format!("{} GiB", mib / 1024),
        _ => format!("{mib} MiB"),
    });
    match (draft.cpus, memory) {
        (None, None) => "no limits".into(),
        (Some(cpus), None) => format!("{cpus} CPU"),
        (None, Some(memory)) => memory,
        (Some(cpus), Some(memory)) => format!("{cpus} CPU, {memory}"),
    }
}
