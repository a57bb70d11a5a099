//! Dependencies point one way, and the big outside crates stay behind the one crate that owns them.

use std::{collections::BTreeMap, process::Command};

use super::tree::{assert_none, backend_kinds, root};

/// What each crate may depend on of ours. A new line here is a change of the architecture.
const MAY_USE: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("backend-api", &["model"]),
    ("testkit", &["backend-api", "model"]),
    ("ssh", &["backend-api", "model"]),
    ("https", &["backend-api", "model"]),
    ("secrets", &["model"]),
    ("store", &["model"]),
    ("web-proxy", &[]),
    ("forward", &["backend-api", "model"]),
    ("topology", &["model"]),
    ("templates", &["backend-api", "model", "topology"]),
    (
        "app",
        &["backend-api", "forward", "model", "secrets", "ssh", "store", "templates", "web-proxy"],
    ),
    ("ipc", &["app", "model"]),
    ("web-host", &["app", "ipc", "model", "web-proxy"]),
    ("moorline", &["app", "backend-registry", "ipc", "model"]),
    ("bare-window", &[]),
    ("xtask", &[]),
];

/// Outside crates that only one of ours may know.
const OWNED: &[(&str, &[&str])] = &[
    ("russh", &["ssh"]),
    ("tokio-rustls", &["https", "testkit"]),
    ("rustls-platform-verifier", &["https"]),
    ("russh-sftp", &["ssh"]),
    ("keyring-core", &["secrets"]),
    ("sqlx", &["store"]),
    ("tauri", &["moorline", "bare-window"]),
    ("tray-icon", &["moorline"]),
];

#[test]
fn dependencies_point_one_way() {
    let crates = workspace();
    let mut problems = Vec::new();
    for (name, uses) in &crates {
        let Some(allowed) = allowed(name) else { continue };
        for used in uses.iter().filter(|used| crates.contains_key(*used)) {
            if !allowed.contains(used) {
                problems.push(format!("{name} must not depend on {used}"));
            }
        }
    }
    assert_none("direction of dependencies (docs/ARCHITECTURE.md)", &problems);
}

#[test]
fn every_crate_is_in_the_table() {
    let problems: Vec<String> = workspace()
        .into_keys()
        .filter(|name| allowed(name).is_none() && name != "tests")
        .map(|name| format!("{name} has no line in MAY_USE"))
        .collect();
    assert_none("crates without a place", &problems);
}

#[test]
fn outside_crates_stay_with_their_owner() {
    let mut problems = Vec::new();
    for (name, uses) in workspace() {
        for (outside, owners) in OWNED {
            let is_used = uses.iter().any(|used| used == outside);
            if is_used && !owners.contains(&name.as_str()) && name != "tests" {
                problems
                    .push(format!("{name} must not know {outside}: {} does", owners.join(", ")));
            }
        }
    }
    assert_none("owners of outside crates", &problems);
}

fn allowed(name: &str) -> Option<Vec<String>> {
    let kinds = backend_kinds();
    if name == "backend-registry" {
        let backends = kinds.iter().map(|kind| format!("backend-{kind}"));
        return Some(backends.chain(["backend-api".into(), "model".into()]).collect());
    }
    if name.strip_prefix("backend-").is_some_and(|kind| kinds.iter().any(|found| found == kind)) {
        return Some(["backend-api", "https", "model", "topology"].map(str::to_owned).into());
    }
    let (_, uses) = MAY_USE.iter().find(|(of, _)| *of == name)?;
    Some(uses.iter().map(ToString::to_string).collect())
}

/// Our crates and what each depends on, for use and for building; not what its tests use.
fn workspace() -> BTreeMap<String, Vec<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    assert!(packages.len() > 10, "cargo metadata named only {} crates", packages.len());
    packages.iter().map(|package| (word(&package["name"]), uses(package))).collect()
}

fn uses(package: &serde_json::Value) -> Vec<String> {
    let dependencies = package["dependencies"].as_array().expect("dependencies");
    let for_use = dependencies.iter().filter(|dependency| dependency["kind"] != "dev");
    for_use.map(|dependency| word(&dependency["name"])).collect()
}

fn word(value: &serde_json::Value) -> String {
    value.as_str().expect("a name").to_owned()
}
