//! Ports: whose they are, which ones are offered instead, and who can reach them.

use forward::{BindProblem, Exposure, bind};
use model::{PortHolder, TunnelPoint};
use tests::sshd::{Sshd, SshdOptions};
use tokio::net::{TcpListener, TcpStream};

use super::rig::{apart, at, loopback};

fn taken(point: &TunnelPoint) -> (Option<PortHolder>, Option<u16>) {
    match bind(point, Exposure::Loopback) {
        Err(BindProblem::Taken { holder, free_port }) => (holder, free_port),
        other => panic!("{point}: {other:?}"),
    }
}

fn port_of(point: &TunnelPoint) -> u16 {
    let TunnelPoint::Tcp { port, .. } = point else { panic!("{point}") };
    *port
}

#[tokio::test]
async fn forwards_with_addresses_of_their_own_share_a_port() {
    let first = loopback();
    let port = port_of(first.point());
    for host in ["127.77.1.2", "127.77.1.3", "::1"] {
        let other = bind(&at(host, port), Exposure::Loopback).expect("an address of its own");
        assert_eq!(*other.point(), at(host, port));
        TcpStream::connect((host, port)).await.expect("listens");
    }
}

#[tokio::test]
async fn localhost_is_both_addresses() {
    let listener = bind(&at("localhost", 0), Exposure::Loopback).expect("a free port");
    let port = port_of(listener.point());
    for host in ["127.0.0.1", "::1"] {
        TcpStream::connect((host, port)).await.expect("listens");
    }
    assert_eq!(*listener.point(), at("localhost", port));
    // A program at ::1 alone would be what browsers reach.
    drop(listener);
    let _other = TcpListener::bind(("::1", port)).await.expect("free again");
    let (holder, _) = taken(&at("localhost", port));
    assert_eq!(holder.expect("known").pid, std::process::id());
}

#[tokio::test]
async fn the_holder_of_a_port_is_named_and_a_free_one_offered() {
    let sshd = Sshd::start(&SshdOptions::default()).expect("sshd");
    let (holder, free) = taken(&at("127.0.0.1", sshd.port));
    let holder = holder.expect("root sees every program");
    assert!(holder.command.starts_with("sshd"), "{holder:?}");
    let cmdline = std::fs::read_to_string(format!("/proc/{}/cmdline", holder.pid)).expect("runs");
    assert!(cmdline.contains("sshd_config"), "{cmdline}");
    let free = free.expect("there is one");
    assert!(free.abs_diff(sshd.port) < 100, "{free} is not near {}", sshd.port);
    bind(&at("127.0.0.1", free), Exposure::Loopback).expect("it is free");
    let error = bind(&at("127.0.0.1", sshd.port), Exposure::Loopback).expect_err("taken");
    let failure = error.failure(&at("127.0.0.1", sshd.port));
    let words = format!("127.0.0.1:{} is taken by sshd", sshd.port);
    assert!(failure.message.starts_with(&words), "{failure:?}");
    assert!(failure.message.contains(&format!("(pid {})", holder.pid)), "{failure:?}");
    TcpStream::connect(("127.0.0.1", sshd.port)).await.expect("nobody touched it");
}

#[tokio::test]
async fn a_program_at_every_address_holds_ours_too() {
    for host in ["0.0.0.0", "::"] {
        let other = TcpListener::bind((host, 0)).await.expect("a port");
        let port = other.local_addr().expect("bound").port();
        let (holder, _) = taken(&at("127.0.0.1", port));
        assert_eq!(holder.expect("known").pid, std::process::id(), "{host}");
    }
}

#[tokio::test]
async fn a_port_is_free_again_right_after_its_last_connection() {
    let listener = bind(&at("127.77.8.8", 0), Exposure::Loopback).expect("a free port");
    let point = listener.point().clone();
    let client = TcpStream::connect(point.to_string()).await.expect("connects");
    drop(listener);
    drop(client);
    bind(&point, Exposure::Loopback).expect("no minute of waiting");
}

#[tokio::test]
async fn other_machines_are_let_in_only_by_name() {
    for host in ["0.0.0.0", "*", "::", "192.0.2.1"] {
        let refused = bind(&at(host, 0), Exposure::Loopback);
        assert!(matches!(refused, Err(BindProblem::Exposed)), "{host}: {refused:?}");
    }
    for host in ["0.0.0.0", "*", "::"] {
        let listener = bind(&at(host, 0), Exposure::Anywhere).expect("allowed");
        let near = if host == "::" { "::1" } else { "127.0.0.1" };
        TcpStream::connect((near, port_of(listener.point()))).await.expect("listens");
    }
    for host in ["192.0.2.1", "example.test"] {
        let refused = bind(&at(host, 0), Exposure::Anywhere);
        assert!(matches!(refused, Err(BindProblem::NoSuchAddress { command: None })), "{host}");
    }
}

#[tokio::test]
async fn a_low_port_needs_rights_and_a_high_one_is_offered() {
    let name = "forward::binding::a_low_port_needs_rights_and_a_high_one_is_offered";
    let without = "-net_bind_service";
    if apart(name, &["setpriv", "--bounding-set", without, "--inh-caps", without]) {
        return;
    }
    let point = at("127.77.9.9", 81);
    let Err(problem) = bind(&point, Exposure::Loopback) else { panic!("no rights") };
    let BindProblem::NeedsRights { free_port: Some(free @ 8081..8181) } = problem else {
        panic!("{problem:?}")
    };
    let failure = problem.failure(&point);
    assert_eq!(failure.hint, Some(format!("Use another port: {free} is free.")));
}
