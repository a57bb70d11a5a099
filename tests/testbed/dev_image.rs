//! The practice dev image and the code-server in it: made once by the scripts beside this file.
//!
//! Owns: running those scripts and naming what they made. Deliberately not here: starting containers
//! from the image (that is `podman`).

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};

/// What the image is called on a practice server.
pub const DEV_IMAGE: &str = "localhost/moorline-dev:latest";

/// The root file system of the dev image as a tar; the first call on a machine takes two minutes.
///
/// # Errors
/// When the script fails; its own words are on standard error.
pub fn dev_image_tar() -> Result<PathBuf> {
    made_by("dev-image.sh")
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
    made_by("code-server.sh")
}

fn made_by(script: &str) -> Result<PathBuf> {
    let output = Command::new(scripts().join(script))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {script}"))?;
    ensure!(output.status.success(), "{script} failed: {}", output.status);
    let path = PathBuf::from(String::from_utf8(output.stdout)?.trim());
    ensure!(path.exists(), "{script} named {}, which does not exist", path.display());
    Ok(path)
}

fn scripts() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/testbed"))
}
