//! Faults on the way to one machine: the name, the port, the host key, the login, the clock.

use serde_json::{Value, json};
use tests::keys::{make_key, make_key_with_passphrase};
use tests::sshd::{Sshd, SshdOptions, free_port};

use super::rig::{Bench, DEADLINE, fixes, input};

fn server() -> Sshd {
    Sshd::start(&SshdOptions::default()).unwrap()
}

/// A test that gets past the login fails at the socket, because there is none.
const NOWHERE: &str = "/nowhere/podman.sock";

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_nobody_knows() {
    let sshd = server();
    let bench = Bench::knowing(&[&sshd]).await;
    let mut input = input(&sshd, NOWHERE);
    input["ssh_host"]["addresses"][0]["host"] = json!("no-such-host.invalid");
    let report = bench.test(input).await;
    let stage = report.fails_at("name", Some(0));
    assert_eq!(stage["fixes"][0]["field"], "ssh_host.addresses.0.host");
    bench.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_port_and_a_second_address_that_answers() {
    let sshd = server();
    let bench = Bench::knowing(&[&sshd]).await;
    let closed = free_port().unwrap();
    let mut input = input(&sshd, NOWHERE);
    input["ssh_host"]["addresses"][0]["port"] = json!(closed);
    let report = bench.test(input.clone()).await;
    let stage = report.fails_at("port", Some(0));
    assert!(stage["failure"]["message"].as_str().unwrap().contains(&closed.to_string()));
    let by_hand = format!("ssh -p {closed} root@127.0.0.1");
    assert_eq!(stage["fixes"][1]["line"], by_hand);

    input["ssh_host"]["addresses"] = json!([
        {"host": "127.0.0.1", "port": closed}, {"host": "127.0.0.1", "port": sshd.port},
    ]);
    let report = bench.test(input).await;
    let stage = report.stage("port", Some(0));
    assert_eq!(stage["status"], "warned", "{}", report.text());
    assert!(stage["summary"].as_str().unwrap().contains(&format!("{} answers", sshd.port)));
    report.fails_at("socket", None);
    bench.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn something_that_does_not_speak_ssh() {
    let sshd = server();
    let bench = Bench::knowing(&[&sshd]).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            drop(stream);
        }
    });
    let mut input = input(&sshd, NOWHERE);
    input["ssh_host"]["addresses"][0]["port"] = json!(port);
    let report = bench.test(input).await;
    report.fails_at("host_key", Some(0));
    server.abort();
    bench.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_key_is_shown_and_accepted_by_a_person_only() {
    let sshd = server();
    let bench = Bench::knowing(&[]).await;
    let subject = json!({"connection_id": null, "input": input(&sshd, NOWHERE)});
    let report = bench.test_subject(subject.clone(), false).await;
    let stage = report.fails_at("host_key", Some(0));
    assert_eq!(stage["failure"]["code"], "host_key_unknown");
    assert!(stage["failure"]["detail"].as_str().unwrap().contains(&sshd.host_key_fingerprints[0]));
    assert_eq!(fixes(stage), ["compare_host_key"]);
    let questions = bench.core.call("questions_list", json!({})).await.unwrap();
    assert_eq!(questions, json!([]), "a silent test asks nobody");

    let stream = bench.open(subject, true).await;
    let question = question(&bench).await;
    assert_eq!(question["question"]["shown"]["fingerprint"], sshd.host_key_fingerprints[0]);
    answer(&bench, &question, json!({"answer": "trust_host_key"})).await;
    let told = bench.core.read_until(stream, "waiting for you to compare", DEADLINE).await.unwrap();
    assert!(told.contains("\"running\""), "the test is told while it goes on: {told}");
    let report = bench.report(stream).await;
    assert!(
        report.stage("host_key", Some(0))["summary"].as_str().unwrap().contains("just now"),
        "{}",
        report.text()
    );
    report.fails_at("socket", None);
    bench.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_key_shows_both() {
    let mut sshd = server();
    let bench = Bench::knowing(&[&sshd]).await;
    let old = sshd.host_key_fingerprints[0].clone();
    sshd.replace_host_keys().unwrap();
    let report = bench.test(input(&sshd, NOWHERE)).await;
    let stage = report.fails_at("host_key", Some(0));
    assert_eq!(stage["failure"]["code"], "host_key_changed");
    let evidence = stage["failure"]["detail"].as_str().unwrap();
    assert!(evidence.contains(&old) && evidence.contains(&sshd.host_key_fingerprints[0]));
    assert_eq!(fixes(stage), ["compare_host_key"]);
    bench.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_the_server_does_not_know_is_shown_as_its_line() {
    let sshd = server();
    let bench = Bench::knowing(&[&sshd]).await;
    let key = bench.folder.path().join("other");
    make_key("ed25519", &key).unwrap();
    let mut input = input(&sshd, NOWHERE);
    input["ssh_host"]["auth"][0]["path"] = json!(key);
    let report = bench.test(input.clone()).await;
    let stage = report.fails_at("login", Some(0));
    assert_eq!(stage["failure"]["code"], "unauthorized");
    let public = std::fs::read_to_string(key.with_extension("pub")).unwrap();
    let shown = stage["fixes"].as_array().unwrap().iter().find(|fix| fix["fix"] == "public_key");
    assert_eq!(shown.unwrap()["line"].as_str().unwrap(), public.trim());
    assert!(report.text().contains(public.trim()), "the report holds the line to send");

    input["ssh_host"]["user"] = json!("nobody-here");
    bench.test(input).await.fails_at("login", Some(0));
    bench.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passphrase_is_asked_for_by_a_button_and_never_shown() {
    let sshd = server();
    let bench = Bench::knowing(&[&sshd]).await;
    let key = bench.folder.path().join("locked");
    make_key_with_passphrase("ed25519", &key, "canary-passphrase").unwrap();
    sshd.authorize(&key.with_extension("pub")).unwrap();
    let mut input = input(&sshd, NOWHERE);
    input["ssh_host"]["auth"][0] = json!({"method": "key_file", "path": key, "passphrase": null});
    let subject = json!({"connection_id": null, "input": input});
    let report = bench.test_subject(subject.clone(), false).await;
    let stage = report.fails_at("login", Some(0));
    assert_eq!(fixes(stage)[0], "ask_credentials", "{stage}");
    assert!(stage["failure"]["message"].as_str().unwrap().starts_with("passphrase for"));

    let stream = bench.open(subject, true).await;
    let question = question(&bench).await;
    let values =
        json!({"answer": "credentials", "values": ["canary-passphrase"], "remember": false});
    answer(&bench, &question, values).await;
    let report = bench.report(stream).await;
    assert_eq!(report.stage("login", Some(0))["status"], "passed", "{}", report.text());

    // Typed into the form, it is used without a question, and nothing repeats it.
    input["ssh_host"]["auth"][0]["passphrase"] = json!("canary-passphrase");
    let report = bench.test(input.clone()).await;
    assert_eq!(report.stage("login", Some(0))["status"], "passed", "{}", report.text());
    input["ssh_host"]["auth"][0]["passphrase"] = json!("canary-wrong");
    let wrong = bench.test(input).await;
    wrong.fails_at("login", Some(0));
    for report in [report, wrong] {
        assert!(!report.0.to_string().contains("canary"), "{}", report.text());
    }
    bench.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_wrong_is_told_and_stops_nothing() {
    let folder = tempfile::TempDir::new().unwrap();
    let date = folder.path().join("date");
    std::fs::write(&date, "#!/bin/sh\nset -e\necho 1000000000\n").unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&date, mode).unwrap();
    let path = format!("SetEnv PATH={}:/usr/bin:/bin", folder.path().display());
    let sshd = Sshd::start(&SshdOptions::with_config(&[&path])).unwrap();
    let bench = Bench::knowing(&[&sshd]).await;
    let report = bench.test(input(&sshd, NOWHERE)).await;
    let clock = report.stage("clock", None);
    assert_eq!(clock["status"], "warned", "{}", report.text());
    assert!(clock["failure"]["message"].as_str().unwrap().contains("days behind"), "{clock}");

    let right = server();
    let bench_of_right = Bench::knowing(&[&right]).await;
    let report = bench_of_right.test(input(&right, NOWHERE)).await;
    assert_eq!(report.stage("clock", None)["summary"], "both clocks agree");
    bench_of_right.core.shutdown().await;
    bench.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_that_is_closed_takes_its_question_along() {
    let sshd = server();
    let bench = Bench::knowing(&[]).await;
    let subject = json!({"connection_id": null, "input": input(&sshd, NOWHERE)});
    let stream = bench.open(subject, true).await;
    question(&bench).await;
    bench.core.call("stream_close", json!({"stream": stream})).await.unwrap();
    let gone = bench
        .core
        .until("the question to go", DEADLINE, async || {
            let questions = bench.core.call("questions_list", json!({})).await?;
            Ok((questions == json!([])).then_some(()))
        })
        .await;
    gone.unwrap();
    bench.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_will_not_do_is_refused_at_its_field() {
    let sshd = server();
    let bench = Bench::knowing(&[]).await;
    let mut input = input(&sshd, NOWHERE);
    input["ssh_host"] = Value::Null;
    let args = json!({
        "subject": {"connection_id": null, "input": input}, "asks": false, "stream": 1,
    });
    let error = bench.core.call("doctor_open", args).await.unwrap_err().to_string();
    assert!(error.contains("on this computer is not driven"), "{error}");
    bench.core.shutdown().await;
}

pub(super) async fn question(bench: &Bench) -> Value {
    let found = bench.core.until("a question", DEADLINE, async || {
        Ok(bench.core.call("questions_list", json!({})).await?.get(0).cloned())
    });
    found.await.unwrap()
}

pub(super) async fn answer(bench: &Bench, question: &Value, answer: Value) {
    let args = json!({"question_id": question["id"], "answer": answer});
    bench.core.call("question_answer", args).await.unwrap();
}
