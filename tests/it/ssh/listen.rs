//! Listening on the server: what comes in there, what stands in the way, and that it ends.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;

use backend_api::BackendError;
use model::{ErrorCode, Failure};
use ssh::{Link, RemoteListen, RemoteListener};
use tests::sshd::{Sshd, SshdOptions, free_port};
use tests::unix_user::UnixUser;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};

use super::setup::{Script, connect, link, options, run, until};

fn tcp(host: &str, port: u16) -> RemoteListen {
    RemoteListen::Tcp { host: host.into(), port }
}

fn refused(result: Result<RemoteListener, BackendError>) -> Failure {
    match result {
        Ok(listener) => panic!("it listens at {}", listener.at()),
        Err(error) => error.into(),
    }
}

/// Says hello from the server's side and is echoed from ours, half-closed on the way.
async fn exchange(listener: &mut RemoteListener, outside: impl AsyncReadExt + AsyncWriteExt) {
    let far = async {
        let mut outside = std::pin::pin!(outside);
        outside.write_all(b"hello").await.unwrap();
        outside.shutdown().await.unwrap();
        let mut answer = Vec::new();
        outside.read_to_end(&mut answer).await.unwrap();
        answer
    };
    let near = async {
        let mut incoming = listener.next().await.unwrap();
        let mut heard = Vec::new();
        incoming.stream.read_to_end(&mut heard).await.unwrap();
        incoming.stream.write_all(&heard).await.unwrap();
        incoming.stream.write_all(b" yourself").await.unwrap();
        incoming.stream.shutdown().await.unwrap();
        incoming.from
    };
    let (answer, from) = tokio::join!(far, near);
    assert_eq!(answer, b"hello yourself");
    assert!(!from.is_empty());
}

async fn is_free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).await.is_ok()
}

async fn is_freed(port: u16) {
    let freed = async {
        while !is_free(port).await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), freed).await.expect("the port stays taken");
}

#[test]
fn a_port_of_the_server_leads_here() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let link = link(&sshd).await;
        let mut chosen = link.listen(&tcp("127.0.0.1", 0)).await.unwrap();
        assert!(chosen.port() > 0);
        assert_eq!(chosen.is_exposed(), Some(false));
        let wanted = free_port().unwrap();
        let mut named = link.listen(&tcp("localhost", wanted)).await.unwrap();
        assert_eq!(named.port(), wanted);
        for _ in 0..2 {
            for listener in [&mut chosen, &mut named] {
                let outside = TcpStream::connect(("127.0.0.1", listener.port())).await.unwrap();
                exchange(listener, outside).await;
            }
        }
        // The listener of one does not take what is meant for the other.
        let _outside = TcpStream::connect(("127.0.0.1", wanted)).await.unwrap();
        named.next().await.unwrap();
        let more = tokio::time::timeout(Duration::from_millis(50), chosen.next()).await;
        assert!(more.is_err(), "{more:?}");
    });
}

#[test]
fn much_comes_through_whole_though_the_reader_is_slow() {
    run(async {
        const BYTES: usize = 24 * 1024 * 1024;
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let link = link(&sshd).await;
        let mut listener = link.listen(&tcp("127.0.0.1", 0)).await.unwrap();
        let mut outside = TcpStream::connect(("127.0.0.1", listener.port())).await.unwrap();
        let sent = tokio::spawn(async move {
            let data: Vec<u8> = (0..BYTES).map(|at| (at % 251) as u8).collect();
            outside.write_all(&data).await.unwrap();
            outside.shutdown().await.unwrap();
        });
        let mut incoming = listener.next().await.unwrap();
        // Nobody reads for a while, and control traffic does not mind.
        for _ in 0..5 {
            link.round_trip().await.unwrap();
        }
        let mut data = Vec::new();
        incoming.stream.read_to_end(&mut data).await.unwrap();
        sent.await.unwrap();
        assert_eq!(data.len(), BYTES);
        assert!(data.iter().enumerate().all(|(at, byte)| *byte == (at % 251) as u8));
    });
}

