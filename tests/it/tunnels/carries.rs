//! Every kind of tunnel carries bytes, and says what it does.

use std::{process::Command, time::Duration};

use app::Pace;
use serde_json::json;
use tests::{echo::Echo, sshd::free_port};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, UnixStream},
};

use super::rig::{DEADLINE, Rig, local, port, talk, talk_at, tcp, unix};

#[tokio::test(flavor = "multi_thread")]
async fn a_local_tunnel_carries_and_goes_when_it_is_removed() {
    let (rig, echo) = (Rig::start().await, Echo::start());
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
    rig.call("tunnel_remove", &id).await;
    assert_eq!(rig.core.call("tunnels_list", json!({})).await.unwrap(), json!([]));
    rig.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_typed_line_becomes_a_tunnel() {
    let (rig, echo) = (Rig::start().await, Echo::start());
    let read =
        async |line: String| rig.core.call("tunnel_read", json!({"line": line})).await.unwrap();
    let near = read(format!("0:localhost:{} via fart", echo.port)).await;
    assert_eq!(near["input"], json!(null));
    let line = near["problem"]["suggestion"].as_str().unwrap().to_owned();
    assert!(line.ends_with("via far"), "{near}");
    let listen = free_port().unwrap();
    let good = read(format!("{listen}:localhost:{} via far", echo.port)).await;
    assert_eq!(good["through_name"], "far", "{good}");
    let view = rig.core.call("tunnel_create", good["input"].clone()).await.unwrap();
    let id = view["tunnel"]["id"].as_str().unwrap();
    rig.until(id, "open").await;
    talk_at(listen).await.unwrap();
    let again = read(format!("{listen}:localhost:1 via far")).await;
    assert_eq!(again["problem"]["field"], "listen.port", "{again}");
    let detail = rig.core.call("tunnel_inspect", json!({"tunnel_id": id})).await.unwrap();
    let command = detail["command"].as_str().unwrap();
    assert!(command.contains(&format!("-L {listen}:localhost:{}", echo.port)), "{command}");
    let ways = rig.core.call("tunnel_ways", json!({})).await.unwrap();
    let names: Vec<_> = ways.as_array().unwrap().iter().map(|way| &way["name"]).collect();
    assert_eq!(names.len(), 2, "the stored host and the alias: {names:?}");
    rig.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_takes_its_clients_wherever_they_ask_to() {
    let (rig, web) = (Rig::start().await, super::rig::Web::start(200).await);
    let id = rig.create(json!({"kind": "dynamic", "listen": tcp(0)}), |_| {}).await;
    let view = rig.until(&id, "open").await;
    let (proxy, url) = (port(&view), format!("http://localhost:{}/", web.port));
    let run = move || {
        let proxy = format!("127.0.0.1:{proxy}");
        Command::new("curl")
            .args(["-s", "--max-time", "30", "--noproxy", "", "--socks5-hostname"])
            .args([&proxy, &url])
            .output()
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "hello", "{output:?}");
    rig.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_remote_tunnel_brings_what_comes_in_at_the_server() {
    let (rig, echo) = (Rig::start().await, Echo::start());
    let far = free_port().unwrap();
    let route = json!({"kind": "remote", "listen": tcp(far), "target": tcp(echo.port)});
    let id = rig.create(route, |_| {}).await;
    let view = rig.until(&id, "open").await;
    assert_eq!(view["listening"], tcp(far), "{view}");
    talk_at(far).await.unwrap();
    assert_eq!(rig.view(&id).await.unwrap()["traffic"]["connections"], 1);
    // The session that held the port is gone, and the port is asked for again.
    rig.sshd.drop_connections();
    let view = rig.until(&id, "reconnecting").await;
    assert_eq!(view["listening"], json!(null), "nobody listens there meanwhile");
    rig.until(&id, "open").await;
    talk_at(far).await.unwrap();
    drop(echo);
    let mut stream = TcpStream::connect(("127.0.0.1", far)).await.unwrap();
    let mut end = Vec::new();
    let _ = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut end).await;
    let errors = rig.core.call("tunnel_inspect", json!({"tunnel_id": id})).await.unwrap();
    assert!(
        errors["errors"][0]["failure"]["message"].as_str().unwrap().contains("of this computer")
    );
    rig.call("tunnel_stop", &id).await;
    rig.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unix_sockets_stand_at_either_end() {
    let rig = Rig::start().await;
    let (near, far) = (rig.path("near.sock"), rig.path("far.sock"));
    let listener = tokio::net::UnixListener::bind(&far).unwrap();
    let echo = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut read, mut write) = stream.split();
                let _ = tokio::io::copy(&mut read, &mut write).await;
            });
        }
    });
    let id = rig.create(local(unix(&near), unix(&far)), |_| {}).await;
    rig.until(&id, "open").await;
    talk(UnixStream::connect(&near).await.unwrap()).await.unwrap();
    rig.call("tunnel_stop", &id).await;
    assert!(!near.exists(), "the socket goes with its listener");
    echo.abort();
    rig.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_demand_the_first_connection_opens_the_way() {
    let (rig, echo) = (Rig::start().await, Echo::start());
    let before = rig.logins();
    let id = rig
        .create(local(tcp(0), tcp(echo.port)), |input| {
            input["options"]["is_on_demand"] = json!(true);
            // Opening is not being down.
            input["options"]["when_down"] = json!({"policy": "refuse"});
        })
        .await;
    let view = rig.until(&id, "listening").await;
    assert_eq!(rig.logins(), before, "nobody needs the server yet");
    talk_at(port(&view)).await.unwrap();
    rig.until(&id, "open").await;
    assert!(rig.logins() > before);
    rig.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_demand_a_way_that_nobody_uses_is_let_go() {
    let pace = Pace { idle: Duration::from_millis(500), ..Pace::default() };
    let (rig, echo) = (Rig::start_at(pace).await, Echo::start());
    let on_demand = |input: &mut serde_json::Value| input["options"]["is_on_demand"] = json!(true);
    let id = rig.create(local(tcp(0), tcp(echo.port)), on_demand).await;
    let listen = port(&rig.until(&id, "listening").await);
    for _ in 0..2 {
        let mut client = TcpStream::connect(("127.0.0.1", listen)).await.unwrap();
        let mut got = [0; 4];
        client.write_all(b"ping").await.unwrap();
        client.read_exact(&mut got).await.unwrap();
        let served = rig.until(&id, "open").await;
        assert_eq!(served["traffic"]["open_connections"], 1, "{served}");
        assert!(!rig.sshd.sessions().is_empty());
        drop(client);
        rig.until(&id, "listening").await;
        let gone = async || Ok(rig.sshd.sessions().is_empty().then_some(()));
        rig.core.until("the session to end", DEADLINE, gone).await.unwrap();
    }
    rig.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_http_check_believes_only_good_answers() {
    let rig = Rig::start().await;
    let (good, bad) = (super::rig::Web::start(204).await, super::rig::Web::start(503).await);
    let check = |input: &mut serde_json::Value| {
        input["options"]["check"] = json!({"kind": "http", "path": "/health"});
    };
    let one = rig.create(local(tcp(0), tcp(good.port)), check).await;
    let other = rig.create(local(tcp(0), tcp(bad.port)), check).await;
    assert_eq!(rig.until(&one, "open").await["check"]["http_status"], 204);
    let view = rig.until(&other, "target_down").await;
    assert_eq!(view["check"]["http_status"], 503, "{view}");
    rig.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forwards_of_the_ssh_config_are_found_and_taken() {
    let (rig, echo) = (Rig::start().await, Echo::start());
    let config = rig.path(".ssh/config");
    let text = std::fs::read_to_string(&config).unwrap();
    let listen = free_port().unwrap();
    let forwards =
        format!("  LocalForward {listen} localhost:{}\n  DynamicForward %h\n", echo.port);
    std::fs::write(&config, text + &forwards).unwrap();
    let found = rig.core.call("tunnels_found", json!({})).await.unwrap();
    assert_eq!(found.as_array().unwrap().len(), 2, "{found}");
    assert_eq!(found[0]["is_known"], false);
    assert!(found[1]["input"].is_null() && found[1]["problem"].is_string(), "{found}");
    let view = rig.core.call("tunnel_create", found[0]["input"].clone()).await.unwrap();
    rig.until(view["tunnel"]["id"].as_str().unwrap(), "open").await;
    talk_at(listen).await.unwrap();
    let found = rig.core.call("tunnels_found", json!({})).await.unwrap();
    assert_eq!(found[0]["is_known"], true, "{found}");
    rig.core.shutdown().await;
}
