//! Files that cannot be used: damaged, newer, not ours to write, no space left.

use std::path::{Path, PathBuf};

use model::{ErrorCode, Failure, RunStatus};

use super::{connection, database, line, open, run};
use crate::{Store, StoreError};

/// The files that were put aside.
fn aside(folder: &Path) -> Vec<PathBuf> {
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> =
        paths.filter(|path| path.to_string_lossy().contains("broken")).collect();
    paths.sort();
    paths
}

/// A closed database with a connection and enough log to fill many pages.
async fn filled(folder: &Path) -> Vec<u8> {
    let store = open(folder).await;
    store.put_connection(&connection("forge")).await.unwrap();
    let one = run("atlas", RunStatus::Succeeded, 1);
    store.put_run(&one).await.unwrap();
    for number in 0..50_u32 {
        let noise: String =
            (0..400).map(|n| format!("{:x}", (n + number).wrapping_mul(2_654_435_761))).collect();
        store.append_log(&one.id, &[line(noise)]).await.unwrap();
    }
    store.close().await;
    std::fs::read(database(folder)).unwrap()
}

async fn assert_put_aside(folder: &Path, damaged: &[u8]) {
    std::fs::write(database(folder), damaged).unwrap();
    let opened = Store::open(folder).await.unwrap();
    let kept = aside(folder);
    // SQLite may have left its two companions; they are named after the file they belong to.
    let name = kept[0].to_string_lossy();
    assert!(kept.iter().all(|path| path.to_string_lossy().starts_with(&*name)), "{kept:?}");
    assert!(std::fs::read(&kept[0]).unwrap() == damaged, "kept byte for byte");
    let notice = opened.notice.unwrap();
    assert!(notice.contains(&kept[0].display().to_string()), "{notice}");
    assert_eq!(opened.store.connections().await.unwrap(), []);
    opened.store.put_connection(&connection("fresh")).await.unwrap();
    opened.store.close().await;
    assert_eq!(open(folder).await.connections().await.unwrap().len(), 1);
}

#[tokio::test]
async fn garbage_is_put_aside() {
    let folder = tempfile::tempdir().unwrap();
    assert_put_aside(folder.path(), &b"not a database at all. ".repeat(400)).await;
}

#[tokio::test]
async fn a_truncated_database_is_put_aside() {
    let folder = tempfile::tempdir().unwrap();
    let whole = filled(folder.path()).await;
    assert_put_aside(folder.path(), &whole[..whole.len() / 2]).await;
}

#[tokio::test]
async fn a_database_with_a_ruined_page_is_put_aside() {
    let folder = tempfile::tempdir().unwrap();
    let mut bytes = filled(folder.path()).await;
    for page in 3..12 {
        bytes[page * 4096..page * 4096 + 64].fill(0xa5);
    }
    assert_put_aside(folder.path(), &bytes).await;
}

#[tokio::test]
async fn two_broken_databases_are_both_kept() {
    let folder = tempfile::tempdir().unwrap();
    for garbage in ["one garbage ".repeat(100), "other garbage ".repeat(100)] {
        std::fs::write(database(folder.path()), garbage).unwrap();
        Store::open(folder.path()).await.unwrap().store.close().await;
    }
    let contents: Vec<_> = aside(folder.path())
        .iter()
        .map(|path| std::fs::read(path).unwrap()[..5].to_vec())
        .collect();
    assert_eq!(contents.len(), 2);
    assert!(contents.contains(&b"one g".to_vec()) && contents.contains(&b"other".to_vec()));
}

#[tokio::test]
async fn a_newer_database_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    store.put_connection(&connection("forge")).await.unwrap();
    sqlx::query("PRAGMA user_version = 9999").execute(&store.writer).await.unwrap();
    store.close().await;
    let before = std::fs::read(database(folder.path())).unwrap();
    let error = Store::open(folder.path()).await.err().unwrap();
    let failure = Failure::from(error);
    assert_eq!(failure.code, ErrorCode::Storage);
    assert!(failure.message.ends_with("was made by a newer Moorline"), "{}", failure.message);
    assert!(failure.hint.unwrap().starts_with("Nothing was changed."));
    assert!(std::fs::read(database(folder.path())).unwrap() == before, "nothing was changed");
    assert_eq!(aside(folder.path()), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn a_migration_we_do_not_know_means_a_newer_one() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    // As after a crash between the migrations of a newer version and its mark.
    for statement in
        ["UPDATE _sqlx_migrations SET version = 9999 WHERE version = 1", "PRAGMA user_version = 0"]
    {
        sqlx::query(statement).execute(&store.writer).await.unwrap();
    }
    store.close().await;
    let error = Store::open(folder.path()).await.err().unwrap();
    assert!(matches!(error, StoreError::Newer { .. }), "{error}");
}

#[tokio::test]
async fn a_full_disk_is_named_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    let one = connection("forge");
    store.put_connection(&one).await.unwrap();
    // As if the disk held no page more than the file has now.
    sqlx::query("PRAGMA max_page_count = 1").execute(&store.writer).await.unwrap();
    let mut large = connection("large");
    large.fields.insert("socket".into(), "x".repeat(100_000));
    let error = store.put_connection(&large).await.unwrap_err();
    assert!(matches!(error, StoreError::Full { .. }), "{error:?}");
    let failure = Failure::from(error);
    assert!(failure.message.starts_with("the disk that holds "), "{}", failure.message);
    assert_eq!(store.connections().await.unwrap(), [one]);
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let in_the_way = folder.path().join("file");
    std::fs::write(&in_the_way, "").unwrap();
    for path in [in_the_way.clone(), in_the_way.join("below")] {
        let error = Store::open(&path).await.err().unwrap();
        assert!(matches!(error, StoreError::Denied { .. }), "{error:?}");
        assert!(error.to_string().contains("file"), "{error}");
    }
}

#[tokio::test]
async fn a_database_held_by_another_program_is_not_taken_for_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).await;
    store.put_connection(&connection("forge")).await.unwrap();
    let held = store.begin().await.unwrap();
    let other = open(folder.path()).await;
    assert_eq!(other.connections().await.unwrap().len(), 1, "reading goes on");
    let error = other.put_connection(&connection("second")).await.unwrap_err();
    assert!(matches!(error, StoreError::Locked { .. }), "{error:?}");
    held.rollback().await.unwrap();
    other.put_connection(&connection("second")).await.unwrap();
    assert_eq!(store.connections().await.unwrap().len(), 2);
}
