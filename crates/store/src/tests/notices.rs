//! Notices survive a restart, keep their order and make room for newer ones.

use model::{Notice, NoticeId, NoticeKind};
use tempfile::TempDir;

use super::open;
use crate::notices::MOST;

fn notice(name: &str) -> Notice {
    Notice {
        id: NoticeId::generate(),
        at: 1_700_000_000_000,
        is_read: false,
        kind: NoticeKind::QuestionAsked { subject: name.into() },
    }
}

#[tokio::test]
async fn what_was_told_is_there_after_a_restart() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path()).await;
    let (first, second) = (notice("forge-1"), notice("forge-2"));
    store.add_notice(&first).await.unwrap();
    store.add_notice(&second).await.unwrap();
    store.close().await;
    let store = open(folder.path()).await;
    assert_eq!(store.notices().await.unwrap(), [second.clone(), first.clone()]);
    store.mark_notices_read().await.unwrap();
    let third = notice("forge-3");
    store.add_notice(&third).await.unwrap();
    let read: Vec<bool> = store.notices().await.unwrap().iter().map(|one| one.is_read).collect();
    assert_eq!(read, [false, true, true]);
    store.remove_notices(Some(&second.id)).await.unwrap();
    let left: Vec<NoticeId> =
        store.notices().await.unwrap().into_iter().map(|one| one.id).collect();
    assert_eq!(left, [third.id, first.id]);
    store.remove_notices(None).await.unwrap();
    assert_eq!(store.notices().await.unwrap(), []);
}

#[tokio::test]
async fn old_notices_make_room() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path()).await;
    let first = notice("first");
    store.add_notice(&first).await.unwrap();
    for _ in 0..MOST {
        store.add_notice(&notice("later")).await.unwrap();
    }
    let kept = store.notices().await.unwrap();
    assert_eq!(i64::try_from(kept.len()), Ok(MOST));
    assert!(!kept.contains(&first));
}
