//! What the server sends, as far as it is looked at. Both generations say the same with the same names.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

/// `GET /`.
#[derive(Debug, Deserialize)]
pub(crate) struct Root {
    pub(crate) message: String,
    #[serde(default)]
    pub(crate) clab_runtime: String,
}

/// `GET /health`.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Health {
    #[serde(default)]
    pub(crate) version: String,
}

/// `GET /api/v1/capabilities`.
#[derive(Debug, Deserialize)]
pub(crate) struct Capabilities {
    #[serde(default)]
    pub(crate) features: Vec<String>,
}

/// A container of a lab.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Container {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) container_id: String,
    #[serde(default)]
    pub(crate) image: String,
    #[serde(default)]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) state: String,
    #[serde(default)]
    pub(crate) status: String,
    #[serde(default)]
    pub(crate) ipv4_address: String,
    #[serde(default)]
    pub(crate) lab_name: String,
    #[serde(default, rename = "nodeName")]
    pub(crate) node_name: String,
    #[serde(default, rename = "absLabPath")]
    pub(crate) abs_lab_path: String,
    #[serde(default)]
    pub(crate) owner: String,
}

impl Container {
    /// Its name in the topology. The older server does not tell, so it is taken out of the container's.
    pub(crate) fn node(&self) -> &str {
        if !self.node_name.is_empty() {
            return &self.node_name;
        }
        let rest =
            self.name.strip_prefix("clab-").and_then(|name| name.strip_prefix(&self.lab_name));
        rest.and_then(|name| name.strip_prefix('-')).unwrap_or(&self.name)
    }

    pub(crate) fn is_running(&self) -> bool {
        self.state == "running"
    }
}

/// `GET /api/v1/labs`.
pub(crate) type Labs = BTreeMap<String, Vec<Container>>;

/// One of `GET /api/v1/labs/topology/files`.
#[derive(Debug, Deserialize)]
pub(crate) struct TopologyEntry {
    #[serde(rename = "labName")]
    pub(crate) lab_name: String,
    #[serde(default, rename = "yamlFileName")]
    pub(crate) yaml_file_name: String,
    #[serde(default, rename = "deploymentState")]
    pub(crate) deployment_state: String,
}

/// One of `GET /api/v1/labs/workspace/tree`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Entry {
    pub(crate) path: String,
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) size: u64,
    /// In the form of RFC 3339.
    #[serde(default, rename = "modifiedAt")]
    pub(crate) modified_at: String,
}

/// What an apply changes, or would change.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Applied {
    #[serde(deserialize_with = "or_empty")]
    pub(crate) added_nodes: Vec<String>,
    #[serde(deserialize_with = "or_empty")]
    pub(crate) deleted_nodes: Vec<String>,
    #[serde(deserialize_with = "or_empty")]
    pub(crate) recreated_nodes: Vec<String>,
    #[serde(deserialize_with = "or_empty")]
    pub(crate) started_nodes: Vec<String>,
    #[serde(deserialize_with = "or_empty")]
    pub(crate) restarted_nodes: Vec<String>,
    #[serde(deserialize_with = "or_empty")]
    pub(crate) added_links: Vec<String>,
    #[serde(deserialize_with = "or_empty")]
    pub(crate) deleted_endpoints: Vec<String>,
    #[serde(deserialize_with = "or_empty")]
    pub(crate) node_change_reasons: BTreeMap<String, String>,
}

/// Null is what Go makes of a list without anything in it.
fn or_empty<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// `GET /api/v1/images`.
#[derive(Debug, Deserialize)]
pub(crate) struct Images {
    #[serde(default, deserialize_with = "or_empty")]
    pub(crate) images: Vec<Image>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Image {
    #[serde(default, rename = "repoTags", deserialize_with = "or_empty")]
    pub(crate) repo_tags: Vec<String>,
    #[serde(default, rename = "repoDigests", deserialize_with = "or_empty")]
    pub(crate) repo_digests: Vec<String>,
}

/// One of `POST /api/v1/labs/{lab}/exec`, by container.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Executed {
    #[serde(rename = "return-code")]
    pub(crate) return_code: i32,
    #[serde(default)]
    pub(crate) stdout: String,
    #[serde(default)]
    pub(crate) stderr: String,
}

