//! From a wish and the state of the server to a plan and the container it would make. Pure.

use model::{FieldProblem, FormValues, IdeTarget, Plan};

use super::command::command_line;
use super::draft::Draft;
use super::fit::{beyond_server, missing_image, problem, taken_name};
use super::ports::{self, Published};
use super::spec::{image_labels, spec};
use super::steps::steps;
use super::survey::Survey;
use crate::convert;
use crate::session::PodmanSession;
use crate::wire::{CreateSpec, ImageInspected};

/// In a plan's input: the ports it chose, `inside:server`, one a line.
pub(crate) const CHOSEN_PORTS: &str = "chosen_ports";
/// In a plan's input: the id of the image it looked at.
pub(crate) const CHOSEN_IMAGE: &str = "chosen_image";

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

fn wanted_ide(draft: &Draft, image: Option<&ImageInspected>) -> Option<IdeTarget> {
    let declared = image.and_then(|image| convert::ide_of(&image_labels(image)));
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
