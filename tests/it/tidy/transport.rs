//! Only `ui/src/ipc` knows how the UI reaches the core, and UI features do not know each other.

use super::tree::{assert_none, files, text};

/// Words that only the transport may use.
const TRANSPORT: &[&str] =
    &["@tauri-apps/", "__TAURI", "new WebSocket", "fetch(", "XMLHttpRequest", "EventSource"];

#[test]
fn only_ui_ipc_touches_the_transport() {
    let mut problems = Vec::new();
    for name in ui_sources().filter(|name| !name.starts_with("ui/src/ipc/")) {
        let text = text(&name).unwrap_or_default();
        for word in TRANSPORT.iter().filter(|word| text.contains(**word)) {
            problems.push(format!("{name} uses {word}"));
        }
    }
    assert!(ui_sources().count() > 3, "no UI sources were looked at");
    assert_none("the UI reaches the core through ui/src/ipc alone", &problems);
}

#[test]
fn features_do_not_import_features() {
    let mut problems = Vec::new();
    for name in ui_sources() {
        let Some(feature) =
            name.strip_prefix("ui/src/features/").and_then(|rest| rest.split('/').next())
        else {
            continue;
        };
        for line in text(&name).unwrap_or_default().lines() {
            let Some(from) = line.split("from \"").nth(1).or(line.split("import(\"").nth(1)) else {
                continue;
            };
            let into =
                from.split("features/").nth(1).and_then(|rest| rest.split(['/', '"']).next());
            let is_sibling = into.is_some_and(|other| other != feature)
                || (from.starts_with("../") && is_other_feature(&name, from, feature));
            if is_sibling {
                problems.push(format!("{name}: {}", line.trim()));
            }
        }
    }
    assert_none("features do not import features", &problems);
}

/// Whether a relative import climbs out of the feature's folder into another feature.
fn is_other_feature(name: &str, from: &str, feature: &str) -> bool {
    let mut parts: Vec<&str> = name.split('/').collect();
    parts.pop();
    for part in from.split('"').next().unwrap_or_default().split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    matches!(parts.as_slice(), ["ui", "src", "features", other, ..] if *other != feature)
}

fn ui_sources() -> impl Iterator<Item = String> {
    files()
        .into_iter()
        .filter(|name| name.starts_with("ui/src/"))
        .filter(|name| name.ends_with(".ts") || name.ends_with(".tsx"))
        .filter(|name| !name.contains(".test."))
}
