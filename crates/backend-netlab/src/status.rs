//! The state of labs as netlab tells it, by its API and in its own status file: the same in both.
//!
//! Any of it may be missing: answers to a question during a job are empty, and failed labs have little.

use std::collections::{BTreeMap, HashSet};

use model::{LabState, NodeState, TimestampMs};
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// One lab that netlab knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Instance {
    /// "default", or the number of the multilab plugin.
    pub(crate) id: String,
    pub(crate) folder: String,
    pub(crate) name: Option<String>,
    /// netlab's own word.
    pub(crate) status: Option<String>,
    /// Lines with their time before them, oldest first.
    pub(crate) log: Vec<String>,
    pub(crate) changed_at: Option<TimestampMs>,
}

/// One node as netlab tells of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) device: String,
    pub(crate) image: Option<String>,
    pub(crate) address: Option<String>,
    /// How it is reached: "docker", or by SSH.
    pub(crate) connection: Option<String>,
    /// The name of its container or machine.
    pub(crate) container: Option<String>,
    /// Missing when its container does not run.
    pub(crate) status: Option<String>,
}

impl Instance {
    /// Whether netlab says that it is up and configured.
    pub(crate) fn is_started(&self) -> bool {
        self.status.as_deref() == Some("started")
    }

    pub(crate) fn state(&self) -> LabState {
        let status = self.status.as_deref().unwrap_or_default();
        let is_failed = self.error().is_some();
        match status {
            "started" => LabState::Running,
            _ if is_failed => LabState::Failed,
            _ if status.contains("shutdown") || status.starts_with("stopping") => {
                LabState::Stopping
            }
            _ if status.starts_with("conflict") => LabState::Failed,
            "" => LabState::Unknown,
            _ => LabState::Starting,
        }
    }

    /// The last line when it tells of an error.
    pub(crate) fn error(&self) -> Option<&str> {
        let line = without_time(self.log.last()?);
        line.starts_with("ERROR").then_some(line)
    }

    /// The last error among the lines that were not there before.
    pub(crate) fn error_since(&self, before: &HashSet<String>) -> Option<&str> {
        let lines = self.log.iter().rev().filter(|line| !before.contains(*line));
        lines.map(|line| without_time(line)).find(|line| line.starts_with("ERROR"))
    }

    pub(crate) fn number(&self) -> Option<u16> {
        self.id.parse().ok()
    }

    /// When it said that it is started.
    pub(crate) fn started_at(&self) -> Option<TimestampMs> {
        let is_start = |line: &&String| without_time(line).trim() == "started";
        let line = self.log.iter().rev().find(is_start)?;
        moment(line.split(": ").next()?)
    }
}

/// Reads all labs; none where the answer holds no labs at all, as one given during a job.
pub(crate) fn instances(value: &Value) -> Option<Vec<Instance>> {
    let entries = match value {
        Value::Null => return Some(Vec::new()),
        Value::Object(entries) => entries,
        _ => return None,
    };
    if entries.contains_key("warning") {
        return Some(Vec::new());
    }
    if entries.get("status").is_some_and(Value::is_string) || entries.contains_key("error") {
        return None;
    }
    Some(entries.iter().filter_map(|(id, entry)| instance(id, entry)).collect())
}

/// Reads one lab.
pub(crate) fn instance(id: &str, entry: &Value) -> Option<Instance> {
    let log = entry.get("log").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    Some(Instance {
        id: id.to_owned(),
        folder: text(entry, "dir")?.trim_end_matches('/').to_owned(),
        name: text(entry, "name"),
        status: text(entry, "status"),
        log: log.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        changed_at: text(entry, "timestamp").and_then(|time| moment(&time)),
    })
}

/// Reads the nodes of one lab; none where it has none, because it is not started or the answer is empty.
pub(crate) fn nodes(value: &Value) -> Option<Vec<Node>> {
    let nodes = value.get("nodes")?.as_object()?;
    let by_name: BTreeMap<&String, &Value> = nodes.iter().collect();
    let node = |(name, node): (&String, &Value)| Node {
        name: name.clone(),
        device: text(node, "device").unwrap_or_default(),
        image: text(node, "image"),
        address: text(node, "mgmt").or_else(|| text(node, "mgmt6")),
        connection: text(node, "connection"),
        container: text(node, "provider_name"),
        status: text(node, "status"),
    };
    Some(by_name.into_iter().map(node).collect())
}

impl Node {
    pub(crate) fn state(&self) -> NodeState {
        let Some(status) = &self.status else { return NodeState::Stopped };
        let status = status.to_ascii_lowercase();
        if status.contains("paused") {
            NodeState::Paused
        } else if status.starts_with("up") || status.starts_with("running") {
            NodeState::Running
        } else if status.starts_with("unknown") {
            NodeState::Unknown
        } else {
            NodeState::Stopped
        }
    }
}

