//! Type-checks the workspace for a target, and tells crate by crate how it went.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};

use super::{
    board::Board,
    stage::watch,
    systems::{MACOS, Systems, WINDOWS},
};
use crate::{place::Place, task::Task};

/// Real servers need Linux, and so does the crate that starts them.
const ONLY_LINUX: &str = "tests";

/// The crates of the workspace that are for every platform.
pub(super) fn crates(place: &Place) -> Result<Vec<String>> {
    let words =
        ["tree", "--workspace", "--depth", "0", "--prefix", "none", "--offline", "--locked"];
    let output = Task::cargo(place, &words).command().output().context("cannot start cargo")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout);
    let names = text.lines().filter_map(|line| line.split(' ').next());
    let wanted = names.filter(|name| !name.is_empty() && *name != ONLY_LINUX);
    Ok(wanted.map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect())
}

pub(super) fn windows(systems: &Systems<'_>, crates: &[String], board: &mut Board) -> Result<()> {
    check(WINDOWS, systems, crates, board)
}

pub(super) fn macos(systems: &Systems<'_>, crates: &[String], board: &mut Board) -> Result<()> {
    check(MACOS, systems, crates, board)
}

fn check(
    target: &'static str,
    systems: &Systems<'_>,
    crates: &[String],
    board: &mut Board,
) -> Result<()> {
    board.stage(&format!("type-check for {target}"), |board| {
        let words =
            ["check", "--workspace", "--exclude", ONLY_LINUX, "--all-targets", "--keep-going"];
        let mut seen = Seen::default();
        let task = systems.cargo(target, &words);
        let is_success = watch(systems.place, &task, |line| seen.read(line))?;
        for name in crates {
            board.checked(target, name, seen.result(name, is_success));
        }
        Ok(is_success && seen.warnings.is_empty())
    })
}

/// What cargo said of our crates.
#[derive(Debug, Default)]
struct Seen {
    failed: BTreeSet<String>,
    warnings: BTreeMap<String, u64>,
}

impl Seen {
    /// "error: could not compile `ssh` (lib) due to …" and "warning: `ssh` (lib) generated 2 warnings".
    fn read(&mut self, line: &str) {
        let name_of = |text: &str| text.split('`').next().unwrap_or_default().to_owned();
        if let Some(rest) = line.strip_prefix("error: could not compile `") {
            self.failed.insert(name_of(rest));
        } else if let Some(rest) = line.strip_prefix("warning: `")
            && let Some((_, count)) = rest.split_once(" generated ")
        {
            let count = count.split(' ').next().and_then(|word| word.parse().ok()).unwrap_or(1);
            *self.warnings.entry(name_of(rest)).or_default() += count;
        }
    }

    fn result(&self, name: &str, is_success: bool) -> String {
        if self.failed.contains(name) {
            return "failed".into();
        }
        match self.warnings.get(name) {
            Some(count) => format!("{count} warnings"),
            None if is_success => "ok".into(),
            // What needs a crate that failed was not looked at.
            None => "not known".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_and_warnings_are_put_to_their_crates() {
        let mut seen = Seen::default();
        seen.read(
            "error: could not compile `ssh` (lib) due to 3 previous errors; 1 warning emitted",
        );
        seen.read("warning: `store` (lib test) generated 2 warnings (1 duplicate)");
        assert_eq!(seen.result("ssh", false), "failed");
        assert_eq!(seen.result("store", true), "2 warnings");
        assert_eq!(seen.result("model", true), "ok");
        assert_eq!(seen.result("model", false), "not known");
    }
}
