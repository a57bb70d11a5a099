//! Volumes on the real server: who uses them, and what they hold, carried out and in.

use std::io::Read;

use backend_api::{BackendError, Cx, Session, TarStream};
use bytes::Bytes;
use futures::StreamExt;
use model::{FormValues, VolumeInfo, VolumeKind};
use tests::podman::BOX_IMAGE;
use tokio::sync::mpsc;

use super::making::make;
use super::rig::{PodmanRig, values};

fn input() -> FormValues {
    values(&[("name", "atlas-api"), ("image", BOX_IMAGE), ("volumes", "cache:/var/cache")])
}

async fn listed(session: &dyn Session, cx: &Cx) -> Vec<VolumeInfo> {
    session.volumes().unwrap().list(cx).await.unwrap()
}

/// Everything that an export sends.
async fn exported(session: &dyn Session, name: &str, cx: &Cx) -> Vec<u8> {
    let (sender, mut receiver) = mpsc::channel(4);
    let reading = async {
        let mut tar = Vec::new();
        while let Some(chunk) = receiver.recv().await {
            tar.extend(chunk);
        }
        tar
    };
    let (sent, tar) = tokio::join!(session.volumes().unwrap().export(name, sender, cx), reading);
    sent.unwrap();
    tar
}

fn as_stream(tar: Vec<u8>) -> TarStream<std::io::Error> {
    let chunks: Vec<_> = tar.chunks(1000).map(|chunk| Ok(Bytes::copy_from_slice(chunk))).collect();
    futures::stream::iter(chunks).boxed()
}

#[tokio::test]
async fn volumes_tell_their_users_and_a_used_one_is_not_deleted() {
    let rig = PodmanRig::direct();
    let (session, cx) = (rig.session().await, rig.cx());
    let (_, id) = make(session.as_ref(), &input(), &cx).await.unwrap();
    let text = "head -c 100000 /dev/zero > /var/cache/blob";
    rig.service.podman(&["exec", "atlas-api", "sh", "-c", text]).unwrap();
    let all = listed(session.as_ref(), &cx).await;
    let rows: Vec<(&str, VolumeKind)> =
        all.iter().map(|one| (one.name.as_str(), one.kind)).collect();
    assert_eq!(
        rows,
        [
            ("atlas-api-home", VolumeKind::Home),
            ("atlas-api-workspace", VolumeKind::Workspace),
            ("cache", VolumeKind::Other),
        ]
    );
    assert!(all[2].size_bytes >= Some(100_000), "{:?}", all[2]);
    assert_eq!(
        (&all[2].used_by[0].workspace_id, all[2].used_by[0].path.as_str()),
        (&id, "/var/cache")
    );
    let volumes = session.volumes().unwrap();
    let refused = volumes.remove("cache", &cx).await;
    assert!(matches!(refused, Err(BackendError::Conflict(_))), "{refused:?}");
    session.lifecycle().unwrap().remove(&id, model::RemoveVolumes::Keep, &cx).await.unwrap();
    volumes.remove("cache", &cx).await.unwrap();
    volumes.remove("cache", &cx).await.unwrap();
    assert_eq!(listed(session.as_ref(), &cx).await.len(), 2);
}

#[tokio::test]
async fn what_a_volume_holds_goes_out_and_comes_in_again() {
    let rig = PodmanRig::direct();
    let (session, cx) = (rig.session().await, rig.cx());
    make(session.as_ref(), &input(), &cx).await.unwrap();
    let text = "mkdir /var/cache/deep && echo kept > /var/cache/deep/file";
    rig.service.podman(&["exec", "atlas-api", "sh", "-c", text]).unwrap();
    let tar = exported(session.as_ref(), "cache", &cx).await;
    let names: Vec<String> = names(&tar);
    assert!(names.iter().all(|name| !name.starts_with('/')), "{names:?}");
    assert!(names.iter().any(|name| name == "deep/file"), "{names:?}");
    let volumes = session.volumes().unwrap();
    let taken = volumes.import("cache", as_stream(tar.clone()), &cx).await;
    assert!(matches!(taken, Err(BackendError::Conflict(_))), "{taken:?}");
    volumes.import("copy", as_stream(tar), &cx).await.unwrap();
    let mount = "copy:/mnt";
    let seen = rig
        .service
        .podman(&["run", "--rm", "-v", mount, BOX_IMAGE, "/bin/cat", "/mnt/deep/file"])
        .unwrap();
    assert_eq!(seen, "kept");
    let all = rig.service.podman(&["ps", "--all", "--format", "{{.Names}}"]).unwrap();
    assert_eq!(all, "atlas-api", "no container of ours is left");
}

#[tokio::test]
async fn an_import_that_breaks_leaves_no_volume() {
    let rig = PodmanRig::direct();
    let (session, cx) = (rig.session().await, rig.cx());
    let broken = futures::stream::iter([
        Ok(Bytes::from(vec![0; 512])),
        Err(std::io::Error::other("the disk went away")),
    ]);
    let volumes = session.volumes().unwrap();
    volumes.import("half", broken.boxed(), &cx).await.unwrap_err();
    assert_eq!(listed(session.as_ref(), &cx).await, []);
    assert_eq!(rig.service.podman(&["ps", "--all", "--quiet"]).unwrap(), "");
    cx.cancel.cancel();
    let cancelled = volumes.import("late", futures::stream::pending().boxed(), &cx).await;
    assert!(matches!(cancelled, Err(BackendError::Cancelled)), "{cancelled:?}");
    assert_eq!(listed(session.as_ref(), &rig.cx()).await, []);
}

/// The names in an archive, as tar itself reads them.
fn names(tar: &[u8]) -> Vec<String> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut file, tar).unwrap();
    let mut child = std::process::Command::new("tar")
        .arg("-tPf")
        .arg(file.path())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut text = String::new();
    child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
    assert!(child.wait().unwrap().success());
    text.lines().map(str::to_owned).collect()
}
