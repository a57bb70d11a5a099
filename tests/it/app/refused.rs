//! What the server refuses is said on its field or in the run, and nothing is left behind.

use anyhow::Result;
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::{dev_image::DEV_IMAGE, headless::Headless, practice::Practice};

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
