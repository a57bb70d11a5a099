//! A host key that changed: shown beside the known one, refused by default, replaced only for who typed
//! the host's name, and never tried again behind the person's back.

use std::time::Duration;

use anyhow::Result;
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::{headless::Headless, practice::Practice};

const DEADLINE: Duration = Duration::from_secs(60);

async fn view(core: &Headless) -> Result<Value> {
    Ok(core.call("connections_list", json!({})).await?[0].clone())
}

async fn until_state(core: &Headless, wanted: &str) -> Value {
    core.until(wanted, DEADLINE, async || {
        let state = view(core).await?["state"].clone();
        Ok((state["state"] == wanted).then_some(state))
    })
    .await
    .unwrap()
}

/// The question about the changed key.
async fn question(core: &Headless) -> Value {
    core.until("the question", DEADLINE, async || {
        Ok(core.call("questions_list", json!({})).await?.get(0).cloned())
    })
    .await
    .unwrap()
}

async fn answer(core: &Headless, question: &Value, answer: Value) -> Result<Value> {
    core.call("question_answer", json!({"question_id": question["id"], "answer": answer})).await
}

/// How often somebody knocked at the server since its start.
fn knocks(practice: &Practice) -> usize {
    practice.sshd().log().matches("Connection from ").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_host_key_is_refused_until_the_host_is_typed() {
    let mut practice = Practice::start().await.unwrap();
    let folder = TempDir::new().unwrap();
    let core = Headless::start(&folder.path().join("data"), folder.path()).await.unwrap();
    let id = practice.connect(&core).await.unwrap()["connection"]["id"].clone();
    let old = practice.login().fingerprint;
    practice.sshd_mut().replace_host_keys().unwrap();
    let new = practice.login().fingerprint;
    assert_ne!(old, new);

    // The connection was lost with the server; what is found when it is tried again is another key.
    let asked = question(&core).await;
    assert_eq!(asked["question"]["verdict"], "changed", "{asked}");
    assert_eq!(asked["question"]["shown"]["fingerprint"], new, "{asked}");
    assert_eq!(asked["question"]["known"][0]["key"]["fingerprint"], old, "{asked}");
    let knocked = knocks(&practice);
    answer(&core, &asked, json!({"answer": "trust_host_key"})).await.unwrap_err();
    let wrong = json!({"answer": "replace_host_key", "typed_host": "localhost"});
    let error = answer(&core, &asked, wrong).await.unwrap_err().to_string();
    assert!(error.contains("Type 127.0.0.1 to replace its key."), "{error}");
    answer(&core, &asked, json!({"answer": "refuse"})).await.unwrap();
    let error = until_state(&core, "failed").await["error"].clone();
    assert_eq!(error["code"], "host_key_changed", "{error}");

    core.call("connection_connect", json!({"connection_id": id})).await.unwrap();
    let asked = question(&core).await;
    assert_eq!(knocks(&practice), knocked + 1, "only the person tried again");
    assert_eq!(asked["question"]["verdict"], "changed", "refusing changed nothing: {asked}");
    let typed = json!({"answer": "replace_host_key", "typed_host": "127.0.0.1"});
    answer(&core, &asked, typed).await.unwrap();
    until_state(&core, "connected").await;
    let known = std::fs::read_to_string(folder.path().join("data/known_hosts")).unwrap();
    assert_eq!(known.lines().count(), 1, "one key is known, not two: {known}");
    core.shutdown().await;
}
