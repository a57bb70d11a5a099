//! What concerns single nodes: verbs, commands, logs, interfaces, captures, events.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt, stream};
use model::NodeVerb;
use serde_json::{Map, Value, json};
use tokio::sync::mpsc;

use super::engine::{Container, Ran};
use super::netem::{make_worse, worse};
use super::reply::{self, Reply, json as json_reply, message, no_page, refuse};
use super::route::Asked;
use super::state::{Busy, Server};
use super::terminals;

/// How often rates are told in tests, whatever the client asks for.
const STATS_EVERY: Duration = Duration::from_millis(20);

pub(super) async fn answer(
    server: &Arc<Server>,
    asked: &Asked,
    lab: &str,
    own: &[Container],
    words: &[&str],
) -> Reply {
    let is_modern = server.is_modern();
    match (asked.method.as_str(), words) {
        ("GET", ["interfaces"]) => match server.engine.interfaces(lab).await {
            Ok(value) => json_reply(200, &value),
            Err(error) => refuse(500, error),
        },
        ("POST", ["save"]) => save(server, asked, lab).await,
        ("POST", ["exec"]) => exec(server, asked, own).await,
        ("POST", ["capture", "packetflix"]) if is_modern => capture(server, asked),
        (_, ["nodes", node, rest @ ..]) => of_node(server, asked, (lab, node), own, rest).await,
        _ => no_page(),
    }
}

async fn of_node(
    server: &Arc<Server>,
    asked: &Asked,
    (lab, name): (&str, &str),
    own: &[Container],
    words: &[&str],
) -> Reply {
    let is_modern = server.is_modern();
    let prefix = format!("clab-{lab}-");
    if !name.starts_with(&prefix) && !is_modern {
        return refuse(400, format!("Container '{name}' does not belong to lab '{lab}'"));
    }
    let found = own.iter().find(|one| one.name == name || (is_modern && one.node_name == name));
    let Some(node) = found else {
        return refuse(404, format!("container '{name}' not found"));
    };
    match (asked.method.as_str(), words) {
        ("GET", ["logs"]) => logs(server, asked, node).await,
        ("POST", ["terminal-sessions"]) if is_modern => terminals::make(server, asked, node).await,
        ("POST", [verb]) if is_modern => change(server, (lab, node), verb).await,
        ("GET", ["netem"]) if !is_modern => {
            json_reply(200, &json!({ &node.name: worse(server, &node.name) }))
        }
        ("PUT" | "DELETE", ["interfaces", interface, "netem"]) if !is_modern => {
            let values = (asked.method == "PUT").then(|| asked.json());
            make_worse(server, &node.name, interface, values)
        }
        _ => no_page(),
    }
}

async fn change(server: &Arc<Server>, (lab, node): (&str, &Container), verb: &str) -> Reply {
    let known = match verb {
        "start" => NodeVerb::Start,
        "stop" => NodeVerb::Stop,
        "restart" => NodeVerb::Restart,
        "pause" => NodeVerb::Pause,
        "unpause" => NodeVerb::Unpause,
        _ => return no_page(),
    };
    let Ok(_busy) = Busy::begin(server, lab, "node") else {
        return refuse(409, format!("Lab '{lab}' is busy with node operation."));
    };
    let (said, mut lines) = mpsc::channel(64);
    let drained = async move { while lines.recv().await.is_some() {} };
    let work = async move { server.engine.change(lab, Some(&node.node_name), known, &said).await };
    match futures::join!(work, drained).0 {
        Ok(()) => message(format!("Node '{}' {verb}ed successfully.", node.name)),
        Err(error) => refuse(500, error),
    }
}

/// Saved files come into the user's folder of the lab.
async fn save(server: &Arc<Server>, asked: &Asked, lab: &str) -> Reply {
    let (said, mut lines) = mpsc::channel::<String>(64);
    let output = async move {
        let mut output = String::new();
        while let Some(line) = lines.recv().await {
            output.push_str(&line);
            output.push('\n');
        }
        output
    };
    let work = async move { server.engine.save(lab, &said).await };
    let (files, output) = futures::join!(work, output);
    match files {
        Ok(files) => {
            for (path, file) in files {
                server.state().put(&asked.user, &format!("{lab}/{path}"), file);
            }
            json_reply(
                200,
                &json!({
                    "message": format!("Configuration save command executed successfully for lab '{lab}'."),
                    "output": output,
                }),
            )
        }
        Err(error) => refuse(500, error),
    }
}

