//! What a person is asked while tunnels come up: once for each machine, whoever needs it.

use std::process::Command;

use serde_json::{Value, json};
use tests::{
    echo::Echo,
    sshd::{Sshd, SshdOptions},
};

use super::rig::{DEADLINE, Rig, local, port, talk_at, tcp};

const PASSPHRASE: &str = "canary-passphrase";

/// A key of the person's that is encrypted and may log in, as lines of their SSH config.
fn encrypted_key(rig: &Rig) -> String {
    let key = rig.path("encrypted");
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-a", "1", "-N", PASSPHRASE, "-f"])
        .arg(&key)
        .status()
        .unwrap();
    assert!(made.success());
    rig.sshd.authorize(&key.with_extension("pub")).unwrap();
    format!("  IdentityFile {}\n", key.display())
}

/// Two hosts behind one jump whose key is encrypted, and a tunnel to each that starts with the app.
async fn two_behind_a_jump(rig: &Rig, behind: &Sshd, echo: &Echo) -> [String; 2] {
    rig.add_host("jump", "127.0.0.1", &rig.sshd, &encrypted_key(rig));
    let plain = format!("  IdentityFile {}\n  ProxyJump jump\n", behind.client_key.display());
    rig.add_host("one", "127.0.0.1", behind, &plain);
    rig.add_host("two", "localhost", behind, &plain);
    let through = async |alias: &str| {
        let change = |input: &mut Value| input["through"]["alias"] = json!(alias);
        rig.create(local(tcp(0), tcp(echo.port)), change).await
    };
    [through("one").await, through("two").await]
}

/// Waits until this tunnel wants to log in too: whoever comes after an answer may ask again.
async fn until_at_the_door(rig: &Rig, id: &str) {
    let is_there = async || {
        let view = rig.view(id).await?;
        let stage = view["state"]["stage"].as_str().unwrap_or_default();
        Ok(stage.starts_with("logging in").then_some(()))
    };
    rig.core.until("the login", DEADLINE, is_there).await.unwrap();
}

async fn questions(rig: &Rig) -> Value {
    rig.core.call("questions_list", json!({})).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_jump_that_several_tunnels_wait_for_is_asked_about_once() {
    let (rig, echo) = (Rig::start().await, Echo::start());
    let behind = Sshd::start(&SshdOptions::default()).unwrap();
    let ids = two_behind_a_jump(&rig, &behind, &echo).await;
    let right = json!({"answer": "credentials", "values": [PASSPHRASE], "remember": false});
    // First as they were made one after the other, then as they come back at start.
    let mut rig = rig;
    for _ in 0..2 {
        let asked = rig.answer_one(right.clone()).await;
        assert_eq!(asked["question"]["kind"], "credentials", "{asked}");
        for id in &ids {
            let view = rig.until(id, "open").await;
            talk_at(port(&view)).await.unwrap();
        }
        assert_eq!(questions(&rig).await, json!([]));
        rig = rig.restart().await;
    }
    rig.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_several_servers_take_is_asked_about_once() {
    let (rig, echo) = (Rig::start().await, Echo::start());
    let encrypted = encrypted_key(&rig);
    rig.add_host("one", "127.0.0.1", &rig.sshd, &encrypted);
    rig.add_host("two", "localhost", &rig.sshd, &encrypted);
    let mut ids = Vec::new();
    for alias in ["one", "two"] {
        let change = |input: &mut Value| input["through"]["alias"] = json!(alias);
        ids.push(rig.create(local(tcp(0), tcp(echo.port)), change).await);
    }
    for id in &ids {
        until_at_the_door(&rig, id).await;
    }
    let answer = |said: &str| json!({"answer": "credentials", "values": [said], "remember": false});
    rig.answer_one(answer("mistyped")).await;
    rig.answer_one(answer(PASSPHRASE)).await;
    for id in &ids {
        talk_at(port(&rig.until(id, "open").await)).await.unwrap();
    }
    assert_eq!(questions(&rig).await, json!([]));
    rig.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_declines_is_left_alone_until_they_start_it_again() {
    let (rig, echo) = (Rig::start().await, Echo::start());
    let behind = Sshd::start(&SshdOptions::default()).unwrap();
    let ids = two_behind_a_jump(&rig, &behind, &echo).await;
    for id in &ids {
        until_at_the_door(&rig, id).await;
    }
    rig.answer_one(json!({"answer": "refuse"})).await;
    for id in &ids {
        rig.until(id, "failed").await;
    }
    assert_eq!(questions(&rig).await, json!([]));
    rig.call("tunnel_start", &ids[0]).await;
    rig.answer_one(json!({"answer": "credentials", "values": [PASSPHRASE], "remember": false}))
        .await;
    rig.until(&ids[0], "open").await;
    rig.call("tunnel_start", &ids[1]).await;
    rig.until(&ids[1], "open").await;
    assert_eq!(questions(&rig).await, json!([]), "what worked is known");
    rig.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_key_that_several_tunnels_meet_is_asked_about_once() {
    let (rig, echo) = (Rig::start().await, Echo::start());
    let behind = Sshd::start(&SshdOptions::default()).unwrap();
    let plain = format!("  IdentityFile {}\n  ProxyJump far\n", behind.client_key.display());
    rig.add_host("one", "127.0.0.1", &behind, &plain);
    rig.add_host("two", "localhost", &behind, &plain);
    let known = std::fs::read_to_string(rig.path(".ssh/known_hosts")).unwrap();
    let without: Vec<&str> =
        known.lines().filter(|line| !rig.sshd.known_hosts.contains(line)).collect();
    std::fs::write(rig.path(".ssh/known_hosts"), without.join("\n") + "\n").unwrap();
    let mut ids = Vec::new();
    for alias in ["one", "two"] {
        let change = |input: &mut Value| input["through"]["alias"] = json!(alias);
        ids.push(rig.create(local(tcp(0), tcp(echo.port)), change).await);
    }
    let asked = rig.answer_one(json!({"answer": "trust_host_key"})).await;
    assert_eq!(asked["question"]["verdict"], "unknown", "{asked}");
    for id in &ids {
        rig.until(id, "open").await;
    }
    assert_eq!(questions(&rig).await, json!([]));
    rig.core.shutdown().await;
}
