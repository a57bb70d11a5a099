//! A rebuild with an image that does not run, in the real window: the old container is back and running.

use anyhow::{Context, Result, ensure};
use tests::{
    desktop::Desktop, headless::Headless, podman::BROKEN_IMAGE, practice::Practice,
    real_app::RealApp,
};

use super::steps::{button, words};

const NAME: &str = "atlas-api";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the built app: cargo xtask test runs it"]
async fn a_rebuild_with_a_failing_image_brings_the_old_container_back() {
    let practice = Practice::start().await.expect("the practice server");
    let data = tempfile::tempdir().expect("a data folder");
    let core = Headless::start(data.path(), &practice.home()).await.expect("a core");
    let connection = practice.connect(&core).await.expect("the connection");
    practice.container(&core, &connection, NAME, true).await.expect("the container");
    core.shutdown().await;
    let before = id_of(&practice).expect("its id");
    let desktop = Desktop::start().expect("a desktop");
    let app = RealApp::start(desktop, data.path()).await.expect("the app");
    rebuild(&app).await.expect("the rebuild fails as it should");
    assert_eq!(id_of(&practice).expect("its id"), before, "the old container has its name again");
    let all = practice.podman().podman(&["ps", "--format", "{{.Names}}"]).expect("podman");
    assert_eq!(all, NAME, "it runs, and nothing else is left");
}

fn id_of(practice: &Practice) -> Result<String> {
    practice.podman().podman(&["inspect", "--format", "{{.Id}}", NAME])
}

async fn rebuild(app: &RealApp) -> Result<()> {
    let window = &app.window;
    app.go("/workspaces").await?;
    window.find(&format!("//*[@aria-label='{NAME}']//*[contains(., 'Running')]")).await?;
    window.click(&format!("[aria-label='{NAME}']")).await?;
    window.click(&format!("[aria-label='More for {NAME}']")).await?;
    window.click("//*[@role='menuitem'][starts-with(normalize-space(.), 'Rebuild')]").await?;
    window.fill("[data-field='image'] input", BROKEN_IMAGE).await.context("the image")?;
    window.find(&words("broken:1 (")).await.context("what changes")?;
    window.until("return !document.querySelector('[role=dialog] [type=submit]').disabled").await?;
    window.click("[role=dialog] [type=submit]").await?;
    window.find(&words("Failed")).await.context("the state of the run")?;
    let said = window.text("main").await?;
    ensure!(said.contains("runs again"), "the run says: {said}");
    app.go("/workspaces").await?;
    window.find(&format!("//*[@aria-label='{NAME}']//*[contains(., 'Running')]")).await?;
    window.find(&button("New workspace")).await.map(drop)
}
