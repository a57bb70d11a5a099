//! The life of a lab in the app: from an unknown certificate to configurations that are compared.

use serde_json::{Value, json};
use tests::practice_labs::{VAULT_PASSPHRASE, start_of};

use super::rig::{DEADLINE, Rig, all_well, steps, with_labs};

#[test]
fn a_lab_comes_up_is_used_collected_and_taken_down() {
    with_labs(&["two-ospf"], async |mut rig| {
        trust(&mut rig).await;
        rig.template = rig.labs.add_topologies(&rig.core).await.unwrap();
        refused_before_anything_is_done(&rig).await;
        let lab = brought_up(&rig).await;
        rig.console_shows(&lab, "r1", "show ip ospf neighbor", "Full/").await;
        let server = rig.labs.server();

        server.docker(&["stop", "--time", "1", "clab-ml-1-r2"]).unwrap();
        rig.call("labs_refresh", json!({"connection_id": rig.connection_id()})).await;
        let lab = rig.until("pair", "partly").await;
        assert_eq!(
            rig.nodes(&lab).await,
            [("r1".to_owned(), "running".to_owned()), ("r2".to_owned(), "stopped".to_owned())]
        );
        server.docker(&["start", "clab-ml-1-r2"]).unwrap();

        compared(&rig, &lab).await;
        let destroyed = rig.ask(&lab, "destroy", json!({"removes_files": true})).await;
        rig.good(&destroyed).await;
        assert_eq!(rig.row("pair").await, None);
        rig.labs.check_nothing_is_left().unwrap();
        rig.core.shutdown().await;
    });
}

/// The first question that is open, once there is one of this kind; others are answered on the way.
async fn question(rig: &Rig, kind: &str) -> Value {
    let asked = rig.core.until(kind, DEADLINE, async || {
        let all = rig.core.call("questions_list", json!({})).await?;
        let Some(first) = all.get(0) else { return Ok(None) };
        let passphrase = match first["question"]["kind"].as_str() {
            Some(asked) if asked == kind => return Ok(Some(first.clone())),
            Some("vault_passphrase") => {
                json!({"answer": "vault_passphrase", "passphrase": VAULT_PASSPHRASE})
            }
            _ => json!({"answer": "trust_host_key"}),
        };
        let args = json!({"question_id": first["id"], "answer": passphrase});
        rig.core.call("question_answer", args).await?;
        Ok(None)
    });
    asked.await.unwrap()
}

async fn answer(rig: &Rig, asked: &Value, answer: &str) {
    let args = json!({"question_id": asked["id"], "answer": {"answer": answer}});
    rig.call("question_answer", args).await;
}

/// Connects: an unknown certificate is asked about and kept; another one is refused until a person agrees.
async fn trust(rig: &mut Rig) {
    let shown = rig.labs.server().certificate().sha256.clone();
    let asked = async {
        let asked = question(rig, "certificate").await;
        assert_eq!(asked["question"]["verdict"], "unknown", "{asked}");
        assert_eq!(asked["question"]["fingerprint"], shown.as_str(), "{asked}");
        answer(rig, &asked, "trust_certificate").await;
    };
    let create = rig.core.call("connection_create", rig.labs.connection_input());
    let (view, ()) = tokio::join!(create, asked);
    let id = view.unwrap()["connection"]["id"].clone();
    let view = rig.labs.connected(&rig.core, &id).await.unwrap();
    assert_eq!(view["connection"]["fields"]["tls_fingerprint"], shown.as_str());

    // What is trusted is another one now.
    let mut input = rig.labs.connection_input();
    input["fields"]["tls_fingerprint"] = json!("ab".repeat(32));
    input["secrets"] = json!({});
    input["ssh_host"]["id"] = view["connection"]["ssh_host_id"].clone();
    rig.call("connection_update", json!({"connection_id": id, "input": input})).await;
    let asked = question(rig, "certificate").await;
    assert_eq!(asked["question"]["verdict"], "changed", "{asked}");
    assert_eq!(asked["question"]["known"], "ab".repeat(32), "{asked}");
    answer(rig, &asked, "refuse").await;
    let failed = rig.core.until("a refusal", DEADLINE, async || {
        let state = rig.core.call("connections_list", json!({})).await?[0]["state"].clone();
        Ok((state["state"] == "failed").then_some(state))
    });
    assert_eq!(failed.await.unwrap()["error"]["code"], "certificate_changed");
    rig.call("connection_connect", json!({"connection_id": id})).await;
    let asked = question(rig, "certificate").await;
    answer(rig, &asked, "trust_certificate").await;
    rig.connection = rig.labs.connected(&rig.core, &id).await.unwrap();
    assert_eq!(rig.connection["connection"]["fields"]["tls_fingerprint"], shown.as_str());
}

