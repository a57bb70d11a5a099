//! A tunnel that is changed, carried to another computer, or goes with everything else.

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::rig::{Echo, Rig, local, port, talk_at, tcp};

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
    let (rig, first, second) = (Rig::start().await, Echo::start().await, Echo::start().await);
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
    let (rig, echo) = (Rig::start().await, Echo::start().await);
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
