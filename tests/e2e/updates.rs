//! The update check of the real app against a publisher on loopback: off, a new version, none, nonsense,
//! and nobody there.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tests::{desktop::Desktop, headless::Headless, publisher::Publisher, real_app::RealApp};

use super::steps::{button, words};

const SWITCH: &str = "//label[contains(., 'Check for updates')]/../..//*[@role='switch']";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the built app: cargo xtask test runs it"]
async fn a_publisher_is_asked_only_when_the_check_is_on_and_its_answer_is_told() {
    let data = tempfile::tempdir().expect("a data folder");
    switch_off(data.path()).await.expect("the settings");
    let mut publisher = Publisher::start().expect("a publisher");
    let desktop = Desktop::start().expect("a desktop");
    let desktop = desktop.with_variable("MOORLINE_UPDATE_ENDPOINT", &publisher.url);
    let app = RealApp::start(desktop, data.path()).await.expect("the app");
    check(&app, &mut publisher).await.expect("the check");
}

/// As a person did in an earlier start.
async fn switch_off(data: &std::path::Path) -> Result<()> {
    let core = Headless::start(data, data).await?;
    let mut settings = core.call("settings_get", json!({})).await?;
    settings["check_for_updates"] = json!(false);
    core.call("settings_set", settings).await?;
    core.shutdown().await;
    Ok(())
}

async fn check(app: &RealApp, publisher: &mut Publisher) -> Result<()> {
    let window = &app.window;
    app.go("/settings/updates").await?;
    window.find(&words("The check is off.")).await.context("off")?;
    ensure!(publisher.asked() == 0, "somebody was asked although the check is off");

    let offer = json!({
        "version": "99.1.0", "notes": "Quicker than before", "pub_date": "2026-11-01T12:00:00Z",
        "url": "http://127.0.0.1:9/moorline.deb", "signature": "bm8gc2lnbmF0dXJl",
    });
    publisher.says(200, &offer.to_string());
    window.click(SWITCH).await.context("the switch")?;
    window.find(&words("Moorline 99.1.0 is out")).await.context("the offer")?;
    window.find(&words("Quicker than before")).await?;
    ensure!(publisher.asked() == 1, "asked {} times", publisher.asked());

    publisher.says(204, "");
    window.click(&button("Check now")).await?;
    window.find(&words("The newest version, checked")).await.context("none")?;

    publisher.says(200, "{\"version\": 99");
    window.click(&button("Check now")).await?;
    window.find(&words("says nothing of a version")).await.context("nonsense")?;

    publisher.end();
    window.click(&button("Check now")).await?;
    window.find(&words("annot reach the server that has the updates")).await.context("nobody")?;
    let asked = publisher.asked();
    window.click(SWITCH).await?;
    window.find(&words("The check is off.")).await.context("off again")?;
    ensure!(publisher.asked() == asked, "somebody was asked although the check is off");
    Ok(())
}
