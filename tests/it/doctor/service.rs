//! Faults behind the login: the socket, the forwarding, what answers, images, ports.

use std::os::unix::net::UnixListener;

use serde_json::json;
use tempfile::TempDir;
use tests::{
    podman::PodmanService,
    sshd::{Sshd, SshdOptions},
};

use super::rig::{Bench, fixes, input};

fn server() -> Sshd {
    Sshd::start(&SshdOptions::default()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_in_order_passes_every_stage_stored_or_not_connected_or_not() {
    let (sshd, podman) = (server(), PodmanService::start().unwrap());
    let bench = Bench::knowing(&[&sshd]).await;
    let input = input(&sshd, &podman.socket.display().to_string());
    let report = bench.test(input.clone()).await;
    report.works();
    for id in ["socket", "forwarding", "version", "image", "ports", "clock"] {
        assert_eq!(report.stage(id, None)["status"], "passed", "{}", report.text());
    }
    let version = report.stage("version", None)["summary"].as_str().unwrap().to_owned();
    assert!(version.starts_with("Podman ") && version.ends_with("rootful"), "{version}");
    assert!(report.0["diagnosis"]["connection_id"].is_null());

    let view = bench.core.call("connection_create", input).await.unwrap();
    let id = view["connection"]["id"].clone();
    bench.core.call("connection_disconnect", json!({"connection_id": id})).await.unwrap();
    let subject = json!({"connection_id": id, "input": null});
    let report = bench.test_subject(subject, false).await;
    report.works();
    assert_eq!(report.0["diagnosis"]["connection_id"], id);
    let all = bench.core.call("connections_list", json!({})).await.unwrap();
    assert_eq!(all[0]["state"]["state"], "disconnected", "a test does not connect");
    bench.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_socket_offers_the_set_up_and_the_commands() {
    let sshd = server();
    let bench = Bench::knowing(&[&sshd]).await;
    let report = bench.test(input(&sshd, "/nowhere/podman.sock")).await;
    let stage = report.fails_at("socket", None);
    assert_eq!(fixes(stage), ["set_up_server", "edit_field", "command", "command"], "{stage}");
    assert!(report.text().contains("systemctl --user enable --now podman.socket"));
    assert!(report.text().contains("remote-only by design"), "{}", report.text());
    bench.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_file_that_nobody_listens_on() {
    let sshd = server();
    let bench = Bench::knowing(&[&sshd]).await;
    let path = bench.folder.path().join("left-over.sock");
    drop(UnixListener::bind(&path).unwrap());
    let report = bench.test(input(&sshd, &path.display().to_string())).await;
    let stage = report.fails_at("socket", None);
    assert!(stage["failure"]["message"].as_str().unwrap().contains("nobody listens"), "{stage}");
    bench.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_stream_local_forwarding_is_used_by_dial_stdio() {
    let sshd = Sshd::start(&SshdOptions::with_config(&["AllowStreamLocalForwarding no"])).unwrap();
    let podman = PodmanService::start().unwrap();
    let bench = Bench::knowing(&[&sshd]).await;
    let report = bench.test(input(&sshd, &podman.socket.display().to_string())).await;
    report.works();
    let stage = report.stage("forwarding", None);
    assert_eq!(stage["status"], "warned", "{}", report.text());
    assert!(stage["summary"].as_str().unwrap().contains("dial-stdio"), "{stage}");
    assert_eq!(report.stage("version", None)["status"], "passed", "{}", report.text());
    bench.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_forwards_nothing_and_runs_no_podman_fails_at_the_forwarding() {
    let folder = TempDir::new().unwrap();
    // Programs are found here only, and podman is not one of them.
    for program in ["id", "test", "stat", "date"] {
        let path = folder.path().join(program);
        std::os::unix::fs::symlink(format!("/usr/bin/{program}"), path).unwrap();
    }
    let path = format!("SetEnv PATH={}", folder.path().display());
    let options = SshdOptions::with_config(&["AllowStreamLocalForwarding no", &path]);
    let (sshd, podman) = (Sshd::start(&options).unwrap(), PodmanService::start().unwrap());
    let bench = Bench::knowing(&[&sshd]).await;
    let report = bench.test(input(&sshd, &podman.socket.display().to_string())).await;
    report.fails_at("forwarding", None);

    // Without a socket as well, it is Podman that is missing.
    let mut input = input(&sshd, "");
    input["fields"] = json!({"socket": "/nowhere/podman.sock"});
    let report = bench.test(input).await;
    let stage = report.fails_at("socket", None);
    assert!(stage["failure"]["message"].as_str().unwrap().contains("not installed"), "{stage}");
    assert_eq!(fixes(stage), ["set_up_server"]);
    bench.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn something_else_on_the_socket_is_told_at_the_version() {
    let sshd = server();
    let bench = Bench::knowing(&[&sshd]).await;
    for (name, words) in [
        ("web.sock", "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno"),
        ("other.sock", "220 mail.example ESMTP\r\n"),
    ] {
        let path = bench.folder.path().join(name);
        let listener = tokio::net::UnixListener::bind(&path).unwrap();
        let server = tokio::spawn(answer_all(listener, words));
        let report = bench.test(input(&sshd, &path.display().to_string())).await;
        let stage = report.fails_at("version", None);
        let message = stage["failure"]["message"].as_str().unwrap();
        assert!(message.contains("is not Podman"), "{name}: {stage}");
        assert_eq!(stage["fixes"][0]["field"], "socket", "{stage}");
        server.abort();
    }
    bench.core.shutdown().await;
}

async fn answer_all(listener: tokio::net::UnixListener, words: &'static str) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    while let Ok((mut stream, _)) = listener.accept().await {
        tokio::spawn(async move {
            let mut request = [0; 1024];
            if stream.read(&mut request).await.is_ok_and(|read| read > 0) {
                let _ = stream.write_all(words.as_bytes()).await;
            }
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_image_and_no_port_are_told_and_stop_nothing() {
    let (sshd, podman) = (server(), PodmanService::start().unwrap());
    podman.podman(&["rmi", "--all", "--force"]).unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().min(65_000);
    let bench = Bench::knowing(&[&sshd]).await;
    let mut input = input(&sshd, &podman.socket.display().to_string());
    input["fields"]["port_range"] = json!(format!("{port}-{port}"));
    let report = bench.test(input).await;
    report.works();
    let image = report.stage("image", None);
    assert_eq!((image["status"].as_str(), fixes(image)), (Some("warned"), vec!["choose_image"]));
    let ports = report.stage("ports", None);
    assert_eq!(ports["status"], "warned", "{}", report.text());
    assert_eq!(ports["fixes"][0]["field"], "port_range");
    bench.core.shutdown().await;
}