#[test]
fn a_socket_of_the_server_leads_here_and_is_gone_afterwards() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let link = link(&sshd).await;
        let path = sshd.dir.join("way");
        let at = RemoteListen::Unix { path: path.to_str().unwrap().into() };
        let mut listener = link.listen(&at).await.unwrap();
        exchange(&mut listener, UnixStream::connect(&path).await.unwrap()).await;
        assert_eq!((listener.port(), listener.is_exposed()), (0, None));
        drop(listener);
        // The place can be had again at once.
        let mut again = link.listen(&at).await.unwrap();
        exchange(&mut again, UnixStream::connect(&path).await.unwrap()).await;
        drop(again);
        until(Duration::from_secs(5), || !path.exists()).await;
    });
}

#[test]
fn a_socket_left_behind_is_replaced_and_nothing_else_is() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let path = sshd.dir.join("way");
        let at = RemoteListen::Unix { path: path.to_str().unwrap().into() };
        let killed = link(&sshd).await;
        let mut lost = killed.listen(&at).await.unwrap();
        sshd.drop_connections();
        assert!(lost.next().await.is_none());
        assert!(path.exists(), "a killed server leaves its socket");
        let link = link(&sshd).await;
        let mut listener = link.listen(&at).await.unwrap();
        exchange(&mut listener, UnixStream::connect(&path).await.unwrap()).await;
        let alive = sshd.dir.join("alive");
        let _holder = UnixListener::bind(&alive).unwrap();
        let file = sshd.dir.join("file");
        std::fs::write(&file, "kept").unwrap();
        for taken in [&alive, &file] {
            let at = RemoteListen::Unix { path: taken.to_str().unwrap().into() };
            let failed = refused(link.listen(&at).await);
            assert_eq!(failed.code, ErrorCode::Conflict, "{failed:?}");
            assert!(failed.message.contains(taken.to_str().unwrap()) && failed.hint.is_some());
        }
        UnixStream::connect(&alive).await.unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "kept");
    });
}

#[test]
fn ending_a_listener_frees_the_port_on_the_server() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let link = link(&sshd).await;
        let listener = link.listen(&tcp("127.0.0.1", 0)).await.unwrap();
        let port = listener.port();
        assert!(!is_free(port).await);
        drop(listener);
        is_freed(port).await;
        // Given up and wanted again: the server has let go by then.
        for _ in 0..5 {
            drop(link.listen(&tcp("127.0.0.1", port)).await.unwrap());
        }
        let held = link.listen(&tcp("127.0.0.1", port)).await.unwrap();
        let twice = refused(link.listen(&tcp("127.0.0.1", port)).await);
        assert_eq!(twice.code, ErrorCode::Conflict);
        assert!(twice.message.contains("Moorline listens at"), "{twice:?}");
        let mut left = link.listen(&tcp("127.0.0.1", 0)).await.unwrap();
        drop(link);
        assert!(left.next().await.is_none());
        is_freed(left.port()).await;
        is_freed(held.port()).await;
    });
}

#[test]
fn a_port_that_is_taken_is_named() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let link = link(&sshd).await;
        let holder = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = holder.local_addr().unwrap().port();
        let failed = refused(link.listen(&tcp("127.0.0.1", port)).await);
        assert_eq!(failed.code, ErrorCode::Conflict);
        let expected = format!("something answers at 127.0.0.1:{port} on hop-0 already");
        assert_eq!(failed.message, expected);
        assert!(failed.hint.unwrap().contains("another port"));
        // Held by something that takes no connections.
        let mute = socket_without_listener();
        let port = mute.local_addr().unwrap().port();
        let failed = refused(link.listen(&tcp("127.0.0.1", port)).await);
        assert_eq!(failed.code, ErrorCode::Conflict, "{failed:?}");
        drop(holder);
    });
}

/// Takes a port and does not listen.
fn socket_without_listener() -> tokio::net::TcpSocket {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    socket
}

