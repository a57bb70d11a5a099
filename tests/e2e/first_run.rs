//! The first run of somebody who used podman, ssh and l8s before: bring in, compare the fingerprints,
//! connected; what l8s made is there and adopted.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use tests::{
    desktop::Desktop,
    podman::BOX_IMAGE,
    practice::Practice,
    real_app::RealApp,
    session::Session,
    sshd::{Sshd, SshdOptions},
};

use super::steps::{button, words};

const CONTAINER: &str = "dev-atlas-1a2b3c";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the built app: cargo xtask test runs it"]
async fn a_person_moves_in_at_the_first_start() {
    let practice = Practice::start().await.expect("the practice server");
    let gate = Sshd::start(&SshdOptions::default()).expect("the jump host");
    let labels = ["l8s.managed=true", "l8s.ssh.port=2200", "l8s.web.port=3000"];
    let mut run = vec!["run", "-d", "--name", CONTAINER, "-e", "USER=dev"];
    run.extend(labels.iter().flat_map(|label| ["--label", label]));
    run.push(BOX_IMAGE);
    practice.podman().podman(&run).expect("a container as l8s makes it");
    let desktop = Desktop::start().expect("a desktop");
    let files = write_files(desktop.home(), &practice, &gate).expect("the files of a person");
    let data = tempfile::tempdir().expect("a data folder");
    let app = RealApp::start(desktop, data.path()).await.expect("the app");
    let outcome = move_in(&app.window, &practice, &gate).await;
    if outcome.is_err() {
        let path = std::env::temp_dir().join(format!("moorline-first-{}.png", std::process::id()));
        if app.window.picture(&path).await.is_ok() {
            eprintln!("the window as it was: {}", path.display());
        }
    }
    outcome.expect("moving in");
    for (path, text) in files {
        let now = fs::read_to_string(app.desktop().home().join(&path)).expect("it is still there");
        assert_eq!(now, text, "{path} is as it was");
    }
}

async fn move_in(window: &Session, practice: &Practice, gate: &Sshd) -> Result<()> {
    window.find(&words("Welcome to Moorline")).await?;
    window.click(&opener("SSH config")).await?;
    window.find(&words("The same server as forge in Podman connections")).await?;
    window.find(&words("it is a Git server")).await?;
    window.click(&opener("Podman connections")).await?;
    window.click(&opener("forge")).await?;
    window.click(&button("Bring in 1")).await?;
    for (who, server) in [("the jump host", gate), ("the server", practice.sshd())] {
        let fingerprint = server.host_key_fingerprints.first().context("a host key")?;
        window.find(&words(fingerprint)).await.with_context(|| format!("the key of {who}"))?;
        window.click(&button("Trust and connect")).await?;
    }
    window.run("location.hash = '/connections'", &[]).await?;
    window.find(&words("Connected")).await?;
    ensure!(gate.log().contains("Accepted publickey"), "the way goes through the jump host");
    adopt(window).await.context("adopting")
}

/// What opens the part of the list that begins with these words.
fn opener(words: &str) -> String {
    format!("//button[@aria-expanded='false'][starts-with(normalize-space(.), '{words}')]")
}

async fn adopt(window: &Session) -> Result<()> {
    window.run("location.hash = '/workspaces'", &[]).await?;
    let badge = format!("//*[@aria-label='{CONTAINER}']//*[text()='l8s']");
    window.find(&badge).await?;
    window.click(&format!("[aria-label='More for {CONTAINER}']")).await?;
    window.click("//*[@role='menuitem'][contains(., 'Adopt')]").await?;
    window.find("[role=dialog] input").await?;
    window.click(&button("Adopt")).await?;
    window.find(&words(&format!("{CONTAINER} was adopted"))).await?;
    let gone = "return !document.evaluate(`//*[@aria-label='NAME']//*[text()='l8s']`, document, null, 9, null).singleNodeValue";
    window.until(&gone.replace("NAME", CONTAINER)).await.map(drop)
}

/// What `ssh` and `podman` know, in the home folder; gives names and texts.
fn write_files(home: &Path, practice: &Practice, gate: &Sshd) -> Result<Vec<(String, String)>> {
    let login = practice.login();
    let (user, key, socket) = (&login.user, login.key.display(), login.socket.display());
    let ssh = format!(
        "Host forge\n  HostName 127.0.0.1\n  Port {}\n  User {user}\n  IdentityFile {key}\n  IdentityAgent none\n  ProxyJump gate\n\n\
         Host gate\n  HostName 127.0.0.1\n  Port {}\n  User {user}\n  IdentityFile {}\n  IdentityAgent none\n\n\
         Host github.com\n  User git\n",
        login.port,
        gate.port,
        gate.client_key.display(),
    );
    let containers = format!(
        "[engine.service_destinations.forge]\nuri = \"ssh://{user}@forge:{}{socket}\"\n",
        login.port
    );
    let files = vec![
        (".ssh/config".to_owned(), ssh),
        (".config/containers/containers.conf".to_owned(), containers),
    ];
    for (name, text) in &files {
        let path = home.join(name);
        fs::create_dir_all(path.parent().context("a folder")?)?;
        fs::write(path, text)?;
    }
    Ok(files)
}
