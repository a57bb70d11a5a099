//! Canaries: a secret that goes in comes out nowhere: no reply, no event, no byte on disk, no log.

use std::{
    io,
    path::Path,
    sync::{Arc, Mutex},
};

use model::WorkspaceState;
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use crate::bench::{Bench, input};

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl io::Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Captured {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

fn files(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.extend(std::fs::read(path).unwrap());
        }
    }
    all
}

/// Creates a workspace with a secret among its variables, and retries it; gives what came back, apart from
/// the plans: they show what was just typed.
async fn create_with_variables(bench: &Bench) -> String {
    bench.server.add("atlas-api", WorkspaceState::Running);
    let view = bench.call("connection_create", input("forge-3")).await.unwrap();
    let connection_id = &view["connection"]["id"];
    bench
        .until("the connection", async || {
            let views = bench.call("connections_list", json!({})).await.unwrap();
            let views = views.as_array().unwrap().clone();
            views.into_iter().find(|view| {
                view["connection"]["id"] == *connection_id && view["state"]["state"] == "connected"
            })
        })
        .await;
    let values = json!({"name": "atlas-web", "extras": "API_TOKEN=canary-token\nMODE=canary-mode"});
    let args = json!({"connection_id": connection_id, "input": values});
    let plan = bench.call("workspace_plan", args).await.unwrap();
    assert!(plan.to_string().contains("canary"), "the plan shows what was typed");
    let args = json!({"connection_id": connection_id, "plan": plan});
    let started = bench.call("workspace_create", args).await.unwrap();
    bench
        .until("the end of the run", async || {
            let run = bench.call("run_get", started.clone()).await.unwrap();
            (run["status"] == "succeeded").then_some(())
        })
        .await;
    let run = bench.call("run_get", started.clone()).await.unwrap();
    assert_eq!(run["input"], json!({"name": "atlas-web", "extras": "API_TOKEN\nMODE"}));
    let retried = bench.call("run_retry", started).await.unwrap_err();
    format!("{run}{}", serde_json::to_string(&retried).unwrap())
}

#[tokio::test]
async fn no_secret_comes_out() {
    let log = Captured::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let bench = Bench::start().await;
    let mut replies = String::new();
    let mut connection = input("forge-1");
    connection["secrets"] = json!({"token": "canary-token"});
    connection["ssh_host"] = json!({
        "id": null, "addresses": [{"host": "127.0.0.1", "port": 1}], "user": "dev", "jumps": [],
        "auth": [{"method": "password", "password": "canary-password"}],
    });
    let creating = bench.call("connection_create", connection);
    let answering = async {
        let asked = async || bench.call("questions_list", json!({})).await.unwrap().get(0).cloned();
        let question = bench.until("the question", asked).await;
        let answer = json!({"answer": "vault_passphrase", "passphrase": "canary-passphrase"});
        let args = json!({"question_id": question["id"], "answer": answer});
        let reply = bench.call("question_answer", args).await.unwrap();
        format!("{question}{reply}")
    };
    let (created, answered) = tokio::join!(creating, answering);
    replies.push_str(&created.unwrap().to_string());
    replies.push_str(&answered);
    // The address answers nothing: the connection ends as failed, with its evidence.
    let failed = async || {
        let views = bench.call("connections_list", json!({})).await.unwrap();
        (views[0]["state"]["state"] == "failed").then(|| views.to_string())
    };
    replies.push_str(&bench.until("the failure", failed).await);
    // Arguments that do not parse hold secrets as well.
    let mut broken = input("forge-2");
    broken["secrets"] = json!("canary-misplaced");
    let error = bench.call("connection_create", broken).await.unwrap_err();
    replies.push_str(&serde_json::to_string(&error).unwrap());
    replies.push_str(&create_with_variables(&bench).await);
    for name in ["ssh_hosts_list", "app_info", "workspaces_list"] {
        replies.push_str(&bench.call(name, json!({})).await.unwrap().to_string());
    }
    bench.core.shutdown().await;
    let events = format!("{:?}", bench.sink.events.lock().unwrap());
    let disk = String::from_utf8_lossy(&files(bench.folder.path())).into_owned();
    let log = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(disk.contains("forge-1"), "the database was looked at");
    assert!(events.contains("forge-1"), "events were looked at");
    for (place, text) in
        [("a reply", replies), ("an event", events), ("disk", disk), ("the log", log)]
    {
        assert!(!text.contains("canary"), "a secret is in {place}");
    }
}
