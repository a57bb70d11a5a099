//! The main job: from nothing to the IDE of a dev container, and everything found again after a restart.

use anyhow::{Context, Result};
use tests::{
    desktop::Desktop,
    dev_image::DEV_IMAGE,
    panel::Panel,
    practice::{PRACTICE, Practice},
    real_app::RealApp,
};

use super::steps::{button, field, terminal_says, terminal_text, type_line, words};

pub(super) const NAME: &str = "atlas-api";
/// The log-in page may not have the keyboard yet when it is typed into.
const LOG_IN_TRIES: usize = 2;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the built app: cargo xtask test runs it"]
async fn a_person_gets_from_nothing_to_the_ide_and_finds_everything_again() {
    let practice = Practice::start().await.expect("the practice server");
    let data = tempfile::tempdir().expect("a data folder");
    let desktop = Desktop::start().expect("a desktop");
    // A panel is there before the app, as on a real desktop, so that the tray icon finds it.
    let panel = Panel::start(desktop.bus()).await.expect("a panel");
    let app = RealApp::start(desktop, data.path()).await.expect("the app");
    let outcome = first_visit(&app, &practice, &panel).await;
    if outcome.is_err() {
        keep_picture(&app).await;
    }
    outcome.expect("the first visit");
    let desktop = app.close().await.expect("the app ends");
    let app = RealApp::start(desktop, data.path()).await.expect("the app starts again");
    second_visit(&app).await.expect("the second visit");
}

async fn first_visit(app: &RealApp, practice: &Practice, panel: &Panel) -> Result<()> {
    add_server(app, practice).await.context("adding the server")?;
    create(app).await.context("creating the dev container")?;
    let password = open_terminal(app).await.context("the terminal")?;
    open_ide(app, &password).await.context("the IDE")?;
    panel.click(&format!("Stop {NAME} ({PRACTICE})")).await.context("stopping from the tray")?;
    app.window.find(&words("Stopped")).await.context("after stopping from the tray")?;
    Ok(())
}

pub(super) async fn add_server(app: &RealApp, practice: &Practice) -> Result<()> {
    let window = &app.window;
    let login = practice.login();
    window.click(&button("Add a server")).await?;
    window.fill(&field("Address"), &login.host).await?;
    window.fill(&field("Port"), &login.port.to_string()).await?;
    window.fill(&field("User"), &login.user).await?;
    window.click("[aria-label='Remove SSH agent']").await?;
    window.fill(&field("Path of the key"), &login.key.display().to_string()).await?;
    window.fill(&field("Name"), PRACTICE).await?;
    window.click("//button[@aria-expanded][contains(., 'More')]").await?;
    window.fill(&field("Podman socket"), &login.socket.display().to_string()).await?;
    window.fill(&field("SSH ports"), &login.ssh_ports).await?;
    window.fill(&field("First web port"), &login.first_web_port.to_string()).await?;
    window.click(&button("Add and connect")).await?;
    window.find(&words(&login.fingerprint)).await.context("the fingerprint in the dialog")?;
    window.click(&button("Trust and connect")).await?;
    window.find(&words("Connected")).await?;
    Ok(())
}

pub(super) async fn create(app: &RealApp) -> Result<()> {
    let window = &app.window;
    app.go("/workspaces").await?;
    window.click(&button("New workspace")).await?;
    window.fill("[data-field='name'] input", NAME).await?;
    window.fill("[data-field='image'] input", DEV_IMAGE).await?;
    window.until("return !document.querySelector('[role=dialog] [type=submit]').disabled").await?;
    window.click("[role=dialog] [type=submit]").await?;
    window.find(&words("Done")).await?;
    app.go("/workspaces").await?;
    window.find(&format!("//*[@aria-label='{NAME}']//*[contains(., 'Running')]")).await?;
    Ok(())
}

/// Opens the terminal, uses it, and reads the IDE's password in it.
async fn open_terminal(app: &RealApp) -> Result<String> {
    app.window.click(&format!("[aria-label='{NAME}']")).await?;
    app.window.click(&button("Terminal")).await?;
    type_line(&app.window, "echo answer-$((6 * 7))").await?;
    terminal_says(&app.window, "answer-42").await?;
    type_line(&app.window, "sed -n 's/^password: /sec''ret=/p' ~/.config/code-server/config.yaml")
        .await?;
    terminal_says(&app.window, "secret=").await?;
    let text = terminal_text(&app.window).await?;
    let mut lines = text.lines().filter_map(|line| line.trim().strip_prefix("secret="));
    Ok(lines.next().context("no password in the terminal")?.trim().to_owned())
}

/// WebDriver sees the main window only, so the password is typed as from a keyboard. That the editor runs
/// is seen at the server's end: it writes to its log when the editor's WebSocket is there.
async fn open_ide(app: &RealApp, password: &str) -> Result<()> {
    app.window.click(&button("Open IDE")).await?;
    app.window.click("//*[@role='tab'][starts-with(., 'Logs')]").await?;
    app.window.find(&words("dev container ready")).await.context("the logs")?;
    let title = format!("{NAME}: IDE");
    for _ in 0..LOG_IN_TRIES {
        app.desktop().type_line_into(&title, password)?;
        if app.window.find(&words("New connection established")).await.is_ok() {
            return Ok(());
        }
    }
    anyhow::bail!("no editor connects")
}

async fn second_visit(app: &RealApp) -> Result<()> {
    app.window.find(&format!("[title='{NAME}: Stopped']")).await.context("its line on Home")?;
    app.go("/workspaces").await?;
    app.window.find(&format!("//*[@aria-label='{NAME}']//*[contains(., 'Stopped')]")).await?;
    app.go("/runs").await?;
    app.window.find(&words(NAME)).await?;
    Ok(())
}

/// What the window showed when something went wrong, for whoever reads the log.
pub(super) async fn keep_picture(app: &RealApp) {
    let path = std::env::temp_dir().join(format!("moorline-e2e-{}.png", std::process::id()));
    let screen = path.with_extension("screen.png");
    let _ = app.desktop().picture(&screen);
    if app.window.picture(&path).await.is_ok() {
        eprintln!("the window as it was: {}", path.display());
    }
}
