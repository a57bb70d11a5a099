//! Volumes over a server in memory: files of this computer, what is refused, and what a cancel leaves.

use std::path::PathBuf;

use model::{ConnectionId, ErrorCode, Run, RunId, RunStatus, VolumeUse, WorkspaceId};
use testkit::fake::FakeVolume;

use crate::bench::{Bench, code};

/// An archive with one file.
fn tar_of(name: &str, owner: u64) -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    header.set_size(5);
    header.set_mode(0o640);
    header.set_uid(owner);
    header.set_gid(owner);
    let bytes = header.as_gnu_mut().unwrap();
    bytes.name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_cksum();
    let mut archive = tar::Builder::new(Vec::new());
    archive.append(&header, &b"hello"[..]).unwrap();
    archive.into_inner().unwrap()
}

async fn volume(bench: &Bench, name: &str) -> ConnectionId {
    let id = bench.connected().await;
    let volume = FakeVolume { tar: tar_of("notes", 1000), used_by: Vec::new() };
    bench.server.state().volumes.insert(name.into(), volume);
    id
}

async fn over(bench: &Bench, id: RunId) -> Run {
    bench.until_over(&id).await
}

fn save_to(bench: &Bench, name: &str) -> PathBuf {
    let path = bench.folder.path().join(name);
    *bench.host.save_to.lock().unwrap() = Some(path.clone());
    path
}

fn open_from(bench: &Bench, name: &str, tar: &[u8]) {
    let path = bench.folder.path().join(name);
    std::fs::write(&path, tar).unwrap();
    *bench.host.open_from.lock().unwrap() = Some(path);
}

#[tokio::test]
async fn a_volume_goes_to_a_file_and_comes_back_from_it() {
    let bench = Bench::start().await;
    let id = volume(&bench, "cache").await;
    assert!(bench.core.volume_export(&id, "cache".into()).await.unwrap().is_none(), "no file");
    let path = save_to(&bench, "cache.tar");
    let run = bench.core.volume_export(&id, "cache".into()).await.unwrap().unwrap();
    let run = over(&bench, run).await;
    assert_eq!((run.status, run.verb.as_str()), (RunStatus::Succeeded, "export volume"));
    let written = std::fs::read(&path).unwrap();
    assert_eq!(written, bench.server.state().volumes["cache"].tar);

    open_from(&bench, "cache.tar", &written);
    let run = bench.core.volume_import(&id, "copy".into()).await.unwrap().unwrap();
    assert_eq!(over(&bench, run).await.status, RunStatus::Succeeded);
    assert_eq!(bench.server.state().volumes["copy"].tar, written);
    let run = bench.core.volume_import(&id, "copy".into()).await.unwrap().unwrap();
    let refused = over(&bench, run).await;
    assert_eq!(refused.error.map(|error| error.code), Some(ErrorCode::Conflict));
}

#[tokio::test]
async fn an_export_that_is_cancelled_or_breaks_leaves_no_file() {
    let bench = Bench::start().await;
    let id = volume(&bench, "cache").await;
    let path = save_to(&bench, "cache.tar");
    bench.server.hold_back();
    let run = bench.core.volume_export(&id, "cache".into()).await.unwrap().unwrap();
    bench.core.run_cancel(&run).await.unwrap();
    assert_eq!(over(&bench, run).await.status, RunStatus::Cancelled);
    let run = bench.core.volume_export(&id, "gone".into()).await.unwrap().unwrap();
    let failed = over(&bench, run).await;
    assert_eq!(failed.error.map(|error| error.code), Some(ErrorCode::NotFound));
    let left: Vec<_> = std::fs::read_dir(path.parent().unwrap())
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
        .filter(|name| name.starts_with("cache") || name.ends_with(".part"))
        .collect();
    assert_eq!(left, Vec::<String>::new());
}

#[tokio::test]
async fn an_archive_that_leads_out_is_refused_before_anything_is_sent() {
    let bench = Bench::start().await;
    let id = volume(&bench, "cache").await;
    open_from(&bench, "bad.tar", &tar_of("../../etc/passwd", 0));
    let run = bench.core.volume_import(&id, "bad".into()).await.unwrap().unwrap();
    let error = over(&bench, run).await.error.unwrap();
    assert!(error.message.contains("leads out of the volume"), "{}", error.message);
    open_from(&bench, "root.tar", &tar_of("notes", 0));
    let run = bench.core.volume_import(&id, "given".into()).await.unwrap().unwrap();
    assert_eq!(over(&bench, run).await.status, RunStatus::Succeeded);
    let tar = bench.server.state().volumes["given"].tar.clone();
    let mut archive = tar::Archive::new(tar.as_slice());
    let header = archive.entries().unwrap().next().unwrap().unwrap().header().clone();
    assert_eq!(header.uid().unwrap(), 1000, "without owners it belongs to the dev user");
    assert!(!bench.server.state().volumes.contains_key("bad"));
}

#[tokio::test]
async fn a_used_volume_stays_and_those_before_it_are_gone() {
    let bench = Bench::start().await;
    let id = volume(&bench, "cache").await;
    let user = VolumeUse {
        workspace_id: WorkspaceId::from_raw("a"),
        name: "atlas-api".into(),
        path: "/var/cache".into(),
    };
    let used = FakeVolume { tar: Vec::new(), used_by: vec![user] };
    bench.server.state().volumes.insert("used".into(), used);
    let listed = bench.core.volumes(&id).await.unwrap();
    let names: Vec<&str> = listed.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["cache", "used"]);
    let names = vec!["cache".into(), "used".into()];
    let run = bench.core.volumes_remove(&id, names).await.unwrap();
    let failed = over(&bench, run).await;
    assert_eq!(failed.error.map(|error| error.code), Some(ErrorCode::Conflict));
    let left: Vec<String> = bench.server.state().volumes.keys().cloned().collect();
    assert_eq!(left, ["used"]);
    bench.core.connection_disconnect(&id).await.unwrap();
    bench.until_state(&id, |state| matches!(state, model::ConnectionState::Disconnected)).await;
    assert_eq!(code(bench.core.volumes(&id).await), ErrorCode::Unreachable);
}
