//! Pasting an image into a terminal of the real window: it becomes a file of the workspace's user, and its
//! path stands at the prompt.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, ensure};
use tests::{desktop::Desktop, real_app::RealApp};

use super::{
    prepared::{Prepared, with_picture},
    steps::{button, terminal_says, terminal_text, type_line},
};

const NAME: &str = "atlas-api";
const FOLDER: &str = "/home/dev/.cache/moorline/pasted/";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the built app: cargo xtask test runs it"]
async fn an_image_from_the_clipboard_becomes_a_file_in_the_workspace() {
    let prepared = Prepared::new(Some(NAME)).await.expect("a dev container");
    let desktop = Desktop::start().expect("a desktop");
    let image = desktop.home().join("screenshot.png");
    make_image(&image).expect("an image");
    let app = prepared.app(desktop).await.expect("the app");
    let outcome = paste(&app, &prepared, &image).await;
    with_picture(&app, outcome).await.expect("the paste");
}

fn make_image(path: &Path) -> Result<()> {
    let words = ["-size", "64x48", "plasma:fractal", "-depth", "8"];
    let made = Command::new("convert").args(words).arg(path).status();
    ensure!(made.context("cannot start convert (ImageMagick)")?.success(), "no image was made");
    Ok(())
}

async fn paste(app: &RealApp, prepared: &Prepared, image: &Path) -> Result<()> {
    let window = &app.window;
    app.go("/workspaces").await?;
    window.find(&format!("//*[@aria-label='{NAME}']//*[contains(., 'Running')]")).await?;
    window.click(&format!("[aria-label='{NAME}']")).await?;
    window.click(&button("Terminal")).await?;
    type_line(window, "echo ready-$((6 * 7))").await?;
    terminal_says(window, "ready-42").await?;
    let _clipboard = app.desktop().copy_image(image).await?;
    app.desktop().focus("Moorline")?;
    app.desktop().keys("ctrl+shift+v")?;
    terminal_says(window, FOLDER).await.context("the path at the prompt")?;
    let shown = terminal_text(window).await?.replace('\n', "");
    let from = shown.rfind(FOLDER).context("no path in the terminal")?;
    let path = shown.get(from..).and_then(|text| Some(text.split_once(".png")?.0));
    let path = format!("{}.png", path.with_context(|| format!("no image in {shown}"))?);
    let podman = prepared.practice.podman();
    let owner = podman.podman(&["exec", NAME, "stat", "-c", "%U %a", &path])?;
    ensure!(owner == "dev 600", "the file is of {owner}");
    let copy = image.with_file_name("copy.png");
    podman.podman(&["cp", &format!("{NAME}:{path}"), &copy.display().to_string()])?;
    let size = |file: &Path| {
        let told = Command::new("identify").args(["-format", "%m %wx%h %#"]).arg(file).output()?;
        anyhow::Ok(String::from_utf8_lossy(&told.stdout).into_owned())
    };
    let (sent, came) = (size(image)?, size(&copy)?);
    ensure!(fs::metadata(&copy)?.len() > 0 && sent == came, "{sent} became {came}");
    Ok(())
}
