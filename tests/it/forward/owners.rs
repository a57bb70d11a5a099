//! Other users of this computer are kept out: with a real second user and the programs they would use.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use forward::{Exposure, Mode, bind};
use model::{TunnelPoint, WhenDown};
use tests::unix_user::UnixUser;
use tokio::net::TcpListener;

use super::rig::{Forward, Here, at, loopback, run, tcp, web};

fn curl(user: Option<&UnixUser>, arguments: &[&str]) -> Command {
    let mut command = match user {
        Some(user) => {
            let mut command = Command::new("runuser");
            command.args(["-u", &user.name, "--", "curl"]);
            command
        }
        None => Command::new("curl"),
    };
    command
        .args(["--silent", "--show-error", "--max-time", "10", "--noproxy", "*"])
        .args(arguments);
    command
}

#[tokio::test]
async fn only_the_person_and_root_get_through() {
    let user = UnixUser::create("fwd", "unused").expect("tests run as root");
    for host in ["127.0.0.1", "127.77.4.4", "::1"] {
        let listener = bind(&at(host, 0), Exposure::Loopback).expect("a free port");
        let forward = Forward::of(listener, Mode::Fixed(tcp(web().await)), WhenDown::Refuse);
        forward.gate.open(Arc::new(Here::default()));
        let url = format!("http://{}/", forward.point);
        let (said, code) = run(&mut curl(None, &[&url])).await;
        assert_eq!((said.as_str(), code), ("hello", Some(0)), "{host}");
        let (said, code) = run(&mut curl(Some(&user), &[&url])).await;
        // Refused while it connects, or when it reads: whichever comes first.
        assert!(matches!(code, Some(7 | 52 | 56)), "{host}: {code:?} {said}");
        let why = forward.last_error().await.expect("noted");
        let words = format!("another user of this computer, {}", user.name);
        assert!(why.contains(&words), "{why}");
        assert_eq!(forward.meter.traffic().bytes_up, forward.meter.clients()[1].bytes_up);
    }
}

#[tokio::test]
async fn a_program_that_left_before_it_was_looked_at_is_not_taken_for_root() {
    let user = UnixUser::create("gone", "unused").expect("tests run as root");
    let target = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let reached = Arc::new(AtomicUsize::new(0));
    let (counted, target_at) = (Arc::clone(&reached), target.local_addr().expect("bound"));
    tokio::spawn(async move {
        while target.accept().await.is_ok() {
            counted.fetch_add(1, Ordering::Relaxed);
        }
    });
    let listener = loopback();
    let TunnelPoint::Tcp { port, .. } = *listener.point() else { panic!("TCP") };
    let script = format!("echo evil > /dev/tcp/127.0.0.1/{port}");
    let mut bash = Command::new("runuser");
    let (said, code) = run(bash.args(["-u", &user.name, "--", "bash", "-c", &script])).await;
    assert_eq!(code, Some(0), "{said}");
    let forward = Forward::of(listener, Mode::Fixed(tcp(target_at)), WhenDown::Refuse);
    forward.gate.open(Arc::new(Here::default()));
    let why = forward.last_error().await.expect("refused");
    // Newer systems still say whose it was.
    assert!(why.starts_with("refused: "), "{why}");
    assert_eq!(reached.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_unix_socket_is_for_the_person_whatever_its_rights_say() {
    let user = UnixUser::create("sock", "unused").expect("tests run as root");
    let folder = tempfile::tempdir().expect("a folder");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("ours");
    let path = folder.path().join("x.sock").display().to_string();
    let listener = bind(&TunnelPoint::Unix { path: path.clone() }, Exposure::Loopback);
    let forward =
        Forward::of(listener.expect("free"), Mode::Fixed(tcp(web().await)), WhenDown::Refuse);
    forward.gate.open(Arc::new(Here::default()));
    let ask = ["--unix-socket", &path, "http://x/"];
    assert_eq!(run(&mut curl(None, &ask)).await.0, "hello");
    assert_eq!(run(&mut curl(Some(&user), &ask)).await.1, Some(7), "the rights keep others out");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).expect("ours");
    let (said, code) = run(&mut curl(Some(&user), &ask)).await;
    assert_ne!(code, Some(0), "{said}");
    let why = forward.last_error().await.expect("noted");
    assert!(why.contains(&user.name), "{why}");
}
