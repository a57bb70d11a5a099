//! A crash in the middle of a create: the next start says so, finds the half-made container on the server
//! and removes it when asked.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tests::{
    desktop::Desktop,
    dev_image::DEV_IMAGE,
    headless::Headless,
    practice::{PRACTICE, Practice},
    real_app::RealApp,
};
use tokio::time::{Instant, sleep};

use super::steps::{button, words};

const NAME: &str = "atlas-api";
const DEADLINE: Duration = Duration::from_secs(60);
const LOOK_AGAIN: Duration = Duration::from_millis(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the built app: cargo xtask test runs it"]
async fn what_a_killed_app_left_half_made_is_found_and_removed() {
    let practice = Practice::start().await.expect("the practice server");
    let data = tempfile::tempdir().expect("a data folder");
    let core = Headless::start(data.path(), &practice.home()).await.expect("a core");
    practice.connect(&core).await.expect("the connection");
    core.shutdown().await;
    let desktop = Desktop::start().expect("a desktop");
    let app = RealApp::start(desktop, data.path()).await.expect("the app");
    begin_create(&app).await.expect("a create begins");
    until_container(&practice, true).await.expect("the container is made");
    // It is looked at for a second after its start, so the run still goes on.
    let desktop = app.kill().expect("the app runs until now");
    let app = RealApp::start(desktop, data.path()).await.expect("the app starts again");
    remove_leftover(&app).await.expect("the leftover is offered and removed");
    until_container(&practice, false).await.expect("nothing is left on the server");
}

async fn begin_create(app: &RealApp) -> Result<()> {
    let window = &app.window;
    app.go("/connections").await?;
    window.find(&words("Connected")).await?;
    app.go("/workspaces").await?;
    window.click(&button("New workspace")).await?;
    window.fill("[data-field='name'] input", NAME).await?;
    window.fill("[data-field='image'] input", DEV_IMAGE).await?;
    window.until("return !document.querySelector('[role=dialog] [type=submit]').disabled").await?;
    window.click("[role=dialog] [type=submit]").await
}

async fn remove_leftover(app: &RealApp) -> Result<()> {
    let window = &app.window;
    app.go("/runs").await?;
    let row = format!("//*[@role='row'][contains(., '{NAME}')]");
    window.click(&row).await.context("the run in the list")?;
    window.find(&words("Interrupted")).await.context("the state of the run")?;
    window.find(&words("Moorline ended while this ran.")).await.context("what it means")?;
    let told = format!("{NAME} was left half-made on {PRACTICE}.");
    window.find(&words(&told)).await.context("the notice in the run")?;
    window.click(&button(&format!("Remove {NAME}…"))).await?;
    window.click(&button(&format!("Remove {NAME}"))).await.context("the question")?;
    window.find(&words("Done")).await.context("the removal")?;
    Ok(())
}

/// Waits until the server has the container, or until it does not.
async fn until_container(practice: &Practice, is_there: bool) -> Result<()> {
    let deadline = Instant::now() + DEADLINE;
    loop {
        let names = practice.podman().podman(&["ps", "-a", "--format", "{{.Names}}"])?;
        if names.lines().any(|name| name == NAME) == is_there {
            return Ok(());
        }
        ensure!(Instant::now() < deadline, "the server has these containers: {names:?}");
        sleep(LOOK_AGAIN).await;
    }
}
