//! Server set-up, run over SSH on servers that were never set up: for each distribution, with and without
//! sudo's password, twice in a row. What stands in for systemd and packages is said in `pristine.sh`.

use std::{process::Command, time::Duration};

use serde_json::{Value, json};
use tests::pristine::{PASSWORD, Pristine};

use super::{
    machine::{answer, question},
    rig::{Bench, DEADLINE, fixes},
};

struct Fresh {
    server: Pristine,
    bench: Bench,
    id: Value,
}

/// A server and a stored connection to it, which nothing has set up.
async fn fresh(system: &str, sudo: &str) -> Fresh {
    let server = Pristine::start(system, sudo).unwrap();
    let bench = Bench::knowing_lines(&server.known_hosts).await;
    let view = bench.core.call("connection_create", server.input()).await.unwrap();
    let id = view["connection"]["id"].clone();
    Fresh { server, bench, id }
}

impl Fresh {
    async fn begin(&self, mode: &str) -> Value {
        let args = json!({"connection_id": self.id, "values": {"mode": mode}, "agreed": true});
        self.bench.core.call("setup_run", args).await.unwrap()["run_id"].clone()
    }

    async fn ended(&self, run: &Value) -> Value {
        let found = self.bench.core.until("the set-up to end", DEADLINE, async || {
            let run = self.bench.core.call("run_get", json!({"run_id": run})).await?;
            Ok((run["status"] != "running").then_some(run))
        });
        found.await.unwrap()
    }

    async fn run(&self, mode: &str) -> Value {
        let run = self.begin(mode).await;
        self.ended(&run).await
    }

    async fn log(&self, run: &Value, wanted: &str) -> String {
        let stream = self.bench.core.new_stream();
        let args = json!({"run_id": run["id"], "stream": stream});
        self.bench.core.call("run_log_open", args).await.unwrap();
        self.bench.core.read_until(stream, wanted, Duration::from_secs(10)).await.unwrap()
    }

    async fn state(&self, wanted: &str) -> Value {
        let found = self.bench.core.until(wanted, DEADLINE, async || {
            let all = self.bench.core.call("connections_list", json!({})).await?;
            let state = all[0]["state"].clone();
            Ok((state["state"] == wanted).then_some(state))
        });
        found.await.unwrap()
    }
}

