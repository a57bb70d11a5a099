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
