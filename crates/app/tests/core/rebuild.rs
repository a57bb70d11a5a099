//! Rebuilds: what follows the workspace, what comes back, and what a crash in the middle leaves.

use model::{
    ASIDE_SUFFIX, ErrorCode, FormValues, RunId, RunStatus, WorkspaceId, WorkspaceRef,
    WorkspaceState,
};
use store::Store;
use testkit::fake::ApplyStop;

use crate::bench::{Bench, code, reference};
use crate::runs::crash;

async fn running(bench: &Bench) -> WorkspaceRef {
    let id = bench.server.add("atlas-api", WorkspaceState::Running);
    let connection = bench.connected().await;
    bench.until_row("atlas-api", |row| row.stale_since.is_none()).await;
    reference(&connection, &id)
}

async fn rebuild(bench: &Bench, workspace: &WorkspaceRef, input: &FormValues) -> RunId {
    let plan = bench.core.rebuild_plan(workspace, input).await.unwrap().plan;
    bench.core.workspace_rebuild(workspace, plan).await.unwrap()
}

/// Waits until the new one is written down, so that a crash finds it.
async fn until_written(bench: &Bench, run_id: &RunId, old: &WorkspaceId) {
    let store = Store::open(&bench.folder.path().join("data")).await.unwrap().store;
    let written = async || {
        let id = store.get_run(run_id).await.unwrap()?.subject.workspace_id?;
        (id != *old).then_some(())
    };
    bench.until("the new id on disk", written).await;
    store.close().await;
}

