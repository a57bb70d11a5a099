//! Every crate and module opens with what it owns.

use super::tree::{assert_none, files, text};

/// Aims, not limits: a longer file is listed by this test, not refused.
const RUST_LINES: usize = 300;
const UI_LINES: usize = 250;

#[test]
fn every_rust_file_opens_with_what_it_owns() {
    let problems: Vec<String> = files()
        .into_iter()
        .filter(|name| name.ends_with(".rs"))
        .filter(|name| !text(name).is_some_and(|text| text.starts_with("//! ")))
        .collect();
    assert_none("these do not begin with a `//!` line", &problems);
}

#[test]
fn no_crate_is_empty() {
    let mut problems = Vec::new();
    for manifest in files().iter().filter(|name| name.ends_with("/Cargo.toml")) {
        let folder = manifest.trim_end_matches("Cargo.toml");
        let lines: usize = files()
            .iter()
            .filter(|name| name.starts_with(folder) && name.ends_with(".rs"))
            .filter_map(|name| Some(text(name)?.lines().filter(|line| is_code(line)).count()))
            .sum();
        if lines < 10 {
            problems.push(format!("{folder} has {lines} lines of code"));
        }
    }
    assert_none("crates are made when they are needed", &problems);
}

#[test]
fn long_files_are_named() {
    for name in files() {
        let aim = match name.rsplit('.').next() {
            Some("rs") => RUST_LINES,
            Some("ts" | "tsx") => UI_LINES,
            _ => continue,
        };
        let lines = text(&name).map_or(0, |text| text.lines().count());
        if lines > aim && !name.contains("/generated/") {
            println!("{name}: {lines} lines, the aim is {aim}");
        }
    }
}

fn is_code(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with("//")
}
