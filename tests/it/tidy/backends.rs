//! Every backend is registered, documented and meets the conformance suite.

use super::tree::{assert_none, backend_kinds, files, text};

#[test]
fn every_backend_is_registered_documented_and_conforming() {
    let kinds = backend_kinds();
    assert!(!kinds.is_empty(), "no crates/backend-* found");
    let registered: Vec<String> = backend_registry::all()
        .iter()
        .map(|backend| backend.descriptor().kind.to_string())
        .collect();
    let mut problems = Vec::new();
    for kind in &kinds {
        if !registered.contains(kind) {
            problems.push(format!("crates/backend-{kind} is not in backend_registry::all()"));
        }
        if text(&format!("docs/backends/{kind}.md")).is_none() {
            problems.push(format!("docs/backends/{kind}.md is missing: run `cargo xtask gen`"));
        }
        let is_tested = files()
            .iter()
            .filter(|name| name.starts_with(&format!("tests/it/{kind}/")))
            .any(|name| text(name).is_some_and(|text| text.contains("testkit::conformance")));
        if !is_tested {
            problems.push(format!("nothing in tests/it/{kind}/ runs testkit::conformance"));
        }
    }
    for kind in registered.iter().filter(|kind| !kinds.contains(kind)) {
        problems.push(format!("{kind} is registered without a crates/backend-{kind}"));
    }
    assert_none("backends", &problems);
}
