//! A tunnel that is changed, carried to another computer, or goes with everything else.

use std::time::Duration;

use app::Pace;
use serde_json::{Value, json};
use tests::{
    echo::Echo,
    sshd::{Sshd, SshdOptions, free_port},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::rig::{DEADLINE, Rig, local, port, talk_at, tcp};

/// The tunnel as its form would send it.
fn form(view: &Value) -> Value {
    let tunnel = &view["tunnel"];
    json!({
        "name": tunnel["name"], "route": tunnel["route"], "options": tunnel["options"],
        "through": {"by": "host", "ssh_host_id": tunnel["ssh_host_id"]},
    })
}

async fn update(rig: &Rig, id: &str, input: Value) -> Value {
    let args = json!({"tunnel_id": id, "input": input});
    rig.core.call("tunnel_update", args).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_tunnel_is_started_anew_and_a_renamed_one_is_not_disturbed() {
    let (rig, first, second) = (Rig::start().await, Echo::start(), Echo::start());
    let id = rig.create(local(tcp(0), tcp(first.port)), |_| {}).await;
    let view = rig.until(&id, "open").await;
    let mut client = TcpStream::connect(("127.0.0.1", port(&view))).await.unwrap();
    let mut got = [0; 4];
    client.write_all(b"ping").await.unwrap();
    client.read_exact(&mut got).await.unwrap();

    let mut input = form(&view);
    input["name"] = json!("renamed");
    input["options"]["is_favourite"] = json!(true);
    let view = update(&rig, &id, input).await;
    assert_eq!(
        (&view["tunnel"]["name"], &view["state"]["state"]),
        (&json!("renamed"), &json!("open"))
    );
    client.write_all(b"pong").await.unwrap();
    client.read_exact(&mut got).await.unwrap();
    assert_eq!(&got, b"pong", "whoever is connected stays connected");

    drop(first);
    let mut input = form(&view);
    input["route"]["listen"]["port"] = json!(port(&view));
    input["route"]["target"]["port"] = json!(second.port);
    update(&rig, &id, input).await;
    let changed = rig.until(&id, "open").await;
    assert_eq!(port(&changed), port(&view), "the port was given back before it was taken again");
    talk_at(port(&changed)).await.unwrap();
    let mut wrong = form(&changed);
    wrong["route"]["target"]["port"] = json!(0);
    let args = json!({"tunnel_id": id, "input": wrong});
    assert!(rig.core.call("tunnel_update", args).await.is_err());
    assert_eq!(rig.view(&id).await.unwrap()["state"]["state"], "open", "nothing was changed");
    rig.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_brings_a_tunnel_back_and_starts_nothing() {
    let (rig, echo) = (Rig::start().await, Echo::start());
    let id = rig.create(local(tcp(0), tcp(echo.port)), |_| {}).await;
    rig.until(&id, "open").await;
    let text = rig.core.call("transfer_text", json!({})).await.unwrap()["text"].clone();
    rig.core.call("app_reset", json!({})).await.unwrap();
    assert_eq!(rig.core.call("tunnels_list", json!({})).await.unwrap(), json!([]));
    assert_eq!(rig.core.call("ssh_hosts_list", json!({})).await.unwrap(), json!([]));

    let preview = rig.core.call("transfer_preview", json!({"text": text})).await.unwrap();
    let items = preview["items"].as_array().unwrap();
    let kind = |item: &Value| item["kind"].as_str().unwrap_or_default().to_owned();
    assert!(items.iter().any(|item| kind(item) == "tunnel"), "{preview}");
    let keys: Vec<_> =
        items.iter().filter(|item| kind(item) == "tunnel").map(|item| &item["key"]).collect();
    let take = json!({"text": text, "keys": keys});
    rig.core.call("transfer_import", take).await.unwrap();
    assert_eq!(rig.view(&id).await.unwrap()["state"]["state"], "stopped");
    rig.call("tunnel_start", &id).await;
    let view = rig.until(&id, "open").await;
    talk_at(port(&view)).await.unwrap();
    rig.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_that_is_taken_back_finds_its_host_as_it_was() {
    let (rig, echo) = (Rig::start().await, Echo::start());
    let id = rig.create(local(tcp(0), tcp(echo.port)), |_| {}).await;
    let view = rig.until(&id, "open").await;
    let host = rig.hosts().await.unwrap();
    rig.call("tunnel_remove", &id).await;
    assert_eq!(rig.hosts().await.unwrap(), host, "it may be taken back");
    let again = rig.core.call("tunnel_create", form(&view)).await.unwrap();
    let again = again["tunnel"]["id"].as_str().unwrap();
    rig.until(again, "open").await;
    assert_eq!(rig.hosts().await.unwrap(), host);
    rig.call("tunnel_remove", again).await;
    let rig = rig.restart().await;
    assert_eq!(rig.hosts().await.unwrap(), Vec::<Value>::new(), "nothing is left for good");
    rig.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_goes_with_its_last_tunnel_once_nobody_can_take_that_back() {
    let pace = Pace { undo: Duration::from_millis(200), ..Pace::default() };
    let (rig, echo) = (Rig::start_at(pace).await, Echo::start());
    let id = rig.create(local(tcp(0), tcp(echo.port)), |_| {}).await;
    let other = rig.create(local(tcp(0), tcp(echo.port)), |_| {}).await;
    rig.call("tunnel_remove", &id).await;
    rig.until(&other, "open").await;
    rig.call("tunnel_remove", &other).await;
    let gone = async || Ok(rig.hosts().await?.is_empty().then_some(()));
    rig.core.until("the host to go", DEADLINE, gone).await.unwrap();
    rig.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tunnel_that_is_started_while_it_is_removed_listens_no_more() {
    let (rig, echo) = (Rig::start().await, Echo::start());
    for _ in 0..10 {
        let listen = free_port().unwrap();
        let id = rig.create(local(tcp(listen), tcp(echo.port)), |_| {}).await;
        rig.until(&id, "open").await;
        rig.call("tunnel_stop", &id).await;
        let args = json!({"tunnel_id": id});
        let start = async {
            for _ in 0..20 {
                let start = json!({"tunnel_id": id, "port": null});
                if rig.core.call("tunnel_start", start).await.is_err() {
                    break;
                }
            }
        };
        let (removed, ()) = tokio::join!(rig.core.call("tunnel_remove", args), start);
        removed.unwrap();
        let closed = async || {
            let knocked = TcpStream::connect(("127.0.0.1", listen)).await;
            Ok(knocked.is_err().then_some(()))
        };
        rig.core.until("the port to be free", Duration::from_secs(10), closed).await.unwrap();
    }
    rig.core.shutdown().await;
}

/// A host is edited through the connection that uses it too.
#[tokio::test(flavor = "multi_thread")]
async fn a_tunnel_moves_with_its_host() {
    let (rig, echo) = (Rig::start().await, Echo::start());
    let id = rig.create(local(tcp(0), tcp(echo.port)), |_| {}).await;
    let view = rig.until(&id, "open").await;
    let other = Sshd::start(&SshdOptions::default()).unwrap();
    rig.add_host("other", "127.0.0.1", &other, "");
    let host = rig.hosts().await.unwrap().remove(0);
    let mut input = json!({
        "kind": "podman", "name": "forge", "fields": {"socket": "/nonexistent/podman.sock"},
        "secrets": {}, "connect_at_start": false,
        "ssh_host": {
            "id": host["id"], "addresses": host["addresses"], "user": "root", "jumps": [],
            "auth": [{"method": "key_file", "path": rig.sshd.client_key, "passphrase": null}],
        },
    });
    let made = rig.core.call("connection_create", input.clone()).await.unwrap();
    let id_of_connection = made["connection"]["id"].clone();
    rig.until(&id, "open").await;

    let mut client = TcpStream::connect(("127.0.0.1", port(&view))).await.unwrap();
    let mut got = [0; 4];
    client.write_all(b"ping").await.unwrap();
    client.read_exact(&mut got).await.unwrap();
    input["ssh_host"]["addresses"][0]["port"] = json!(other.port);
    input["ssh_host"]["auth"][0]["path"] = json!(other.client_key);
    let edit = json!({"connection_id": id_of_connection, "input": input});
    rig.core.call("connection_update", edit).await.unwrap();
    let ended = tokio::time::timeout(DEADLINE, client.read(&mut got)).await.unwrap();
    assert!(ended.is_err(), "nothing goes on over what the host was before");
    let view = rig.until(&id, "open").await;
    talk_at(port(&view)).await.unwrap();
    assert!(other.log().contains("Accepted publickey"), "it goes through where the host is now");
    let left = async || Ok(rig.sshd.sessions().is_empty().then_some(()));
    rig.core.until("the old place to be left", DEADLINE, left).await.unwrap();
    rig.core.shutdown().await;
}