#[track_caller]
fn steps(run: &Value) -> Vec<&str> {
    let steps = run["steps"].as_array().unwrap();
    steps.iter().map(|step| step["status"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_bare_server_to_a_connection_with_sudos_password() {
    let fresh = fresh("debian", "password").await;
    let error = fresh.state("failed").await["error"].clone();
    assert_eq!(error["code"], "unreachable", "{error}");
    let subject = json!({"connection_id": fresh.id, "input": null});
    let report = fresh.bench.test_subject(subject.clone(), false).await;
    let stage = report.fails_at("socket", None);
    assert!(stage["failure"]["message"].as_str().unwrap().contains("not installed"), "{stage}");
    assert_eq!(fixes(stage), ["set_up_server"]);

    let run = fresh.begin("rootful").await;
    let asked = question(&fresh.bench).await;
    assert!(asked["question"]["title"].as_str().unwrap().contains("alice for sudo"), "{asked}");
    let wrong = json!({"answer": "credentials", "values": ["canary-wrong"], "remember": false});
    answer(&fresh.bench, &asked, wrong).await;
    let again = fresh.bench.core.until("the password again", DEADLINE, async || {
        let question = fresh.bench.core.call("questions_list", json!({})).await?[0].clone();
        Ok(question["question"]["refused"].is_string().then_some(question))
    });
    let right = json!({"answer": "credentials", "values": [PASSWORD], "remember": false});
    answer(&fresh.bench, &again.await.unwrap(), right).await;
    let run = fresh.ended(&run).await;
    assert_eq!(run["status"], "succeeded", "{run}");
    assert_eq!(
        steps(&run),
        ["skipped", "succeeded", "succeeded", "succeeded", "succeeded", "succeeded"]
    );
    let log = fresh.log(&run, "podman.sock is there").await;
    assert!(log.contains("added alice to the group podman"), "{log}");
    assert!(!log.contains(PASSWORD) && !log.contains("canary"), "{log}");

    // The new group counts at once: the connection logged in again.
    fresh.state("connected").await;
    let report = fresh.bench.test_subject(subject, false).await;
    report.works();
    assert_eq!(report.stage("socket", None)["summary"], "/run/podman/podman.sock");
    assert_eq!(report.stage("version", None)["status"], "passed", "{}", report.text());
    fresh.bench.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_run_says_that_nothing_is_to_be_done() {
    tokio::join!(
        twice("fedora", "rootful"),
        twice("fedora", "rootless"),
        twice("ubuntu", "rootless"),
        twice("debian", "rootless"),
    );
}

async fn twice(system: &str, mode: &str) {
    let fresh = fresh(system, "free").await;
    let first = fresh.run(mode).await;
    assert_eq!(first["status"], "succeeded", "{system} {mode}: {first}");
    assert!(steps(&first).contains(&"succeeded"), "{first}");
    let before = fresh.server.ssh("root", STATE).unwrap();
    let second = fresh.run(mode).await;
    assert_eq!(second["status"], "succeeded", "{system} {mode}: {second}");
    assert!(steps(&second).iter().all(|step| *step == "skipped"), "{system} {mode}: {second}");
    fresh.log(&second, "Nothing was to be done").await;
    assert_eq!(fresh.server.ssh("root", STATE).unwrap(), before, "{system} {mode}");
    if mode == "rootless" {
        let ids = fresh.server.ssh("root", "grep alice /etc/subuid /etc/subgid").unwrap();
        assert_eq!(ids, "/etc/subuid:alice:165536:65536\n/etc/subgid:alice:165536:65536");
    }
    fresh.bench.core.shutdown().await;
}

/// Everything the script may change.
const STATE: &str = "cat /etc/group /etc/subuid /etc/subgid /var/lib/stand-ins/packages; \
                     ls -lR /etc/systemd/system /etc/tmpfiles.d /var/lib/systemd/linger";

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_cannot_be_set_up_says_why_and_is_left_alone() {
    let arch = fresh("arch", "free").await;
    let before = arch.server.ssh("root", STATE).unwrap();
    let run = arch.run("rootful").await;
    assert_eq!(run["status"], "failed", "{run}");
    let message = run["error"]["message"].as_str().unwrap();
    assert_eq!(message, "this is neither Fedora nor Debian nor Ubuntu but: arch ", "{run}");
    assert_eq!(steps(&run)[..2], ["failed", "skipped"]);
    assert_eq!(arch.server.ssh("root", STATE).unwrap(), before);
    arch.bench.core.shutdown().await;

    let bare = fresh("debian", "none").await;
    let run = bare.begin("rootful").await;
    let asked = question(&bare.bench).await;
    let values = json!({"answer": "credentials", "values": [PASSWORD], "remember": false});
    answer(&bare.bench, &asked, values).await;
    let run = bare.ended(&run).await;
    assert_eq!(run["error"]["code"], "forbidden", "{run}");
    assert!(run["error"]["message"].as_str().unwrap().contains("may not use sudo"), "{run}");
    bare.bench.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_run_without_consent_and_a_refused_question_ends_it() {
    let fresh = fresh("debian", "password").await;
    let args = json!({"connection_id": fresh.id, "values": {"mode": "rootful"}, "agreed": false});
    let error = fresh.bench.core.call("setup_run", args).await.unwrap_err().to_string();
    assert!(error.contains("only when you agree"), "{error}");
    let runs =
        fresh.bench.core.call("runs_list", json!({"search": "", "status": null, "limit": 9}));
    assert_eq!(runs.await.unwrap(), json!([]));

    let run = fresh.begin("rootful").await;
    let again = json!({"connection_id": fresh.id, "values": {"mode": "rootful"}, "agreed": true});
    let busy = fresh.bench.core.call("setup_run", again).await.unwrap_err().to_string();
    assert!(busy.contains("another run does the same"), "{busy}");
    let asked = question(&fresh.bench).await;
    answer(&fresh.bench, &asked, json!({"answer": "refuse"})).await;
    let run = fresh.ended(&run).await;
    assert_eq!(run["status"], "cancelled", "{run}");
    fresh.server.ssh("alice", "! command -v podman").unwrap();
    fresh.bench.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_offer_holds_the_whole_script_and_what_it_means() {
    let fresh = fresh("debian", "free").await;
    let args = json!({"connection_id": fresh.id});
    let offer = fresh.bench.core.call("setup_offer", args).await.unwrap();
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../crates/backend-podman/src/setup/server-setup.sh");
    assert_eq!(offer["script"], std::fs::read_to_string(&file).unwrap());
    let args = json!({"connection_id": fresh.id, "values": {"mode": "rootful"}});
    let plan = fresh.bench.core.call("setup_plan", args).await.unwrap();
    assert_eq!(plan["arguments"], json!(["rootful", "alice"]));
    assert!(plan["warnings"][0].as_str().unwrap().contains("as powerful as root"), "{plan}");
    let checked = Command::new("shellcheck").arg(&file).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    fresh.bench.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_that_the_login_may_not_use() {
    let fresh = fresh("debian", "none").await;
    let make = "mkdir -p /run/podman && groupadd --system podman && \
                python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"/run/podman/podman.sock\")' \
                && chgrp podman /run/podman/podman.sock && chmod 0660 /run/podman/podman.sock && \
                cp /var/lib/stand-ins/podman /usr/bin/podman";
    fresh.server.ssh("root", make).unwrap();
    let subject = json!({"connection_id": fresh.id, "input": null});
    let report = fresh.bench.test_subject(subject.clone(), false).await;
    let stage = report.fails_at("socket", None);
    let message = stage["failure"]["message"].as_str().unwrap();
    assert_eq!(message, "alice may not use the Podman socket /run/podman/podman.sock on forge-1");
    assert_eq!(fixes(stage), ["set_up_server", "command"], "{stage}");
    assert_eq!(stage["fixes"][1]["line"], "sudo usermod -aG podman alice");

    // Behind a folder that may not be entered the socket cannot even be seen.
    fresh.server.ssh("root", "chmod 0700 /run/podman").unwrap();
    let report = fresh.bench.test_subject(subject, false).await;
    assert_eq!(report.fails_at("socket", None)["failure"]["code"], "forbidden");
    fresh.bench.core.shutdown().await;
}
