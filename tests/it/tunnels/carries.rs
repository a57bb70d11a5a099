//! Every kind of tunnel carries bytes, and says what it does.

use serde_json::json;
use tokio::net::TcpStream;

use super::rig::{Echo, Rig, local, port, talk_at, tcp};

#[tokio::test(flavor = "multi_thread")]
async fn a_local_tunnel_carries_and_goes_when_it_is_removed() {
    let (rig, echo) = (Rig::start().await, Echo::start().await);
    let id = rig.create(local(tcp(0), tcp(echo.port)), |_| {}).await;
    let view = rig.until(&id, "open").await;
    let port = port(&view);
    assert_eq!(view["tunnel"]["name"], json!(format!("127.0.0.1:{}", echo.port)));
    assert_eq!(view["hops"][0]["state"], "up", "{view}");
    assert_eq!(view["hops"][0]["name"], "127.0.0.1");
    assert_eq!(view["check"]["is_good"], true);
    assert!(view["round_trip_ms"].is_u64(), "{view}");
    talk_at(port).await.unwrap();
    let view = rig.view(&id).await.unwrap();
    assert_eq!(view["traffic"]["bytes_up"], 100_000, "{view}");
    assert_eq!(view["traffic"]["connections"], 1);
    let detail = rig.core.call("tunnel_inspect", json!({"tunnel_id": id})).await.unwrap();
    assert_eq!(detail["clients"][0]["bytes_down"], 100_000, "{detail}");
    assert_eq!(detail["errors"], json!([]));

    rig.call("tunnel_stop", &id).await;
    assert_eq!(rig.view(&id).await.unwrap()["state"]["state"], "stopped");
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err(), "nothing listens any more");
    rig.call("tunnel_start", &id).await;
    let view = rig.until(&id, "open").await;
    talk_at(super::rig::port(&view)).await.unwrap();
    assert_eq!(rig.core.call("ssh_hosts_list", json!({})).await.unwrap()[0]["user"], "root");
    rig.call("tunnel_remove", &id).await;
    assert_eq!(rig.core.call("tunnels_list", json!({})).await.unwrap(), json!([]));
    let hosts = rig.core.call("ssh_hosts_list", json!({})).await.unwrap();
    assert_eq!(hosts, json!([]), "the host went with its last tunnel");
    rig.core.shutdown().await;
}
