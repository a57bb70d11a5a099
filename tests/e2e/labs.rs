//! A lab in the real window, on the real lab server: made in the wizard, seen as a drawing, a router asked on
//! its console, stopped.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use tests::{
    desktop::Desktop,
    headless::Headless,
    labs::{LabLease, LabServer},
    practice_labs::{PracticeLabs, VAULT_PASSPHRASE},
    real_app::RealApp,
    session::Session,
};

use super::steps::{button, terminal_says, type_line, words};

const NAME: &str = "pair";
const LONG: Duration = Duration::from_secs(120);
/// Between two questions to a router.
const AGAIN: Duration = Duration::from_secs(5);
const DOUBLE_CLICK: &str = "document.querySelector('[data-node=r1]').dispatchEvent(new MouseEvent('dblclick', { bubbles: true, cancelable: true, detail: 2 }))";

#[test]
#[ignore = "needs the built app: cargo xtask test runs it"]
fn a_lab_is_made_drawn_asked_on_its_console_and_stopped() {
    // Waited for outside of the runtime: another test may have it.
    let labs = PracticeLabs::on(LabServer::shared().expect("a lab server"), &["two-ospf"]);
    let labs = labs.expect("topologies");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let data = tempfile::tempdir().expect("a data folder");
        prepare(&labs, data.path()).await.expect("a connection and a template");
        let desktop = Desktop::start().expect("a desktop");
        let app = RealApp::start(desktop, data.path()).await.expect("the app");
        journey(&app).await.expect("the journey");
        labs.check_nothing_runs().expect("it was taken down");
    });
}

async fn prepare(labs: &PracticeLabs<LabLease>, data: &Path) -> Result<()> {
    let home = data.join("home");
    std::fs::create_dir(&home)?;
    let core = Headless::start(data, &home).await?;
    labs.connect(&core).await?;
    labs.add_topologies(&core).await?;
    core.shutdown().await;
    Ok(())
}

/// Routers take a while to agree, so they are asked again and again.
async fn neighbour_is_full(window: &Session) -> Result<()> {
    let full = "//*[contains(@class, 'xterm-rows')]/div[contains(., 'Full/')]";
    let begun = Instant::now();
    loop {
        type_line(window, "show ip ospf neighbor").await?;
        match window.find_within(full, AGAIN).await {
            Err(_) if begun.elapsed() < LONG => {}
            found => return found.map(drop),
        }
    }
}

async fn journey(app: &RealApp) -> Result<()> {
    let window = &app.window;
    window
        .fill("input[type=password]", VAULT_PASSPHRASE)
        .await
        .context("the vault is asked for")?;
    window.click(&button("Open")).await?;
    app.go("/labs").await?;
    window.click(&button("New lab")).await.context("an empty list offers a lab")?;
    window.click("//*[@role='dialog']//button[contains(., 'two-ospf')]").await?;
    window.find("[role=dialog] [data-node=r1]").await.context("the preview draws it")?;
    window.click(&button("Next")).await?;
    let name =
        "//*[@role='dialog']//label[starts-with(normalize-space(.), 'Name')]/following::input[1]";
    window.fill(name, NAME).await?;
    window.find(&words("Its number is 1.")).await.context("what will happen")?;
    window.click("//*[@role='dialog']//button[normalize-space(.)='Start']").await?;
    let done = "//main//*[contains(., 'Verify')][contains(., 'Done')]";
    window.find_within(done, LONG).await.context("its run")?;

    app.go("/labs").await?;
    window.click(&format!("//*[@role='row']//*[text()='{NAME}']")).await.context("the list")?;
    window.find("main [data-node=r1]").await.context("the drawing")?;
    window.run(DOUBLE_CLICK, &[]).await?;
    terminal_says(window, "r1#").await.context("the console of r1")?;
    window.find("main [data-node=r1]").await.context("the drawing stays in view")?;
    neighbour_is_full(window).await.context("its neighbour")?;

    window.click(&button("Stop")).await?;
    window.click("//*[@role='dialog']//button[normalize-space(.)='Stop']").await?;
    window.find_within(&words("Created"), LONG).await.context("it is down").map(drop)
}
