//! Every day's ways without the mouse: the palette by keyboard, a link that another program opens.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tests::{
    desktop::{Desktop, app_program},
    headless::Headless,
    real_app::RealApp,
    session::ENTER,
    webdriver::key,
};

use super::steps::{button, words};

const SERVER: &str = "forge-1";
const SECOND_START: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the built app: cargo xtask test runs it"]
async fn the_palette_goes_anywhere_by_keyboard_and_a_link_waits_for_a_yes() {
    let data = tempfile::tempdir().expect("a data folder");
    let connection = remember_server(data.path()).await.expect("a connection");
    let desktop = Desktop::start().expect("a desktop");
    let app = RealApp::start(desktop, data.path()).await.expect("the app");
    palette(&app, &connection).await.expect("the palette");
    links(&app, &connection).await.expect("the links");
}

/// A connection that is never connected: no server is needed to look at its page.
async fn remember_server(data: &std::path::Path) -> Result<String> {
    let core = Headless::start(data, data).await?;
    let input = json!({
        "kind": "podman", "name": SERVER, "fields": {}, "secrets": {}, "connect_at_start": false,
        "ssh_host": {
            "id": null, "addresses": [{ "host": "127.0.0.1", "port": 9 }], "user": "dev",
            "auth": [{ "method": "agent", "socket": null }], "jumps": [],
        },
    });
    let view = core.call("connection_create", input).await?;
    core.shutdown().await;
    Ok(view["connection"]["id"].as_str().context("an id")?.to_owned())
}

async fn palette(app: &RealApp, connection: &str) -> Result<()> {
    let window = &app.window;
    window.find(&words("Today")).await.context("Home")?;
    window.press(&[key::CONTROL, 'k']).await?;
    window.keys("[role=combobox]", &format!("show {SERVER}")).await?;
    window
        .find(&format!("//*[@role='option'][@aria-selected='true'][contains(., 'Show {SERVER}')]"))
        .await?;
    window.keys("[role=combobox]", ENTER).await?;
    window.until(&format!("return location.hash === '#/connections/{connection}'")).await?;
    window.gone("[role=combobox]").await?;
    window.press(&['?']).await?;
    window.find("//*[@role='dialog'][contains(., 'Ctrl K')]").await.context("the shortcuts")?;
    window.press(&[key::ESCAPE]).await?;
    window.gone("[role=dialog]").await
}

async fn links(app: &RealApp, connection: &str) -> Result<()> {
    let window = &app.window;
    app.go("/settings").await?;
    second_start(app, &format!("moorline://connection/{SERVER}")).await?;
    window.find(&words(&format!("Show {SERVER}?"))).await.context("the question")?;
    let place = window.run("return location.hash", &[]).await?;
    ensure!(place == json!("#/settings"), "the page changed before the yes: {place}");
    window.click(&button("Show")).await?;
    window.until(&format!("return location.hash === '#/connections/{connection}'")).await?;
    second_start(app, "moorline://stop/everything").await?;
    window.find(&words("This link leads nowhere")).await?;
    window.click(&button("Close")).await?;
    window.gone("[role=dialog]").await
}

/// Starts the app again with a link, as a desktop does: it hands the link over and ends.
async fn second_start(app: &RealApp, link: &str) -> Result<()> {
    let program = app_program()?;
    let mut command = tokio::process::Command::from(app.desktop().command(program));
    let ended = command.arg(link).kill_on_drop(true).status();
    let status =
        tokio::time::timeout(SECOND_START, ended).await.context("the second start stays")??;
    ensure!(status.success(), "the second start ended with {status}");
    Ok(())
}
