//! What a person reads when a host cannot be reached, and that giving up works at once.

use std::time::{Duration, Instant};

use backend_api::{BackendError, Dial, DialTarget, RemoteExec};
use model::ErrorCode;
use ssh::{Asker, Link};
use tests::sshd::{Sshd, SshdOptions, free_port};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, UnixListener};
use tokio_util::sync::CancellationToken;

use super::setup::{Script, connect, failure, link, options, run};

#[test]
fn wrong_places_are_named_with_the_next_step() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let mut wanted = options(&[&sshd]);
        let port = free_port().unwrap();
        wanted.hops[0].addresses[0].port = port;
        let failed = failure(wanted.clone(), &Script::silent()).await;
        assert_eq!(failed.code, ErrorCode::Unreachable);
        let expected = format!("cannot reach hop-0 (127.0.0.1:{port}): nothing listens there");
        assert_eq!(failed.message, expected);
        assert!(failed.hint.unwrap().contains("port"));
        wanted.hops[0].addresses[0].host = "no-such-host.invalid".into();
        let failed = failure(wanted.clone(), &Script::silent()).await;
        assert!(failed.message.contains("there is no address for \"no-such-host.invalid\""));
        wanted.hops[0].addresses.push(super::setup::address(port));
        let failed = failure(wanted.clone(), &Script::silent()).await;
        assert_eq!(failed.message, "cannot reach hop-0 at any of its 2 addresses");
        wanted.hops[0].addresses.push(super::setup::address(sshd.port));
        connect(wanted.clone(), &Script::silent()).await.unwrap();
        wanted.hops.clear();
        assert_eq!(failure(wanted, &Script::silent()).await.code, ErrorCode::Invalid);
    });
}

#[test]
fn something_that_is_not_ssh_is_noticed() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut wanted = options(&[&sshd]);
        wanted.hops[0].addresses[0].port = listener.local_addr().unwrap().port();
        wanted.connect_timeout = Duration::from_millis(500);
        let mute = failure(wanted.clone(), &Script::silent()).await;
        assert!(mute.message.contains("did not finish the SSH handshake in 0.5 s"), "{mute:?}");
        let talker = tokio::spawn(async move {
            // The mute attempt is still in the backlog.
            for _ in 0..2 {
                let (mut stream, _) = listener.accept().await.unwrap();
                let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            }
        });
        let failed = failure(wanted, &Script::silent()).await;
        assert!(failed.message.contains("broke off the SSH handshake"), "{failed:?}");
        assert!(failed.hint.unwrap().contains("SSH server"));
        talker.await.unwrap();
    });
}

#[test]
fn cancelling_takes_effect_at_once() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut wanted = options(&[&sshd]);
        wanted.hops[0].addresses[0].port = listener.local_addr().unwrap().port();
        let cancel = CancellationToken::new();
        let asker = Script::silent();
        let attempt = Link::connect(wanted, asker as _, cancel.clone());
        let cancelled = async {
            let (_stream, _) = listener.accept().await.unwrap();
            cancel.cancel();
            Instant::now()
        };
        let (result, since) = tokio::join!(attempt, cancelled);
        assert!(matches!(result, Err(BackendError::Cancelled)));
        assert!(since.elapsed() < Duration::from_secs(1));
    });
}

/// An asker that a person leaves alone for longer than the network may take.
struct Slow(std::sync::Arc<Script>);

#[async_trait::async_trait]
impl Asker for Slow {
    async fn host_key(&self, question: model::HostKeyQuestion) -> ssh::HostKeyAnswer {
        tokio::time::sleep(Duration::from_millis(1500)).await;
        self.0.host_key(question).await
    }

    async fn credentials(
        &self,
        request: ssh::CredentialsRequest,
    ) -> Option<Vec<model::Secret<String>>> {
        self.0.credentials(request).await
    }

    fn stage(&self, stage: &str) {
        self.0.stage(stage);
    }
}

#[test]
fn a_person_may_think_longer_than_the_network_may_take() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let mut wanted = options(&[&sshd]);
        wanted.trust.user.clear();
        wanted.connect_timeout = Duration::from_secs(1);
        let asker = std::sync::Arc::new(Slow(Script::host_key(ssh::HostKeyAnswer::Trust)));
        Link::connect(wanted, asker, CancellationToken::new()).await.unwrap();
    });
}

async fn dial_failure(link: &Link, target: DialTarget) -> BackendError {
    match link.dial(&target).await {
        Ok(_) => panic!("{target} should not open"),
        Err(error) => error,
    }
}

#[test]
fn streams_that_do_not_open_say_why() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let on = link(&sshd).await;
        let port = free_port().unwrap();
        let error = dial_failure(&on, DialTarget::Tcp { host: "127.0.0.1".into(), port }).await;
        assert!(matches!(error, BackendError::Unreachable(_)));
        assert_eq!(error.to_string(), format!("nothing answers at 127.0.0.1:{port} on hop-0"));
        let path = sshd.dir.join("missing.sock").display().to_string();
        let error = dial_failure(&on, DialTarget::Unix { path: path.clone() }).await;
        assert!(matches!(error, BackendError::Unreachable(_)));
        assert_eq!(error.to_string(), format!("there is no socket {path} on hop-0"));
    });
}

#[test]
fn a_server_that_forwards_nothing_is_told_apart() {
    run(async {
        let closed = ["AllowStreamLocalForwarding no", "AllowTcpForwarding no"];
        let sshd = Sshd::start(&SshdOptions::with_config(&closed)).unwrap();
        let path = sshd.dir.join("real.sock");
        let _listener = UnixListener::bind(&path).unwrap();
        let path = path.display().to_string();
        let link = link(&sshd).await;
        let error = dial_failure(&link, DialTarget::Unix { path: path.clone() }).await;
        assert!(matches!(error, BackendError::Forbidden(_)), "{error:?}");
        assert_eq!(error.to_string(), format!("hop-0 does not let streams through to {path}"));
        let target = DialTarget::Tcp { host: "127.0.0.1".into(), port: sshd.port };
        let error = dial_failure(&link, target).await;
        assert!(matches!(error, BackendError::Forbidden(_)), "{error:?}");
        // Commands go on working.
        assert_eq!(link.run(&["true"]).await.unwrap().exit_code, Some(0));
    });
}
