//! What is kept of labs: configurations, positions, favourites, times; consoles of nodes.

use std::sync::atomic::Ordering;

use app::CoreEvent;
use backend_api::Fetched;
use futures::StreamExt as _;
use model::{
    ErrorCode, Impairment, LabRef, LabState, LabVerb, NodeVerb, NoticeKind, Position, RunStatus,
    TerminalSize, WorkspaceRef,
};

use super::Rig;
use crate::bench::code;

fn fetched(path: &str, text: &'static str) -> Fetched {
    Fetched { path: path.into(), content: text.into() }
}

#[tokio::test]
async fn collected_configurations_are_kept_and_compared() {
    let rig = Rig::start().await;
    let lab = rig.running("ospf").await;
    let mut runs = Vec::new();
    for text in ["hostname r1\n", "hostname r1\nrouter ospf\n"] {
        rig.bench.server.change_labs(|labs| {
            labs.fetched = vec![fetched("r1.cfg", text), fetched("r2.cfg", "x")]
        });
        let run = rig.change(&lab, LabVerb::Collect).await;
        assert_eq!(rig.bench.until_over(&run).await.status, RunStatus::Succeeded);
        runs.push(run);
    }
    let rig = rig.restart().await;
    let sets = rig.bench.core.lab_collections(&lab).await.unwrap();
    assert_eq!(sets.len(), 2);
    assert_eq!(sets[0].run_id, runs[1]);
    let marks: Vec<_> = sets[0].files.iter().map(|file| file.is_changed).collect();
    assert_eq!(marks, [Some(true), Some(false)]);
    let text = rig.bench.core.lab_collected(&lab, &runs[1], "r1.cfg").await.unwrap();
    assert_eq!(text.text, "hostname r1\nrouter ospf\n");
    assert_eq!(text.before.as_deref(), Some("hostname r1\n"));
    let outside = rig.bench.core.lab_collected(&lab, &runs[1], "../../moorline.db").await;
    assert_eq!(code(outside), ErrorCode::NotFound);
    rig.bench.core.lab_forget(&lab).await.unwrap();
    assert!(rig.bench.core.lab_collections(&lab).await.unwrap().is_empty());
    assert!(!rig.bench.folder.path().join("data/labs").join(runs[0].as_str()).exists());
}

#[tokio::test]
async fn what_was_forgotten_is_taken_back_until_the_app_ends() {
    let rig = Rig::start().await;
    let lab = rig.running("ospf").await;
    rig.bench.server.change_labs(|labs| labs.fetched = vec![fetched("r1.cfg", "hostname r1")]);
    let run = rig.change(&lab, LabVerb::Collect).await;
    rig.bench.until_over(&run).await;
    let core = &rig.bench.core;
    let before = rig.view("ospf").await.unwrap();
    core.lab_forget(&lab).await.unwrap();
    assert_eq!(rig.view("ospf").await.unwrap().origin, None);
    core.lab_restore(&lab).await.unwrap();
    assert_eq!(rig.view("ospf").await.unwrap().origin, before.origin);
    assert_eq!(core.lab_collected(&lab, &run, "r1.cfg").await.unwrap().text, "hostname r1");
    assert_eq!(code(core.lab_restore(&lab).await), ErrorCode::NotFound, "once is enough");
    core.lab_forget(&lab).await.unwrap();
    let rig = rig.restart().await;
    assert_eq!(code(rig.bench.core.lab_restore(&lab).await), ErrorCode::NotFound);
    assert!(!rig.bench.folder.path().join("data/labs/forgotten").join(run.as_str()).exists());
}

#[tokio::test]
async fn the_oldest_sets_of_many_go() {
    let rig = Rig::start().await;
    let lab = rig.running("ospf").await;
    rig.bench.server.change_labs(|labs| labs.fetched = vec![fetched("r1.cfg", "hostname r1")]);
    let first = rig.change(&lab, LabVerb::Collect).await;
    rig.bench.until_over(&first).await;
    for _ in 0..50 {
        let run = rig.change(&lab, LabVerb::Collect).await;
        assert_eq!(rig.bench.until_over(&run).await.status, RunStatus::Succeeded);
    }
    let sets = rig.bench.core.lab_collections(&lab).await.unwrap();
    assert_eq!(sets.len(), 50);
    assert!(sets.iter().all(|set| set.run_id != first));
    assert!(!rig.bench.folder.path().join("data/labs").join(first.as_str()).exists());
}

