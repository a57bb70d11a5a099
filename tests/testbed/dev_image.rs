//! The practice dev image and the code-server in it: made once by the scripts beside this file.
//!
//! Owns: running those scripts and naming what they made. Deliberately not here: starting containers
//! from the image (that is `podman`).

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, anyhow, ensure};

/// What the image is called on a practice server.
pub const DEV_IMAGE: &str = "localhost/moorline-dev:latest";

/// The dev image, made: both forms hold the same.
#[derive(Debug, Clone)]
pub struct DevImage {
    /// The root file system; needs `dev_image_changes` when it is imported (15 s).
    pub tar: PathBuf,
    /// A read-only image store that holds `DEV_IMAGE` already, for
    /// `podman --storage-driver overlay --storage-opt overlay.imagestore=STORE`.
    pub store: PathBuf,
}

/// Makes the dev image, or finds it; the first call on a machine takes two minutes.
///
/// # Errors
/// When the script fails; its own words are on standard error.
pub fn dev_image() -> Result<DevImage> {
    let [tar, store] = <[PathBuf; 2]>::try_from(made_by("dev-image.sh")?)
        .map_err(|paths| anyhow!("dev-image.sh named {} paths instead of two", paths.len()))?;
    Ok(DevImage { tar, store })
}

/// The arguments that `podman import` needs for the image's own settings (entry point, labels, …).
///
/// # Errors
/// When the settings file cannot be read.
pub fn dev_image_changes() -> Result<Vec<String>> {
    let path = scripts().join("dev-image.conf");
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    Ok(text.lines().flat_map(|line| ["-c".to_owned(), line.to_owned()]).collect())
}

/// A folder that holds code-server under `node_modules`, for running it without a container:
/// `node FOLDER/node_modules/code-server/out/node/entry.js`.
///
/// # Errors
/// When the script fails; its own words are on standard error.
pub fn code_server_folder() -> Result<PathBuf> {
    made_by("code-server.sh")?.pop().context("code-server.sh named no folder")
}

/// Runs a script to its end; its output names what it made, a path a line.
fn made_by(script: &str) -> Result<Vec<PathBuf>> {
    let output = Command::new(scripts().join(script))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {script}"))?;
    ensure!(output.status.success(), "{script} failed: {}", output.status);
    let paths: Vec<PathBuf> =
        String::from_utf8(output.stdout)?.lines().map(PathBuf::from).collect();
    for path in &paths {
        ensure!(path.exists(), "{script} named {}, which does not exist", path.display());
    }
    Ok(paths)
}

fn scripts() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/testbed"))
}
