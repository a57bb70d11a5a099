//! The app in its window, connected to the practice servers, with one container and one lab ready to open.

use std::{path::Path, process::Command, time::Duration};

use anyhow::{Result, ensure};
use tests::{
    desktop::app_program,
    headless::Headless,
    practice::Practice,
    practice_labs::{PracticeLabs, VAULT_PASSPHRASE},
    process::Started,
};

use crate::{headless_labs::LAB_SERVER, steps::step};

const NAME: &str = "atlas-api";
const LAB: &str = "two-routers";
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// Runs until the app is quit.
///
/// # Errors
/// When the server or the app do not start.
pub(crate) async fn run(has_labs: bool) -> Result<()> {
    let has_display =
        ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    ensure!(has_display, "there is no display here: `cargo xtask demo --headless` does without");
    let app = app_program()?;
    let practice =
        step("practice server: sshd and Podman with a dev image", Practice::start()).await?;
    let labs = match has_labs {
        true => Some(step(LAB_SERVER, PracticeLabs::start()).await?),
        false => None,
    };
    let data = tempfile::tempdir()?;
    step("connect and make things ready", seed(&practice, labs.as_ref(), data.path())).await?;
    let mut command = Command::new(app);
    command.arg("--data-folder").arg(data.path());
    let mut window = Started::start("Moorline", &mut command)?;
    println!(
        "\nMoorline is open. Closing its window leaves it in the tray; quit it there, or press Ctrl-C"
    );
    println!(
        "here. The IDE's password: run `cat ~/.config/code-server/config.yaml` in the workspace's terminal."
    );
    if labs.is_some() {
        println!(
            "The lab server's password is in a vault: its passphrase is \"{VAULT_PASSPHRASE}\"."
        );
    }
    loop {
        if let Some(status) = window.ended()? {
            ensure!(status.success(), "Moorline ended: {status}");
            return Ok(());
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// What the app finds when it opens: written by the same core, before it starts.
async fn seed(practice: &Practice, labs: Option<&PracticeLabs>, data: &Path) -> Result<()> {
    let moorline = Headless::start(data, &practice.home()).await?;
    let outcome = make_ready(&moorline, practice, labs).await;
    moorline.shutdown().await;
    outcome
}

async fn make_ready(
    moorline: &Headless,
    practice: &Practice,
    labs: Option<&PracticeLabs>,
) -> Result<()> {
    let connection = practice.connect(moorline).await?;
    practice.container(moorline, &connection, NAME, true).await?;
    let Some(labs) = labs else { return Ok(()) };
    let connection = labs.connect(moorline).await?;
    let template = labs.add_topologies(moorline).await?;
    labs.start_lab(moorline, &connection, &template, LAB).await.map(drop)
}
