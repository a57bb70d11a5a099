//! Adopting: a note that makes a workspace ours, is told to every session, and survives a restart.

use model::{WorkspaceOrigin, WorkspaceRef, WorkspaceState};

use crate::bench::Bench;

/// A workspace that neither l8s nor Moorline made.
async fn stranger(bench: &Bench) -> WorkspaceRef {
    let workspace_id = bench.server.add("postgres", WorkspaceState::Running);
    if let Some(row) = bench.server.state().workspaces.first_mut() {
        row.is_managed = false;
        row.origin = WorkspaceOrigin::Other;
    }
    let connection_id = bench.connected().await;
    let workspace = WorkspaceRef { connection_id, workspace_id };
    until_managed(bench, &workspace, false).await;
    workspace
}

async fn until_managed(bench: &Bench, workspace: &WorkspaceRef, is_managed: bool) {
    bench
        .until("the row", async || {
            let views = bench.core.workspaces().await.unwrap();
            let view = views.into_iter().find(|view| view.workspace_ref == *workspace)?;
            let is_adopted = view.adoption.is_some();
            (view.workspace.is_managed == is_managed && is_adopted == is_managed).then_some(())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_adopted_is_ours_until_it_is_let_go() {
    let bench = Bench::start().await;
    let workspace = stranger(&bench).await;
    let offer = bench.core.workspace_adoption(&workspace).await.unwrap();
    assert_eq!((offer.origin, offer.user.as_deref()), (WorkspaceOrigin::Other, Some("dev")));
    bench.core.workspace_adopt(workspace.clone(), Some(" dev ".into())).await.unwrap();
    until_managed(&bench, &workspace, true).await;
    let told = bench.server.state().adopted.get(&workspace.workspace_id).cloned();
    assert_eq!(told.unwrap().user.as_deref(), Some("dev"));
    let views = bench.core.workspaces().await.unwrap();
    assert_eq!(views[0].workspace.branch.as_deref(), Some("main"), "what was found out is shown");

    // A later start, and a new session, know it before they list.
    let bench = bench.restart().await;
    bench.until_connected(&workspace.connection_id).await;
    until_managed(&bench, &workspace, true).await;
    bench.core.workspace_release(workspace.clone()).await.unwrap();
    until_managed(&bench, &workspace, false).await;
    assert!(bench.server.state().adopted.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_deleted_takes_its_notes_with_it() {
    let bench = Bench::start().await;
    let workspace = stranger(&bench).await;
    bench.core.workspace_adopt(workspace.clone(), None).await.unwrap();
    bench.core.connection_delete(&workspace.connection_id).await.unwrap();
    let again = bench.connected().await;
    let workspace = WorkspaceRef { connection_id: again, ..workspace };
    until_managed(&bench, &workspace, false).await;
    let gone = WorkspaceRef { workspace_id: model::WorkspaceId::from_raw("gone"), ..workspace };
    bench.core.workspace_adopt(gone, None).await.unwrap_err();
}
