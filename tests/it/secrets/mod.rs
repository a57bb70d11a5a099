//! Secrets against a real gnome-keyring on a private bus, and against no bus at all.
//!
//! The keychain is found through the environment, so each check runs in a process of its own: this
//! test binary again, running one test of `inside` alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod inside;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tests::keychain::Keychain;

/// Runs one test of `inside` with the keychain's environment; panics with its output when it fails.
fn run_inside(name: &str, folder: &Path, environment: &[(String, String)]) {
    let output = command(name, folder).envs(environment.iter().cloned()).output().unwrap();
    assert_passed(name, &output);
}

fn command(name: &str, folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", &format!("secrets::inside::{name}"), "--ignored", "--nocapture"]);
    command.env(inside::FOLDER, folder);
    for name in ["DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY"] {
        command.env_remove(name);
    }
    command
}

fn assert_passed(name: &str, output: &Output) {
    let out = String::from_utf8_lossy(&output.stdout);
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}:\n{out}\n{err}");
    assert!(out.contains("1 passed"), "{name} is not a test:\n{out}");
}

/// Every file below `folder`, with what is in it.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let (path, kind) = (entry.path(), entry.file_type().unwrap());
        if kind.is_dir() {
            found.extend(files(&path));
        } else if kind.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            found.push((path, bytes));
        }
    }
    found
}

fn assert_no_plaintext(folder: &Path) {
    let found = files(folder);
    assert!(!found.is_empty(), "nothing to look into");
    for (path, bytes) in found {
        let canary = inside::CANARY.as_bytes();
        let is_there = bytes.windows(canary.len()).any(|window| window == canary);
        assert!(!is_there, "plaintext in {}", path.display());
    }
}

#[test]
fn values_survive_a_restart_of_moorline_and_of_the_keyring() {
    let mut keychain = Keychain::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    run_inside("keeps_values", folder.path(), &keychain.environment());
    run_inside("finds_values", folder.path(), &keychain.environment());
    keychain.start_keyring().unwrap();
    run_inside("finds_values", folder.path(), &keychain.environment());
    assert_no_plaintext(folder.path());
    assert_no_plaintext(keychain.folder());
    run_inside("forgets_values", folder.path(), &keychain.environment());
    let left: Vec<_> = files(folder.path()).into_iter().map(|(path, _)| path).collect();
    assert!(left.iter().all(|path| !path.to_string_lossy().contains("sealed")), "{left:?}");
}

#[test]
fn without_a_bus_secrets_go_to_the_vault() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tempfile::tempdir().unwrap();
    let nowhere = [("XDG_RUNTIME_DIR".to_owned(), runtime.path().display().to_string())];
    run_inside("uses_the_vault", folder.path(), &nowhere);
    run_inside("opens_the_vault", folder.path(), &nowhere);
    assert_no_plaintext(folder.path());
}

#[test]
fn a_keyring_that_starts_late_or_starts_again_is_picked_up() {
    let mut keychain = Keychain::start_bus().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut child = command("waits_for_a_keyring", folder.path())
        .envs(keychain.environment())
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = Said::of(child.stdout.take().unwrap());
    let mut tell = child.stdin.take().unwrap();
    said.wait_for("no keychain");
    keychain.start_keyring().unwrap();
    inside::tell(&mut tell, "started");
    said.wait_for("kept");
    keychain.stop_keyring();
    inside::tell(&mut tell, "stopped");
    said.wait_for("gone");
    keychain.start_keyring().unwrap();
    inside::tell(&mut tell, "started again");
    said.wait_for("1 passed");
    assert!(child.wait().unwrap().success());
}

/// What a child prints, read line by line.
struct Said(std::io::Lines<std::io::BufReader<std::process::ChildStdout>>);

impl Said {
    fn of(stdout: std::process::ChildStdout) -> Self {
        use std::io::BufRead;
        Self(std::io::BufReader::new(stdout).lines())
    }

    /// Ends at the latest when the child does.
    fn wait_for(&mut self, text: &str) {
        let found = self.0.by_ref().map_while(Result::ok).any(|line| line.contains(text));
        assert!(found, "the child ended before it said {text:?}");
    }
}
