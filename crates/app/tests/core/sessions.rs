//! Connections come, go and come back; what a person stopped stays stopped.

use backend_api::BackendError;
use model::{ConnectionState, ErrorCode, WorkspaceState};

use crate::bench::{Bench, input};

#[tokio::test]
async fn a_first_failure_is_shown_and_not_retried() {
    let bench = Bench::start().await;
    bench.server.go_away();
    let view = bench.core.connection_create(input("forge-1")).await.unwrap();
    let id = view.connection.id;
    let state = bench.until_state(&id, |s| matches!(s, ConnectionState::Failed { .. })).await;
    let ConnectionState::Failed { error, last_seen } = state else { panic!("{state:?}") };
    assert_eq!((error.code, last_seen), (ErrorCode::Unreachable, None));
}

#[tokio::test]
async fn a_server_that_went_away_is_found_again_and_its_rows_are_stale_meanwhile() {
    let bench = Bench::start().await;
    bench.server.add("atlas-api", WorkspaceState::Running);
    let id = bench.connected().await;
    bench.until_row("atlas-api", |row| row.stale_since.is_none()).await;
    bench.server.go_away();
    bench.core.connection_connect(&id).await.unwrap();
    bench.until_state(&id, |s| matches!(s, ConnectionState::Reconnecting { .. })).await;
    let row = bench.until_row("atlas-api", |row| row.stale_since.is_some()).await;
    assert_eq!(row.workspace.state, WorkspaceState::Unknown);
    bench.server.come_back();
    bench.until_connected(&id).await;
    let row = bench.until_row("atlas-api", |row| row.stale_since.is_none()).await;
    assert_eq!(row.workspace.state, WorkspaceState::Running);
}

#[tokio::test]
async fn what_the_person_stopped_stays_stopped() {
    let bench = Bench::start().await;
    let id = bench.connected().await;
    bench.server.go_away();
    bench.core.connection_connect(&id).await.unwrap();
    bench.until_state(&id, |s| matches!(s, ConnectionState::Reconnecting { .. })).await;
    bench.core.connection_disconnect(&id).await.unwrap();
    bench.server.come_back();
    let connects = bench.server.connects();
    bench.core.workspaces_refresh().await.unwrap();
    bench.until_state(&id, |s| matches!(s, ConnectionState::Disconnected)).await;
    assert_eq!(bench.server.connects(), connects);
    bench.core.connection_connect(&id).await.unwrap();
    bench.until_connected(&id).await;
}

#[tokio::test]
async fn a_refused_login_is_not_tried_again() {
    let bench = Bench::start().await;
    let id = bench.connected().await;
    bench.core.connection_disconnect(&id).await.unwrap();
    bench.server.state().refusals.push(BackendError::unauthorized("the login is refused"));
    bench.core.connection_connect(&id).await.unwrap();
    bench.until_state(&id, |s| matches!(s, ConnectionState::Failed { .. })).await;
    assert_eq!(bench.server.connects(), 2);
}

#[tokio::test]
async fn a_restart_connects_and_shows_what_was_known_at_once() {
    let bench = Bench::start().await;
    bench.server.add("atlas-api", WorkspaceState::Running);
    bench.connected().await;
    bench.until_row("atlas-api", |row| row.stale_since.is_none()).await;
    bench.server.go_away();
    let bench = bench.restart().await;
    let rows = bench.core.workspaces().await.unwrap();
    assert_eq!(rows.len(), 1);
    assert!(rows[0].stale_since.is_some());
    // At the start of the app the network may come later: this one is retried.
    let id = rows[0].workspace_ref.connection_id.clone();
    bench.until_state(&id, |s| matches!(s, ConnectionState::Reconnecting { .. })).await;
    bench.server.come_back();
    bench.until_connected(&id).await;
}
