//! From files to a live connection, and nothing of the files changed.

use serde_json::json;

use super::setup::{Newcomer, item};

const SSH: &str = "Include conf.d/*\n\nHost *\n  IdentitiesOnly yes\n";
const WORK: &str = "Host forge
  HostName 127.0.0.1
  Port {port}
  User {user}
  IdentityFile {key}
  IdentityAgent none
  ProxyJump gate

Host gate
  HostName 127.0.0.1
  Port {gate_port}
  User {user}
  IdentityFile {gate_key}
  IdentityAgent none
";
/// The host is the alias of the SSH config: the way there comes from it.
const CONTAINERS: &str = "[engine.service_destinations.work]
uri = \"ssh://{user}@forge:{port}{socket}\"
";

#[tokio::test(flavor = "multi_thread")]
async fn a_podman_connection_is_reached_through_the_jump_of_the_ssh_config() {
    let newcomer = Newcomer::with(&[
        (".ssh/config", SSH),
        (".ssh/conf.d/work", WORK),
        (".config/containers/containers.conf", CONTAINERS),
    ])
    .await
    .unwrap();
    let before = [newcomer.files(".ssh"), newcomer.files(".config")];
    let found = newcomer.look().await;
    let work = item(&found, "podman:work");
    assert_eq!(work["jumps"][0]["addresses"][0]["port"], newcomer.gate.port, "{work:#}");
    assert_eq!(work["is_suggested"], true);
    assert_eq!(item(&found, "ssh:forge")["same_as"], "podman:work");

    let taken = newcomer.take(&[("podman:work", "forge"), ("ssh:gone", "gone")]).await;
    assert_eq!(taken[0]["failure"], json!(null), "{taken:#}");
    assert_eq!(taken[1]["failure"]["code"], "not_found", "{taken:#}");
    let asked = newcomer.connected("forge").await.unwrap();
    assert_eq!(asked, 2, "the keys of the jump host and of the server are both shown");
    assert!(newcomer.gate.log().contains("Accepted publickey"), "{}", newcomer.gate.log());
    assert!(newcomer.practice.sshd().log().contains("Accepted publickey"));

    let again = newcomer.look().await;
    let known = &item(&again, "podman:work")["known"];
    assert_eq!(known["connection_id"], taken[0]["connection_id"], "{again:#}");
    assert_eq!(item(&again, "ssh:forge")["known"], *known);
    let twice = newcomer.take(&[("podman:work", "other")]).await;
    assert_eq!(twice[0]["failure"]["code"], "conflict", "{twice:#}");
    assert_eq!([newcomer.files(".ssh"), newcomer.files(".config")], before, "nothing is changed");
    newcomer.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_connections_through_one_jump_share_it() {
    let files = [
        (".ssh/config", SSH),
        (".ssh/conf.d/work", WORK),
        (".config/containers/containers.conf", CONTAINERS),
    ];
    let newcomer = Newcomer::with(&files).await.unwrap();
    newcomer.take(&[("podman:work", "work"), ("ssh:forge", "forge")]).await;
    let hosts = newcomer.core.call("ssh_hosts_list", json!({})).await.unwrap();
    let gates = hosts.as_array().unwrap().iter();
    let count = gates.filter(|h| h["addresses"][0]["port"] == newcomer.gate.port).count();
    assert_eq!(count, 1, "{hosts:#}");
    newcomer.connected("work").await.unwrap();
    newcomer.core.shutdown().await;
}
