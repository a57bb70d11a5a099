//! What is generated says the same as what it is generated from.

use std::fs;

use super::tree::{assert_none, root};

#[test]
fn bindings_are_fresh() {
    let files = ipc::generated_files();
    assert!(!files.is_empty());
    let problems: Vec<String> = files
        .into_iter()
        .filter(|(path, text)| {
            !fs::read_to_string(root().join(path)).is_ok_and(|found| found == *text)
        })
        .map(|(path, _)| path.to_string())
        .collect();
    assert_none("not fresh, run `cargo xtask gen`", &problems);
}

#[test]
fn pages_of_backends_are_fresh() {
    let problems: Vec<String> = backend_registry::all()
        .iter()
        .map(|backend| backend.descriptor())
        .filter(|descriptor| {
            let path = root().join(format!("docs/backends/{}.md", descriptor.kind));
            !fs::read_to_string(path).is_ok_and(|found| found == backend_registry::page(descriptor))
        })
        .map(|descriptor| format!("docs/backends/{}.md", descriptor.kind))
        .collect();
    assert_none("not fresh, run `cargo xtask gen`", &problems);
}
