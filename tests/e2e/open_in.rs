//! Programs of this computer on a workspace, from the window and from the tray: the question about the SSH
//! config, the program that is started, and a terminal's `ssh` really getting in.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, time::Duration};

use anyhow::{Context, Result, ensure};
use tests::{
    desktop::Desktop,
    panel::{MenuLine, Panel, find},
    practice::PRACTICE,
    real_app::RealApp,
};

use super::{
    prepared::{Prepared, with_picture},
    steps::{button, words},
};

const NAME: &str = "atlas-api";
/// A terminal program that writes down how it is started, and runs what it is given with a line typed into
/// it. OpenSSH looks for its config in the home folder of the account, so this one names the desktop's.
const TERMINAL: &str = r#"#!/bin/sh
printf '%s\n' "$@" >"$0.argv"
shift 2
printf 'echo in-$(id -un)-at-$(pwd)\nexit\n' |
  ssh -F "$HOME/.ssh/config" -o BatchMode=yes "$@" >"$0.new" 2>&1
mv "$0.new" "$0.out"
"#;
/// An editor that writes down how it is started.
const EDITOR: &str = "#!/bin/sh\nprintf '%s\\n' \"$@\" >\"$0.argv\"\n";
const SOON: Duration = Duration::from_secs(40);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the built app: cargo xtask test runs it"]
async fn a_workspace_opens_in_programs_of_the_computer() {
    let prepared = Prepared::new(Some(NAME)).await.expect("a dev container");
    let desktop = Desktop::start().expect("a desktop");
    let panel = Panel::start(desktop.bus()).await.expect("a panel");
    let programs = desktop.home().join(".local/bin");
    let (terminal, editor) = (programs.join("ghostty"), programs.join("code"));
    install(&terminal, TERMINAL).expect("the terminal program");
    install(&editor, EDITOR).expect("the editor");
    let app = prepared.app_in_tray(desktop).await.expect("the app");
    let outcome = visits(&app, &panel, &terminal, &editor).await;
    with_picture(&app, outcome).await.expect("the visits");
}

fn install(program: &Path, script: &str) -> Result<()> {
    fs::create_dir_all(program.parent().context("a folder")?)?;
    fs::write(program, script)?;
    Ok(fs::set_permissions(program, fs::Permissions::from_mode(0o755))?)
}

async fn visits(app: &RealApp, panel: &Panel, terminal: &Path, editor: &Path) -> Result<()> {
    // What needs an answer brings the window.
    ensure!(!app.desktop().shows("Moorline")?, "the app begins without a window");
    click_editor(panel).await.context("the tray")?;
    app.window.find(&button("Add and open in VS Code")).await.context("the question")?;
    app.desktop().focus("Moorline").context("the window with the question")?;
    app.window.click(&button("Cancel")).await?;
    app.window.gone("[role=dialog]").await?;
    ensure!(!editor.with_extension("argv").exists(), "the editor was started without a yes");
    visit(app, terminal).await.context("the terminal")?;
    click_editor(panel).await.context("the tray, again")?;
    let argv = written(&editor.with_extension("argv")).await?;
    ensure!(argv == format!("--remote\nssh-remote+{NAME}\n/workspace\n"), "started with: {argv}");
    Ok(())
}

/// Opens the workspace in the editor, from the tray.
async fn click_editor(panel: &Panel) -> Result<()> {
    let editors =
        |lines: &[MenuLine]| find(lines, "Open in VS Code").map(|one| one.children.clone());
    let menu = panel.menu_when(|lines| editors(lines).is_some()).await?;
    let lines = editors(&menu).unwrap_or_default();
    panel.click_in(&lines, &format!("{NAME} ({PRACTICE})")).await
}

async fn visit(app: &RealApp, terminal: &Path) -> Result<()> {
    let window = &app.window;
    app.go("/workspaces").await?;
    window.find(&format!("//*[@aria-label='{NAME}']//*[contains(., 'Running')]")).await?;
    window.click(&format!("[aria-label='{NAME}']")).await?;
    window.click("[aria-label='More ways to open']").await?;
    window.click("//*[@role='menuitem'][contains(., 'Terminal of this computer')]").await?;
    window.find(&words("One line goes to the top")).await.context("the question")?;
    let config = app.desktop().home().join(".ssh/config");
    ensure!(!config.exists(), "the config was written before the person agreed");
    window.click(&button("Add and open in a terminal of this computer")).await?;
    window.gone("[role=dialog]").await.context("the end of the question")?;
    let argv = written(&terminal.with_extension("argv")).await?;
    ensure!(argv.starts_with(&format!("-e\nssh\n-t\n{NAME}\n")), "started with: {argv}");
    let out = written(&terminal.with_extension("out")).await?;
    ensure!(out.contains("in-dev-at-/workspace"), "the terminal shows: {out}");
    let config = fs::read_to_string(config)?;
    ensure!(config.starts_with("Include \"") && config.lines().count() == 1, "{config}");
    Ok(())
}

/// A file's text, once it is there and whole.
async fn written(file: &Path) -> Result<String> {
    let begun = std::time::Instant::now();
    loop {
        match fs::read_to_string(file) {
            Ok(text) if text.ends_with('\n') => return Ok(text),
            _ => ensure!(begun.elapsed() < SOON, "{} is not written", file.display()),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
