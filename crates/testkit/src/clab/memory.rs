//! An engine without containers: labs in memory, whose nodes have a shell of a few words.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::{self, BoxStream as BoxItems};
use model::{NodeVerb, TerminalSize};
use serde_json::{Value, json};
use tokio::sync::{oneshot, watch};

use super::engine::{Container, LabEngine, Order, Ran, Said, Shell};
use super::memory_node::{Node, run, saved, talk};
use super::topology::{self, Topology};

/// The image that every engine in memory has.
pub const CLAB_IMAGE: &str = "moorline.test/frr:1";

#[derive(Default)]
struct Labs {
    labs: BTreeMap<String, (Topology, Vec<Node>)>,
    made: u32,
}

/// Labs in memory. An operation can be held after its first node, until it is let go.
pub struct MemoryEngine {
    labs: Mutex<Labs>,
    is_held: watch::Sender<bool>,
    /// How many operations wait because of a hold.
    holding: watch::Sender<usize>,
}

impl Default for MemoryEngine {
    fn default() -> Self {
        Self {
            labs: Mutex::default(),
            is_held: watch::Sender::new(false),
            holding: watch::Sender::new(0),
        }
    }
}

/// Counts an operation that waits, however its wait ends.
struct Holding<'a>(&'a watch::Sender<usize>);

impl Drop for Holding<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

impl MemoryEngine {
    /// From now on operations stop after their first node.
    pub fn hold(&self) {
        self.is_held.send_replace(true);
    }

    /// Operations go on.
    pub fn let_go(&self) {
        self.is_held.send_replace(false);
    }

    /// Waits until so many operations are held.
    pub async fn until_held(&self, count: usize) {
        let _ = self.holding.subscribe().wait_for(|held| *held == count).await;
    }

    /// Adds a line to the log of a container.
    pub fn say(&self, container: &str, line: &str) {
        self.with(container, |node| {
            node.log.push(format!("2026-11-21T11:30:33.000000000Z {line}"))
        });
        self.is_held.send_modify(|_| {});
    }

    /// Ends a container behind the server's back.
    pub fn kill(&self, container: &str) {
        self.with(container, |node| node.set("exited"));
    }

    async fn held(&self) {
        if *self.is_held.borrow() {
            self.holding.send_modify(|count| *count += 1);
            let _count = Holding(&self.holding);
            let _ = self.is_held.subscribe().wait_for(|is_held| !is_held).await;
        }
    }

    fn labs(&self) -> MutexGuard<'_, Labs> {
        self.labs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<T>(&self, container: &str, work: impl FnOnce(&mut Node) -> T) -> Option<T> {
        let mut labs = self.labs();
        let mut nodes = labs.labs.values_mut().flat_map(|(_, nodes)| nodes);
        nodes.find(|node| node.container.name == container).map(work)
    }

    /// Adds one node; an image that is not there ends it as a failed pull does.
    fn add(&self, order: &Order, node: &topology::Node) -> Result<(), String> {
        if node.image != CLAB_IMAGE {
            return Err(format!(
                "failed to pull image {}: Error response from daemon: No such image: {}",
                node.image, node.image
            ));
        }
        let mut labs = self.labs();
        labs.made += 1;
        let made = labs.made;
        let container = Container {
            name: format!("clab-{}-{}", order.lab, node.name),
            container_id: format!("{made:012x}"),
            image: node.image.clone(),
            kind: node.kind.clone(),
            lab_name: order.lab.clone(),
            node_name: node.name.clone(),
            lab_path: format!("{}/{}", order.lab, order.topology),
            abs_lab_path: format!(
                "/srv/users/{}/.clab/{}/{}",
                order.owner, order.lab, order.topology
            ),
            owner: order.owner.clone(),
            ..Container::default()
        };
        let mut node =
            Node { container, log: vec!["2026-11-21T11:30:32.725104346Z node is up".into()] };
        node.set("running");
        node.container.ipv4_address = format!("172.20.20.{}/24", made + 1);
        node.container.ipv6_address = format!("3fff:172:20:20::{:x}/64", made + 1);
        labs.labs.entry(order.lab.clone()).or_default().1.push(node);
        Ok(())
    }

    fn missing(&self, order: &Order, topology: &Topology) -> Vec<topology::Node> {
        let labs = self.labs();
        let names: BTreeSet<&str> =
            labs.labs.get(&order.lab).map_or_else(BTreeSet::new, |(_, nodes)| {
                nodes.iter().map(|node| node.container.node_name.as_str()).collect()
            });
        let is_wanted = |node: &&topology::Node| {
            (order.nodes.is_empty() || order.nodes.contains(&node.name))
                && !names.contains(node.name.as_str())
        };
        topology.nodes.iter().filter(is_wanted).cloned().collect()
    }

    fn drop_gone(&self, order: &Order, topology: &Topology) {
        if let Some((_, nodes)) = self.labs().labs.get_mut(&order.lab) {
            nodes.retain(|node| {
                topology.nodes.iter().any(|one| one.name == node.container.node_name)
            });
        }
    }
}

async fn tell(said: &Said, line: impl Into<String>) {
    let _ = said.send(line.into()).await;
}

