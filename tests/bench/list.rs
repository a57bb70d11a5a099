//! P10: the list of containers on a warm connection, next to a bare request on the server's socket and
//! next to `podman --remote` over SSH.
#![allow(clippy::expect_used, clippy::indexing_slicing)]

use std::{
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use backend_api::{Backend, ConnectInput, Cx, Session};
use tests::{
    link::connect,
    measure::{Ratio, Rounds},
    podman::{BOX_IMAGE, PodmanService},
    sshd::{Sshd, SshdOptions},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
};
use tokio_util::sync::CancellationToken;

const CONTAINERS: usize = 30;
const ROUNDS: usize = 15;
/// Requests of the quick arms in one round.
const REPEATS: u32 = 10;

const FLOOR: &str = "bare request on the socket";
const OURS: &str = "Moorline, warm, over SSH";
const REMOTE: &str = "podman --remote over SSH";

#[tokio::main]
async fn main() -> Result<()> {
    let service = PodmanService::start()?;
    for number in 0..CONTAINERS {
        service.podman(&["create", "--name", &format!("box-{number}"), BOX_IMAGE])?;
    }
    let sshd = Sshd::start(&SshdOptions::default())?;
    let (session, cx) = session(&service, &sshd).await?;
    let home = home_for_podman(&sshd)?;
    let mut rounds = Rounds::new(&[FLOOR, OURS, REMOTE]);
    for _ in 0..ROUNDS {
        let floor = several(async || bare_list(&service.socket).await).await?;
        let ours = several(async || {
            let listed = session.list(&cx).await.map_err(|error| anyhow::anyhow!("{error:?}"))?;
            ensure!(listed.len() == CONTAINERS, "{} containers", listed.len());
            Ok(())
        });
        let ours = ours.await?;
        rounds.add(&[floor, ours, remote_list(&service, &sshd, home.path())?]);
    }
    rounds.print(
        "P10 container list",
        &[
            Ratio { label: "ours / bare request", over: OURS, under: FLOOR, goal: "at most 1.3" },
            Ratio {
                label: "podman --remote / ours",
                over: REMOTE,
                under: OURS,
                goal: "at least 10",
            },
        ],
    );
    Ok(())
}

async fn several(work: impl AsyncFn() -> Result<()>) -> Result<Duration> {
    let start = Instant::now();
    for _ in 0..REPEATS {
        work().await?;
    }
    Ok(start.elapsed() / REPEATS)
}

/// What nobody can beat: one request on the server itself, its answer read and thrown away.
async fn bare_list(socket: &Path) -> Result<()> {
    let mut stream = UnixStream::connect(socket).await?;
    let path = "/v4.0.0/libpod/containers/json?all=true";
    let request = format!("GET {path} HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    ensure!(answer.starts_with(b"HTTP/1.1 200"), "the list is refused");
    Ok(())
}

fn remote_list(service: &PodmanService, sshd: &Sshd, home: &Path) -> Result<Duration> {
    let url = format!("ssh://root@127.0.0.1:{}{}", sshd.port, service.socket.display());
    let start = Instant::now();
    let output = Command::new("podman")
        .args(["--remote", "--url", &url, "--identity"])
        .arg(&sshd.client_key)
        .args(["ps", "--all", "--format", "json"])
        .env("HOME", home)
        .stdin(Stdio::null())
        .output()?;
    let took = start.elapsed();
    ensure!(output.status.success(), "podman: {}", String::from_utf8_lossy(&output.stderr));
    let listed: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    ensure!(listed.as_array().is_some_and(|all| all.len() == CONTAINERS), "not all containers");
    Ok(took)
}

/// podman checks host keys against the known hosts in its home.
fn home_for_podman(sshd: &Sshd) -> Result<tempfile::TempDir> {
    let home = tempfile::tempdir()?;
    std::fs::create_dir(home.path().join(".ssh"))?;
    std::fs::write(home.path().join(".ssh/known_hosts"), &sshd.known_hosts)?;
    Ok(home)
}

async fn session(service: &PodmanService, sshd: &Sshd) -> Result<(Box<dyn Session>, Cx)> {
    let link = connect(sshd).await.map_err(|failure| anyhow::anyhow!("{failure:?}"))?;
    let link = Arc::new(link);
    let cx = Cx { dial: link.clone(), exec: link, ..Cx::new(CancellationToken::new()) };
    let fields = [
        ("socket".to_owned(), service.socket.display().to_string()),
        ("show_unmanaged".to_owned(), "true".to_owned()),
    ];
    let input = ConnectInput {
        name: "bench".into(),
        fields: fields.into(),
        secrets: std::collections::BTreeMap::default(),
    };
    let session = backend_podman::Podman
        .connect(input, cx.clone())
        .await
        .map_err(|error| anyhow::anyhow!("{error:?}"))
        .context("cannot connect to Podman")?;
    Ok((session, cx))
}
