//! Images in the real window: those of the server, and one built from a Containerfile with its log.

use anyhow::{Context, Result};
use tests::{desktop::Desktop, podman::BOX_IMAGE, real_app::RealApp};

use super::{
    prepared::{Prepared, with_picture},
    steps::{button, field, words},
};

const NAME: &str = "atlas-dev:1";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the built app: cargo xtask test runs it"]
async fn an_image_is_built_and_listed() {
    let prepared = Prepared::new(None).await.expect("the practice server");
    let app = prepared.app(Desktop::start().expect("a desktop")).await.expect("the app");
    let outcome = build(&app).await;
    with_picture(&app, outcome).await.expect("the build");
    let found = prepared.practice.podman().podman(&["image", "exists", NAME]);
    found.expect("the server has it");
}

async fn build(app: &RealApp) -> Result<()> {
    let window = &app.window;
    app.go("/images").await?;
    window.find("[role=row][aria-label='box:1']").await.context("an image of the server")?;
    window.click(&button("Build image")).await?;
    window.click(&button("Containerfile")).await?;
    window.fill(&field("Name"), NAME).await?;
    let lines = format!("FROM {BOX_IMAGE}\nRUN echo built-$((6 * 7))\n");
    window.fill("[role=dialog] textarea", &lines).await?;
    window.click("[role=dialog] [type=submit]").await?;
    window.find(&words("built-42")).await.context("the log")?;
    window.find(&words("Done")).await?;
    app.go("/images").await?;
    let row = format!("[role=row][aria-label='{NAME}']");
    window.find(&row).await.context("the new image in the list").map(drop)
}