#[async_trait]
impl LabEngine for MemoryEngine {
    async fn deploy(&self, order: &Order, said: &Said) -> Result<(), String> {
        let topology = topology::read(order)?;
        tell(said, "11:30:33 INFO Containerlab started version=0.79.0").await;
        tell(said, format!("11:30:33 INFO Parsing & checking topology file={}", order.topology))
            .await;
        if order.reconfigure {
            self.destroy(&order.lab, said).await?;
        }
        self.drop_gone(order, &topology);
        for node in self.missing(order, &topology) {
            tell(said, format!("11:30:33 INFO Creating container name={}", node.name)).await;
            self.add(order, &node)?;
            self.held().await;
        }
        for link in &topology.links {
            tell(said, format!("11:30:34 INFO Created link: {}", link.join(" ▪┄┄▪ "))).await;
        }
        self.labs().labs.entry(order.lab.clone()).or_default().0 = topology;
        Ok(())
    }

    async fn plan(&self, order: &Order) -> Result<Value, String> {
        let topology = topology::read(order)?;
        let added: Vec<String> =
            self.missing(order, &topology).into_iter().map(|node| node.name).collect();
        let labs = self.labs();
        let known = labs.labs.get(&order.lab);
        let is_there = |name: &str| topology.nodes.iter().any(|node| node.name == name);
        let old = known.map(|(_, nodes)| nodes.as_slice()).unwrap_or_default();
        let names = old.iter().map(|node| node.container.node_name.clone());
        let deleted: Vec<String> = names.filter(|name| !is_there(name)).collect();
        let links = known.map(|(topology, _)| topology.links.clone()).unwrap_or_default();
        let words = |links: Vec<&Vec<String>>| -> Vec<String> {
            links.iter().map(|ends| ends.join(" <-> ")).collect()
        };
        Ok(json!({
            "deployedLab": known.is_none(), "addedNodes": added, "deletedNodes": deleted,
            "recreatedNodes": [], "startedNodes": [], "restartedNodes": [],
            "addedLinks": words(topology.links.iter().filter(|link| !links.contains(link)).collect()),
            "deletedEndpoints": words(links.iter().filter(|link| !topology.links.contains(link)).collect()),
            "nodeChangeReasons": {},
        }))
    }

    async fn destroy(&self, lab: &str, said: &Said) -> Result<(), String> {
        tell(said, format!("11:32:07 INFO Destroying lab name={lab}")).await;
        let nodes = self.labs().labs.remove(lab).map(|(_, nodes)| nodes).unwrap_or_default();
        for node in nodes {
            tell(said, format!("11:32:07 INFO Removed container name={}", node.container.name))
                .await;
        }
        Ok(())
    }

    async fn change(
        &self,
        lab: &str,
        node: Option<&str>,
        verb: NodeVerb,
        said: &Said,
    ) -> Result<(), String> {
        let state = match verb {
            NodeVerb::Start | NodeVerb::Restart | NodeVerb::Unpause => "running",
            NodeVerb::Stop => "exited",
            NodeVerb::Pause => "paused",
        };
        tell(said, format!("11:31:12 INFO {verb:?} nodes of lab name={lab}")).await;
        let mut labs = self.labs();
        let nodes =
            labs.labs.get_mut(lab).map(|(_, nodes)| nodes.as_mut_slice()).unwrap_or_default();
        for one in
            nodes.iter_mut().filter(|one| node.is_none_or(|name| one.container.node_name == name))
        {
            one.set(state);
        }
        Ok(())
    }

    async fn containers(&self) -> Result<Vec<Container>, String> {
        let labs = self.labs();
        let nodes = labs.labs.values().flat_map(|(_, nodes)| nodes);
        Ok(nodes.map(|node| node.container.clone()).collect())
    }

    async fn save(&self, lab: &str, said: &Said) -> Result<BTreeMap<String, Bytes>, String> {
        tell(said, format!("11:30:37 INFO Parsing & checking topology file={lab}.clab.yml")).await;
        let labs = self.labs();
        let nodes = labs.labs.get(lab).map(|(_, nodes)| nodes.as_slice()).unwrap_or_default();
        let is_saved = |node: &&Node| node.container.kind == "nokia_srlinux";
        Ok(nodes.iter().filter(is_saved).map(saved).collect())
    }

    async fn exec(&self, container: &str, argv: &[String]) -> Result<Ran, String> {
        let node = self.with(container, |node| node.container.clone());
        let node = node.ok_or_else(|| format!("container {container} not found"))?;
        Ok(run(&node, argv))
    }

    async fn interfaces(&self, lab: &str) -> Result<Value, String> {
        let labs = self.labs();
        let Some((topology, nodes)) = labs.labs.get(lab) else { return Ok(json!([])) };
        Ok(nodes.iter().map(|node| topology.interfaces(&node.container)).collect())
    }

    async fn logs(
        &self,
        container: &str,
        tail: Option<usize>,
        is_followed: bool,
    ) -> Result<BoxItems<'static, String>, String> {
        let lines = self.with(container, |node| node.log.clone()).unwrap_or_default();
        let skipped = tail.map_or(0, |tail| lines.len().saturating_sub(tail));
        let lines = stream::iter(lines.into_iter().skip(skipped));
        Ok(if is_followed { lines.chain(stream::pending()).boxed() } else { lines.boxed() })
    }

    async fn shell(&self, container: &str, _size: TerminalSize) -> Result<Shell, String> {
        let node = self.with(container, |node| node.container.clone());
        let node = node.ok_or_else(|| format!("container {container} not found"))?;
        let (here, there) = tokio::io::duplex(64 * 1024);
        let (ended, exit) = oneshot::channel();
        tokio::spawn(async move {
            let code = talk(there, &node).await.unwrap_or(1);
            let _ = ended.send(code);
        });
        Ok(Shell { stream: Box::new(here), exit })
    }

    async fn images(&self) -> Result<Vec<String>, String> {
        Ok(vec![CLAB_IMAGE.into()])
    }
}
