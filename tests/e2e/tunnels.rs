//! A tunnel from a typed line in the real window: it carries, says when its server is gone, and comes back
//! on the same port.

use std::{net::Ipv4Addr, path::Path};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tests::{
    desktop::Desktop,
    echo::Echo,
    headless::Headless,
    real_app::RealApp,
    sshd::{Sshd, SshdOptions, free_port},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the built app: cargo xtask test runs it"]
async fn a_typed_line_becomes_a_tunnel_that_says_how_it_is() {
    let mut sshd = Sshd::start(&SshdOptions::default()).expect("sshd");
    let data = tempfile::tempdir().expect("a data folder");
    prepare(data.path(), &sshd).await.expect("a connection");
    let target = Echo::start();
    let desktop = Desktop::start().expect("a desktop");
    let app = RealApp::start(desktop, data.path()).await.expect("the app");
    let port = free_port().expect("a port");
    journey(&app, &mut sshd, port, target.port).await.expect("the journey");
}

async fn journey(app: &RealApp, sshd: &mut Sshd, port: u16, target: u16) -> Result<()> {
    let window = &app.window;
    app.go("/tunnels").await?;
    let line = format!("{port}:127.0.0.1:{target} via forge-1");
    window.keys("[aria-label='New tunnel, typed']", &line).await?;
    window.find("//*[@role='status'][contains(., 'Enter creates it')]").await.context("read")?;
    window.keys("[aria-label='New tunnel, typed']", "\u{e007}").await?;
    window.find(&shows(port, "Open")).await.context("it opens")?;
    carries(port).await.context("it carries")?;

    sshd.stop();
    sshd.drop_connections();
    window.find(&shows(port, "Reconnecting")).await.context("it says that the way is lost")?;
    // A program that comes now waits for the way.
    let waiting = tokio::spawn(carries(port));
    sshd.start_again()?;
    window.find(&shows(port, "Open")).await.context("it comes back")?;
    waiting.await?.context("who waited got through")?;

    window.click("//button[normalize-space(.)='Stop']").await?;
    window.find(&shows(port, "Stopped")).await.context("it stops")?;
    ensure!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err(), "nothing listens");
    Ok(())
}

/// The list's row of the tunnel that listens at this port, in this state.
fn shows(port: u16, state: &str) -> String {
    format!("//*[@role='row'][contains(., ':{port}')]//*[contains(., '{state}')]")
}

/// A stored connection whose SSH host the line names, with its key known.
async fn prepare(data: &Path, sshd: &Sshd) -> Result<()> {
    std::fs::write(data.join("known_hosts"), &sshd.known_hosts)?;
    let home = data.join("home");
    std::fs::create_dir(&home)?;
    let core = Headless::start(data, &home).await?;
    let input = json!({
        "kind": "podman",
        "name": "forge-1",
        "fields": {"socket": "/nonexistent/podman.sock"},
        "secrets": {},
        "ssh_host": {
            "id": null,
            "addresses": [{"host": "127.0.0.1", "port": sshd.port}],
            "user": "root",
            "auth": [{"method": "key_file", "path": sshd.client_key, "passphrase": null}],
            "jumps": [],
        },
        "connect_at_start": false,
    });
    core.call("connection_create", input).await?;
    core.shutdown().await;
    Ok(())
}

async fn carries(port: u16) -> Result<()> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
    stream.write_all(b"from end to end").await?;
    stream.shutdown().await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    ensure!(answer == "from end to end", "what came back: {answer:?}");
    Ok(())
}
