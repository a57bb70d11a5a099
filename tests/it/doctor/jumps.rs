//! Through jump hosts: every machine has stages of its own, and the fault is told at the right one.

use serde_json::{Value, json};
use tests::{
    keys::make_key,
    podman::PodmanService,
    sshd::{Sshd, SshdOptions},
};

use super::rig::{Bench, host, input};

fn servers() -> (Sshd, Sshd) {
    let start = || Sshd::start(&SshdOptions::default()).unwrap();
    (start(), start())
}

fn through(jump: &Sshd, target: &Sshd, socket: &str) -> Value {
    let mut input = input(target, socket);
    input["ssh_host"]["jumps"] = json!([host(jump)]);
    input
}

#[tokio::test(flavor = "multi_thread")]
async fn every_machine_on_the_way_is_tested() {
    let (jump, target) = servers();
    let podman = PodmanService::start().unwrap();
    let bench = Bench::knowing(&[&jump, &target]).await;
    let socket = podman.socket.display().to_string();
    let report = bench.test(through(&jump, &target, &socket)).await;
    report.works();
    for hop in [0, 1] {
        for id in ["port", "host_key", "login"] {
            assert_eq!(report.stage(id, Some(hop))["status"], "passed", "{}", report.text());
        }
    }
    assert_eq!(report.stage("name", Some(1))["summary"], "looked up by 127.0.0.1");
    assert_eq!(report.stage("version", None)["status"], "passed");
    bench.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_jump_host_that_fails_is_the_one_that_is_named() {
    let (jump, target) = servers();
    let bench = Bench::knowing(&[&jump, &target]).await;
    let key = bench.folder.path().join("other");
    make_key("ed25519", &key).unwrap();
    let mut input = through(&jump, &target, "/nowhere");
    input["ssh_host"]["jumps"][0]["auth"][0]["path"] = json!(key);
    let report = bench.test(input.clone()).await;
    let stage = report.fails_at("login", Some(0));
    assert_eq!(stage["fixes"][0]["field"], "ssh_host.jumps.0.auth", "{stage}");

    let mut input = through(&jump, &target, "/nowhere");
    input["ssh_host"]["addresses"][0]["port"] = json!(1);
    let report = bench.test(input).await;
    let stage = report.fails_at("port", Some(1));
    assert_eq!(stage["fixes"][0]["field"], "ssh_host.addresses.0.port", "{stage}");
    bench.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_key_behind_a_jump_host_is_the_targets() {
    let (jump, target) = servers();
    let bench = Bench::knowing(&[&jump]).await;
    let report = bench.test(through(&jump, &target, "/nowhere")).await;
    report.fails_at("host_key", Some(1));
    bench.core.shutdown().await;
}
