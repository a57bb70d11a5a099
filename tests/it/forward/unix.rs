//! Unix sockets as listeners: only ours are replaced, and only their owner gets in.

use std::{fs, os::unix::fs::PermissionsExt, os::unix::net, sync::Arc};

use forward::{BindProblem, Exposure, Listener, Mode, bind};
use model::{TunnelPoint, WhenDown};
use tempfile::TempDir;
use tests::echo::echo;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
};

use super::rig::{Forward, Here, tcp};

struct Place {
    folder: TempDir,
    point: TunnelPoint,
}

fn place() -> Place {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.sock").display().to_string();
    Place { folder, point: TunnelPoint::Unix { path } }
}

impl Place {
    fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("x.sock")
    }

    fn bind(&self) -> Result<Listener, BindProblem> {
        bind(&self.point, Exposure::Loopback)
    }
}

#[tokio::test]
async fn a_socket_carries_for_its_owner_and_goes_with_its_forward() {
    let place = place();
    let listener = place.bind().expect("free");
    let mode = fs::metadata(place.path()).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let forward = Forward::of(listener, Mode::Fixed(tcp(echo())), WhenDown::Refuse);
    forward.gate.open(Arc::new(Here::default()));
    let mut client = UnixStream::connect(place.path()).await.expect("listens");
    client.write_all(b"hello").await.expect("sends");
    client.shutdown().await.expect("ends");
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.expect("an end in order");
    assert_eq!(answer, "hello");
    let from = format!("(pid {})", std::process::id());
    assert!(forward.meter.clients()[0].from.contains(&from), "{:?}", forward.meter.clients());
    drop(forward.stop);
    forward.task.await.expect("ends");
    assert!(!place.path().exists());
}

#[tokio::test]
async fn a_leftover_of_ours_makes_room() {
    let place = place();
    drop(net::UnixListener::bind(place.path()).expect("free"));
    assert!(place.path().exists(), "the file stays when its program ends");
    let _listener = place.bind().expect("nobody answers there");
    UnixStream::connect(place.path()).await.expect("listens");
}

#[tokio::test]
async fn what_is_not_ours_is_never_touched() {
    let place = place();
    fs::write(place.path(), "precious").expect("a file");
    assert!(matches!(place.bind(), Err(BindProblem::Unusable(_))));
    assert_eq!(fs::read_to_string(place.path()).expect("still there"), "precious");
    fs::remove_file(place.path()).expect("removed");

    let live = net::UnixListener::bind(place.path()).expect("free");
    let Err(BindProblem::Taken { holder: Some(holder), .. }) = place.bind() else {
        panic!("somebody answers there")
    };
    assert_eq!(holder.pid, std::process::id());
    drop(live);

    std::os::unix::fs::chown(place.path(), Some(65534), None).expect("tests run as root");
    assert!(matches!(place.bind(), Err(BindProblem::Taken { .. })), "another user's leftover");
    assert!(place.path().exists());
}

#[tokio::test]
async fn a_file_that_was_put_in_its_place_stays() {
    let place = place();
    let listener = place.bind().expect("free");
    fs::remove_file(place.path()).expect("somebody removes it");
    fs::write(place.path(), "precious").expect("and puts another there");
    drop(listener);
    assert_eq!(fs::read_to_string(place.path()).expect("still there"), "precious");
}

#[tokio::test]
async fn paths_that_cannot_be_are_told() {
    for path in ["relative.sock", "/nowhere/at/all.sock", &format!("/tmp/{}", "x".repeat(200))] {
        let point = TunnelPoint::Unix { path: path.into() };
        let problem = bind(&point, Exposure::Loopback).expect_err(path);
        assert!(matches!(problem, BindProblem::Unusable(_)), "{path}: {problem:?}");
        assert_eq!(problem.failure(&point).field.as_deref(), Some("listen.path"));
    }
}
