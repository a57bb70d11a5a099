//! From a container and a wish to the plan of a rebuild and the container it would make. Pure.

use std::collections::{BTreeMap, BTreeSet};

use model::{ASIDE_SUFFIX, FieldProblem, FormValues, Plan, RebuildPlan};

use super::changes::changes;
use super::edit::Edit;
use super::old::Old;
use super::words::{steps, warnings};
use crate::apply::{
    CHOSEN_IMAGE, CHOSEN_PORTS, LABEL_APPLY, Ports, Published, Survey, beyond_server, command_line,
    image_labels, limits, missing_image, ports, problem,
};
use crate::convert::{self, LABEL_IDE_PORT, LABEL_SSH_PORT, LABEL_WEB_PORT, SSH_PORT, WEB_PORT};
use crate::session::PodmanSession;
use crate::wire::{CreateSpec, PortMapping};

/// In a plan's input: the container that is rebuilt.
pub(crate) const OLD_ID: &str = "old_id";
/// In a plan's input: whether it ran when the plan was made.
pub(crate) const WAS_RUNNING: &str = "was_running";
/// On the new container: the id of the one it replaces.
pub(crate) const LABEL_REBUILD_OF: &str = "moorline.rebuild.of";

/// The server as a rebuild sees it.
pub(crate) struct Around {
    pub(crate) survey: Survey,
    /// Ports of the server that other running containers hold, with their names.
    pub(crate) held: BTreeMap<u16, String>,
    /// Ports of the server that programs listen on.
    pub(crate) listening: BTreeSet<u16>,
}

/// A plan and what carries it out.
#[derive(Debug)]
pub(crate) struct Decision {
    pub(crate) rebuild: RebuildPlan,
    pub(crate) spec: CreateSpec,
    pub(crate) new_volumes: Vec<String>,
    pub(crate) old: Old,
}

pub(crate) fn decide(
    session: &PodmanSession,
    input: &FormValues,
    old: Old,
    around: &Around,
    mode: Ports,
) -> Decision {
    let server = session.server_name();
    let (edit, mut problems) = Edit::parse(&old, input);
    let survey = &around.survey;
    problems.extend(cannot(&old, survey, server));
    problems.extend(missing_image(&edit.draft, survey, server));
    problems.extend(beyond_server(&edit.draft, survey, server));
    let (mappings, chosen) = match published(session, input, &old, &edit, survey, mode) {
        Ok(found) => found,
        Err(problem) => {
            problems.push(problem);
            (old.ports.clone(), Vec::new())
        }
    };
    problems.extend(taken(&old, &mappings, around, server));
    let spec = spec(&old, &edit, mappings);
    let is_there = |name: &String| survey.volumes.contains(name);
    let names: Vec<String> = spec.volumes.iter().map(|volume| volume.name.clone()).collect();
    let (_, new_volumes): (Vec<String>, Vec<String>) = names.into_iter().partition(is_there);
    let mut completed = input.clone();
    completed.insert(CHOSEN_PORTS.into(), ports::write(&chosen));
    completed.insert(OLD_ID.into(), old.id.clone());
    completed.insert(WAS_RUNNING.into(), old.is_running.to_string());
    if let Some(image) = &survey.image {
        completed.insert(CHOSEN_IMAGE.into(), image.id.clone());
    }
    let plan = Plan {
        subject: old.name.clone(),
        input: completed,
        steps: steps(&old, &spec, &new_volumes),
        warnings: warnings(&old, &spec),
        command: problems.is_empty().then(|| command_line(&spec, true)),
        problems,
    };
    let changes = changes(&old, &spec, survey.image.as_ref());
    Decision { rebuild: RebuildPlan { plan, changes }, spec, new_volumes, old }
}

fn cannot(old: &Old, survey: &Survey, server: &str) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    if old.name.ends_with(ASIDE_SUFFIX) {
        let message = format!("{} is what an earlier rebuild put aside", old.name);
        problems.push(problem("name", message));
    }
    if !old.losses.is_empty() {
        let message = format!(
            "{} {}, which a rebuild cannot carry over. Make it anew on {server} by hand.",
            old.name,
            old.losses.join(" and ")
        );
        problems.push(problem("name", message));
    }
    let aside = aside_name(&old.name);
    if survey.names.contains(&aside) {
        let message = format!(
            "{server} still has {aside} from an earlier rebuild. Bring it back or remove it first."
        );
        problems.push(problem("name", message));
    }
    problems
}

/// The name under which a container waits until its successor works.
pub(crate) fn aside_name(name: &str) -> String {
    format!("{name}{ASIDE_SUFFIX}")
}