/// `POST /api/v1/labs/{lab}/save`.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Saved {
    #[serde(default)]
    pub(crate) output: String,
}

/// One of `GET /api/v1/labs/{lab}/interfaces`.
#[derive(Debug, Deserialize)]
pub(crate) struct NodeInterfaces {
    pub(crate) name: String,
    #[serde(default, deserialize_with = "or_empty")]
    pub(crate) interfaces: Vec<Interface>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Interface {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) alias: String,
    #[serde(default)]
    pub(crate) mac: String,
    #[serde(default)]
    pub(crate) mtu: u32,
    #[serde(default)]
    pub(crate) state: String,
}

/// What is made worse on one interface, by container.
#[derive(Debug, Deserialize)]
pub(crate) struct Netem {
    #[serde(default)]
    pub(crate) interface: String,
    #[serde(default)]
    pub(crate) delay: String,
    #[serde(default)]
    pub(crate) jitter: String,
    #[serde(default)]
    pub(crate) packet_loss: f64,
    #[serde(default)]
    pub(crate) rate: u64,
    #[serde(default)]
    pub(crate) corruption: f64,
}

/// `POST …/capture/packetflix`.
#[derive(Debug, Deserialize)]
pub(crate) struct Captures {
    #[serde(default, deserialize_with = "or_empty")]
    pub(crate) captures: Vec<CaptureLink>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct CaptureLink {
    #[serde(rename = "packetflixUri")]
    pub(crate) uri: String,
}

/// `POST …/terminal-sessions`.
#[derive(Debug, Deserialize)]
pub(crate) struct TerminalSession {
    #[serde(rename = "sessionId")]
    pub(crate) session_id: String,
}

/// The whole log of a node, as the newer server sends it.
#[derive(Debug, Deserialize)]
pub(crate) struct NodeLogs {
    #[serde(default)]
    pub(crate) logs: String,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Applied, Container, Labs};

    #[test]
    fn recorded_answers_are_read() {
        let none: Labs = serde_json::from_str("{}").unwrap();
        assert!(none.is_empty());
        let one: Labs = serde_json::from_str(r#"{"jlab":[{"name":"clab-jlab-n1","container_id":"742c15f9f89b","image":"local/frr:8.4.4","kind":"linux","state":"running","status":"Up 1 second","ipv4_address":"172.20.20.2/24","ipv6_address":"3fff:172:20:20::2/64","lab_name":"jlab","labPath":"jlab/jlab.clab.yml","absLabPath":"/srv/jlab.clab.yml","group":"","owner":"clabuser"}]}"#).unwrap();
        assert_eq!(one["jlab"][0].node(), "n1");
        assert!(one["jlab"][0].is_running());
        let plan: Applied = serde_json::from_str(
            r#"{"dryRun":true,"addedNodes":null,"deletedNodes":["r3"],"nodeChangeReasons":null}"#,
        )
        .unwrap();
        assert_eq!(plan.deleted_nodes, ["r3"]);
        assert!(plan.added_nodes.is_empty());
    }

    proptest! {
        #[test]
        fn a_node_is_named_whatever_the_container_is_called(name in "[a-z-]{1,20}", lab in "[a-z-]{0,8}") {
            let whole = Container { name: format!("clab-{lab}-{name}"), lab_name: lab.clone(), ..Container::default() };
            prop_assert_eq!(whole.node(), &name);
            let other = Container { name: name.clone(), lab_name: lab, ..Container::default() };
            prop_assert!(name.ends_with(other.node()));
        }

        #[test]
        fn status_of_any_form_is_read_or_refused(text in "\\PC{0,200}") {
            let _ = serde_json::from_str::<Labs>(&text);
            let _ = serde_json::from_str::<Vec<Container>>(&text);
        }
    }
}
