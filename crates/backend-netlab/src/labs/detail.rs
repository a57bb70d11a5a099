//! One lab: its nodes as netlab tells of them, its graph and topology from its folder.

use std::sync::Arc;

use backend_api::{BackendError, Cx};
use model::{
    GraphNode, Lab, LabDetail, LabId, LabNode, LabState, NodeState, TimestampMs, TopologyGraph,
};

use super::list::{lab_of, resting};
use crate::console::console_id;
use crate::folder::{Manifest, Sync};
use crate::session::NetlabSession;
use crate::status::Node;

/// netlab's own description of a lab.
const DESCRIPTION: &str = "netlab.topology.json";
const DESCRIPTION_LIMIT: u64 = 32 * 1024 * 1024;
const TOPOLOGY_LIMIT: u64 = 1024 * 1024;

impl NetlabSession {
    pub(super) async fn lab_detail(&self, id: &LabId, cx: &Cx) -> Result<LabDetail, BackendError> {
        let folder = id.as_str();
        let (seen, manifest) = tokio::join!(self.look(cx), self.manifest_in(folder, cx));
        let (seen, manifest) = (seen?, manifest.unwrap_or_default());
        let instance = seen.instances.iter().find(|instance| instance.folder == folder);
        let mut is_now = seen.is_now;
        if let Some(instance) = instance.filter(|instance| instance.is_started() && is_now) {
            is_now = self.refresh_nodes(instance, cx).await?;
        }
        let (lab, nodes, seen_at) = match (instance, &manifest) {
            (Some(instance), manifest) => {
                let known = self.known();
                let nodes = known.nodes.get(folder).filter(|_| instance.is_started());
                let lab = lab_of(instance, manifest.as_ref(), nodes);
                (lab, nodes.map(|known| known.nodes.clone()), nodes.map(|known| known.seen_at))
            }
            (None, Some(manifest)) => (resting(folder, manifest), None, None),
            (None, None) => {
                return Err(BackendError::not_found(format!("there is no lab {folder}"))
                    .with_hint("It may have been removed meanwhile."));
            }
        };
        let graph = self.graph_in(folder, cx).await;
        let source = self.topology_in(folder, manifest.as_ref(), cx).await;
        let nodes = match nodes {
            Some(nodes) => nodes.iter().map(|node| shown(folder, node)).collect(),
            None => graph.iter().flat_map(|graph| absent(graph, &lab)).collect(),
        };
        Ok(LabDetail { lab, nodes, graph, source, as_of: as_of(is_now, seen_at, cx) })
    }

    /// What Moorline wrote down of a lab.
    pub(crate) async fn manifest_in(
        &self,
        folder: &str,
        cx: &Cx,
    ) -> Result<Option<Manifest>, BackendError> {
        let folder: Arc<str> = folder.into();
        let read = |files: Arc<dyn backend_api::FileSession>| {
            let folder = Arc::clone(&folder);
            async move { Sync { files: files.as_ref(), folder: &folder }.manifest().await }
        };
        self.files.with(cx, read).await
    }

    /// The graph as netlab made it; none before the lab was created, and where it cannot be read.
    async fn graph_in(&self, folder: &str, cx: &Cx) -> Option<TopologyGraph> {
        let path = format!("{folder}/{DESCRIPTION}");
        let asked: Arc<[String]> = vec![path.clone()].into();
        let look = |files: Arc<dyn backend_api::FileSession>| {
            let asked = Arc::clone(&asked);
            async move { files.stat(&asked).await }
        };
        let found = self.files.with(cx, look).await.ok()?.into_iter().next()??;
        let stamp = (found.size, found.modified_at);
        let known = self.known().graphs.get(folder).cloned();
        if let Some((_, graph)) = known.filter(|(of, _)| *of == stamp) {
            return Some(graph);
        }
        let content = self.files.read(&path, DESCRIPTION_LIMIT, cx).await.ok()??;
        let graph = topology::netlab_json(&content).ok()?.graph;
        self.known().graphs.insert(folder.to_owned(), (stamp, graph.clone()));
        Some(graph)
    }

    async fn topology_in(
        &self,
        folder: &str,
        manifest: Option<&Manifest>,
        cx: &Cx,
    ) -> Option<String> {
        let name = manifest.map_or("topology.yml", |manifest| manifest.topology.as_str());
        let path = format!("{folder}/{name}");
        let content = self.files.read(&path, TOPOLOGY_LIMIT, cx).await.ok()??;
        Some(self.redactor.text(&String::from_utf8_lossy(&content)))
    }
}

/// None when it is true now.
fn as_of(is_now: bool, seen_at: Option<TimestampMs>, cx: &Cx) -> Option<TimestampMs> {
    (!is_now).then(|| seen_at.unwrap_or_else(|| cx.clock.now()))
}

fn shown(folder: &str, node: &Node) -> LabNode {
    let state = node.state();
    let has_console = state == NodeState::Running || state == NodeState::Unknown;
    LabNode {
        name: node.name.clone(),
        state,
        state_remark: node.status.clone(),
        kind: node.device.clone(),
        image: node.image.clone(),
        management_address: node.address.clone(),
        container: node.container.clone(),
        console: has_console.then(|| console_id(folder, &node.name)),
    }
}

/// The nodes of a lab that has none yet.
fn absent(graph: &TopologyGraph, lab: &Lab) -> Vec<LabNode> {
    let state = match lab.state {
        LabState::Created => NodeState::Absent,
        _ => NodeState::Unknown,
    };
    let node = |node: &GraphNode| LabNode {
        name: node.name.clone(),
        state,
        state_remark: None,
        kind: node.kind.clone(),
        image: None,
        management_address: None,
        container: None,
        console: None,
    };
    graph.nodes.iter().map(node).collect()
}