#[tokio::test]
async fn a_file_that_leads_out_of_its_folder_fails_the_run() {
    let rig = Rig::start().await;
    let lab = rig.running("ospf").await;
    rig.bench.server.change_labs(|labs| labs.fetched = vec![fetched("../../evil", "x")]);
    let run = rig.change(&lab, LabVerb::Collect).await;
    let run = rig.bench.until_over(&run).await;
    assert_eq!(run.error.unwrap().code, ErrorCode::Protocol);
    assert!(!rig.bench.folder.path().join("data/evil").exists());
}

#[tokio::test]
async fn configurations_go_with_their_connection() {
    let rig = Rig::start().await;
    let lab = rig.running("ospf").await;
    rig.bench.server.change_labs(|labs| labs.fetched = vec![fetched("r1.cfg", "secret 7")]);
    let run = rig.change(&lab, LabVerb::Collect).await;
    rig.bench.until_over(&run).await;
    let folder = rig.bench.folder.path().join("data/labs");
    assert!(folder.join(run.as_str()).exists());
    rig.bench.core.connection_delete(&rig.connection).await.unwrap();
    assert!(!folder.join(run.as_str()).exists());
    // What a process wrote that died before it noted it goes at the next start.
    std::fs::create_dir(folder.join("half")).unwrap();
    let _rig = rig.restart().await;
    assert!(!folder.join("half").exists());
}

#[tokio::test]
async fn what_a_person_set_outlives_the_app() {
    let rig = Rig::start().await;
    let lab = rig.running("ospf").await;
    let core = &rig.bench.core;
    let place = Position { x: 1.5, y: -2.0 };
    core.lab_positions(&lab, [("r1".to_owned(), place)].into()).await.unwrap();
    let nowhere = Position { x: f64::NAN, y: 0.0 };
    let refused = core.lab_positions(&lab, [("r1".to_owned(), nowhere)].into()).await;
    assert_eq!(code(refused), ErrorCode::Invalid);
    core.lab_favourite(&lab, true).await.unwrap();
    let tray = core.tray_state();
    rig.bench
        .until("the tray", async || {
            tray.borrow().labs.iter().any(|lab| lab.name == "ospf").then_some(())
        })
        .await;
    let rig = rig.restart().await;
    rig.until_view("ospf", |view| view.is_favourite && view.stale_since.is_none()).await;
    let page = rig.bench.core.lab_inspect(&lab).await.unwrap();
    assert_eq!(page.positions["r1"], place);
    // Stopped from the tray.
    rig.bench.core.tray_action(&format!("stop-lab:{}:{}", lab.connection_id, lab.lab_id));
    rig.until_view("ospf", |view| view.lab.state == LabState::Stopped).await;
    // While its server is away, what was known of it is still shown.
    rig.bench.server.go_away();
    rig.until_view("ospf", |view| view.stale_since.is_some()).await;
    let page = rig.bench.core.lab_inspect(&lab).await.unwrap();
    assert_eq!(page.positions["r1"], place);
    assert!(page.detail.as_of.is_some() && page.view.stale_since.is_some());
    let everything = rig.bench.core.everything().await;
    assert!(
        everything
            .iter()
            .any(|event| matches!(event, CoreEvent::Labs { labs, .. } if labs.len() == 1))
    );
    assert!(
        everything.iter().any(
            |event| matches!(event, CoreEvent::Templates { templates } if templates.len() == 1)
        )
    );
}

#[tokio::test]
async fn the_console_of_a_node_is_a_terminal_that_ends_with_the_lab() {
    let rig = Rig::start().await;
    let lab = rig.running("ospf").await;
    let page = rig.bench.core.lab_inspect(&lab).await.unwrap();
    let node = page.detail.nodes.iter().find(|node| node.name == "r1").unwrap();
    let workspace = WorkspaceRef {
        connection_id: rig.connection.clone(),
        workspace_id: node.console.clone().unwrap(),
    };
    let size = TerminalSize { columns: 80, rows: 24 };
    let view = rig.bench.core.terminal_open(workspace.clone(), size).await.unwrap();
    assert!(view.title.starts_with("r1: "), "{}", view.title);
    let mut log = rig.bench.core.log_follow(&workspace, None).await.unwrap();
    drop(log.next());
    let run = rig.change(&lab, LabVerb::Stop).await;
    rig.bench.until_over(&run).await;
    rig.bench
        .until("the end of the terminal", async || {
            let all = rig.bench.core.terminals().await.unwrap();
            all.iter().find(|one| one.id == view.id)?.ended.clone()
        })
        .await;
}