type Chosen = (Vec<PortMapping>, Vec<Published>);

/// The ports it has, as far as they are still wished for, and free ones for the rest.
fn published(
    session: &PodmanSession,
    input: &FormValues,
    old: &Old,
    edit: &Edit,
    survey: &Survey,
    mode: Ports,
) -> Result<Chosen, FieldProblem> {
    let mut wished = edit.draft.ports.clone();
    let declared = survey.image.as_ref().map(image_labels).unwrap_or_default();
    let ide = old.labels.get(LABEL_IDE_PORT).or(declared.get(LABEL_IDE_PORT));
    wished.extend(ide.and_then(|port| port.parse().ok()).filter(|port| !wished.contains(port)));
    let is_kept = |port: &&PortMapping| {
        port.protocol != "tcp"
            || matches!(port.container_port, SSH_PORT | WEB_PORT)
            || wished.contains(&port.container_port)
    };
    let mut mappings: Vec<PortMapping> = old.ports.iter().filter(is_kept).cloned().collect();
    let has = |inside: u16| {
        old.ports.iter().any(|port| port.protocol == "tcp" && port.container_port == inside)
    };
    let missing: Vec<u16> = wished.into_iter().filter(|port| !has(*port)).collect();
    let chosen = match mode {
        Ports::Keep => {
            input.get(CHOSEN_PORTS).and_then(|text| ports::read(text)).unwrap_or_default()
        }
        Ports::Choose => free(session, &missing, survey)?,
    };
    if let Some(port) = chosen.iter().find(|port| survey.used_ports.contains(&port.server)) {
        let message = format!("port {} of {} is taken now", port.server, session.server_name());
        return Err(problem("ports", message));
    }
    mappings.extend(chosen.iter().map(crate::apply::mapping));
    Ok((mappings, chosen))
}

fn free(
    session: &PodmanSession,
    missing: &[u16],
    survey: &Survey,
) -> Result<Vec<Published>, FieldProblem> {
    let settings = &session.settings;
    ports::choose_others(&settings.ssh_ports, settings.first_web_port, missing, &survey.used_ports)
        .map_err(|full| {
            let message = format!(
                "every port of {} from {} to {} is taken. Remove a workspace first.",
                session.server_name(),
                full.range.start(),
                full.range.end()
            );
            problem("ports", message)
        })
}

/// Looked at before anything is stopped: a start that fails on a taken port makes Podman 4.3 take away the
/// other container's forwarding rules.
fn taken(
    old: &Old,
    mappings: &[PortMapping],
    around: &Around,
    server: &str,
) -> Option<FieldProblem> {
    let holder = mappings.iter().find_map(|port| {
        let other = around.held.get(&port.host_port).cloned();
        let is_heard = !old.is_running && around.listening.contains(&port.host_port);
        let other = other.or_else(|| is_heard.then(|| "another program".to_owned()))?;
        Some((port.host_port, other))
    });
    let (port, other) = holder?;
    let message = format!("{other} holds port {port} of {server}. Stop it first.");
    Some(problem("ports", message))
}

fn spec(old: &Old, edit: &Edit, mappings: Vec<PortMapping>) -> CreateSpec {
    let mut env = old.env.clone();
    env.retain(|name, _| !edit.dropped.contains(name));
    env.extend(edit.draft.environment.clone());
    let mut labels = old.labels.clone();
    labels.remove(LABEL_APPLY);
    let server_port = |inside: u16| {
        mappings.iter().find(|port| port.container_port == inside && port.protocol == "tcp")
    };
    for (label, inside) in [(LABEL_SSH_PORT, SSH_PORT), (LABEL_WEB_PORT, WEB_PORT)] {
        if let Some(port) = server_port(inside) {
            labels.insert(label.into(), port.host_port.to_string());
        }
    }
    labels.insert(convert::LABEL_MANAGED.into(), "true".into());
    labels.insert(LABEL_REBUILD_OF.into(), old.id.clone());
    CreateSpec {
        name: old.name.clone(),
        hostname: old.name.clone(),
        image: edit.draft.image.clone(),
        labels,
        env,
        command: edit.draft.command.clone(),
        portmappings: mappings,
        volumes: edit.volumes(old),
        resource_limits: limits(&edit.draft),
        mounts: old.binds.clone(),
        entrypoint: old.entrypoint.clone(),
        user: old.user.clone(),
        work_dir: old.work_dir.clone(),
        restart_policy: old.restart_policy.clone(),
        cap_add: old.cap_add.clone(),
        cap_drop: old.cap_drop.clone(),
        ..CreateSpec::default()
    }
}
