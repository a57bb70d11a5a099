//! Runs are written down before and while they go on; a crash leaves them interrupted, with their leftovers.

use std::{sync::Arc, time::Duration};

use app::CoreEvent;
use futures::StreamExt as _;
use model::{
    ConnectionId, ErrorCode, LogLine, Plan, RemoveVolumes, Run, RunId, RunStatus, StepStatus,
    WorkspaceState,
};
use store::Store;
use tempfile::TempDir;
use testkit::fake::ApplyStop;

use crate::bench::{Bench, code, reference};

async fn plan(bench: &Bench, id: &ConnectionId, name: &str) -> Plan {
    let input = [("name".to_owned(), name.to_owned())].into();
    bench.core.workspace_plan(id, &input).await.unwrap()
}

async fn log(bench: &Bench, id: &RunId) -> Vec<String> {
    let batches: Vec<_> = bench.core.run_log_follow(id).await.unwrap().collect().await;
    let lines: Vec<LogLine> = batches.into_iter().flat_map(Result::unwrap).collect();
    lines.into_iter().map(|line| line.text).collect()
}

fn steps(run: &Run) -> Vec<(&str, StepStatus)> {
    run.steps.iter().map(|step| (step.name.as_str(), step.status)).collect()
}

#[tokio::test]
async fn a_create_goes_through_its_steps_and_leaves_a_log() {
    let bench = Bench::start().await;
    let id = bench.connected().await;
    let run_id =
        bench.core.workspace_create(&id, plan(&bench, &id, "atlas-api").await).await.unwrap();
    let followed = log(&bench, &run_id).await;
    assert_eq!(followed, ["making", "starting"]);
    let run = bench.until_over(&run_id).await;
    assert_eq!(run.status, RunStatus::Succeeded);
    assert_eq!(steps(&run), [("Make", StepStatus::Succeeded), ("Start", StepStatus::Succeeded)]);
    assert!(run.steps.iter().all(|step| step.started_at.is_some() && step.ended_at.is_some()));
    assert_eq!(run.log_lines, 2);
    // The list was true before the run was over.
    let rows = bench.core.workspaces().await.unwrap();
    assert_eq!(rows[0].workspace.state, WorkspaceState::Running);
    let bench = bench.restart().await;
    assert_eq!(bench.core.runs("atlas", None, 10).await.unwrap(), [run]);
    assert_eq!(log(&bench, &run_id).await, ["making", "starting"]);
}

#[tokio::test]
async fn a_workspace_shows_what_is_done_to_it_and_takes_one_run_at_a_time() {
    let bench = Bench::start().await;
    let workspace = bench.server.add("atlas-api", WorkspaceState::Running);
    let id = bench.connected().await;
    bench.until_row("atlas-api", |_| true).await;
    let workspace = reference(&id, &workspace);
    bench.server.hold_back();
    let run_id = bench.core.workspace_stop(&workspace).await.unwrap();
    bench.until_row("atlas-api", |row| row.workspace.state == WorkspaceState::Stopping).await;
    assert_eq!(code(bench.core.workspace_start(&workspace).await), ErrorCode::Busy);
    bench.server.let_through(1);
    let run = bench.until_over(&run_id).await;
    assert_eq!(run.status, RunStatus::Succeeded);
    bench.until_row("atlas-api", |row| row.workspace.state == WorkspaceState::Stopped).await;
}

#[tokio::test]
async fn a_run_that_does_not_show_has_the_workspace_for_itself_too() {
    let bench = Bench::start().await;
    let workspace = bench.server.add("atlas-api", WorkspaceState::Running);
    let id = bench.connected().await;
    bench.until_row("atlas-api", |_| true).await;
    let workspace = reference(&id, &workspace);
    bench.server.hold_back();
    let run_id = bench.core.workspace_rename(&workspace, "atlas-web").await.unwrap();
    assert_eq!(code(bench.core.workspace_stop(&workspace).await), ErrorCode::Busy);
    let shown = bench.core.workspaces().await.unwrap();
    assert_eq!(shown[0].workspace.state, WorkspaceState::Running, "a rename does not show");
    bench.server.let_through(1);
    assert_eq!(bench.until_over(&run_id).await.status, RunStatus::Succeeded);
    let next = bench.core.workspace_stop(&workspace).await.unwrap();
    bench.server.let_through(1);
    assert_eq!(bench.until_over(&next).await.status, RunStatus::Succeeded);
}