#[tokio::test]
async fn nodes_and_interfaces_are_reached() {
    let rig = Rig::start().await;
    let lab = rig.running("ospf").await;
    let core = &rig.bench.core;
    let said = core.lab_exec(&lab, &["r1".into()], "show ip route").await.unwrap();
    assert_eq!(said[0].stdout, "show ip route");
    core.lab_node_change(&lab, "r1", NodeVerb::Stop).await.unwrap();
    rig.until_view("ospf", |view| view.lab.state == LabState::Partly).await;
    let pause = core.lab_node_change(&lab, "r1", NodeVerb::Pause).await;
    assert_eq!(code(pause), ErrorCode::Unsupported);
    let capture = core.lab_capture(&lab, "r1", "eth1").await.unwrap();
    let opened = rig.bench.host.opened.lock().unwrap().clone();
    assert_eq!(opened, [format!("browser {}", capture.url)]);
    let worse = Impairment {
        node: "r1".into(),
        interface: "eth1".into(),
        delay_ms: Some(20.0),
        jitter_ms: None,
        loss_percent: Some(101.0),
        rate_kbit: None,
        corruption_percent: None,
    };
    assert_eq!(code(core.lab_impair(&lab, worse.clone()).await), ErrorCode::Invalid);
    let worse = Impairment { loss_percent: Some(1.0), ..worse };
    core.lab_impair(&lab, worse.clone()).await.unwrap();
    assert_eq!(core.lab_impairments(&lab).await.unwrap(), [worse]);
    let mut rates = core.lab_rates_follow(&lab).await.unwrap();
    assert_eq!(rates.next().await.unwrap().unwrap()[0].interface, "eth1");
    rig.bench.server.go_away();
    let end = rig.bench.until("the end of the rates", async || Some(())).await;
    let () = end;
    assert!(rates.next().await.unwrap().is_err());
}

#[tokio::test]
async fn a_lab_is_stopped_when_its_time_has_come() {
    let rig = Rig::start().await;
    let lab = rig.running("ospf").await;
    let core = &rig.bench.core;
    assert_eq!(code(core.lab_auto_stop(&lab, Some(1), None).await), ErrorCode::Invalid);
    core.lab_auto_stop(&lab, None, Some(60)).await.unwrap();
    let view = rig.until_view("ospf", |view| view.auto_stop.is_some()).await;
    assert_eq!(view.auto_stop.unwrap().after_minutes, Some(60));
    rig.bench.host.ahead_ms.store(61 * 60 * 1000, Ordering::Relaxed);
    rig.until_view("ospf", |view| view.lab.state == LabState::Stopped).await;
    // It counts again from the next start.
    let run = rig.change(&lab, LabVerb::Start).await;
    let run = rig.bench.until_over(&run).await;
    let stop = rig.view("ospf").await.unwrap().auto_stop.unwrap();
    assert!(stop.at > run.started_at + 59 * 60 * 1000, "{stop:?}");
}

/// Waits until the person was told that this lab should not run any more.
async fn until_overdue(rig: &Rig, lab: &LabRef) {
    rig.bench
        .until("the notice", async || {
            let notices = rig.bench.core.notices().await.unwrap();
            let is_it = |kind: &NoticeKind| {
                matches!(kind, NoticeKind::LabOverdue { lab: about, .. } if about == lab)
            };
            notices.iter().any(|notice| is_it(&notice.kind)).then_some(())
        })
        .await;
}

#[tokio::test]
async fn a_stop_by_itself_that_fails_is_told() {
    let rig = Rig::start().await;
    let lab = rig.running("ospf").await;
    rig.bench.core.lab_auto_stop(&lab, None, Some(60)).await.unwrap();
    rig.bench.server.change_labs(|labs| labs.are_held = true);
    rig.bench.host.ahead_ms.store(61 * 60 * 1000, Ordering::Relaxed);
    let view = rig.until_view("ospf", |view| view.run_id.is_some()).await;
    assert!(view.auto_stop.is_some(), "it is not over yet");
    rig.until_log(&view.run_id.unwrap(), "job-2 took").await;
    rig.bench.server.end_job("job-2", Err("docker hangs".into()));
    until_overdue(&rig, &lab).await;
    let view = rig.until_view("ospf", |view| view.run_id.is_none()).await;
    assert_eq!(view.auto_stop.unwrap().at, 0, "it is not tried again and again");
}

#[tokio::test]
async fn a_time_that_was_missed_is_asked_about() {
    let rig = Rig::start().await;
    let lab = rig.running("ospf").await;
    rig.bench.core.lab_auto_stop(&lab, None, Some(60)).await.unwrap();
    // The computer slept.
    rig.bench.host.ahead_ms.store(3 * 60 * 60 * 1000, Ordering::Relaxed);
    until_overdue(&rig, &lab).await;
    let view = rig.view("ospf").await.unwrap();
    assert_eq!((view.lab.state, view.run_id), (LabState::Running, None));
}
