//! What netlab made of a topology, from the file it writes on request: interfaces, addresses, images.
//! Its `defaults` hold a password, so nothing of them is kept, not even for a moment.

use std::collections::BTreeMap;

use model::{GraphLinkKind, LinkEnd, TopologyKind};
use serde::Deserialize;
use serde_json::Value as Json;

use crate::{Parsed, TopologyProblem, by_name, graph::Builder};

/// A lab of hundreds of nodes has some ten MiB.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Fields that are not named here are skipped while reading.
#[derive(Deserialize)]
struct Topology {
    #[serde(default)]
    name: Json,
    nodes: BTreeMap<String, Node>,
    #[serde(default)]
    links: Vec<Link>,
}

#[derive(Deserialize)]
struct Node {
    #[serde(default)]
    id: Json,
    #[serde(default)]
    device: Json,
    #[serde(default, rename = "box")]
    image: Json,
    #[serde(default)]
    role: Json,
}

#[derive(Deserialize)]
struct Link {
    #[serde(default, rename = "type")]
    kind: Json,
    #[serde(default)]
    name: Json,
    #[serde(default)]
    prefix: Json,
    #[serde(default)]
    clab: Json,
    #[serde(default)]
    libvirt: Json,
    #[serde(default)]
    interfaces: Vec<Interface>,
}

#[derive(Deserialize)]
struct Interface {
    #[serde(default)]
    node: Json,
    #[serde(default)]
    ifname: Json,
    #[serde(default)]
    ipv4: Json,
    #[serde(default)]
    ipv6: Json,
}

/// Reads `netlab.topology.json`.
///
/// # Errors
/// When it is not what netlab writes.
pub fn netlab_json(bytes: &[u8]) -> Result<Parsed, TopologyProblem> {
    let odd = |message: String| {
        TopologyProblem::whole(
            message,
            "Create the lab again, so that netlab writes the file anew.",
        )
    };
    if bytes.len() > MAX_BYTES {
        return Err(odd("the topology that netlab wrote is larger than 64 MiB".into()));
    }
    let topology: Topology = serde_json::from_slice(bytes)
        .map_err(|error| odd(format!("this is no topology that netlab wrote: {error}")))?;
    let mut builder = Builder::default();
    let mut nodes: Vec<(&String, &Node)> = topology.nodes.iter().collect();
    nodes.sort_by_key(|(_, node)| node.id.as_u64().unwrap_or(u64::MAX));
    for (name, node) in &nodes {
        builder.node(name, word(&node.device).unwrap_or_default(), word(&node.role));
    }
    for link in &topology.links {
        add(link, &mut builder);
    }
    let pairs = nodes
        .iter()
        .filter_map(|(name, node)| Some((word(&node.image)?.to_owned(), (*name).clone())));
    Ok(Parsed {
        name: word(&topology.name).map(str::to_owned),
        kind: TopologyKind::Netlab,
        images: by_name(pairs),
        files: Vec::new(),
        graph: builder.finish(),
        variables: Vec::new(),
        problems: Vec::new(),
    })
}

fn add(link: &Link, builder: &mut Builder) {
    // These are parts of links that are in the list themselves.
    if word(&link.kind) == Some("vlan_member") {
        return;
    }
    let ends: Vec<LinkEnd> = link.interfaces.iter().filter_map(end).collect();
    let uplink = [&link.clab, &link.libvirt].into_iter().find_map(|data| word(data.get("uplink")?));
    let kind = if uplink.is_some() { GraphLinkKind::Outside } else { GraphLinkKind::Lan };
    let prefix = word(&link.prefix)
        .or_else(|| word(link.prefix.get("ipv4")?))
        .or_else(|| word(link.prefix.get("ipv6")?));
    let label = match uplink.filter(|_| ends.len() == 1) {
        Some(uplink) => Some(format!("{uplink} of the server")),
        None => word(&link.name).or(prefix).map(str::to_owned),
    };
    builder.link(kind, ends, label);
}

fn end(interface: &Interface) -> Option<LinkEnd> {
    Some(LinkEnd {
        node: word(&interface.node)?.to_owned(),
        interface: word(&interface.ifname).unwrap_or_default().to_owned(),
        address: word(&interface.ipv4).or_else(|| word(&interface.ipv6)).map(str::to_owned),
    })
}

fn word(value: &Json) -> Option<&str> {
    value.as_str().filter(|text| !text.is_empty())
}
