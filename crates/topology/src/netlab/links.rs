//! The links of a topology in every form netlab takes: words, lists, maps, groups and bundles of links.

use model::{GraphLinkKind, LinkEnd};

use super::nodes::Nodes;
use crate::{
    TopologyProblem,
    graph::{Builder, end},
    yaml::{Entry, Kind, Value},
};

/// Groups in groups; deeper is no topology.
const MAX_DEPTH: usize = 4;
const UPLINKS: &[&str] = &["clab", "libvirt"];

pub(super) fn read(
    document: &Value,
    nodes: &Nodes,
    builder: &mut Builder,
    problems: &mut Vec<TopologyProblem>,
) {
    let mut reader = Reader { nodes, builder, problems };
    if let Some(links) = document.get("links") {
        reader.list(links, 0);
    }
    for kind in ["vlans", "vrfs"] {
        for entry in document.get(kind).map(Value::entries).unwrap_or_default() {
            if let Some(links) = entry.value.get("links") {
                reader.list(links, 0);
            }
        }
    }
}

struct Reader<'a> {
    nodes: &'a Nodes,
    builder: &'a mut Builder,
    problems: &'a mut Vec<TopologyProblem>,
}

impl Reader<'_> {
    fn list(&mut self, links: &Value, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        match &links.kind {
            Kind::List(items) => items.iter().for_each(|link| self.link(link, depth)),
            Kind::Map(groups) => groups.iter().for_each(|group| self.list(&group.value, depth + 1)),
            Kind::Text(_) => self.link(links, depth),
            Kind::Null => {}
        }
    }

    fn link(&mut self, link: &Value, depth: usize) {
        let mut ends = Vec::new();
        match &link.kind {
            Kind::Text(text) => {
                for node in text.split('-').map(str::trim) {
                    self.end(node, link.line, None, &mut ends);
                }
            }
            Kind::List(items) => items.iter().for_each(|item| self.interface(item, &mut ends)),
            Kind::Map(_) => {
                if link.get("disable").is_some_and(Value::is_true) {
                    return;
                }
                // The link of a bundle is its members.
                let members = link.at(&["lag", "members"]).or_else(|| link.get("members"));
                if let Some(members) = members {
                    self.list(members, depth + 1);
                    return;
                }
                self.ends_of_map(link, &mut ends);
            }
            Kind::Null => return,
        }
        let uplink = uplink(link).filter(|_| ends.len() == 1);
        let (kind, label) = match uplink {
            Some(uplink) => (GraphLinkKind::Outside, Some(format!("{uplink} of the server"))),
            None => (GraphLinkKind::Lan, label(link)),
        };
        self.builder.link(kind, ends, label);
    }

    fn ends_of_map(&mut self, link: &Value, ends: &mut Vec<LinkEnd>) {
        if let Some(interfaces) = link.get("interfaces") {
            interfaces.items().iter().for_each(|item| self.interface(item, ends));
            return;
        }
        for Entry { key, line, value } in link.entries() {
            // Only a name can stand there without a value.
            if self.nodes.names.contains(key) || self.is_included(key) || value.is_null() {
                self.end(key, *line, Some(value), ends);
            }
        }
    }

    fn interface(&mut self, item: &Value, ends: &mut Vec<LinkEnd>) {
        match item.word().or_else(|| item.text("node")) {
            Some(node) => self.end(node, item.line, Some(item), ends),
            None => self.problems.push(TopologyProblem::at(
                item.line,
                "an interface of this link names no node",
                "Add \"node\" with the node's name.",
            )),
        }
    }

    fn end(&mut self, node: &str, line: u32, data: Option<&Value>, ends: &mut Vec<LinkEnd>) {
        if self.builder.knows(node) {
            let interface = data.and_then(|data| data.text("ifname")).unwrap_or_default();
            let address = data.and_then(|data| data.text("ipv4").or_else(|| data.text("ipv6")));
            let address = address.filter(|address| address.contains(['.', ':']));
            ends.push(LinkEnd {
                interface: interface.to_owned(),
                address: address.map(str::to_owned),
                ..end(node)
            });
        } else if !self.is_included(node) && !self.nodes.names.contains(node) {
            let shown: String = node.chars().take(40).collect();
            self.problems.push(TopologyProblem::at(
                line,
                format!("this link names \"{shown}\", and there is no such node"),
                "Add it to \"nodes\", or correct its name.",
            ));
        }
    }

    /// A node of a component.
    fn is_included(&self, node: &str) -> bool {
        self.nodes.included.iter().any(|prefix| node.starts_with(prefix))
    }
}

/// The interface of the server that a link is tied to.
fn uplink(link: &Value) -> Option<&str> {
    UPLINKS.iter().find_map(|provider| link.at(&[provider, "uplink"])?.word())
}

fn label(link: &Value) -> Option<String> {
    let prefix = link.get("prefix");
    let prefix = prefix.and_then(|prefix| {
        prefix.word().or_else(|| prefix.text("ipv4")).or_else(|| prefix.text("ipv6"))
    });
    let named = link.text("name").or(prefix).or_else(|| link.text("bridge"));
    named.map(str::to_owned)
}
