//! Terminals go on without anybody looking, and whoever looks later sees what was printed.

use app::TerminalFollow;
use model::{ErrorCode, TerminalSize, TerminalView, WorkspaceRef, WorkspaceState};

use crate::bench::{Bench, code, reference};

const SIZE: TerminalSize = TerminalSize { columns: 80, rows: 24 };

async fn workspace(bench: &Bench) -> WorkspaceRef {
    let workspace = bench.server.add("atlas-api", WorkspaceState::Running);
    let id = bench.connected().await;
    bench.until_row("atlas-api", |_| true).await;
    reference(&id, &workspace)
}

async fn open(bench: &Bench) -> TerminalView {
    let workspace = workspace(bench).await;
    bench.core.terminal_open(workspace, SIZE).await.unwrap()
}

async fn read_until(follow: &mut TerminalFollow, wanted: &str) -> String {
    let mut all = String::new();
    while !all.contains(wanted) {
        let chunk = follow.next().await.unwrap_or_else(|| panic!("ended after {all:?}"));
        assert!(chunk.len() <= 16 * 1024);
        all.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    all
}

#[tokio::test]
async fn two_who_look_see_the_same() {
    let bench = Bench::start().await;
    let view = open(&bench).await;
    assert_eq!(view.title, "atlas-api: sh");
    let mut first = bench.core.terminal_follow(&view.id).await.unwrap();
    bench.core.terminal_write(&view.id, "ls\n".into()).await.unwrap();
    assert_eq!(read_until(&mut first, "ls\n").await, "$ ls\n");
    let mut second = bench.core.terminal_follow(&view.id).await.unwrap();
    assert_eq!(read_until(&mut second, "ls\n").await, "$ ls\n");
    bench.core.terminal_resize(&view.id, TerminalSize { columns: 100, rows: 30 }).await.unwrap();
    read_until(&mut first, "[100x30]").await;
    read_until(&mut second, "[100x30]").await;
}

#[tokio::test]
async fn a_program_that_ends_leaves_its_code_and_what_it_printed() {
    let bench = Bench::start().await;
    let view = open(&bench).await;
    bench.core.terminal_write(&view.id, "exit".into()).await.unwrap();
    let ended = bench
        .until("the end", async || bench.core.terminals().await.unwrap()[0].ended.clone())
        .await;
    assert_eq!((ended.exit_code, ended.message.as_str()), (Some(3), "ended with exit code 3"));
    let mut late = bench.core.terminal_follow(&view.id).await.unwrap();
    assert_eq!(late.next().await.as_deref(), Some(b"$ ".as_slice()));
    assert_eq!(late.next().await, None);
    assert_eq!(code(bench.core.terminal_write(&view.id, "x".into()).await), ErrorCode::Conflict);
    bench.core.terminal_close(view.id).await.unwrap();
    assert!(bench.core.terminals().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_flood_that_nobody_reads_stays_within_two_megabytes() {
    let bench = Bench::start().await;
    let mut flood = vec![b'x'; 5 * 1024 * 1024];
    flood.extend_from_slice(b"THE END");
    bench.server.state().greeting = flood;
    let view = open(&bench).await;
    bench.core.terminal_write(&view.id, "exit".into()).await.unwrap();
    bench.until("the end", async || bench.core.terminals().await.unwrap()[0].ended.clone()).await;
    let mut late = bench.core.terminal_follow(&view.id).await.unwrap();
    let mut all = Vec::new();
    while let Some(chunk) = late.next().await {
        all.extend_from_slice(&chunk);
    }
    assert_eq!(all.len(), 2 * 1024 * 1024);
    assert!(all.ends_with(b"THE END"));
}

#[tokio::test]
async fn a_lost_connection_ends_its_terminals_in_words() {
    let bench = Bench::start().await;
    let view = open(&bench).await;
    bench.core.connection_disconnect(&view.workspace.connection_id).await.unwrap();
    let ended = bench
        .until("the end", async || bench.core.terminals().await.unwrap()[0].ended.clone())
        .await;
    assert_eq!(ended.exit_code, None);
}

#[tokio::test]
async fn a_size_of_nothing_is_refused() {
    let bench = Bench::start().await;
    let workspace = workspace(&bench).await;
    let size = TerminalSize { columns: 0, rows: 24 };
    assert_eq!(code(bench.core.terminal_open(workspace, size).await), ErrorCode::Invalid);
}
