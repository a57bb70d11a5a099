//! What is said of a tunnel is true, whatever happens to the server, the target and the port.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::{
    echo::Echo,
    sshd::{Sshd, SshdOptions, free_port},
};
use tokio::net::TcpListener;

use super::rig::{KEEPALIVE, Rig, local, port, talk_at, tcp};

/// Between two signs of life, where nobody is to wait for one.
const RARE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_names_its_holder_and_another_is_used_for_this_time() {
    let (rig, echo) = (Rig::start().await, Echo::start());
    let holder = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let taken = holder.local_addr().unwrap().port();
    let id = rig.create(local(tcp(taken), tcp(echo.port)), |_| {}).await;
    let view = rig.until(&id, "port_taken").await;
    assert_eq!(view["state"]["holder"]["pid"], std::process::id(), "{view}");
    let free = view["state"]["free_port"].as_u64().unwrap();
    let start = json!({"tunnel_id": id, "port": free});
    rig.core.call("tunnel_start", start).await.unwrap();
    let view = rig.until(&id, "open").await;
    assert_eq!(u64::from(port(&view)), free);
    assert_eq!(view["tunnel"]["route"]["listen"]["port"], taken, "only for this time");
    talk_at(port(&view)).await.unwrap();
    rig.call("tunnel_stop", &id).await;
    drop(holder);
    rig.call("tunnel_start", &id).await;
    assert_eq!(port(&rig.until(&id, "open").await), taken);
    rig.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_goes_and_comes_is_told_from_the_way() {
    let (rig, echo) = (Rig::start().await, Echo::start());
    // Checks that nobody calls for come rarely.
    rig.keepalive(RARE).await;
    let at = echo.port;
    let id = rig.create(local(tcp(0), tcp(at)), |_| {}).await;
    let listen = port(&rig.until(&id, "open").await);
    drop(echo);
    let began = Instant::now();
    assert!(talk_at(listen).await.is_err(), "nobody is there");
    let view = rig.until(&id, "target_down").await;
    assert!(began.elapsed() < KEEPALIVE, "a client that fails calls for a check");
    assert_eq!(view["hops"][0]["state"], "up", "{view}");
    assert!(view["state"]["error"]["hint"].is_string(), "{view}");
    let _echo = Echo::at(at);
    rig.until(&id, "open").await;
    talk_at(listen).await.unwrap();
    rig.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_is_found_again_and_a_held_connection_gets_through() {
    let (mut rig, echo) = (Rig::start().await, Echo::start());
    let id = rig.create(local(tcp(0), tcp(echo.port)), |_| {}).await;
    let listen = port(&rig.until(&id, "open").await);
    rig.sshd.stop();
    let view = rig.until(&id, "reconnecting").await;
    assert_eq!(port(&view), listen, "the listener stays");
    assert_eq!(hops(&view), ["down"], "{view}");
    let held = tokio::spawn(talk_at(listen));
    rig.until_waiting(&id).await;
    rig.sshd.start_again().unwrap();
    held.await.unwrap().unwrap();
    let view = rig.until(&id, "open").await;
    assert_eq!(view["survived"]["reconnects"], 1, "{view}");
    assert!(view["survived"]["longest_gap_ms"].as_u64().unwrap() > 0);
    let detail = rig.core.call("tunnel_inspect", json!({"tunnel_id": id})).await.unwrap();
    assert!(!detail["errors"].as_array().unwrap().is_empty(), "{detail}");
    rig.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_machine_that_let_a_way_down_is_named_and_no_other() {
    let (mut rig, echo) = (Rig::start().await, Echo::start());
    let mut behind = Sshd::start(&SshdOptions::default()).unwrap();
    let lines = format!("  IdentityFile {}\n  ProxyJump far\n", behind.client_key.display());
    rig.add_host("behind", "127.0.0.1", &behind, &lines);
    let through = |input: &mut Value| input["through"]["alias"] = json!("behind");
    let id = rig.create(local(tcp(0), tcp(echo.port)), through).await;
    assert_eq!(hops(&rig.until(&id, "open").await), ["up", "up"]);
    behind.stop();
    assert_eq!(hops(&rig.until(&id, "reconnecting").await), ["up", "down"], "as the way was lost");
    let again = rig.until_attempt(&id, 2).await;
    assert_eq!(hops(&again), ["up", "down"], "as it was tried again: {again}");
    behind.start_again().unwrap();
    assert_eq!(hops(&rig.until(&id, "open").await), ["up", "up"]);
    rig.sshd.stop();
    assert_eq!(hops(&rig.until(&id, "reconnecting").await), ["down", "idle"]);
    assert_eq!(hops(&rig.until_attempt(&id, 2).await), ["down", "idle"]);
    rig.call("tunnel_stop", &id).await;
    assert_eq!(hops(&rig.view(&id).await.unwrap()), ["idle", "idle"]);
    rig.core.shutdown().await;
}

/// How the machines on the way are, nearest first.
fn hops(view: &Value) -> Vec<&str> {
    let hops = view["hops"].as_array().into_iter().flatten();
    hops.map(|hop| hop["state"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_falls_silent_is_noticed_without_traffic() {
    let (rig, echo) = (Rig::start().await, Echo::start());
    let id = rig.create(local(tcp(0), tcp(echo.port)), |_| {}).await;
    rig.until(&id, "open").await;
    rig.sshd.signal("STOP");
    let began = Instant::now();
    rig.until(&id, "reconnecting").await;
    let took = began.elapsed();
    rig.sshd.signal("CONT");
    assert!(took < 3 * KEEPALIVE, "{took:?}");
    rig.until(&id, "open").await;
    rig.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_host_key_ends_it_and_nothing_is_sent_there() {
    let (mut rig, echo) = (Rig::start().await, Echo::start());
    let id = rig.create(local(tcp(0), tcp(echo.port)), |_| {}).await;
    rig.until(&id, "open").await;
    rig.sshd.replace_host_keys().unwrap();
    let before = rig.logins();
    let asked = rig
        .core
        .until("the question", super::rig::DEADLINE, async || {
            Ok(rig.core.call("questions_list", json!({})).await?.get(0).cloned())
        })
        .await
        .unwrap();
    assert_eq!(asked["question"]["verdict"], "changed", "{asked}");
    let answer = json!({"question_id": asked["id"], "answer": {"answer": "refuse"}});
    rig.core.call("question_answer", answer).await.unwrap();
    let view = rig.until(&id, "failed").await;
    assert_eq!(view["state"]["error"]["code"], "host_key_changed", "{view}");
    assert_eq!(view["listening"], json!(null), "nothing pretends to listen");
    assert_eq!(rig.logins(), before, "nobody logged in");
    let knocks = rig.knocks();
    rig.call("tunnel_stop", &id).await;
    assert_eq!(rig.knocks(), knocks);
    rig.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn persistent_tunnels_come_back_and_stopped_ones_stay_stopped() {
    let (rig, echo) = (Rig::start().await, Echo::start());
    let kept = rig.create(local(tcp(0), tcp(echo.port)), |_| {}).await;
    let stopped =
        rig.create(local(tcp(0), tcp(echo.port)), |input| input["name"] = json!("stopped")).await;
    let by_hand = rig
        .create(local(tcp(0), tcp(echo.port)), |input| {
            input["name"] = json!("by hand");
            input["options"]["starts_with_app"] = json!(false);
        })
        .await;
    for id in [&kept, &stopped, &by_hand] {
        rig.until(id, "open").await;
    }
    rig.call("tunnel_stop", &stopped).await;
    let rig = rig.restart().await;
    let view = rig.until(&kept, "open").await;
    talk_at(port(&view)).await.unwrap();
    let strip = view["strip"].as_array().unwrap();
    assert_eq!((strip.len(), &strip[47]), (48, &json!("up")), "what was before is known: {view}");
    for id in [&stopped, &by_hand] {
        assert_eq!(rig.view(id).await.unwrap()["state"]["state"], "stopped");
    }
    rig.call("tunnel_start", &stopped).await;
    rig.until(&stopped, "open").await;
    rig.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_tunnels_share_one_login_and_come_back_without_a_storm() {
    let (rig, echo) = (Rig::start().await, Echo::start());
    let mut ids = Vec::new();
    for number in 0..20 {
        let named = |input: &mut Value| input["name"] = json!(format!("t{number}"));
        ids.push(rig.create(local(tcp(0), tcp(echo.port)), named).await);
    }
    for id in &ids {
        rig.until(id, "open").await;
    }
    let before = rig.logins();
    assert!(before <= 2, "one link, at most one lane: {before}");
    rig.sshd.drop_connections();
    rig.until(&ids[0], "reconnecting").await;
    for id in &ids {
        rig.until(id, "open").await;
    }
    let after = rig.logins() - before;
    assert!(after <= 4, "{after} logins for one host");
    rig.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_while_it_connects_ends_it() {
    let (rig, echo) = (Rig::start().await, Echo::start());
    rig.sshd.signal("STOP");
    let id = rig.create(local(tcp(0), tcp(free_port().unwrap())), |_| {}).await;
    rig.until(&id, "connecting").await;
    rig.call("tunnel_stop", &id).await;
    rig.sshd.signal("CONT");
    // What another one takes to connect is long enough for anything that was left.
    let other = rig.create(local(tcp(0), tcp(echo.port)), |_| {}).await;
    rig.until(&other, "open").await;
    let view = rig.view(&id).await.unwrap();
    assert_eq!((&view["state"]["state"], &view["listening"]), (&json!("stopped"), &json!(null)));
    rig.core.shutdown().await;
}