async fn exec(server: &Arc<Server>, asked: &Asked, own: &[Container]) -> Reply {
    let body = asked.json();
    let Some(command) = body["command"].as_str() else {
        return refuse(
            400,
            "Invalid request body: Key: 'ExecRequest.Command' Error:Field validation for 'Command' failed on the 'required' tag",
        );
    };
    let argv = split(command);
    let wanted = asked.names("nodeFilter");
    let mut said = Map::new();
    for node in own {
        let is_wanted = wanted.is_empty()
            || wanted.iter().any(|name| *name == node.name || *name == node.node_name);
        if !is_wanted || node.state != "running" {
            continue;
        }
        let Ok(Ran { code, stdout, stderr }) = server.engine.exec(&node.name, &argv).await else {
            continue;
        };
        let ran = json!([{ "cmd": argv, "return-code": code, "stdout": stdout, "stderr": stderr }]);
        said.insert(node.name.clone(), ran);
    }
    json_reply(200, &Value::Object(said))
}

/// Words with quotes, as a shell splits them.
fn split(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut quote) = (None::<String>, None);
    for c in command.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

async fn logs(server: &Arc<Server>, asked: &Asked, node: &Container) -> Reply {
    let is_followed = asked.is("follow");
    let is_modern = server.is_modern();
    let lines =
        match server.engine.logs(&node.name, asked.text("tail").parse().ok(), is_followed).await {
            Ok(lines) => lines,
            Err(error) => return refuse(500, error),
        };
    if is_followed && is_modern {
        let lines = lines.map(|line| Bytes::from(format!("{}\n", json!({ "line": line }))));
        return reply::stream(
            "application/x-ndjson",
            stream::iter([Bytes::from("\n")]).chain(lines),
        );
    }
    if is_followed {
        let lines = lines.map(|line| Bytes::from(format!("{line}\n")));
        return reply::stream("text/plain; charset=utf-8", lines);
    }
    let lines: Vec<String> = lines.collect().await;
    let text = lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    if is_modern {
        return json_reply(200, &json!({ "containerName": node.name, "logs": text }));
    }
    reply::bytes(200, "text/plain; charset=utf-8", text)
}

pub(super) async fn images(server: &Arc<Server>) -> Reply {
    match server.engine.images().await {
        Ok(names) => {
            let images: Vec<Value> = names
                .iter()
                .map(|name| json!({ "id": "sha256:1", "repoTags": [name], "repoDigests": [] }))
                .collect();
            json_reply(200, &json!({ "runtime": "docker", "images": images }))
        }
        Err(error) => refuse(500, error),
    }
}

fn capture(server: &Arc<Server>, asked: &Asked) -> Reply {
    if !server.state().has_capture {
        return refuse(503, "Edgeshark is not running. Install it first.");
    }
    let body = asked.json();
    let target = &body["targets"][0];
    let host = body["remoteHostname"].as_str().unwrap_or("localhost");
    let (container, interface) = (&target["containerName"], &target["interfaceName"]);
    json_reply(
        200,
        &json!({ "captures": [{
            "containerName": container, "interfaceNames": [interface],
            "packetflixUri": format!("packetflix:ws://{host}:5001/capture?container={container}&nif={interface}"),
        }] }),
    )
}

/// Rates of all interfaces of the caller's labs: counters that grow by 1000 and 500 bytes a report.
pub(super) fn events(server: &Arc<Server>, asked: &Asked) -> Reply {
    let (server, user) = (server.clone(), asked.user.clone());
    let with_stats = asked.is("interfaceStats");
    let ticks = tokio::time::interval(STATS_EVERY);
    let reports = stream::unfold(
        (server, user, ticks, 0_u64),
        move |(server, user, mut ticks, count)| async move {
            ticks.tick().await;
            let text = if with_stats { stats(&server, &user, count).await } else { "\n".into() };
            Some((Bytes::from(text), (server, user, ticks, count + 1)))
        },
    );
    reply::stream("application/x-ndjson", stream::iter([Bytes::from("\n")]).chain(reports))
}

async fn stats(server: &Arc<Server>, user: &str, count: u64) -> String {
    let mut text = String::new();
    for one in server.containers(user).await.unwrap_or_default() {
        let event = json!({
            "time": 1_706_918_410 + count, "type": "interface-stats", "action": "stats",
            "attributes": {
                "name": one.name, "lab": one.lab_name, "clab-node-name": one.node_name, "interface": "eth1",
                "rx_bytes": (count * 1000).to_string(), "tx_bytes": (count * 500).to_string(),
            },
        });
        text.push_str(&format!("{event}\n"));
    }
    text
}
