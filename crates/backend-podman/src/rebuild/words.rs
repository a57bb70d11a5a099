//! What the plan of a rebuild says: its steps and what to mind.

use model::PlanStep;

use super::decide::aside_name;
use super::old::Old;
use crate::apply::listed;
use crate::wire::CreateSpec;

/// The steps by number, as `carry` reports them.
pub(super) mod step {
    pub(crate) const CHECK: usize = 0;
    pub(crate) const VOLUMES: usize = 1;
    pub(crate) const STOP: usize = 2;
    pub(crate) const ASIDE: usize = 3;
    pub(crate) const CREATE: usize = 4;
    pub(crate) const START: usize = 5;
    pub(crate) const VERIFY: usize = 6;
    pub(crate) const CLEAN_UP: usize = 7;
}

pub(super) fn steps(old: &Old, spec: &CreateSpec, new_volumes: &[String]) -> Vec<PlanStep> {
    let step = |name: &str, summary: String| PlanStep { name: name.into(), summary };
    let name = &old.name;
    let image = spec.image.strip_prefix("localhost/").unwrap_or(&spec.image);
    let volumes = match new_volumes {
        [] => "Use the volumes it has".to_owned(),
        new => format!("Make {}", listed(new, "volume", "volumes")),
    };
    let stop = match old.is_running {
        true => format!("Stop {name}"),
        false => format!("{name} is stopped already"),
    };
    let verify = match old.is_running {
        true => "Check that it stays up, and that what answered before answers again",
        false => "Check that it stays up, then stop it as it was",
    };
    vec![
        step("Check", format!("Check that {name}, the image and the ports are still as planned")),
        step("Volumes", volumes),
        step("Stop", stop),
        step("Set aside", format!("Keep the old container as {}", aside_name(name))),
        step("Create", format!("Make {name} anew from {image}")),
        step("Start", format!("Start the new {name}")),
        step("Verify", verify.to_owned()),
        step("Clean up", "Remove the old container; volumes stay".to_owned()),
    ]
}

pub(super) fn warnings(old: &Old, spec: &CreateSpec) -> Vec<String> {
    let outside = match listed(&places(spec), "", "").trim() {
        "no" => String::new(),
        places => format!(": installed packages, and files outside {places}"),
    };
    let mut warnings =
        vec![format!("What is in {} and not on a volume is lost{outside}.", old.name)];
    let is_kept = |name: &str| spec.volumes.iter().any(|volume| volume.name == name);
    let left: Vec<String> = old
        .volumes
        .iter()
        .filter(|volume| !is_kept(&volume.name))
        .map(|volume| volume.name.clone())
        .collect();
    if !left.is_empty() {
        warnings.push(format!(
            "{} not used by {} any more and stays on the server.",
            match left.as_slice() {
                [only] => format!("The volume {only} is"),
                many => format!("The {} are", listed(many, "volume", "volumes")),
            },
            old.name
        ));
    }
    let is_open = |ip: &str| !matches!(ip, "127.0.0.1" | "::1");
    if spec.portmappings.iter().any(|port| is_open(&port.host_ip)) {
        warnings.push(format!(
            "Ports of {} are open on every address of the server, as before.",
            old.name
        ));
    }
    warnings
}

fn places(spec: &CreateSpec) -> Vec<String> {
    spec.volumes.iter().map(|volume| volume.dest.clone()).collect()
}