#[tokio::test]
async fn a_cancelled_run_says_so_and_takes_away_what_was_made() {
    let bench = Bench::start().await;
    let id = bench.connected().await;
    bench.server.state().apply_stop = ApplyStop::AfterMaking;
    let run_id =
        bench.core.workspace_create(&id, plan(&bench, &id, "atlas-api").await).await.unwrap();
    let made = async || bench.core.run(&run_id).await.unwrap().subject.workspace_id;
    bench.until("the container", made).await;
    let means = bench.core.run(&run_id).await.unwrap().cancel_means.unwrap();
    assert_eq!(means, "Stops, and takes away what was made of atlas-api so far.");
    bench.core.run_cancel(&run_id).await.unwrap();
    let run = bench.until_over(&run_id).await;
    assert_eq!((run.status, run.leftover, run.cancel_means), (RunStatus::Cancelled, None, None));
    assert!(bench.server.state().workspaces.is_empty());
}

#[tokio::test]
async fn a_failed_create_names_what_it_could_not_take_away_and_removes_it_on_request() {
    let bench = Bench::start().await;
    let id = bench.connected().await;
    bench.server.state().apply_stop = ApplyStop::FailAfterMaking;
    let run_id =
        bench.core.workspace_create(&id, plan(&bench, &id, "atlas-api").await).await.unwrap();
    let run = bench.until_over(&run_id).await;
    assert_eq!(run.status, RunStatus::Failed);
    assert_eq!(run.error.unwrap().message, "the fake server refuses to start it");
    assert!(run.leftover.is_some());
    let removal = bench.core.run_remove_leftover(&run_id).await.unwrap();
    assert_eq!(bench.until_over(&removal).await.status, RunStatus::Succeeded);
    assert_eq!(bench.core.run(&run_id).await.unwrap().leftover, None);
    assert!(bench.server.state().workspaces.is_empty());
    assert_eq!(code(bench.core.run_remove_leftover(&run_id).await), ErrorCode::NotFound);
}

/// What stands on disk at this moment, as after `kill -9`: a copy taken while the run goes on.
pub(crate) fn crash(bench: &Bench) -> Arc<TempDir> {
    let copy = TempDir::new().unwrap();
    let data = copy.path().join("data");
    std::fs::create_dir(&data).unwrap();
    for entry in std::fs::read_dir(bench.folder.path().join("data")).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), data.join(entry.file_name())).unwrap();
        }
    }
    Arc::new(copy)
}

#[tokio::test]
async fn after_a_crash_the_run_is_interrupted_and_its_container_is_offered_for_removal() {
    let bench = Bench::start().await;
    let id = bench.connected().await;
    bench.server.state().apply_stop = ApplyStop::AfterMaking;
    let run_id =
        bench.core.workspace_create(&id, plan(&bench, &id, "atlas-api").await).await.unwrap();
    let store = Store::open(&bench.folder.path().join("data")).await.unwrap().store;
    let written = async || store.get_run(&run_id).await.unwrap().unwrap().subject.workspace_id;
    bench.until("the id on disk", written).await;
    store.close().await;
    let folder = crash(&bench);
    let after = Bench::start_in(folder, bench.server.clone()).await;
    let run = after.core.run(&run_id).await.unwrap();
    assert_eq!(run.status, RunStatus::Interrupted);
    assert_eq!(steps(&run), [("Make", StepStatus::Failed), ("Start", StepStatus::Skipped)]);
    let told = async || after.core.notices().await.unwrap().into_iter().next();
    let notice = after.until("the notice", told).await;
    assert!(
        matches!(&notice.kind, model::NoticeKind::RunEnded { run_id: told, status, .. }
            if *told == run_id && *status == RunStatus::Interrupted),
        "{notice:?}"
    );
    let looked = async || after.core.run(&run_id).await.unwrap().leftover;
    let leftover = after.until("the leftover", looked).await;
    assert_eq!(leftover.as_str(), "id-atlas-api");
    let removal = after.core.run_remove_leftover(&run_id).await.unwrap();
    assert_eq!(after.until_over(&removal).await.status, RunStatus::Succeeded);
    assert_eq!(after.core.run(&run_id).await.unwrap().leftover, None);
}

