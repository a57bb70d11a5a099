//! The files of the checkout that belong to the project, read once per test.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The checkout's top folder.
pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ has a parent").to_owned()
}

/// Every file of ours that git knows or would take, relative to the top, with `/` between the parts.
pub(super) fn files() -> Vec<String> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(root())
        .output()
        .expect("git is installed");
    assert!(output.status.success(), "git ls-files failed");
    let names = String::from_utf8(output.stdout).expect("file names are UTF-8");
    let mut names: Vec<String> = names
        .split('\0')
        .filter(|name| !name.is_empty() && root().join(name).is_file())
        // Written elsewhere.
        .filter(|name| !name.starts_with("vendor/"))
        .map(str::to_owned)
        .collect();
    names.sort();
    names.dedup();
    assert!(names.iter().any(|name| name == "Cargo.toml"), "git listed no Cargo.toml");
    names
}

/// A file's text; `None` for pictures and other binary files.
pub(super) fn text(name: &str) -> Option<String> {
    String::from_utf8(fs::read(root().join(name)).ok()?).ok()
}

/// Names of the folders `crates/backend-<kind>`, without the registry and the contract.
pub(super) fn backend_kinds() -> Vec<String> {
    let mut kinds: Vec<String> = fs::read_dir(root().join("crates"))
        .expect("crates/ exists")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| name.strip_prefix("backend-").map(str::to_owned))
        .filter(|kind| kind != "api" && kind != "registry")
        .collect();
    kinds.sort();
    kinds
}

/// Fails with one line per problem.
#[track_caller]
pub(super) fn assert_none(rule: &str, problems: &[String]) {
    assert!(problems.is_empty(), "{rule}:\n  {}", problems.join("\n  "));
}
