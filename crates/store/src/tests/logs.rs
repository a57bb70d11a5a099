//! Logs come back line by line, whatever is in them.

use std::cell::Cell;

use model::{LogLine, LogStream, RunId, RunStatus};
use proptest::prelude::*;

use super::{line, open, run};
use crate::StoreError;

#[tokio::test]
async fn chunks_are_numbered_and_read_on_from_where_one_was() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let one = run("atlas", RunStatus::Running, 1);
    store.put_run(&one).await.unwrap();
    store.append_log(&one.id, &[line("a"), line("b")]).await.unwrap();
    store.append_log(&one.id, &[]).await.unwrap();
    store.append_log(&one.id, &[line("c")]).await.unwrap();
    let log = store.read_log(&one.id, 0).await.unwrap();
    assert_eq!(log, [(1, vec![line("a"), line("b")]), (2, vec![line("c")])]);
    assert_eq!(store.read_log(&one.id, 1).await.unwrap(), log[1..]);
    assert_eq!(store.read_log(&one.id, 2).await.unwrap(), []);
    assert_eq!(store.read_log(&one.id, u64::MAX).await.unwrap(), []);
    assert_eq!(store.get_run(&one.id).await.unwrap().unwrap().log_lines, 3);
    store.put_run(&one).await.unwrap();
    assert_eq!(store.get_run(&one.id).await.unwrap().unwrap().log_lines, 3, "counted here");
}

#[tokio::test]
async fn a_log_without_its_run_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let error = store.append_log(&RunId::from_raw("gone"), &[line("a")]).await.unwrap_err();
    assert!(matches!(error, StoreError::Dangling { .. }));
    assert_eq!(store.read_log(&RunId::from_raw("gone"), 0).await.unwrap(), []);
}

#[tokio::test]
async fn a_large_log_is_split_and_read_in_parts() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let one = run("atlas", RunStatus::Running, 1);
    store.put_run(&one).await.unwrap();
    let lines: Vec<LogLine> =
        (0..20).map(|n| line(format!("{n} {}", "x".repeat(1 << 20)))).collect();
    store.append_log(&one.id, &lines).await.unwrap();
    let (mut read, mut calls, mut after) = (Vec::new(), 0, 0);
    loop {
        let part = store.read_log(&one.id, after).await.unwrap();
        let Some((last, _)) = part.last() else { break };
        (after, calls) = (*last, calls + 1);
        read.extend(part.into_iter().flat_map(|(_, lines)| lines));
    }
    assert_eq!(calls, 2);
    assert_eq!(read, lines);
}

#[tokio::test]
async fn a_damaged_chunk_costs_its_own_lines_only() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let one = run("atlas", RunStatus::Running, 1);
    store.put_run(&one).await.unwrap();
    store.append_log(&one.id, &[line("a"), line("b")]).await.unwrap();
    store.append_log(&one.id, &[line("c")]).await.unwrap();
    sqlx::query("UPDATE log_chunks SET data = zeroblob(9) WHERE chunk = 1")
        .execute(&store.writer)
        .await
        .unwrap();
    let log = store.read_log(&one.id, 0).await.unwrap();
    assert_eq!(log[0].1[0].stream, LogStream::Note);
    assert_eq!(log[0].1[0].text, "2 lines are damaged and cannot be shown");
    assert_eq!(log[1], (2, vec![line("c")]));
}

#[test]
fn any_text_comes_back_as_it_was() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store = runtime.block_on(open(folder.path()));
    let one = run("atlas", RunStatus::Running, 1);
    runtime.block_on(store.put_run(&one)).unwrap();
    let chunks = Cell::new(0);
    let stream =
        prop_oneof![Just(LogStream::Stdout), Just(LogStream::Stderr), Just(LogStream::Note),];
    let any_line = (any::<Option<i64>>(), stream, any::<String>())
        .prop_map(|(at, stream, text)| LogLine { at, stream, text });
    proptest!(ProptestConfig::with_cases(40), |(lines in prop::collection::vec(any_line, 1..30))| {
        runtime.block_on(store.append_log(&one.id, &lines)).unwrap();
        let read = runtime.block_on(store.read_log(&one.id, chunks.get())).unwrap();
        chunks.set(chunks.get() + 1);
        prop_assert_eq!(read, vec![(chunks.get(), lines)]);
    });
}