#[tokio::test]
async fn an_interrupted_run_that_left_nothing_offers_nothing() {
    let bench = Bench::start().await;
    let id = bench.connected().await;
    bench.server.state().apply_stop = ApplyStop::AfterMaking;
    let run_id =
        bench.core.workspace_create(&id, plan(&bench, &id, "atlas-api").await).await.unwrap();
    bench
        .until("the container", async || {
            bench.core.run(&run_id).await.unwrap().subject.workspace_id
        })
        .await;
    let folder = crash(&bench);
    bench.core.shutdown().await;
    assert!(bench.server.state().workspaces.is_empty(), "a shutdown takes it away");
    bench.server.add("sign", WorkspaceState::Running);
    let after = Bench::start_in(folder, bench.server.clone()).await;
    after.until_row("sign", |row| row.stale_since.is_none()).await;
    let run = after.core.run(&run_id).await.unwrap();
    assert_eq!((run.status, run.leftover), (RunStatus::Interrupted, None));
}

#[tokio::test]
async fn a_retry_does_the_same_again() {
    let bench = Bench::start().await;
    let workspace = bench.server.add("atlas-api", WorkspaceState::Running);
    let id = bench.connected().await;
    bench.until_row("atlas-api", |_| true).await;
    let removed = bench
        .core
        .workspace_remove(&reference(&id, &workspace), RemoveVolumes::Delete, false)
        .await
        .unwrap();
    let first = bench.until_over(&removed).await;
    assert_eq!(first.input.get("volumes").map(String::as_str), Some("delete"));
    assert_eq!(code(bench.core.run_retry(&removed).await), ErrorCode::NotFound);
    let made =
        bench.core.workspace_create(&id, plan(&bench, &id, "atlas-web").await).await.unwrap();
    bench.until_over(&made).await;
    let failure = bench.core.run_retry(&made).await.unwrap_err();
    assert_eq!(failure.field.as_deref(), Some("name"));
    assert_eq!(failure.hint.as_deref(), Some("atlas-web-2 would work."));
}

#[tokio::test]
async fn a_retry_has_the_variables_until_the_app_ends_and_their_names_afterwards() {
    let bench = Bench::start().await;
    let id = bench.connected().await;
    bench.server.state().apply_stop = ApplyStop::FailAfterMaking;
    // A line without a name may be the rest of a value.
    let typed = "API_TOKEN=canary=1\nrest-of-canary\n MODE =canary";
    let input = [("name", "atlas-api"), ("extras", typed)].map(|(k, v)| (k.into(), v.into()));
    let plan = bench.core.workspace_plan(&id, &input.into()).await.unwrap();
    let first = bench.core.workspace_create(&id, plan).await.unwrap();
    let run = bench.until_over(&first).await;
    assert_eq!(run.input["extras"], "API_TOKEN\nMODE");
    let made = |bench: &Bench| bench.server.state().applied_inputs.clone();
    bench.server.state().workspaces.clear();
    let second = bench.core.run_retry(&first).await.unwrap();
    assert_eq!(bench.until_over(&second).await.input, run.input);
    bench.server.state().workspaces.clear();
    let third = bench.core.run_retry(&second).await.unwrap();
    bench.until_over(&third).await;
    assert_eq!(made(&bench).iter().map(|input| &input["extras"]).collect::<Vec<_>>(), [typed; 3]);
    bench.server.state().workspaces.clear();
    let bench = bench.restart().await;
    bench.until_connected(&id).await;
    let failure = bench.core.run_retry(&third).await.unwrap_err();
    assert_eq!(failure.message, "the values in \"extras\" of atlas-api are not stored");
    let hint = "Fill in the form for a new workspace again. The names were: API_TOKEN, MODE.";
    assert_eq!(failure.hint.as_deref(), Some(hint));
    assert_eq!(made(&bench).len(), 3, "nothing was made without its variables");
}

#[tokio::test]
async fn the_end_of_a_run_is_told_after_the_list_that_it_leads_to() {
    let bench = Bench::start().await;
    let workspace = bench.server.add("atlas-api", WorkspaceState::Stopped);
    let id = bench.connected().await;
    bench.until_row("atlas-api", |_| true).await;
    let mut events = bench.core.events();
    bench.core.workspace_start(&reference(&id, &workspace)).await.unwrap();
    let mut is_running_told = false;
    loop {
        let told = tokio::time::timeout(Duration::from_secs(10), events.recv()).await;
        let event = told.expect("the end of the run is told").unwrap();
        match event.as_ref() {
            CoreEvent::Workspaces { workspaces, .. } => {
                is_running_told |=
                    workspaces.iter().any(|w| w.workspace.state == WorkspaceState::Running);
            }
            CoreEvent::Run { run } if run.status == RunStatus::Succeeded => {
                assert!(is_running_told, "the run ended before the list was true");
                return;
            }
            _ => {}
        }
    }
}