/// A topology that is not there, and a name no server takes, change nothing.
async fn refused_before_anything_is_done(rig: &Rig) {
    let (on, template) = (&rig.connection, &rig.template);
    for args in [start_of(on, template, "nowhere", "pair"), start_of(on, template, "two-ospf", "1")]
    {
        assert!(rig.core.call("lab_create", args.clone()).await.is_err(), "{args}");
    }
    let runs = rig.call("runs_list", json!({"search": "", "status": null, "limit": 10})).await;
    assert_eq!(runs, json!([]), "no run began");
    let mut args = start_of(on, template, "two-ospf", "pair");
    args["verb"] = json!("validate");
    let run = rig.good(&rig.call("lab_create", args).await).await;
    assert_eq!(run["subject"]["lab_id"], Value::Null, "looking makes no lab: {run}");
    assert_eq!(rig.call("labs_list", json!({})).await, json!([]));
    rig.labs.check_nothing_is_left().unwrap();
}

async fn brought_up(rig: &Rig) -> Value {
    let plan = start_of(&rig.connection, &rig.template, "two-ospf", "pair");
    let plan = rig.call("lab_create_plan", plan).await;
    assert_eq!((&plan["problems"], &plan["instance"]), (&json!([]), &json!(1)), "{plan}");
    rig.labs.check_nothing_is_left().unwrap();
    let started = rig.begin("two-ospf", "pair").await;
    let run = rig.good(&started).await;
    assert_eq!(steps(&run), all_well(&["Sync", "Queue", "Run", "Verify"]), "{run}");
    assert!(run["steps"].as_array().unwrap().iter().all(|step| !step["ended_at"].is_null()));
    let lab = rig.until("pair", "running").await;
    assert_eq!(lab["lab"]["nodes_running"], 2, "{lab}");
    let both = ["r1", "r2"].map(|name| (name.to_owned(), "running".to_owned()));
    assert_eq!(rig.nodes(&lab).await, both);
    let page = rig.call("lab_inspect", json!({"lab": lab["lab_ref"]})).await;
    assert_eq!(page["detail"]["graph"]["links"].as_array().unwrap().len(), 1, "{page}");
    lab
}

/// Collects twice, with a change of one router between.
async fn compared(rig: &Rig, lab: &Value) {
    let run = rig.good(&rig.ask(lab, "collect", json!({})).await).await;
    assert_eq!(steps(&run), all_well(&["Queue", "Run", "Collect"]), "{run}");
    let first = rig.collected(lab, "r1.cfg").await.unwrap();
    assert!(first["text"].as_str().unwrap().contains("router ospf"), "{first}");
    assert_eq!(first["before"], Value::Null);
    let lines = ["-c", "configure terminal", "-c", "interface eth1", "-c", "description by hand"];
    let vtysh = ["exec", "clab-ml-1-r1", "vtysh"].into_iter().chain(lines).collect::<Vec<_>>();
    rig.labs.server().docker(&vtysh).unwrap();
    rig.good(&rig.ask(lab, "collect", json!({})).await).await;
    let second = rig.collected(lab, "r1.cfg").await.unwrap();
    assert!(second["text"].as_str().unwrap().contains("description by hand"), "{second}");
    assert_eq!(second["before"], first["text"]);
    let sets = rig.call("lab_collections", json!({"lab": lab["lab_ref"]})).await;
    let changed = |path: &str| {
        let files = sets[0]["files"].as_array().unwrap();
        files.iter().find(|file| file["path"] == path).unwrap()["is_changed"].clone()
    };
    assert_eq!((changed("r1.cfg"), changed("r2.cfg")), (json!(true), json!(false)), "{sets}");
}
