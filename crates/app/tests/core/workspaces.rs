//! The list follows the server by itself; favourites and measurements stay with their workspaces.

use app::OpenIn;
use model::{ErrorCode, WorkspaceState};

use crate::bench::{Bench, reference};

#[tokio::test]
async fn changes_on_the_server_show_without_asking() {
    let bench = Bench::start().await;
    bench.connected().await;
    bench.server.add("atlas-api", WorkspaceState::Running);
    let row = bench.until_row("atlas-api", |_| true).await;
    assert_eq!(row.connection_name, "forge-1");
}

#[tokio::test]
async fn a_favourite_stays_one_after_a_restart() {
    let bench = Bench::start().await;
    let workspace = bench.server.add("atlas-api", WorkspaceState::Stopped);
    let id = bench.connected().await;
    bench.until_row("atlas-api", |_| true).await;
    bench.core.workspace_favourite(reference(&id, &workspace), true).await.unwrap();
    bench.until_row("atlas-api", |row| row.is_favourite).await;
    assert!(bench.core.tray_state().borrow().workspaces[0].is_favourite);
    let bench = bench.restart().await;
    bench.until_row("atlas-api", |row| row.is_favourite).await;
}

#[tokio::test]
async fn measurements_come_while_somebody_looks_and_history_comes_first() {
    let bench = Bench::start().await;
    bench.server.add("atlas-api", WorkspaceState::Running);
    bench.connected().await;
    let mut first = bench.core.metrics_follow();
    assert!(first.next().await.unwrap().is_empty());
    let batch = first.next().await.unwrap();
    assert_eq!(batch[0].samples[0].memory_bytes, 1024);
    let mut second = bench.core.metrics_follow();
    assert!(!second.next().await.unwrap()[0].samples.is_empty());
}

#[tokio::test]
async fn a_page_opens_once_in_a_window_of_its_own() {
    let bench = Bench::start().await;
    let workspace = bench.server.add("atlas-api", WorkspaceState::Running);
    let id = bench.connected().await;
    bench.until_row("atlas-api", |_| true).await;
    let workspace = reference(&id, &workspace);
    bench.core.page_open(workspace.clone(), None, OpenIn::Preferred).await.unwrap();
    bench.core.page_open(workspace, Some(8080), OpenIn::Browser).await.unwrap();
    let opened = bench.host.opened.lock().unwrap().clone();
    assert!(opened[0].starts_with("window page-"), "{opened:?}");
    assert!(opened[0].contains("atlas-api: IDE http://ws-"), "{opened:?}");
    assert!(opened[1].starts_with("browser http://ws-"), "{opened:?}");
    // One origin for the workspace's port, so that a login in it is found again.
    let origin =
        |text: &str| text.split("http://").nth(1).unwrap().split('/').next().unwrap().to_owned();
    assert_eq!(origin(&opened[0]), origin(&opened[1]));
}

#[tokio::test]
async fn a_page_of_a_stopped_workspace_says_what_to_do() {
    let bench = Bench::start().await;
    let workspace = bench.server.add("atlas-api", WorkspaceState::Stopped);
    let id = bench.connected().await;
    bench.until_row("atlas-api", |_| true).await;
    let opened = bench.core.page_open(reference(&id, &workspace), None, OpenIn::Window).await;
    let failure = opened.unwrap_err();
    assert_eq!(failure.code, ErrorCode::Conflict);
    assert_eq!(failure.hint.as_deref(), Some("Start atlas-api first."));
}

#[tokio::test]
async fn a_whole_log_is_saved_to_a_file() {
    let bench = Bench::start().await;
    let workspace = bench.server.add("atlas-api", WorkspaceState::Running);
    bench.server.state().log = (0..1000).map(|n| format!("line {n}")).collect();
    let id = bench.connected().await;
    bench.until_row("atlas-api", |_| true).await;
    let workspace = reference(&id, &workspace);
    assert_eq!(bench.core.log_save(&workspace).await.unwrap(), None, "cancelled by the person");
    let path = bench.folder.path().join("out.log");
    *bench.host.save_to.lock().unwrap() = Some(path.clone());
    assert_eq!(bench.core.log_save(&workspace).await.unwrap(), Some(path.clone()));
    let text = std::fs::read_to_string(path).unwrap();
    assert_eq!(text.lines().count(), 1000);
    assert_eq!(text.lines().next_back(), Some("line 999"));
}
