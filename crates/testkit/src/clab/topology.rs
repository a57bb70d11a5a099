//! As much of a topology as the engine in memory runs: nodes with kind and image, links of two ends.

use serde_json::{Value, json};

use super::engine::{Container, Order};
use super::yaml;

#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) image: String,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Topology {
    pub(super) nodes: Vec<Node>,
    /// Ends as "node:interface".
    pub(super) links: Vec<Vec<String>>,
}

/// Reads an order's topology; the errors are containerlab's.
pub(super) fn read(order: &Order) -> Result<Topology, String> {
    let text = order.files.get(&order.topology).map(|text| String::from_utf8_lossy(text));
    let value = yaml::read(&text.unwrap_or_default())?;
    if value["name"].as_str() != Some(&order.lab) {
        return Err(format!("the topology is named {}, not {}", value["name"], order.lab));
    }
    let topology = &value["topology"];
    let mut nodes = Vec::new();
    for (name, node) in topology["nodes"].as_object().into_iter().flatten() {
        let set = |key: &str, value: &Value| value[key].as_str().map(str::to_owned);
        let defaults = &topology["defaults"];
        let kind = set("kind", node).or_else(|| set("kind", defaults)).unwrap_or_default();
        if !matches!(kind.as_str(), "linux" | "nokia_srlinux") {
            return Err(format!(
                "Constructing node \"{name}\": kind \"{kind}\" is not supported. Supported kinds are \"linux, nokia_srlinux\""
            ));
        }
        let of_kind = &topology["kinds"][&kind];
        let image = set("image", node).or_else(|| set("image", of_kind));
        let image = image.or_else(|| set("image", defaults)).unwrap_or_default();
        nodes.push(Node { name: name.clone(), kind, image });
    }
    let links = topology["links"].as_array().into_iter().flatten();
    let links = links.map(|link| {
        let ends = link["endpoints"].as_array().into_iter().flatten();
        ends.filter_map(|end| end.as_str().map(str::to_owned)).collect()
    });
    Ok(Topology { links: links.collect(), nodes })
}

impl Topology {
    /// In the form of the server's answer.
    pub(super) fn interfaces(&self, container: &Container) -> Value {
        let ends = self.links.iter().flatten().filter_map(|end| end.split_once(':'));
        let own = ends.filter(|(node, _)| *node == container.node_name);
        let names = ["eth0"].into_iter().chain(own.map(|(_, interface)| interface)).chain(["lo"]);
        let interfaces: Vec<Value> = names
            .enumerate()
            .map(|(index, name)| {
                json!({
                    "name": name, "alias": "", "mac": "02:42:ac:14:14:02", "ifindex": index + 1,
                    "mtu": 1500, "type": "veth", "state": if name == "lo" { "unknown" } else { "up" },
                })
            })
            .collect();
        json!({ "name": container.name, "interfaces": interfaces })
    }
}
