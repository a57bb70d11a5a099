//! Makes what builds and tests need beyond Debian packages: npm packages, code-server, test drivers.
//!
//! Everything is made once and kept, keyed by what it is made from.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{place::Place, task::Task};

/// WebDriver for Tauri windows; the newest 2.x, because 3 is not released.
const TAURI_DRIVER: &str = "^2";
const ACTIONLINT: &str = "v1.7.12";

/// The UI's packages, exactly as its lock file names them.
pub(crate) fn ui_packages(place: &Place) -> Result<()> {
    let lock = fs::read(place.ui().join("package-lock.json"))
        .context("cannot read ui/package-lock.json")?;
    let mark = place.ui().join("node_modules").join(".moorline-lock");
    if fs::read(&mark).is_ok_and(|found| found == lock) {
        return Ok(());
    }
    run(place, &Task::npm(place, &["ci", "--no-audit", "--no-fund"]))?;
    fs::write(mark, lock).context("cannot mark the UI's packages as installed")
}

/// code-server and the dev image for the practice server.
pub(crate) fn dev_image(place: &Place) -> Result<()> {
    let script = place.root.join("tests").join("testbed").join("dev-image.sh");
    run(place, &Task::new(script, &[]).within(&place.root).with("MOORLINE_CACHE", &place.cache))
}

/// containerlab, netlab and the image of lab nodes; they are kept in the cache.
pub(crate) fn lab_tools(place: &Place) -> Result<()> {
    let script = place.root.join("tests/testbed/labs/tools.sh");
    run(place, &Task::new(script, &[]).within(&place.root).with("MOORLINE_CACHE", &place.cache))
}

/// WebDriver for the real app.
pub(crate) fn tauri_driver(place: &Place) -> Result<PathBuf> {
    let program = place.tauri_driver();
    if !is_made_by(&program, TAURI_DRIVER) {
        let build = place.cache.join("tauri-driver-target");
        let task =
            Task::new("cargo", &["install", "tauri-driver", "--version", TAURI_DRIVER, "--locked"])
                .within(&place.cache)
                .with("CARGO_INSTALL_ROOT", &place.cache)
                .with("CARGO_TARGET_DIR", &build);
        run(place, &task)?;
        mark(&program, TAURI_DRIVER)?;
        // Only the program is of use; what it was built from is half a gigabyte.
        fs::remove_dir_all(&build).ok();
    }
    Ok(program)
}

/// The checker of .github/workflows, built by Go; `None` where there is no Go to build it with.
pub(crate) fn actionlint(place: &Place) -> Result<Option<PathBuf>> {
    let program = place.tools().join("actionlint");
    if is_made_by(&program, ACTIONLINT) {
        return Ok(Some(program));
    }
    if Task::new("go", &["version"]).command().output().is_err() {
        return Ok(None);
    }
    let module = format!("github.com/rhysd/actionlint/cmd/actionlint@{ACTIONLINT}");
    run(
        place,
        &Task::new("go", &["install", &module]).within(&place.cache).with("GOBIN", place.tools()),
    )?;
    mark(&program, ACTIONLINT)?;
    Ok(Some(program))
}

/// Whether a tool is there, of this version.
fn is_made_by(program: &Path, version: &str) -> bool {
    program.exists() && fs::read_to_string(mark_of(program)).is_ok_and(|found| found == version)
}

fn mark(program: &Path, version: &str) -> Result<()> {
    fs::write(mark_of(program), version)
        .with_context(|| format!("cannot mark the version of {}", program.display()))
}

fn mark_of(program: &Path) -> PathBuf {
    program.with_extension("version")
}

/// Refuses a machine without Node, or with one that is too old for the UI's packages.
pub(crate) fn node() -> Result<()> {
    const ADVICE: &str = "install Node 20.19 or newer, with npm, and run this again";
    require("npm", ADVICE)?;
    let output = Task::new("node", &["--version"]).command().output();
    let output = output.with_context(|| format!("node is not installed: {ADVICE}"))?;
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    anyhow::ensure!(is_new_enough(&version), "Node {version} is too old: {ADVICE}");
    Ok(())
}

/// Whether "v20.19.2" and the like is 20.19 or newer.
fn is_new_enough(version: &str) -> bool {
    let mut numbers = version.trim_start_matches('v').split('.').map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= (20, 19),
        _ => false,
    }
}

/// Whether a program can be started by its name.
pub(crate) fn require(program: &str, advice: &str) -> Result<()> {
    let task = Task::new(program, &["--version"]);
    if task.command().output().is_ok_and(|output| output.status.success()) {
        return Ok(());
    }
    bail!("{program} is not installed: {advice}")
}

/// Runs a task to its end; what it prints goes to the terminal.
pub(crate) fn run(place: &Place, task: &Task) -> Result<()> {
    let line = task.shell_line(place);
    let status = task.command().stdin(std::process::Stdio::null()).status();
    let status = status.with_context(|| format!("cannot start: {line}"))?;
    if !status.success() {
        bail!("failed ({status}): {line}");
    }
    Ok(())
}

/// Fails early, with the reason, where the practice server cannot run.
pub(crate) fn linux_only(what: &str) -> Result<()> {
    if Path::new("/proc/self").exists() {
        return Ok(());
    }
    bail!("{what} needs Linux: the practice server is a real sshd and a real Podman service")
}

/// Fails early, with the reason and the way on, for a person without the rights of root.
#[cfg(unix)]
pub(crate) fn root_only(reason: &str, command: &str) -> Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let is_root = fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    anyhow::ensure!(
        is_root,
        "{reason} and need root: run `sudo env \"PATH=$PATH\" \"RUSTUP_HOME=$HOME/.rustup\" \
         cargo xtask {command}`, best in a virtual machine"
    );
    Ok(())
}

#[cfg(not(unix))]
pub(crate) fn root_only(_reason: &str, _command: &str) -> Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_versions_of_node_are_told() {
        for version in ["v20.19.0", "v20.20.2", "v22.0.0", "v24.1.0"] {
            assert!(is_new_enough(version), "{version}");
        }
        for version in ["v18.20.4", "v20.18.9", "", "node"] {
            assert!(!is_new_enough(version), "{version}");
        }
    }
}
