//! What the server refuses is said on its field or in the run, and nothing is left behind.

use std::{net::TcpListener, time::Duration};

use anyhow::Result;
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::{dev_image::DEV_IMAGE, headless::Headless, practice::Practice};

const DEADLINE: Duration = Duration::from_secs(60);

async fn plan(core: &Headless, connection: &Value, input: Value) -> Result<Value> {
    let id = &connection["connection"]["id"];
    core.call("workspace_plan", json!({"connection_id": id, "input": input})).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_cannot_be_carried_out_names_its_field_and_changes_nothing() {
    let practice = Practice::start().await.unwrap();
    let folder = TempDir::new().unwrap();
    let core = Headless::start(&folder.path().join("data"), folder.path()).await.unwrap();
    let connection = practice.connect(&core).await.unwrap();
    practice.container(&core, &connection, "atlas-api", false).await.unwrap();
    for (input, field) in [
        (json!({"name": "atlas-api", "image": DEV_IMAGE}), "name"),
        (json!({"name": "No Such Name", "image": DEV_IMAGE}), "name"),
        (json!({"name": "a".repeat(200), "image": DEV_IMAGE}), "name"),
        (json!({"name": "atlas-web", "image": "localhost/nothing:1"}), "image"),
    ] {
        let plan = plan(&core, &connection, input.clone()).await.unwrap();
        assert_eq!(plan["problems"][0]["field"], field, "{input}: {plan}");
        let id = &connection["connection"]["id"];
        let args = json!({"connection_id": id, "plan": plan});
        assert!(core.call("workspace_create", args).await.is_err(), "{input}");
    }
    let rows = core.call("workspaces_list", json!({})).await.unwrap();
    assert_eq!(rows.as_array().unwrap().len(), 1, "{rows}");
    core.shutdown().await;
}

/// The error that a run ends with.
async fn error(core: &Headless, started: &Value) -> Value {
    let run = core
        .until("the end of the run", DEADLINE, async || {
            let run = core.call("run_get", json!({"run_id": started["run_id"]})).await?;
            Ok((run["status"] != "running").then_some(run))
        })
        .await
        .unwrap();
    assert_eq!(run["status"], "failed", "{run}");
    assert!(run["error"]["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "{run}");
    run["error"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_after_the_plan_is_named_and_nothing_is_left() {
    let practice = Practice::start().await.unwrap();
    let folder = TempDir::new().unwrap();
    let core = Headless::start(&folder.path().join("data"), folder.path()).await.unwrap();
    let connection = practice.connect(&core).await.unwrap();
    let input = json!({"name": "atlas-api", "image": DEV_IMAGE});
    let plan = plan(&core, &connection, input).await.unwrap();
    assert_eq!(plan["problems"], json!([]), "{plan}");
    let chosen = plan["input"]["chosen_ports"].as_str().unwrap();
    let port: u16 = chosen.lines().next().unwrap().split(':').nth(1).unwrap().parse().unwrap();
    // When a neighbour was faster, it is taken as well.
    let _holder = TcpListener::bind(("127.0.0.1", port));
    let args = json!({"connection_id": connection["connection"]["id"], "plan": plan});
    let started = core.call("workspace_create", args).await.unwrap();
    let error = error(&core, &started).await;
    assert!(error["message"].as_str().unwrap().contains(&format!("port {port}")), "{error}");
    practice.check_nothing_is_left().unwrap();
    core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_before_a_start_is_named_and_the_workspace_stays() {
    let practice = Practice::start().await.unwrap();
    let folder = TempDir::new().unwrap();
    let core = Headless::start(&folder.path().join("data"), folder.path()).await.unwrap();
    let connection = practice.connect(&core).await.unwrap();
    let row = practice.container(&core, &connection, "atlas-api", false).await.unwrap();
    let port =
        u16::try_from(row["workspace"]["ports"][0]["server_port"].as_u64().unwrap()).unwrap();
    let _holder = TcpListener::bind(("127.0.0.1", port));
    let args = json!({"workspace": row["workspace_ref"]});
    let started = core.call("workspace_start", args).await.unwrap();
    let error = error(&core, &started).await;
    assert!(error["message"].as_str().unwrap().contains(&format!("port {port}")), "{error}");
    let names = practice.podman().podman(&["ps", "-a", "--format", "{{.Names}}"]).unwrap();
    let running = practice.podman().podman(&["ps", "--format", "{{.Names}}"]).unwrap();
    assert_eq!((names.as_str(), running.as_str()), ("atlas-api", ""));
    core.shutdown().await;
}
