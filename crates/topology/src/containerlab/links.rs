//! The links of a Containerlab topology: short (`["a:e1", "b:e1"]`) and long (`type: veth`), between nodes
//! and to what is outside of the lab.

use model::{GraphLinkKind, LinkEnd};

use crate::{
    TopologyProblem,
    graph::Builder,
    yaml::{Kind, Value},
};

const FORMS: &str = "Write endpoints: [\"a:eth1\", \"b:eth1\"].";

pub(super) fn read(topology: &Value, builder: &mut Builder, problems: &mut Vec<TopologyProblem>) {
    let Some(links) = topology.get("links") else { return };
    if !matches!(links.kind, Kind::List(_) | Kind::Null) {
        problems.push(TopologyProblem::at(links.line, "links is no list", FORMS));
    }
    for link in links.items() {
        if let Err(problem) = add(link, builder) {
            problems.push(problem);
        }
    }
}

fn add(link: &Value, builder: &mut Builder) -> Result<(), TopologyProblem> {
    let kind = link.text("type").map(str::to_ascii_lowercase);
    match kind.as_deref() {
        None | Some("brief" | "veth" | "veth-stitch") => {
            let ends = ends(link)?;
            match outside(&ends) {
                Some((end, label)) => {
                    let end = known(end, link, builder)?;
                    builder.link(GraphLinkKind::Outside, vec![end], Some(label));
                }
                None => {
                    let known: Result<Vec<_>, _> =
                        ends.into_iter().map(|end| known(end, link, builder)).collect();
                    builder.link(GraphLinkKind::PointToPoint, known?, None);
                }
            }
        }
        Some(kind) => {
            let (kind, label) = single(kind, link)?;
            let Some(endpoint) = link.get("endpoint") else {
                return Err(TopologyProblem::at(
                    link.line,
                    "this link has no endpoint",
                    "Add \"endpoint\" with \"node\" and \"interface\".",
                ));
            };
            let end = known(end(endpoint)?, link, builder)?;
            builder.link(kind, vec![end], label);
        }
    }
    Ok(())
}

fn ends(link: &Value) -> Result<Vec<LinkEnd>, TopologyProblem> {
    let endpoints = link.get("endpoints").map(Value::items).unwrap_or_default();
    if endpoints.len() != 2 {
        let message = format!("this link has {} endpoints, and two are needed", endpoints.len());
        return Err(TopologyProblem::at(link.line, message, FORMS));
    }
    endpoints.iter().map(end).collect()
}

/// `node:interface`, or a map of both.
fn end(endpoint: &Value) -> Result<LinkEnd, TopologyProblem> {
    let short = endpoint.word().map(|word| word.split_once(':').unwrap_or((word, "")));
    let named = short
        .or_else(|| Some((endpoint.text("node")?, endpoint.text("interface").unwrap_or_default())));
    let Some((node, interface)) = named else {
        return Err(TopologyProblem::at(endpoint.line, "this endpoint names no node", FORMS));
    };
    if interface.is_empty() {
        let message = format!("the endpoint at {node} names no interface");
        return Err(TopologyProblem::at(endpoint.line, message, FORMS));
    }
    let address = endpoint.text("ipv4").or_else(|| endpoint.text("ipv6"));
    Ok(LinkEnd {
        node: node.to_owned(),
        interface: interface.to_owned(),
        address: address.map(str::to_owned),
    })
}

/// A short link one of whose ends is outside: the end inside, and what the other is.
fn outside(ends: &[LinkEnd]) -> Option<(LinkEnd, String)> {
    let [one, other] = ends else { return None };
    let label = |end: &LinkEnd| match end.node.to_ascii_lowercase().as_str() {
        "host" => Some(format!("{} of the server", end.interface)),
        "mgmt-net" => Some("management network".to_owned()),
        "macvlan" => Some(format!("macvlan on {}", end.interface)),
        _ => None,
    };
    label(one)
        .map(|label| (other.clone(), label))
        .or_else(|| label(other).map(|label| (one.clone(), label)))
}

/// A long link with one endpoint: what is at its other end.
fn single(kind: &str, link: &Value) -> Result<(GraphLinkKind, Option<String>), TopologyProblem> {
    let host = link.text("host-interface").unwrap_or("an interface");
    let label = match kind {
        "dummy" => return Ok((GraphLinkKind::Stub, None)),
        "host" => format!("{host} of the server"),
        "mgmt-net" => "management network".to_owned(),
        "macvlan" => format!("macvlan on {host}"),
        "vxlan" | "vxlan-stitch" => {
            let remote = link.text("remote").unwrap_or("another machine");
            link.text("vni").map_or_else(
                || format!("VXLAN to {remote}"),
                |vni| format!("VXLAN {vni} to {remote}"),
            )
        }
        _ => {
            return Err(TopologyProblem::at(
                link.line,
                format!("Containerlab has no links of the type {kind}"),
                "Use veth, host, mgmt-net, macvlan, vxlan, vxlan-stitch or dummy.",
            ));
        }
    };
    Ok((GraphLinkKind::Outside, Some(label)))
}

fn known(end: LinkEnd, link: &Value, builder: &Builder) -> Result<LinkEnd, TopologyProblem> {
    if builder.knows(&end.node) {
        return Ok(end);
    }
    let shown: String = end.node.chars().take(40).collect();
    Err(TopologyProblem::at(
        link.line,
        format!("this link names \"{shown}\", and there is no such node"),
        "Add it to \"nodes\", or correct its name.",
    ))
}
