//! A terminal of this computer on a workspace: the question about the SSH config, the program that is
//! started, and its `ssh` really getting in.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, time::Duration};

use anyhow::{Context, Result};
use tests::{desktop::Desktop, practice::Practice, real_app::RealApp};

use super::{
    main_job::{NAME, add_server, create, keep_picture},
    steps::{button, words},
};

/// A terminal program that writes down how it is started, and runs what it is given with a line typed into
/// it. OpenSSH looks for its config in the home folder of the account, so this one names the desktop's.
const TERMINAL: &str = r#"#!/bin/sh
printf '%s\n' "$@" >"$0.argv"
shift 2
printf 'echo in-$(id -un)-at-$(pwd)\nexit\n' |
  ssh -F "$HOME/.ssh/config" -o BatchMode=yes "$@" >"$0.new" 2>&1
mv "$0.new" "$0.out"
"#;
const SOON: Duration = Duration::from_secs(40);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the built app: cargo xtask test runs it"]
async fn a_terminal_of_the_computer_opens_in_a_workspace() {
    let practice = Practice::start().await.expect("the practice server");
    let data = tempfile::tempdir().expect("a data folder");
    let desktop = Desktop::start().expect("a desktop");
    let terminal = desktop.home().join(".local/bin/ghostty");
    install(&terminal).expect("the terminal program");
    let app = RealApp::start(desktop, data.path()).await.expect("the app");
    let outcome = visit(&app, &practice, &terminal).await;
    if outcome.is_err() {
        keep_picture(&app).await;
    }
    outcome.expect("the visit");
}

fn install(terminal: &Path) -> Result<()> {
    fs::create_dir_all(terminal.parent().context("a folder")?)?;
    fs::write(terminal, TERMINAL)?;
    Ok(fs::set_permissions(terminal, fs::Permissions::from_mode(0o755))?)
}

async fn visit(app: &RealApp, practice: &Practice, terminal: &Path) -> Result<()> {
    add_server(app, practice).await.context("adding the server")?;
    create(app).await.context("creating the dev container")?;
    let window = &app.window;
    window.click(&format!("[aria-label='{NAME}']")).await?;
    window.click("[aria-label='More ways to open']").await?;
    window.click("//*[@role='menuitem'][contains(., 'Terminal of this computer')]").await?;
    window.find(&words("One line goes to the top")).await.context("the question")?;
    let config = app.desktop().home().join(".ssh/config");
    anyhow::ensure!(!config.exists(), "the config was written before the person agreed");
    window.click(&button("Add and open in a terminal of this computer")).await?;
    let out = written(&terminal.with_extension("out")).await?;
    anyhow::ensure!(out.contains("in-dev-at-/workspace"), "the terminal shows: {out}");
    let argv = written(&terminal.with_extension("argv")).await?;
    anyhow::ensure!(argv.starts_with(&format!("-e\nssh\n-t\n{NAME}\n")), "started with: {argv}");
    let config = fs::read_to_string(config)?;
    anyhow::ensure!(config.starts_with("Include \"") && config.lines().count() == 1, "{config}");
    Ok(())
}

/// A file's text, once it is there.
async fn written(file: &Path) -> Result<String> {
    let begun = std::time::Instant::now();
    loop {
        if let Ok(text) = fs::read_to_string(file) {
            return Ok(text);
        }
        anyhow::ensure!(begun.elapsed() < SOON, "{} is not written", file.display());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
