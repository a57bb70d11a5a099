//! The staged test of a lab connection: every cause is a stage of its own, with evidence and a next step.

use serde_json::{Value, json};

use super::rig::{DEADLINE, Rig, with_labs};

#[test]
fn every_cause_is_told_apart() {
    with_labs(&[], async |mut rig| {
        rig.connection = rig.labs.connect(&rig.core).await.unwrap();
        let whole = test(&rig, |_| {}).await;
        for (id, status) in [
            ("login", "passed"),
            ("api_name", "skipped"),
            ("api_port", "passed"),
            ("certificate", "passed"),
            ("api_login", "passed"),
            ("version", "passed"),
            ("folder", "passed"),
            ("clock", "passed"),
        ] {
            assert_eq!(stage(&whole, id)["status"], status, "{whole:#}");
        }
        let shown = rig.labs.server().certificate().sha256.clone();
        assert!(stage(&whole, "certificate")["summary"].as_str().unwrap().contains(&shown));

        let other = test(&rig, |input| {
            input["fields"]["tls_fingerprint"] = json!("ab".repeat(32));
        });
        let failed = fails_at(&other.await, "certificate", "compare_certificate");
        assert_eq!(failed["code"], "certificate_changed");
        assert!(failed["detail"].as_str().unwrap().contains(&shown), "{failed}");

        let wrong = test(&rig, |input| input["secrets"]["password"] = json!("wrong")).await;
        fails_at(&wrong, "api_login", "edit_field");
        let closed = test(&rig, |input| {
            input["fields"]["api_url"] = json!("https://127.0.0.1:8099");
        });
        fails_at(&closed.await, "api_port", "edit_field");
        let straight = test(&rig, |input| {
            input["fields"]["api_url"] = json!("https://lab.invalid:8090");
            input["fields"]["reach"] = json!("direct");
        });
        fails_at(&straight.await, "api_name", "edit_field");
        let file = test(&rig, |input| input["fields"]["work_root"] = json!("/etc/passwd")).await;
        fails_at(&file, "folder", "edit_field");
        let insecure = test(&rig, |input| {
            input["fields"]["tls_fingerprint"] = json!("");
            input["fields"]["tls_insecure"] = json!("true");
        });
        assert_eq!(stage(&insecure.await, "certificate")["status"], "warned");
        rig.core.shutdown().await;
    });
}

/// Tests the stored connection with changes, without asking the person; gives the last report.
async fn test(rig: &Rig, change: impl FnOnce(&mut Value)) -> Value {
    let view = &rig.connection;
    let mut input = rig.labs.connection_input();
    input["fields"]["tls_fingerprint"] = view["connection"]["fields"]["tls_fingerprint"].clone();
    input["secrets"] = json!({});
    input["ssh_host"]["id"] = view["connection"]["ssh_host_id"].clone();
    change(&mut input);
    let stream = rig.core.new_stream();
    let subject = json!({"connection_id": rig.connection_id(), "input": input});
    rig.call("doctor_open", json!({"subject": subject, "asks": false, "stream": stream})).await;
    let text = rig.core.read_until(stream, "\"ended_at\":1", DEADLINE).await.unwrap();
    serde_json::from_str(text.lines().last().unwrap()).unwrap()
}

fn stage<'a>(report: &'a Value, id: &str) -> &'a Value {
    let stages = report["diagnosis"]["stages"].as_array().unwrap();
    stages.iter().find(|stage| stage["id"] == id).unwrap_or_else(|| panic!("no {id}: {report:#}"))
}

/// That this stage failed, says a next step, and offers this fix; gives the failure.
#[track_caller]
fn fails_at(report: &Value, id: &str, fix: &str) -> Value {
    let stages = report["diagnosis"]["stages"].as_array().unwrap();
    let failed: Vec<_> = stages.iter().filter(|stage| stage["status"] == "failed").collect();
    assert_eq!(failed.len(), 1, "{}", report["text"].as_str().unwrap());
    assert_eq!(failed[0]["id"], id, "{}", report["text"].as_str().unwrap());
    assert!(failed[0]["failure"]["hint"].as_str().is_some_and(|hint| !hint.is_empty()));
    let fixes = failed[0]["fixes"].as_array().unwrap();
    assert!(fixes.iter().any(|offered| offered["fix"] == fix), "{fixes:?}");
    failed[0]["failure"].clone()
}
