//! Reaching a server, or not: each failure names the thing and the next step; a server that went away is
//! found again.

use std::time::Duration;

use anyhow::Result;
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::{headless::Headless, keys::make_key, practice::Practice, sshd::free_port};

const DEADLINE: Duration = Duration::from_secs(60);

async fn core(folder: &TempDir) -> Result<Headless> {
    Headless::start(&folder.path().join("data"), folder.path()).await
}

/// The state of the only connection, once it is one of these.
async fn state(core: &Headless, wanted: &[&str]) -> Result<Value> {
    core.until(&format!("{wanted:?}"), DEADLINE, async || {
        trust_all(core).await?;
        let all = core.call("connections_list", json!({})).await?;
        let state = all[0]["state"].clone();
        let is_wanted = state["state"].as_str().is_some_and(|name| wanted.contains(&name));
        Ok(is_wanted.then_some(state))
    })
    .await
}

async fn trust_all(core: &Headless) -> Result<()> {
    for question in core.call("questions_list", json!({})).await?.as_array().into_iter().flatten() {
        let answer = match question["question"]["kind"].as_str() {
            Some("host_key") => json!({"answer": "trust_host_key"}),
            _ => json!({"answer": "refuse"}),
        };
        let args = json!({"question_id": question["id"], "answer": answer});
        core.call("question_answer", args).await?;
    }
    Ok(())
}

/// Connects with a changed input, and gives the error it ends with.
async fn failure(practice: &Practice, change: impl FnOnce(&mut Value)) -> Value {
    let folder = TempDir::new().unwrap();
    let core = core(&folder).await.unwrap();
    let mut input = practice.connection_input();
    change(&mut input);
    core.call("connection_create", input).await.unwrap();
    let error = state(&core, &["failed"]).await.unwrap()["error"].clone();
    core.shutdown().await;
    assert!(error["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "{error} has a next step");
    error
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_about_a_server_is_said() {
    let practice = Practice::start().await.unwrap();
    let port = free_port().unwrap();
    let error =
        failure(&practice, |input| input["ssh_host"]["addresses"][0]["port"] = json!(port)).await;
    assert_eq!(error["code"], "unreachable", "{error}");
    assert!(error["message"].as_str().unwrap().contains(&port.to_string()), "{error}");

    let error = failure(&practice, |input| {
        input["ssh_host"]["addresses"][0]["host"] = json!("no-such-host.invalid");
    })
    .await;
    assert_eq!(error["code"], "unreachable", "{error}");
    assert!(error["message"].as_str().unwrap().contains("no-such-host.invalid"), "{error}");

    let error = failure(&practice, |input| input["ssh_host"]["user"] = json!("nobody-here")).await;
    assert_eq!(error["code"], "unauthorized", "{error}");

    let folder = TempDir::new().unwrap();
    let key = folder.path().join("other");
    make_key("ed25519", &key).unwrap();
    let error = failure(&practice, |input| input["ssh_host"]["auth"][0]["path"] = json!(key)).await;
    assert_eq!(error["code"], "unauthorized", "{error}");

    let error =
        failure(&practice, |input| input["fields"]["socket"] = json!("/nowhere/podman.sock")).await;
    assert!(error["message"].as_str().unwrap().contains("/nowhere/podman.sock"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_drops_its_connections_is_found_again() {
    let practice = Practice::start().await.unwrap();
    let folder = TempDir::new().unwrap();
    let core = core(&folder).await.unwrap();
    practice.connect(&core).await.unwrap();
    practice.sshd().drop_connections();
    let error = state(&core, &["reconnecting"]).await.unwrap()["error"].clone();
    assert_eq!(error["code"], "unreachable", "{error}");
    state(&core, &["connected"]).await.unwrap();
    core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stands_still_is_noticed_and_found_again() {
    let practice = Practice::start().await.unwrap();
    let folder = TempDir::new().unwrap();
    let core = core(&folder).await.unwrap();
    let view = practice.connect(&core).await.unwrap();
    practice.sshd().signal_sessions("STOP");
    let id = &view["connection"]["id"];
    // Asks for a sign of life at once.
    core.call("connection_connect", json!({"connection_id": id})).await.unwrap();
    state(&core, &["reconnecting", "connecting"]).await.unwrap();
    practice.sshd().signal_sessions("CONT");
    state(&core, &["connected"]).await.unwrap();
    core.shutdown().await;
}
