//! What no committed file may hold: paths of one machine, package registries' addresses, secrets.

use super::tree::{assert_none, files, text};

/// Pieces are put together here so that this file does not hold what it looks for.
fn forbidden() -> Vec<(String, &'static str)> {
    vec![
        (["/ro", "ot/"].concat(), "a path of one machine"),
        (["/ho", "me/runner"].concat(), "a path of one machine"),
        (["/wo", "rk/"].concat(), "a path of one machine"),
        (["registry.", "npmjs.org"].concat(), "a package registry's address"),
        (["index.", "crates.io"].concat(), "a package registry's address"),
        (["static.", "crates.io"].concat(), "a package registry's address"),
        (["proxy.", "golang.org"].concat(), "a package registry's address"),
        (["deb.", "debian.org"].concat(), "a package registry's address"),
        (["\n-----BEGIN ", "OPENSSH PRIVATE KEY"].concat(), "a private key"),
    ]
}

#[test]
fn no_file_holds_what_belongs_to_one_machine() {
    let mut problems = Vec::new();
    for name in files() {
        // A lock file of cargo's names its registry by a fixed, public address.
        let Some(text) = text(&name).filter(|_| !name.ends_with("Cargo.lock")) else { continue };
        for (piece, what) in forbidden() {
            if let Some(at) = text.find(&piece) {
                let line = text[..at].lines().count().max(1);
                problems.push(format!("{name}:{line} holds {what} ({})", piece.trim()));
            }
        }
    }
    assert_none("belongs to one machine", &problems);
}

#[test]
fn shell_scripts_stop_at_the_first_error() {
    let problems: Vec<String> = files()
        .into_iter()
        .filter(|name| name.ends_with(".sh") || name == ".ci/run")
        .filter(|name| {
            !text(name).is_some_and(|text| text.contains("\nset -e") && text.starts_with("#!"))
        })
        .collect();
    assert_none("scripts without `set -e`", &problems);
}
