//! Every way to libpod that a server may offer is found, whichever is the only one that answers.
//!
//! The far end is the libpod server in memory behind a server that offers just that way; the ways that
//! a machine here can offer for real are in `tests/it/podman`.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use async_trait::async_trait;
use backend_api::{
    Backend, BackendError, BoxStream, ConnectInput, Cx, Dial, DialTarget, ExecOutput, RemoteExec,
    Session,
};
use backend_podman::Podman;
use model::FormValues;
use testkit::MemoryDial;
use testkit::libpod::{FakeLibpod, SOCKET};
use tokio_util::sync::CancellationToken;

/// A login on a server where libpod answers in one way only.
#[derive(Clone)]
struct Server {
    uid: &'static str,
    /// A socket's path, or a command's words.
    way: &'static str,
    allows_sockets: bool,
    libpod: MemoryDial,
}

#[async_trait]
impl Dial for Server {
    async fn dial(&self, target: &DialTarget) -> Result<BoxStream, BackendError> {
        if !self.allows_sockets {
            return Err(BackendError::forbidden("the server refuses such streams"));
        }
        if target.to_string() == self.way {
            return self.libpod.dial(&DialTarget::Unix { path: SOCKET.into() }).await;
        }
        Err(BackendError::unreachable(format!("cannot reach {target}")))
    }
}

#[async_trait]
impl RemoteExec for Server {
    async fn run(&self, argv: &[&str]) -> Result<ExecOutput, BackendError> {
        let (exit_code, stdout) = match argv {
            ["id"] => (0, format!("uid={}(dev) gid=100(users)\n", self.uid)),
            _ => (1, String::new()),
        };
        Ok(ExecOutput { exit_code: Some(exit_code), stdout: stdout.into(), stderr: Vec::new() })
    }

    async fn spawn(&self, argv: &[&str]) -> Result<BoxStream, BackendError> {
        if argv.join(" ") == self.way {
            return self.libpod.dial(&DialTarget::Unix { path: SOCKET.into() }).await;
        }
        Err(BackendError::unreachable(format!("{} ended", argv.join(" "))))
    }
}

async fn connect(
    uid: &'static str,
    way: &'static str,
    allows_sockets: bool,
) -> Result<(Box<dyn Session>, Cx), BackendError> {
    let libpod = MemoryDial::new(Arc::new(FakeLibpod::default()));
    let server = Arc::new(Server { uid, way, allows_sockets, libpod });
    let cx = Cx { dial: server.clone(), exec: server, ..Cx::new(CancellationToken::new()) };
    let input = ConnectInput {
        name: "forge-1".into(),
        fields: FormValues::new(),
        secrets: Default::default(),
    };
    Ok((Podman.connect(input, cx.clone()).await?, cx))
}

#[tokio::test]
async fn the_one_way_that_answers_is_found() {
    for (uid, way) in [
        ("1000", "/run/user/1000/podman/podman.sock"),
        ("1000", "/run/podman/podman.sock"),
        ("1000", "podman system dial-stdio"),
        ("1000", "podman --url unix:///run/podman/podman.sock system dial-stdio"),
        ("1000", "sudo -n podman system dial-stdio"),
        ("0", "/run/podman/podman.sock"),
        ("0", "podman system dial-stdio"),
    ] {
        for allows_sockets in [true, false] {
            if !allows_sockets && way.starts_with('/') {
                continue;
            }
            let (session, cx) = connect(uid, way, allows_sockets).await.unwrap();
            session.list(&cx).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_server_without_any_way_is_named_with_all_that_was_tried() {
    let failure = model::Failure::from(connect("1000", "none", true).await.err().unwrap());
    assert_eq!(failure.message, "Podman does not answer on \"forge-1\"");
    let detail = failure.detail.unwrap();
    for way in ["/run/user/1000/podman/podman.sock", SOCKET, "sudo -n podman system dial-stdio"] {
        assert!(detail.contains(way), "{detail}");
    }
}
