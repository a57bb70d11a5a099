//! Links that are made worse, as far as this server's kernel can.

use std::sync::Arc;

use serde_json::{Value, json};

use super::errors;
use super::reply::{Reply, json as json_reply, message, no_page, refuse};
use super::route::Asked;
use super::state::Server;

const NO_NETEM: &str = "Netlink receive: no such file or directory, offset: 0, message: \"Specified qdisc kind is unknown\"";

/// What is worse of a container's interfaces.
pub(super) fn worse(server: &Arc<Server>, container: &str) -> Value {
    let state = server.state();
    let own = state.netem.iter().filter(|((of, _), _)| of == container);
    let shown: Vec<Value> = own
        .map(|((_, interface), set)| {
            json!({
                "interface": interface, "delay": set["delay"].as_str().unwrap_or(""),
                "jitter": set["jitter"].as_str().unwrap_or(""),
                "packet_loss": set["loss"].as_f64().unwrap_or(0.0),
                "rate": set["rate"].as_i64().unwrap_or(0),
                "corruption": set["corruption"].as_f64().unwrap_or(0.0),
            })
        })
        .collect();
    if shown.is_empty() { Value::Null } else { json!(shown) }
}

/// Makes an interface worse, or good again.
pub(super) fn make_worse(
    server: &Arc<Server>,
    container: &str,
    interface: &str,
    set: Option<Value>,
) -> Reply {
    let mut state = server.state();
    if !state.has_netem {
        let words = errors::command_failed(NO_NETEM);
        return refuse(
            500,
            format!(
                "Failed to set netem on node (container) '{container}', interface '{interface}': {words}"
            ),
        );
    }
    let key = (container.to_owned(), interface.to_owned());
    match set {
        Some(set) => state.netem.insert(key, set),
        None => state.netem.remove(&key),
    };
    message("netem done")
}

pub(super) fn answer(server: &Arc<Server>, asked: &Asked, verb: &str) -> Reply {
    let body = asked.json();
    let text = |key: &str| body[key].as_str().unwrap_or_default().to_owned();
    match (asked.method.as_str(), verb) {
        ("GET", "show") => {
            let name = asked.text("containerName");
            json_reply(200, &json!({ name: worse(server, name) }))
        }
        ("POST", "set") => {
            let (container, interface) = (text("containerName"), text("interface"));
            make_worse(server, &container, &interface, Some(body))
        }
        ("POST", "reset") => make_worse(server, &text("containerName"), &text("interface"), None),
        _ => no_page(),
    }
}
