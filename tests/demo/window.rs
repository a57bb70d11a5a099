//! The app in its window, connected to the practice server, with one container ready to open.

use std::{path::Path, process::Command, time::Duration};

use anyhow::{Result, ensure};
use tests::{desktop::app_program, headless::Headless, practice::Practice, process::Started};

use crate::steps::step;

const NAME: &str = "atlas-api";
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// Runs until the app is quit.
///
/// # Errors
/// When the server or the app do not start.
pub(crate) async fn run() -> Result<()> {
    let has_display =
        ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    ensure!(has_display, "there is no display here: `cargo xtask demo --headless` does without");
    let app = app_program()?;
    let practice =
        step("practice server: sshd and Podman with a dev image", Practice::start()).await?;
    let data = tempfile::tempdir()?;
    step("connect and make a container ready", seed(&practice, data.path())).await?;
    let mut command = Command::new(app);
    command.arg("--data-folder").arg(data.path());
    let mut window = Started::start("Moorline", &mut command)?;
    println!(
        "\nMoorline is open. Closing its window leaves it in the tray; quit it there, or press Ctrl-C"
    );
    println!(
        "here. The IDE's password: run `cat ~/.config/code-server/config.yaml` in the workspace's terminal."
    );
    loop {
        if let Some(status) = window.ended()? {
            ensure!(status.success(), "Moorline ended: {status}");
            return Ok(());
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// What the app finds when it opens: written by the same core, before it starts.
async fn seed(practice: &Practice, data: &Path) -> Result<()> {
    let moorline = Headless::start(data, &practice.home()).await?;
    let outcome = make_ready(&moorline, practice).await;
    moorline.shutdown().await;
    outcome
}

async fn make_ready(moorline: &Headless, practice: &Practice) -> Result<()> {
    let connection = practice.connect(moorline).await?;
    practice.container(moorline, &connection, NAME, true).await.map(drop)
}
