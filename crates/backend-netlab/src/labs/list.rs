//! The list of labs: what netlab knows of, and what Moorline put on the server and netlab does not run.

use std::collections::BTreeMap;

use backend_api::{BackendError, Cx};
use model::{Lab, LabId, LabState, NodeState};

use super::last_part;
use crate::folder::Manifest;
use crate::session::{KnownNodes, NetlabSession};
use crate::status::{Instance, without_time};

impl NetlabSession {
    pub(super) async fn list_labs(&self, cx: &Cx) -> Result<Vec<Lab>, BackendError> {
        let (seen, made) = tokio::join!(self.look(cx), self.made_here(cx));
        let seen = seen?;
        self.look_at_containers(cx).await;
        // Without files the list is what netlab knows of.
        let made: BTreeMap<String, Manifest> = made.unwrap_or_default().into_iter().collect();
        let known = self.known();
        let mut labs: Vec<Lab> = seen
            .instances
            .iter()
            .map(|instance| {
                let folder = &instance.folder;
                lab_of(instance, made.get(folder), known.nodes.get(folder))
            })
            .collect();
        let is_listed = |folder: &str| seen.instances.iter().any(|one| one.folder == folder);
        let at_rest = made.iter().filter(|(folder, _)| !is_listed(folder));
        labs.extend(at_rest.map(|(folder, manifest)| resting(folder, manifest)));
        labs.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
        Ok(labs)
    }
}

/// A lab that netlab knows of.
pub(super) fn lab_of(
    instance: &Instance,
    manifest: Option<&Manifest>,
    nodes: Option<&KnownNodes>,
) -> Lab {
    let nodes = nodes.filter(|_| instance.is_started());
    let running = nodes
        .map(|known| known.nodes.iter().filter(|node| node.state() == NodeState::Running).count());
    let total = nodes.map(|known| known.nodes.len());
    let count = |number: Option<usize>| number.and_then(|number| u32::try_from(number).ok());
    let state = match (instance.state(), running, total) {
        (LabState::Running, Some(0), Some(1..)) => LabState::Stopped,
        (LabState::Running, Some(running), Some(total)) if running < total => LabState::Partly,
        (state, ..) => state,
    };
    let remark = match state {
        LabState::Running => None,
        _ => instance.log.last().map(|line| without_time(line).to_owned()),
    };
    let name = match manifest {
        Some(manifest) => manifest.name.clone(),
        None => own_name(instance),
    };
    Lab {
        id: LabId::from_raw(&instance.folder),
        name,
        state,
        state_remark: remark
            .or_else(|| instance.status.clone().filter(|_| state != LabState::Running)),
        instance: Some(instance.id.clone()),
        owner: None,
        is_mine: true,
        nodes_running: count(running),
        nodes_total: count(total),
        started_at: instance.started_at(),
        path: Some(instance.folder.clone()),
    }
}

/// With the multilab plugin the name is only a number, and the folder says more.
fn own_name(instance: &Instance) -> String {
    let folder = || last_part(&instance.folder).to_owned();
    match &instance.name {
        Some(name) if !name.starts_with("ml-") => name.clone(),
        _ => folder(),
    }
}

/// A lab whose files are there and that netlab does not run.
pub(super) fn resting(folder: &str, manifest: &Manifest) -> Lab {
    Lab {
        id: LabId::from_raw(folder),
        name: manifest.name.clone(),
        state: LabState::Created,
        state_remark: None,
        instance: manifest.instance.map(|number| number.to_string()),
        owner: None,
        is_mine: true,
        nodes_running: Some(0),
        nodes_total: None,
        started_at: None,
        path: Some(folder.to_owned()),
    }
}