#[test]
fn a_server_that_forbids_it_is_told_from_a_port_that_is_taken() {
    run(async {
        for line in ["AllowTcpForwarding no", "AllowTcpForwarding local", "DisableForwarding yes"] {
            let sshd = Sshd::start(&SshdOptions::with_config(&[line])).unwrap();
            let link = link(&sshd).await;
            let port = free_port().unwrap();
            let failed = refused(link.listen(&tcp("127.0.0.1", port)).await);
            assert_eq!(failed.code, ErrorCode::Forbidden, "{line}: {failed:?}");
            assert!(failed.hint.unwrap().contains("AllowTcpForwarding"));
            assert_eq!(refused(link.listen(&tcp("127.0.0.1", 0)).await).code, ErrorCode::Forbidden);
        }
        let closed = Sshd::start(&SshdOptions::with_config(&["AllowStreamLocalForwarding no"]));
        let closed = closed.unwrap();
        let link = link(&closed).await;
        let at = RemoteListen::Unix { path: closed.dir.join("x").to_str().unwrap().into() };
        let failed = refused(link.listen(&at).await);
        assert_eq!(failed.code, ErrorCode::Forbidden);
        assert!(failed.hint.unwrap().contains("AllowStreamLocalForwarding"));
        let nowhere = RemoteListen::Unix { path: "/no/such/folder/x".into() };
        assert_eq!(refused(link.listen(&nowhere).await).code, ErrorCode::NotFound);
        let relative = RemoteListen::Unix { path: "x".into() };
        assert_eq!(refused(link.listen(&relative).await).code, ErrorCode::Invalid);
    });
}

#[test]
fn a_login_that_may_not_is_told_so() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::with_config(&["UsePAM yes"])).unwrap();
        let user = UnixUser::create("l", "correct horse").unwrap();
        let mut wanted = options(&[&sshd]);
        wanted.hops[0].user = user.name.clone();
        let link = connect(wanted, &Script::silent()).await.unwrap();
        let failed = refused(link.listen(&tcp("127.0.0.1", 81)).await);
        assert_eq!(failed.code, ErrorCode::Forbidden);
        assert!(failed.hint.unwrap().contains("1024"), "{}", failed.message);
        let closed = sshd.dir.join("closed");
        std::fs::create_dir(&closed).unwrap();
        std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o755)).unwrap();
        let path: PathBuf = closed.join("x");
        let at = RemoteListen::Unix { path: path.to_str().unwrap().into() };
        let failed = refused(link.listen(&at).await);
        assert_eq!(failed.code, ErrorCode::Forbidden);
        assert!(failed.message.contains("may not make files in"), "{failed:?}");
    });
}

#[test]
fn who_reaches_the_port_is_what_was_asked_for() {
    run(async {
        let start = |line| Sshd::start(&SshdOptions::with_config(&[line])).unwrap();
        let asked = |sshd: &Sshd| {
            let wanted = options(&[sshd]);
            async { connect(wanted, &Script::silent()).await.unwrap() }
        };
        let listens = async |link: &Link, host: &str| link.listen(&tcp(host, 0)).await;
        let stock = start("GatewayPorts no");
        let link = asked(&stock).await;
        let failed = refused(listens(&link, "0.0.0.0").await);
        assert_eq!(failed.code, ErrorCode::Forbidden);
        assert!(failed.hint.unwrap().contains("GatewayPorts"));
        let open = start("GatewayPorts yes");
        let link = asked(&open).await;
        let failed = refused(listens(&link, "127.0.0.1").await);
        assert_eq!(failed.code, ErrorCode::Forbidden, "it would be open to everybody");
        assert!(failed.message.contains("other machines"), "{failed:?}");
        assert_eq!(listens(&link, "0.0.0.0").await.unwrap().is_exposed(), Some(true));
        let chosen = start("GatewayPorts clientspecified");
        let link = asked(&chosen).await;
        assert_eq!(listens(&link, "127.0.0.1").await.unwrap().is_exposed(), Some(false));
        assert_eq!(listens(&link, "0.0.0.0").await.unwrap().is_exposed(), Some(true));
    });
}
