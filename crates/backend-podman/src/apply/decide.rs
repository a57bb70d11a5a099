//! From a wish and the state of the server to a plan and the container it would make. Pure.

use std::collections::BTreeMap;

use model::{FieldProblem, FormValues, IdeTarget, Plan, PlanStep};

use super::command::command_line;
use super::draft::Draft;
use super::names::free_name;
use super::ports::{self, Published};
use super::survey::Survey;
use crate::convert::{
    self, LABEL_BRANCH, LABEL_IDE_PATH, LABEL_IDE_PORT, LABEL_MANAGED, LABEL_OWNER, LABEL_SSH_PORT,
    LABEL_USER, LABEL_WEB_PORT, SSH_PORT, WEB_PORT,
};
use crate::session::PodmanSession;
use crate::wire::{
    CpuLimit, CreateSpec, ImageInspected, MemoryLimit, NamedVolume, PortMapping, ResourceLimits,
};

/// In a plan's input: the ports it chose, `inside:server`, one a line.
pub(crate) const CHOSEN_PORTS: &str = "chosen_ports";
/// In a plan's input: the id of the image it looked at.
pub(crate) const CHOSEN_IMAGE: &str = "chosen_image";
/// The user of an image that says nothing; l8s's default.
const DEFAULT_USER: &str = "dev";
const CPU_PERIOD: u64 = 100_000;

/// Whether ports are chosen anew or were chosen by an earlier plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ports {
    Choose,
    Keep,
}

/// A plan and what carries it out.
#[derive(Debug)]
pub(crate) struct Decision {
    pub(crate) plan: Plan,
    pub(crate) spec: CreateSpec,
    /// Volumes that are not there yet.
    pub(crate) new_volumes: Vec<String>,
    pub(crate) is_started: bool,
}

pub(crate) fn decide(
    session: &PodmanSession,
    input: &FormValues,
    draft: &Draft,
    mut problems: Vec<FieldProblem>,
    survey: &Survey,
    mode: Ports,
) -> Decision {
    let server = session.server_name();
    let ide = wanted_ide(draft, survey.image.as_ref());
    problems.extend(taken_name(draft, survey, server));
    problems.extend(missing_image(draft, survey, server));
    problems.extend(beyond_server(draft, survey, server));
    let published = match published(session, input, draft, ide.as_ref(), survey, mode) {
        Ok(published) => published,
        Err(problem) => {
            problems.push(problem);
            Vec::new()
        }
    };
    let spec = spec(session, draft, ide.as_ref(), survey.image.as_ref(), &published);
    let (old_volumes, new_volumes): (Vec<String>, Vec<String>) =
        spec.volumes.iter().map(|v| v.name.clone()).partition(|v| survey.volumes.contains(v));
    let mut completed = input.clone();
    completed.insert(CHOSEN_PORTS.into(), ports::write(&published));
    if let Some(image) = &survey.image {
        completed.insert(CHOSEN_IMAGE.into(), image.id.clone());
    }
    let plan = Plan {
        subject: draft.name.clone(),
        input: completed,
        steps: steps(server, draft, &spec, &new_volumes),
        warnings: old_volumes.iter().map(|volume| kept(server, volume)).collect(),
        command: problems.is_empty().then(|| command_line(&spec, draft.is_started)),
        problems,
    };
    Decision { plan, spec, new_volumes, is_started: draft.is_started }
}

fn kept(server: &str, volume: &str) -> String {
    format!("{server} already has the volume {volume}. It is used with what it holds.")
}

fn problem(field: &str, message: String) -> FieldProblem {
    FieldProblem { field: field.into(), message, suggestion: None }
}

fn taken_name(draft: &Draft, survey: &Survey, server: &str) -> Option<FieldProblem> {
    if !survey.names.contains(&draft.name) {
        return None;
    }
    let suggestion = free_name(&draft.name, |name| survey.names.contains(name));
    let free = suggestion.as_ref().map(|name| format!(" {name} is free.")).unwrap_or_default();
    let message = format!("{server} already has {}.{free}", draft.name);
    Some(FieldProblem { field: "name".into(), message, suggestion })
}

