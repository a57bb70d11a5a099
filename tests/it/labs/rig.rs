//! A core that is connected to the real lab server, as a person's would be, and what they do with labs.

use std::time::Duration;

use anyhow::{Context as _, Result};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::{
    headless::{Headless, finished},
    labs::{LabLease, LabServer},
    practice_labs::{PracticeLabs, start_of},
};

pub(super) const DEADLINE: Duration = Duration::from_secs(60);
/// OSPF takes some seconds; the console is the router's own command line.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// Gives `work` a core without a connection, beside the lab server with these topologies.
pub(super) fn with_labs(topologies: &[&str], work: impl AsyncFnOnce(Rig)) {
    // Waited for outside of the runtime: another test may have it.
    let labs = PracticeLabs::on(LabServer::shared().unwrap(), topologies).unwrap();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = TempDir::new().unwrap();
        let core = Headless::start(&folder.path().join("data"), folder.path()).await.unwrap();
        let (connection, template) = (Value::Null, Value::Null);
        let rig = Rig { labs, core, folder, connection, template };
        tokio::time::timeout(4 * DEADLINE, work(rig)).await.expect("the test hangs");
    });
}

pub(super) struct Rig {
    pub(super) labs: PracticeLabs<LabLease>,
    pub(super) core: Headless,
    folder: TempDir,
    pub(super) connection: Value,
    pub(super) template: Value,
}

impl Rig {
    /// Adds the server and its topologies.
    pub(super) async fn ready(&mut self) {
        self.connection = self.labs.connect(&self.core).await.unwrap();
        self.template = self.labs.add_topologies(&self.core).await.unwrap();
    }

    /// Ends the core and starts another one on the same data.
    pub(super) async fn restart(self) -> Self {
        let Self { labs, core, folder, connection, template } = self;
        core.shutdown().await;
        let core = Headless::start(&folder.path().join("data"), folder.path()).await.unwrap();
        Self { labs, core, folder, connection, template }
    }

    pub(super) fn connection_id(&self) -> &Value {
        &self.connection["connection"]["id"]
    }

    pub(super) async fn call(&self, name: &str, args: Value) -> Value {
        self.core.call(name, args).await.unwrap()
    }

    /// Begins a new lab.
    pub(super) async fn begin(&self, topology: &str, name: &str) -> Value {
        self.call("lab_create", start_of(&self.connection, &self.template, topology, name)).await
    }

    /// Begins an operation on a lab.
    pub(super) async fn ask(&self, lab: &Value, verb: &str, options: Value) -> Value {
        let args = json!({"lab": lab["lab_ref"], "verb": verb, "options": options});
        self.call("lab_change", args).await
    }

    /// A run, once it ended well.
    pub(super) async fn good(&self, started: &Value) -> Value {
        match finished(&self.core, started, 2 * DEADLINE).await {
            Ok(run) => run,
            Err(error) => panic!("{error}\n{}", self.labs.server().api_output()),
        }
    }

    /// A run, once it is over, however it ended.
    pub(super) async fn over(&self, started: &Value) -> Value {
        let over = self.core.until("the end of the run", 2 * DEADLINE, async || {
            let run = self.core.call("run_get", json!({"run_id": started["run_id"]})).await?;
            Ok((run["status"] != "running").then_some(run))
        });
        over.await.unwrap()
    }

    /// A lab's row.
    pub(super) async fn row(&self, name: &str) -> Option<Value> {
        let all = self.call("labs_list", json!({})).await;
        all.as_array().unwrap().iter().find(|view| view["lab"]["name"] == name).cloned()
    }

    /// A lab's row, once it is in this state.
    pub(super) async fn until(&self, name: &str, state: &str) -> Value {
        let found = self.core.until(state, DEADLINE, async || {
            Ok(self.row(name).await.filter(|view| view["lab"]["state"] == state))
        });
        match found.await {
            Ok(row) => row,
            Err(error) => panic!("{error}: {:?}", self.row(name).await),
        }
    }

    /// The nodes of a lab and how they are, as its page shows them.
    pub(super) async fn nodes(&self, lab: &Value) -> Vec<(String, String)> {
        let page = self.call("lab_inspect", json!({"lab": lab["lab_ref"]})).await;
        let nodes = page["detail"]["nodes"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        nodes.map(|node| (text(&node["name"]), text(&node["state"]))).collect()
    }

    /// Opens a node's console and asks the router until it shows that.
    pub(super) async fn console_shows(&self, lab: &Value, node: &str, line: &str, wanted: &str) {
        let page = self.call("lab_inspect", json!({"lab": lab["lab_ref"]})).await;
        let nodes = page["detail"]["nodes"].as_array().unwrap();
        let console = &nodes.iter().find(|one| one["name"] == node).unwrap()["console"];
        let workspace =
            json!({"connection_id": lab["lab_ref"]["connection_id"], "workspace_id": console});
        let size = json!({"columns": 120, "rows": 40});
        let opened = self.call("terminal_open", json!({"workspace": workspace, "size": size}));
        let id = opened.await["id"].clone();
        let stream = self.core.new_stream();
        self.call("terminal_attach", json!({"terminal_id": id, "stream": stream})).await;
        let asking = async {
            loop {
                let data = BASE64_STANDARD.encode(format!("{line}\r"));
                self.call("terminal_write", json!({"terminal_id": id, "data": data})).await;
                if let Ok(text) = self.core.read_until(stream, wanted, ASK_AGAIN).await {
                    return text;
                }
            }
        };
        let shown = tokio::time::timeout(DEADLINE, asking).await;
        assert!(shown.is_ok(), "{node} never shows {wanted}");
        self.call("terminal_close", json!({"terminal_id": id})).await;
    }

    /// What was collected of a file, and what the set before had.
    pub(super) async fn collected(&self, lab: &Value, path: &str) -> Result<Value> {
        let sets = self.core.call("lab_collections", json!({"lab": lab["lab_ref"]})).await?;
        let run_id = &sets.get(0).context("nothing was collected")?["run_id"];
        let args = json!({"lab": lab["lab_ref"], "run_id": run_id, "path": path});
        self.core.call("lab_collected", args).await
    }
}

/// The steps of a run with how they ended; each has taken some time.
pub(super) fn steps(run: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let one = |step: &Value| (text(&step["name"]), text(&step["status"]));
    run["steps"].as_array().unwrap().iter().map(one).collect()
}

/// All of these, each having ended well.
pub(super) fn all_well(names: &[&str]) -> Vec<(String, String)> {
    names.iter().map(|name| ((*name).to_owned(), "succeeded".to_owned())).collect()
}
