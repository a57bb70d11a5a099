//! `cargo xtask shot`: pictures of every screen, light and dark, from the real window.
//!
//! Owns: what is on the server, and where the pictures go. Deliberately not here: the list of screens, and
//! judging the pictures.
#![allow(clippy::expect_used, clippy::indexing_slicing)]

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result};
use serde_json::json;
use tests::{
    desktop::Desktop,
    headless::Headless,
    practice::Practice,
    real_app::RealApp,
    screens::{Places, make_tunnels, screens},
};

/// The main window's title, as a pattern.
const WINDOW: &str = "^Moorline$";

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(folder) => {
            println!("pictures are in {}", folder.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<PathBuf> {
    let folder = std::env::var_os("MOORLINE_PICTURES").map(PathBuf::from);
    let folder =
        folder.context("MOORLINE_PICTURES does not name a folder: run `cargo xtask shot`")?;
    let practice = Practice::start().await?;
    let (empty, data) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let places = seed(&practice, data.path()).await?;
    let mut desktop = Desktop::start()?;
    for scheme in ["dark", "light"] {
        let pictures = folder.join(scheme);
        std::fs::create_dir_all(&pictures)?;
        choose(scheme, data.path(), &practice).await?;
        choose(scheme, empty.path(), &practice).await?;
        let app = RealApp::start(desktop, empty.path()).await?;
        app.window.find("//button[contains(., 'Add a server')]").await?;
        app.desktop().window_picture(WINDOW, &pictures.join("welcome.png"))?;
        let app = RealApp::start(app.close().await?, data.path()).await?;
        take_all(&app, &places, &pictures).await?;
        desktop = app.close().await?;
    }
    Ok(folder)
}

async fn take_all(app: &RealApp, places: &Places, folder: &Path) -> Result<()> {
    for screen in screens(places) {
        let taken = async {
            screen.show(&app.window).await?;
            let picture = folder.join(format!("{}.png", screen.name));
            app.desktop().window_picture(WINDOW, &picture)?;
            screen.leave(&app.window).await
        };
        taken.await.with_context(|| format!("the screen \"{}\"", screen.name))?;
        println!("{}/{}", folder.file_name().unwrap_or_default().display(), screen.name);
    }
    Ok(())
}

/// A server with three containers, written by the core before the app starts.
async fn seed(practice: &Practice, data: &Path) -> Result<Places> {
    let moorline = Headless::start(data, &practice.home()).await?;
    let connection = practice.connect(&moorline).await?;
    let workspace = practice.container(&moorline, &connection, "atlas-api", true).await?;
    practice.container(&moorline, &connection, "atlas-web", true).await?;
    practice.container(&moorline, &connection, "billing-worker", false).await?;
    let args = json!({"search": "", "status": null, "limit": 1});
    let runs = moorline.call("runs_list", args).await?;
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let places = Places {
        connection: text(&connection["connection"]["id"]),
        workspace: text(&workspace["workspace_ref"]["workspace_id"]),
        run: text(&runs[0]["id"]),
        tunnel: make_tunnels(&moorline, practice).await?,
    };
    moorline.shutdown().await;
    Ok(places)
}

/// Sets light or dark, as Settings would.
async fn choose(scheme: &str, data: &Path, practice: &Practice) -> Result<()> {
    let moorline = Headless::start(data, &practice.home()).await?;
    let mut settings = moorline.call("settings_get", json!({})).await?;
    settings["color_scheme"] = json!(scheme);
    let outcome = moorline.call("settings_set", settings).await;
    moorline.shutdown().await;
    outcome.map(drop)
}
