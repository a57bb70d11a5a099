//! P17: how large the installer is that a person downloads, built as a release builds it.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, ensure};

use crate::{place::Place, prepare, task::Task};

/// The line of Tauri's command line that the release workflow installs.
const TAURI_CLI: &str = "@tauri-apps/cli@2";
const GOAL_BYTES: u64 = 20 * 1024 * 1024;

/// Builds the Debian package and says how large it is.
///
/// # Errors
/// When it cannot be built, or is larger than wanted.
pub(crate) fn measure(place: &Place) -> Result<()> {
    let bundles = place.target.join("release").join("bundle").join("deb");
    // What an earlier version left would be measured too.
    fs::remove_dir_all(&bundles).ok();
    let words = ["--yes", TAURI_CLI, "build", "--ci", "--bundles", "deb"];
    let build = Task::new("npx", &words)
        .within(&place.root.join("src-tauri"))
        .with("CARGO_TARGET_DIR", &place.target);
    prepare::run(place, &build)?;
    let package = package(&bundles)?;
    let bytes = fs::metadata(&package)?.len();
    let [size, goal] = [bytes, GOAL_BYTES].map(in_tenths);
    println!("\nP17 {}: {size} MiB  (goal: at most {goal})", package.display());
    println!("{{\"bench\":\"P17 size of the .deb\",\"bytes\":{bytes}}}");
    ensure!(bytes <= GOAL_BYTES, "the package is larger than {goal} MiB");
    Ok(())
}

fn package(folder: &std::path::Path) -> Result<PathBuf> {
    let files = fs::read_dir(folder).with_context(|| format!("no {}", folder.display()))?;
    let mut paths = files.filter_map(|file| Some(file.ok()?.path()));
    let found = paths.find(|path| path.extension().is_some_and(|end| end == "deb"));
    found.with_context(|| format!("no package in {}", folder.display()))
}

/// Mebibytes with one digit behind the point.
fn in_tenths(bytes: u64) -> String {
    let tenths = bytes * 10 / (1024 * 1024);
    format!("{}.{}", tenths / 10, tenths % 10)
}
