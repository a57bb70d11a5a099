//! What goes wrong on the way, as the app tells it: restarts of either side, failures of netlab.

use std::{path::Path, time::Duration};

use serde_json::json;

use super::rig::{DEADLINE, Rig, with_labs};

const LOOK_AGAIN: Duration = Duration::from_millis(50);

#[test]
fn two_labs_come_up_over_a_restart_of_the_app_and_a_killed_server_is_told() {
    with_labs(&["two-ospf"], async |mut rig| {
        rig.ready().await;
        let one = rig.begin("two-ospf", "one").await;
        let two = rig.begin("two-ospf", "two").await;
        until_at_work(&rig, 1).await;
        // The first has a job on the server; the second waits for its turn, and nothing of it was begun.
        let rig = rig.restart().await;
        rig.labs.connected(&rig.core, rig.connection_id()).await.unwrap();
        let first = rig.good(&one).await;
        assert_eq!(first["steps"][3]["status"], "succeeded", "{first}");
        let second = rig.over(&two).await;
        assert_eq!(second["status"], "interrupted", "it was not handed over yet: {second}");
        let again = rig.call("run_retry", json!({"run_id": two["run_id"]})).await;
        rig.good(&again).await;
        let (one, two) = (rig.until("one", "running").await, rig.until("two", "running").await);
        assert_eq!((&one["lab"]["instance"], &two["lab"]["instance"]), (&json!("1"), &json!("2")));

        killed(&rig).await;
        for name in ["one", "two"] {
            let lab = rig.row(name).await.unwrap();
            rig.good(&rig.ask(&lab, "destroy", json!({"removes_files": true})).await).await;
        }
        rig.labs.check_nothing_is_left().unwrap();
        rig.core.shutdown().await;
    });
}

/// Waits until netlab itself says of so many labs that it starts their nodes, or did.
async fn until_at_work(rig: &Rig, labs: usize) {
    let status = rig.labs.server().outside(Path::new("/srv/home/.netlab/status.yaml"));
    let said = || std::fs::read_to_string(&status).unwrap_or_default();
    let waiting = async {
        while said().matches("starting provider").count() < labs {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    };
    tokio::time::timeout(DEADLINE, waiting).await.expect("netlab starts no nodes");
}

/// A server that dies with a job: the run says so, and what is there is found by looking.
async fn killed(rig: &Rig) {
    let lab = rig.row("one").await.unwrap();
    let restart = rig.ask(&lab, "restart", json!({})).await;
    let is_down = async || {
        let run = rig.core.call("run_get", json!({"run_id": restart["run_id"]})).await?;
        Ok(run["steps"][2]["started_at"].is_number().then_some(()))
    };
    rig.core.until("its second job", DEADLINE, is_down).await.unwrap();
    until_at_work(rig, 2).await;
    let server = rig.labs.server();
    server.kill_api();
    server.restart_api().unwrap();
    let run = rig.over(&restart).await;
    assert_eq!(run["status"], "failed", "{run}");
    let message = run["error"]["message"].as_str().unwrap();
    assert!(message.contains("started again"), "{message}");
    rig.labs.connected(&rig.core, rig.connection_id()).await.unwrap();
    rig.call("labs_refresh", json!({"connection_id": rig.connection_id()})).await;
    let other = rig.until("two", "running").await;
    assert_eq!(other["lab"]["nodes_running"], 2, "the other lab goes on: {other}");
    assert!(rig.row("one").await.is_some(), "what it left is on the list");
}

#[test]
fn a_start_that_fails_is_the_failure_it_is_and_is_cleaned_up() {
    with_labs(&["missing-image", "broken"], async |mut rig| {
        rig.ready().await;
        for (topology, says) in
            [("missing-image", "could not start"), ("broken", "configuring them failed")]
        {
            let run = rig.over(&rig.begin(topology, topology).await).await;
            assert_eq!(run["status"], "failed", "{run}");
            let message = run["error"]["message"].as_str().unwrap();
            assert!(message.contains(says), "{message}");
            assert!(run["error"]["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "{run}");
            let lab = rig.row(topology).await.expect("a lab that failed stays on the list");
            let state = lab["lab"]["state"].as_str().unwrap();
            assert!(["failed", "partly"].contains(&state), "{lab}");
            rig.good(&rig.ask(&lab, "destroy", json!({"removes_files": true})).await).await;
            assert_eq!(rig.row(topology).await, None);
        }
        rig.labs.check_nothing_is_left().unwrap();
        rig.core.shutdown().await;
    });
}