fn missing_image(draft: &Draft, survey: &Survey, server: &str) -> Option<FieldProblem> {
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

fn beyond_server(draft: &Draft, survey: &Survey, server: &str) -> Vec<FieldProblem> {
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

fn labels_of(image: &ImageInspected) -> BTreeMap<String, String> {
    let mut labels = image.config.labels.clone();
    labels.extend(image.labels.clone());
    labels
}

fn wanted_ide(draft: &Draft, image: Option<&ImageInspected>) -> Option<IdeTarget> {
    let declared = image.and_then(|image| convert::ide_of(&labels_of(image)));
    match draft.ide_port {
        Some(port) => {
            let path = declared.map_or_else(|| "/".to_owned(), |ide| ide.path);
            Some(IdeTarget { port, path })
        }
        None => declared,
    }
}

fn published(
    session: &PodmanSession,
    input: &FormValues,
    draft: &Draft,
    ide: Option<&IdeTarget>,
    survey: &Survey,
    mode: Ports,
) -> Result<Vec<Published>, FieldProblem> {
    let server = session.server_name();
    if mode == Ports::Keep {
        let kept = input.get(CHOSEN_PORTS).and_then(|text| ports::read(text)).unwrap_or_default();
        if let Some(taken) = kept.iter().find(|port| survey.used_ports.contains(&port.server)) {
            let message = format!("port {} of {server} is taken now", taken.server);
            return Err(problem("ports", message));
        }
        return Ok(kept);
    }
    let mut others = draft.ports.clone();
    if let Some(ide) = ide.filter(|ide| !others.contains(&ide.port)) {
        others.push(ide.port);
    }
    let settings = &session.settings;
    let chosen =
        ports::choose(&settings.ssh_ports, settings.first_web_port, &others, &survey.used_ports);
    chosen.map_err(|full| {
        let (first, last) = (full.range.start(), full.range.end());
        let message = format!(
            "every port of {server} from {first} to {last} is taken. Remove a workspace, or give the connection more ports."
        );
        problem("ports", message)
    })
}

fn spec(
    session: &PodmanSession,
    draft: &Draft,
    ide: Option<&IdeTarget>,
    image: Option<&ImageInspected>,
    published: &[Published],
) -> CreateSpec {
    let user = image.map_or_else(|| DEFAULT_USER.to_owned(), user_of);
    let mut volumes = vec![
        NamedVolume { name: format!("{}-home", draft.name), dest: format!("/home/{user}") },
        NamedVolume { name: format!("{}-workspace", draft.name), dest: "/workspace".into() },
    ];
    volumes.retain(|own| !draft.volumes.iter().any(|(_, path)| *path == own.dest));
    volumes.extend(
        draft
            .volumes
            .iter()
            .map(|(name, dest)| NamedVolume { name: name.clone(), dest: dest.clone() }),
    );
    CreateSpec {
        name: draft.name.clone(),
        hostname: draft.name.clone(),
        image: draft.image.clone(),
        labels: labels(session, draft, ide, published),
        env: draft.environment.clone(),
        command: draft.command.clone(),
        portmappings: published.iter().map(mapping).collect(),
        volumes,
        resource_limits: limits(draft),
        r_limits: Vec::new(),
    }
}

/// The image's user: its label, its home, its own user, or l8s's default.
fn user_of(image: &ImageInspected) -> String {
    let is_name = |name: &&str| {
        !name.is_empty()
            && *name != "root"
            && !name.contains(['/', ':', ' '])
            && !name.starts_with(|c: char| c.is_ascii_digit())
    };
    let labels = labels_of(image);
    let label = labels.get(LABEL_USER).map(String::as_str);
    let home = image.config.env.iter().find_map(|pair| pair.strip_prefix("HOME=/home/"));
    let own = image.config.user.split(':').next();
    [label, home, own].into_iter().flatten().find(is_name).unwrap_or(DEFAULT_USER).to_owned()
}

fn labels(
    session: &PodmanSession,
    draft: &Draft,
    ide: Option<&IdeTarget>,
    published: &[Published],
) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::from([(LABEL_MANAGED.to_owned(), "true".to_owned())]);
    let mut add = |label: &str, value: Option<String>| {
        labels.extend(value.map(|value| (label.to_owned(), value)));
    };
    let server_port = |inside: u16| {
        published.iter().find(|port| port.inside == inside).map(|port| port.server.to_string())
    };
    add(LABEL_SSH_PORT, server_port(SSH_PORT));
    add(LABEL_WEB_PORT, server_port(WEB_PORT));
    add(LABEL_OWNER, session.login.clone());
    add(LABEL_BRANCH, draft.branch.clone());
    add(LABEL_IDE_PORT, ide.map(|ide| ide.port.to_string()));
    add(LABEL_IDE_PATH, ide.filter(|ide| ide.path != "/").map(|ide| ide.path.clone()));
    labels
}

/// Published on the server's loopback address only: the way in is the SSH session.
fn mapping(port: &Published) -> PortMapping {
    PortMapping {
        host_ip: "127.0.0.1".into(),
        host_port: port.server,
        container_port: port.inside,
        protocol: "tcp".into(),
    }
}

fn limits(draft: &Draft) -> Option<ResourceLimits> {
    let limits = ResourceLimits {
        memory: draft.memory_mib.map(|mib| MemoryLimit { limit: i64::from(mib) * 1024 * 1024 }),
        cpu: draft.cpus.map(|cpus| CpuLimit {
            quota: i64::from(cpus) * i64::try_from(CPU_PERIOD).unwrap_or(i64::MAX),
            period: CPU_PERIOD,
        }),
    };
    (limits.memory.is_some() || limits.cpu.is_some()).then_some(limits)
}

fn steps(server: &str, draft: &Draft, spec: &CreateSpec, new_volumes: &[String]) -> Vec<PlanStep> {
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

fn listed(words: &[String], one: &str, many: &str) -> String {
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
