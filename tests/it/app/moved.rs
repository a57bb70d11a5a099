//! An SSH host that was edited is reached where it is now, by every connection that uses it.

use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;
use tests::{
    headless::Headless,
    practice::Practice,
    sshd::{Sshd, SshdOptions},
};

const DEADLINE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn nothing_goes_on_over_links_to_what_a_host_was_before() {
    let practice = Practice::start().await.unwrap();
    let other = Sshd::start(&SshdOptions::default()).unwrap();
    other.authorize(&practice.login().key.with_extension("pub")).unwrap();
    let folder = TempDir::new().unwrap();
    let core = Headless::start(&folder.path().join("data"), folder.path()).await.unwrap();
    let first = practice.connect(&core).await.unwrap();
    let mut input = practice.connection_input();
    input["ssh_host"]["id"] = first["ssh_host"]["id"].clone();
    let mut second = input.clone();
    second["name"] = json!("second");
    core.call("connection_create", second).await.unwrap();
    let connected = async || {
        for asked in core.call("questions_list", json!({})).await?.as_array().into_iter().flatten()
        {
            let answer =
                json!({"question_id": asked["id"], "answer": {"answer": "trust_host_key"}});
            core.call("question_answer", answer).await?;
        }
        let all = core.call("connections_list", json!({})).await?;
        let up = |view: &serde_json::Value| view["state"]["state"] == "connected";
        let all = all.as_array().cloned().unwrap_or_default();
        Ok((all.len() == 2 && all.iter().all(up)).then_some(()))
    };
    core.until("both over one link", DEADLINE, connected).await.unwrap();

    input["ssh_host"]["addresses"][0]["port"] = json!(other.port);
    let edit = json!({"connection_id": first["connection"]["id"], "input": input});
    core.call("connection_update", edit).await.unwrap();
    core.until("both at the new place", DEADLINE, async || {
        let are_up = connected().await?;
        let is_left = practice.sshd().sessions().is_empty();
        Ok(are_up.filter(|()| is_left && other.log().contains("Accepted publickey")))
    })
    .await
    .unwrap();
    core.shutdown().await;
}