fn text(entry: &Value, key: &str) -> Option<String> {
    let found = match entry.get(key)? {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    Some(found).filter(|text| !text.is_empty())
}

/// A line of a log without the time before it.
pub(crate) fn without_time(line: &str) -> &str {
    match line.split_once(": ") {
        Some((time, rest)) if moment(time).is_some() => rest,
        _ => line,
    }
}

/// netlab writes times with a space or a `T`, and with microseconds.
fn moment(text: &str) -> Option<TimestampMs> {
    let text = text.trim().replacen(' ', "T", 1);
    let time = OffsetDateTime::parse(&text, &Rfc3339).ok()?;
    TimestampMs::try_from(time.unix_timestamp_nanos() / 1_000_000).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use model::{LabState, NodeState};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{instances, nodes, without_time};

    fn recorded() -> Value {
        json!({
            "default": {
                "dir": "/srv/lab1", "name": "demo1", "status": "started", "providers": ["clab"],
                "log": [
                    "2026-11-21T09:16:43.338362+00:00: OK: containerlab version",
                    "2026-11-21T09:16:48.165178+00:00: started",
                ],
                "log_line": "started", "timestamp": "2026-11-21 09:16:48.165178+00:00",
            },
            "9": {
                "dir": "/srv/lab4", "status": "starting provider clab", "providers": [],
                "log": ["2026-11-21T11:22:58.1+00:00: ERROR: containerlab deploy --reconfigure -t clab.yml"],
            },
            "4": {"dir": "/srv/lab2", "log": ["2026-11-21T09:13:45.640855+00:00: ERROR: containerlab version"]},
        })
    }

    #[test]
    fn labs_are_read_with_what_went_wrong() {
        let found = instances(&recorded()).unwrap();
        let of = |id: &str| found.iter().find(|one| one.id == id).unwrap();
        assert_eq!(of("default").state(), LabState::Running);
        assert_eq!(of("default").number(), None);
        assert_eq!(of("default").started_at(), Some(1_795_252_608_165));
        assert_eq!(of("default").changed_at, Some(1_795_252_608_165));
        assert_eq!(of("9").state(), LabState::Failed);
        assert_eq!(of("9").number(), Some(9));
        let error = of("9").error_since(&HashSet::new());
        assert_eq!(error, Some("ERROR: containerlab deploy --reconfigure -t clab.yml"));
        let before = of("9").log.iter().cloned().collect();
        assert_eq!(of("9").error_since(&before), None);
        assert_eq!(of("4").state(), LabState::Failed);
    }

    #[test]
    fn an_answer_that_a_job_swallowed_is_no_data() {
        assert_eq!(instances(&json!({"status": ""})), None);
        assert_eq!(instances(&json!({"error": "Unknown lab instance x"})), None);
        assert_eq!(instances(&json!("")), None);
        assert_eq!(instances(&json!({"warning": "No netlab-managed labs"})), Some(vec![]));
        assert_eq!(instances(&Value::Null), Some(vec![]));
        assert_eq!(nodes(&json!({"error": "Lab is not started"})), None);
    }

    #[test]
    fn a_stopped_container_is_a_node_without_status() {
        let found = nodes(&json!({"nodes": {
            "r2": {"device": "frr", "mgmt": "192.168.121.102", "connection": "docker", "provider_name": "clab-demo-r2"},
            "r1": {"device": "frr", "status": "Up 37 seconds"},
            "p": {"device": "frr", "status": "Up 2 minutes (Paused)"},
            "u": {"device": "none", "status": "Unknown"},
        }}));
        let found = found.unwrap();
        let states: Vec<_> = found.iter().map(|node| (node.name.as_str(), node.state())).collect();
        assert_eq!(
            states,
            [
                ("p", NodeState::Paused),
                ("r1", NodeState::Running),
                ("r2", NodeState::Stopped),
                ("u", NodeState::Unknown),
            ]
        );
    }

    #[test]
    fn only_a_time_is_taken_from_a_line() {
        assert_eq!(without_time("2026-11-21T09:16:43.338362+00:00: OK: docker"), "OK: docker");
        assert_eq!(without_time("OK: docker version"), "OK: docker version");
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let keys = prop_oneof![
            Just("dir"),
            Just("log"),
            Just("status"),
            Just("nodes"),
            Just("name"),
            Just("1"),
            Just("timestamp")
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "\\PC{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::vec((keys.clone(), inner), 0..5).prop_map(|entries| {
                    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_json_is_read_or_refused(value in any_json()) {
            for one in instances(&value).unwrap_or_default() {
                let _ = (one.state(), one.error_since(&HashSet::new()).is_some(), one.started_at(), one.number());
            }
            for node in nodes(&value).unwrap_or_default() {
                let _ = node.state();
            }
        }
    }
}
