//! The life of a link: signs of life, silence, death, goodbye.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use backend_api::{Dial, DialTarget, RemoteExec};
use model::ErrorCode;
use tests::sshd::{Sshd, SshdOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::setup::{Script, connect, link, options, run, until};

#[test]
fn a_server_that_falls_silent_is_noticed() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let mut wanted = options(&[&sshd]);
        wanted.keepalive = Duration::from_millis(300);
        let link = connect(wanted, &Script::silent()).await.unwrap();
        let mut stream = link.spawn(&["cat"]).await.unwrap();
        sshd.signal_sessions("STOP");
        let since = Instant::now();
        let lost = tokio::time::timeout(Duration::from_secs(10), link.closed()).await.unwrap();
        assert!(since.elapsed() >= Duration::from_millis(600), "given up too soon");
        assert!(since.elapsed() < Duration::from_secs(3), "{:?}", since.elapsed());
        assert_eq!(lost.message, "the connection to hop-0 was lost");
        assert_eq!((lost.code, link.is_closed()), (ErrorCode::Unreachable, true));
        let error = stream.read_u8().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
        assert!(link.run(&["true"]).await.is_err());
        assert!(link.round_trip().await.is_err());
    });
}

#[test]
fn silence_is_noticed_while_much_is_being_sent() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let mut wanted = options(&[&sshd]);
        wanted.keepalive = Duration::from_millis(300);
        let link = connect(wanted, &Script::silent()).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
        });
        let target = DialTarget::Tcp { host: "127.0.0.1".into(), port };
        let mut stream = link.dial(&target).await.unwrap();
        let upload = tokio::spawn(async move {
            let chunk = vec![1; 256 * 1024];
            while stream.write_all(&chunk).await.is_ok() {}
        });
        sshd.signal_sessions("STOP");
        tokio::time::timeout(Duration::from_secs(10), link.closed()).await.unwrap();
        tokio::time::timeout(Duration::from_secs(5), upload).await.unwrap().unwrap();
    });
}

#[test]
fn a_server_that_returns_in_time_is_kept() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let mut wanted = options(&[&sshd]);
        wanted.keepalive = Duration::from_millis(700);
        let link = connect(wanted, &Script::silent()).await.unwrap();
        let mut stream = link.spawn(&["cat"]).await.unwrap();
        sshd.signal_sessions("STOP");
        // Longer than one sign of life may take, shorter than all three.
        tokio::time::sleep(Duration::from_millis(1200)).await;
        sshd.signal_sessions("CONT");
        link.round_trip().await.unwrap();
        stream.write_all(b"x").await.unwrap();
        assert_eq!(stream.read_u8().await.unwrap(), b'x');
        assert!(!link.is_closed());
    });
}

#[test]
fn a_server_that_dies_is_noticed_at_once() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let link = link(&sshd).await;
        let mut stream = link.spawn(&["cat"]).await.unwrap();
        sshd.drop_connections();
        let lost = tokio::time::timeout(Duration::from_secs(3), link.closed()).await.unwrap();
        assert_eq!(lost.code, ErrorCode::Unreachable);
        assert!(stream.read_u8().await.is_err());
    });
}

#[test]
fn closing_and_dropping_end_everything_at_the_server() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let closed = link(&sshd).await;
        let _bulk = closed.spawn_bulk(&["cat"]).await.unwrap();
        assert!(closed.round_trip().await.unwrap() < Duration::from_secs(5));
        assert!(!closed.is_closed());
        closed.close().await;
        assert!(closed.is_closed());
        closed.closed().await;
        until(Duration::from_secs(5), || sshd.sessions().is_empty()).await;
        let dropped = link(&sshd).await;
        let held = dropped.spawn(&["cat"]).await.unwrap();
        drop(dropped);
        until(Duration::from_secs(5), || sshd.sessions().is_empty()).await;
        drop(held);
    });
}

#[test]
fn algorithms_are_modern() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let negotiated = link(&sshd).await.algorithms();
        assert!(negotiated.kex.contains("25519"), "{negotiated:?}");
        assert!(
            negotiated.cipher.contains("gcm") || negotiated.cipher.contains("chacha20"),
            "{negotiated:?}"
        );
        assert_eq!(negotiated.host_key, "ssh-ed25519");
        let old = ["KexAlgorithms diffie-hellman-group14-sha1"];
        let sshd = Sshd::start(&SshdOptions::with_config(&old)).unwrap();
        let failed = super::setup::failure(options(&[&sshd]), &Script::silent()).await;
        assert_eq!(failed.code, ErrorCode::Unsupported);
        assert!(failed.hint.unwrap().contains("SHA-1"));
    });
}
