//! What happens while nobody looks is told through the system and kept; links wait for a yes.

use app::{CoreEvent, LinkAnswer, NavigateTarget};
use model::{
    ConnectionState, ErrorCode, LinkRequest, LinkTarget, NoticeKind, RunStatus, WorkspaceState,
};
use testkit::fake::ApplyStop;

use crate::bench::{Bench, input, reference};

async fn fail_a_create(bench: &Bench) -> model::RunId {
    let id = bench.connected().await;
    bench.server.state().apply_stop = ApplyStop::FailAfterMaking;
    let input = [("name".to_owned(), "atlas-api".to_owned())].into();
    let plan = bench.core.workspace_plan(&id, &input).await.unwrap();
    let run = bench.core.workspace_create(&id, plan).await.unwrap();
    assert_eq!(bench.until_over(&run).await.status, RunStatus::Failed);
    run
}

async fn until_told(bench: &Bench, count: usize) -> Vec<model::Notice> {
    bench
        .until("the notices", async || {
            let notices = bench.core.notices().await.unwrap();
            (notices.len() == count).then_some(notices)
        })
        .await
}

#[tokio::test]
async fn a_failed_run_is_told_through_the_system_while_nobody_looks_and_survives_a_restart() {
    let bench = Bench::start().await;
    bench.host.is_away.store(true, std::sync::atomic::Ordering::Relaxed);
    let run_id = fail_a_create(&bench).await;
    let notices = until_told(&bench, 1).await;
    let NoticeKind::RunEnded { run_id: told, name, status, .. } = &notices[0].kind else {
        panic!("{notices:?}");
    };
    assert_eq!((told, name.as_str(), *status), (&run_id, "atlas-api", RunStatus::Failed));
    let shown = bench.host.told.lock().unwrap().clone();
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].title, "atlas-api: create failed");
    let mut events = bench.core.events();
    bench.core.notice_open(shown[0].id.as_str());
    loop {
        if let CoreEvent::Navigate { target } = events.recv().await.unwrap().as_ref() {
            assert_eq!(*target, NavigateTarget::Run { run_id });
            break;
        }
    }
    let bench = bench.restart().await;
    assert_eq!(bench.core.notices().await.unwrap(), notices);
    bench.core.notices_read().await.unwrap();
    assert!(bench.core.notices().await.unwrap()[0].is_read);
    bench.core.notices_remove(None).await.unwrap();
    assert_eq!(bench.core.notices().await.unwrap(), []);
}

#[tokio::test]
async fn the_system_is_left_alone_while_somebody_looks_or_when_the_setting_says_so() {
    let bench = Bench::start().await;
    fail_a_create(&bench).await;
    until_told(&bench, 1).await;
    let settings = model::Settings { notifications: false, ..bench.core.settings() };
    bench.core.settings_set(settings).await.unwrap();
    bench.host.is_away.store(true, std::sync::atomic::Ordering::Relaxed);
    bench.server.go_away();
    let view = bench.core.connection_create(input("forge-2")).await.unwrap();
    let id = view.connection.id;
    bench.until_state(&id, |state| matches!(state, ConnectionState::Failed { .. })).await;
    let notices = until_told(&bench, 2).await;
    assert!(matches!(notices[0].kind, NoticeKind::ConnectionLost { is_final: true, .. }));
    assert_eq!(*bench.host.told.lock().unwrap(), []);
}

async fn opened(bench: &Bench, link: &str) -> LinkRequest {
    bench.core.link_open(link);
    bench.until(link, async || bench.core.links().await.unwrap().pop()).await
}

#[tokio::test]
async fn a_link_leads_somewhere_only_after_a_yes() {
    let bench = Bench::start().await;
    let workspace = bench.server.add("atlas-api", WorkspaceState::Stopped);
    let id = bench.connected().await;
    bench.until_row("atlas-api", |_| true).await;
    let connects = bench.server.connects();

    let link = opened(&bench, "moorline://workspace/Forge-1/atlas-api").await;
    let target = LinkTarget::Workspace {
        workspace: reference(&id, &workspace),
        name: "atlas-api".into(),
        connection_name: "forge-1".into(),
    };
    assert_eq!(link.target, target);
    let ignored = bench.core.link_answer(link.id, LinkAnswer::Ignore).await.unwrap();
    assert_eq!((ignored, bench.core.links().await.unwrap()), (None, vec![]));

    let link = opened(&bench, "moorline://workspace/forge-1/atlas-api").await;
    let followed = bench.core.link_answer(link.id.clone(), LinkAnswer::Follow).await.unwrap();
    assert_eq!(followed, Some(target));
    assert_eq!(bench.core.link_answer(link.id, LinkAnswer::Follow).await.unwrap(), None);
    // Nothing was done to anything meanwhile.
    assert_eq!(bench.server.connects(), connects);
    assert_eq!(bench.core.runs("", None, 10).await.unwrap(), []);
}

#[tokio::test]
async fn a_link_to_nothing_says_what_is_missing_and_a_flood_is_not_heard() {
    let bench = Bench::start().await;
    let failure_of = |link: LinkRequest| match link.target {
        LinkTarget::Nowhere { failure } => failure,
        other => panic!("{other:?}"),
    };
    let unknown = failure_of(opened(&bench, "moorline://connection/forge-77").await);
    assert_eq!(unknown.code, ErrorCode::NotFound);
    assert_eq!(unknown.message, "there is no connection called \"forge-77\" here");
    for link in bench.core.links().await.unwrap() {
        let followed = bench.core.link_answer(link.id, LinkAnswer::Follow).await.unwrap();
        assert_eq!(followed, None);
    }
    let wrong = failure_of(opened(&bench, "moorline://stop/everything\u{7}").await);
    assert_eq!(wrong.code, ErrorCode::Invalid);
    for _ in 0..20 {
        bench.core.link_open("moorline://connection/forge-77");
    }
    bench
        .until("the links", async || (bench.core.links().await.unwrap().len() == 4).then_some(()))
        .await;
}
