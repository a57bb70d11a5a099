//! Fifty servers on one machine: an sshd each, with its own count of new connections, and behind each a
//! recorded libpod in this process on a unix socket that the sshd forwards to.

use std::{
    io::{Read, Write},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    sync::Arc,
    thread::JoinHandle,
};

use anyhow::{Context, Result, ensure};
use backend_api::DialTarget;
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::{
    Served,
    libpod::{BOX_IMAGE, FakeLibpod, SOCKET},
};
use tests::sshd::{Sshd, SshdOptions};
use tokio::net::UnixListener;
use tokio_util::sync::CancellationToken;

/// What OpenSSH allows where nobody changed it.
const STOCK: &str = "MaxStartups 10:30:100";
/// Bytes between the socket and the libpod behind it.
const CAPACITY: usize = 64 * 1024;

/// Running servers; all end with it.
pub(crate) struct Servers {
    pub(crate) sshds: Vec<Sshd>,
    pub(crate) sockets: Vec<PathBuf>,
    cancel: CancellationToken,
    thread: Option<JoinHandle<()>>,
    _folder: TempDir,
}

impl Servers {
    /// Starts `count` servers with `containers` running containers on each.
    pub(crate) fn start(count: usize, containers: usize) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("moorline-fleet-").tempdir()?;
        let sockets: Vec<PathBuf> =
            (0..count).map(|index| folder.path().join(format!("podman-{index}.sock"))).collect();
        let cancel = CancellationToken::new();
        let thread = serve(&sockets, cancel.clone())?;
        for (index, socket) in sockets.iter().enumerate() {
            for number in 0..containers {
                fill(socket, index, number)?;
            }
        }
        let options = SshdOptions::with_config(&[STOCK]);
        let sshds: Result<Vec<Sshd>> = (0..count).map(|_| Sshd::start(&options)).collect();
        Ok(Self { sshds: sshds?, sockets, cancel, thread: Some(thread), _folder: folder })
    }

    /// How often an sshd turned a connection away because too many were new.
    pub(crate) fn turned_away(&self) -> usize {
        let lines = |sshd: &Sshd| sshd.log().lines().filter(|l| l.contains("MaxStartups")).count();
        self.sshds.iter().map(lines).sum()
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        self.cancel.cancel();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A thread of its own: on a real fleet the servers do not share the client's either.
fn serve(sockets: &[PathBuf], cancel: CancellationToken) -> Result<JoinHandle<()>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let guard = runtime.enter();
    let listeners: std::io::Result<Vec<_>> = sockets.iter().map(UnixListener::bind).collect();
    drop(guard);
    let listeners = listeners?;
    let work = async move {
        for listener in listeners {
            tokio::spawn(answer(listener));
        }
        cancel.cancelled().await;
    };
    let run = move || runtime.block_on(work);
    std::thread::Builder::new().name("libpod".into()).spawn(run).context("no thread for libpod")
}

async fn answer(listener: UnixListener) {
    let libpod = Arc::new(FakeLibpod::default());
    let target = DialTarget::Unix { path: SOCKET.to_owned() };
    while let Ok((mut stream, _)) = listener.accept().await {
        let (mut near, far) = tokio::io::duplex(CAPACITY);
        if libpod.serve(&target, far).is_ok() {
            tokio::spawn(async move {
                let _ = tokio::io::copy_bidirectional(&mut stream, &mut near).await;
            });
        }
    }
}

/// One container as Moorline makes them: labels, an SSH port and a port for the web.
fn fill(socket: &Path, server: usize, number: usize) -> Result<()> {
    let port = |host: usize, inside: u16| json!({"host_ip": "127.0.0.1", "host_port": host, "container_port": inside, "protocol": "tcp"});
    let spec = json!({
        "name": format!("atlas-{server}-{number}"),
        "image": BOX_IMAGE,
        "labels": {
            "l8s.managed": "true", "l8s.owner": "alice", "l8s.branch": "main",
            "l8s.repo": "git@forge.example.org:atlas/api.git",
        },
        "portmappings": [port(2200 + number, 22), port(3000 + number, 8080)],
        "env": {"LANG": "C.UTF-8"},
    });
    let made = post(socket, "create", &spec)?;
    let id = made["Id"].as_str().context("no container was made")?;
    post(socket, &format!("{id}/start"), &Value::Null).map(drop)
}

fn post(socket: &Path, path: &str, body: &Value) -> Result<Value> {
    let mut stream = UnixStream::connect(socket)?;
    let body = body.to_string();
    let length = body.len();
    let head = format!(
        "POST /v4.0.0/libpod/containers/{path} HTTP/1.1\r\nHost: d\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(format!("{head}{body}").as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    ensure!(answer.starts_with("HTTP/1.1 2"), "libpod says {answer}");
    let (_, body) = answer.split_once("\r\n\r\n").context("an answer without an end")?;
    Ok(serde_json::from_str(body).unwrap_or_default())
}