fn names(bench: &Bench) -> Vec<String> {
    let state = bench.server.state();
    let mut names: Vec<String> = state.workspaces.iter().map(|row| row.name.clone()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn favourite_and_forwards_follow_to_the_new_one() {
    let bench = Bench::start().await;
    let workspace = running(&bench).await;
    bench.core.workspace_favourite(workspace.clone(), true).await.unwrap();
    let forward = bench.core.forward_open(workspace.clone(), 8080).await.unwrap();
    let run_id = rebuild(&bench, &workspace, &FormValues::new()).await;
    let run = bench.until_over(&run_id).await;
    assert_eq!((run.status, run.error), (RunStatus::Succeeded, None));
    let new = run.subject.workspace_id.unwrap();
    assert_ne!(new, workspace.workspace_id);
    let row = bench.until_row("atlas-api", |row| !row.forwards.is_empty()).await;
    assert_eq!(row.workspace_ref.workspace_id, new);
    assert!(row.is_favourite);
    assert_eq!(row.forwards[0].local_port, forward.local_port);
    assert_eq!(names(&bench), ["atlas-api"]);
    let after = bench.restart().await;
    let row = after.until_row("atlas-api", |row| row.stale_since.is_none()).await;
    assert!(row.is_favourite, "it is stored");
}

#[tokio::test]
async fn a_cancelled_rebuild_brings_the_old_one_back_with_its_forwards() {
    let bench = Bench::start().await;
    let workspace = running(&bench).await;
    let forward = bench.core.forward_open(workspace.clone(), 8080).await.unwrap();
    bench.server.state().apply_stop = ApplyStop::AfterMaking;
    let run_id = rebuild(&bench, &workspace, &FormValues::new()).await;
    until_written(&bench, &run_id, &workspace.workspace_id).await;
    let means = bench.core.run(&run_id).await.unwrap().cancel_means.unwrap();
    assert_eq!(means, "Stops, and brings atlas-api back as it was before.");
    assert_eq!(code(bench.core.workspace_stop(&workspace).await), ErrorCode::Busy);
    bench.core.run_cancel(&run_id).await.unwrap();
    let run = bench.until_over(&run_id).await;
    assert_eq!((run.status, run.leftover), (RunStatus::Cancelled, None));
    assert_eq!(run.subject.workspace_id.as_ref(), Some(&workspace.workspace_id));
    let row = bench.until_row("atlas-api", |row| !row.forwards.is_empty()).await;
    assert_eq!(row.forwards[0].local_port, forward.local_port);
    assert_eq!(names(&bench), ["atlas-api"]);
}

#[tokio::test]
async fn after_a_crash_the_old_one_is_brought_back_on_request() {
    let bench = Bench::start().await;
    let workspace = running(&bench).await;
    bench.server.state().apply_stop = ApplyStop::AfterMaking;
    let run_id = rebuild(&bench, &workspace, &FormValues::new()).await;
    until_written(&bench, &run_id, &workspace.workspace_id).await;
    let folder = crash(&bench);
    let after = Bench::start_in(folder, bench.server.clone()).await;
    let looked = async || after.core.run(&run_id).await.unwrap().leftover;
    let leftover = after.until("what was put aside", looked).await;
    assert_eq!(leftover, workspace.workspace_id);
    assert_eq!(after.core.run(&run_id).await.unwrap().status, RunStatus::Interrupted);
    let restore = after.core.run_restore(&run_id).await.unwrap();
    let restored = after.until_over(&restore).await;
    assert_eq!((restored.status, restored.verb.as_str()), (RunStatus::Succeeded, "restore"));
    assert_eq!(after.core.run(&run_id).await.unwrap().leftover, None);
    assert_eq!(names(&after), ["atlas-api"]);
    let row = after.until_row("atlas-api", |row| row.stale_since.is_none()).await;
    assert_eq!(row.workspace_ref.workspace_id, workspace.workspace_id);
    assert_eq!(code(after.core.run_restore(&run_id).await), ErrorCode::NotFound);
}

#[tokio::test]
async fn the_new_one_may_be_kept_instead_but_only_when_there_is_one() {
    let bench = Bench::start().await;
    let workspace = running(&bench).await;
    bench.server.state().apply_stop = ApplyStop::FailAfterMaking;
    let run_id = rebuild(&bench, &workspace, &FormValues::new()).await;
    let run = bench.until_over(&run_id).await;
    assert_eq!(run.error.unwrap().message, "the fake server brings nothing back");
    assert_eq!(run.leftover.as_ref(), Some(&workspace.workspace_id));
    assert_eq!(names(&bench), ["atlas-api", &format!("atlas-api{ASIDE_SUFFIX}")]);
    let new = bench.server.state().workspaces.pop().unwrap();
    assert_eq!(code(bench.core.run_remove_leftover(&run_id).await), ErrorCode::Conflict);
    bench.server.state().workspaces.push(new);
    let removal = bench.core.run_remove_leftover(&run_id).await.unwrap();
    assert_eq!(bench.until_over(&removal).await.status, RunStatus::Succeeded);
    assert_eq!(names(&bench), ["atlas-api"]);
    assert_eq!(bench.core.run(&run_id).await.unwrap().leftover, None);
}

#[tokio::test]
async fn a_rebuild_whose_link_broke_is_undone_when_the_server_is_back() {
    let bench = Bench::start().await;
    let workspace = running(&bench).await;
    bench.server.state().apply_stop = ApplyStop::AfterMaking;
    let run_id = rebuild(&bench, &workspace, &FormValues::new()).await;
    until_written(&bench, &run_id, &workspace.workspace_id).await;
    bench.server.go_away();
    let run = bench.until_over(&run_id).await;
    assert_eq!((run.status, run.leftover), (RunStatus::Failed, None));
    bench.server.come_back();
    bench.core.connection_connect(&workspace.connection_id).await.unwrap();
    let back = async || (names(&bench) == ["atlas-api"]).then_some(());
    bench.until("the old one", back).await;
    let row = bench.until_row("atlas-api", |row| row.stale_since.is_none()).await;
    assert_eq!(row.workspace_ref.workspace_id, workspace.workspace_id);
}

#[tokio::test]
async fn a_retry_plans_anew_and_values_are_not_stored() {
    let bench = Bench::start().await;
    let workspace = running(&bench).await;
    let input: FormValues = [("extras".to_owned(), "TOKEN=abc".to_owned())].into();
    let first = rebuild(&bench, &workspace, &input).await;
    let run = bench.until_over(&first).await;
    assert_eq!(run.input["extras"], "TOKEN");
    bench
        .until_row("atlas-api", |row| row.workspace_ref.workspace_id != workspace.workspace_id)
        .await;
    let again = bench.core.run_retry(&first).await.unwrap();
    assert_eq!(bench.until_over(&again).await.status, RunStatus::Succeeded);
    let inputs = bench.server.state().applied_inputs.clone();
    assert_eq!(inputs[1]["extras"], "TOKEN=abc");
    assert_ne!(inputs[0]["old_id"], inputs[1]["old_id"]);
}
