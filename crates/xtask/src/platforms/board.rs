//! What was found so far: a row for each target and crate, and the time of each stage.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

/// What is known of one crate on one target.
#[derive(Debug, Default)]
struct Row {
    checked: String,
    tests: Option<Tests>,
    is_bad: bool,
}

/// Tests of one crate by how they ended.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tests {
    pub(super) passed: u64,
    pub(super) failed: u64,
    /// Test programs that ended without a result.
    pub(super) broken: u64,
}

/// Everything that was found.
#[derive(Debug, Default)]
pub(super) struct Board {
    rows: BTreeMap<(&'static str, String), Row>,
    times: Vec<(String, Duration)>,
    problems: Vec<String>,
}

impl Board {
    /// Runs a stage without which the others make no sense.
    ///
    /// # Errors
    /// The stage's own.
    pub(super) fn prepare<T>(
        &mut self,
        title: &str,
        work: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        let (done, took) = timed(title, work);
        self.times.push((title.to_owned(), took));
        done
    }

    /// Runs a stage that may find fault; the others run all the same.
    ///
    /// # Errors
    /// When it could not be run at all.
    pub(super) fn stage(
        &mut self,
        title: &str,
        work: impl FnOnce(&mut Self) -> Result<bool>,
    ) -> Result<()> {
        let (done, took) = timed(title, || work(self));
        self.times.push((title.to_owned(), took));
        if !done? {
            self.problems.push(title.to_owned());
        }
        Ok(())
    }

    /// Notes how type-checking a crate ended.
    pub(super) fn checked(&mut self, target: &'static str, name: &str, result: String) {
        let is_bad = result != "ok";
        let row = self.row(target, name);
        row.checked = result;
        row.is_bad |= is_bad;
    }

    /// Adds tests of a crate.
    pub(super) fn tested(&mut self, target: &'static str, name: &str, tests: Tests) {
        let row = self.row(target, name);
        let sum = row.tests.get_or_insert_default();
        sum.passed += tests.passed;
        sum.failed += tests.failed;
        sum.broken += tests.broken;
        row.is_bad |= tests.failed + tests.broken > 0;
    }

    /// Prints the table and the times.
    ///
    /// # Errors
    /// When anything is not as it should be.
    pub(super) fn close(&self) -> Result<()> {
        println!("\n{}", self.table());
        for (title, took) in &self.times {
            println!("  {:>8.1} s  {title}", took.as_secs_f64());
        }
        if self.problems.is_empty() && !self.rows.values().any(|row| row.is_bad) {
            println!("\nWindows and macOS are true, as far as Linux can tell");
            return Ok(());
        }
        bail!("\nnot true: {}", self.problems.join(", "));
    }

    fn row(&mut self, target: &'static str, name: &str) -> &mut Row {
        self.rows.entry((target, name.to_owned())).or_default()
    }

    fn table(&self) -> String {
        let mut text = format!("{:24}{:20}{:14}{}\n", "target", "crate", "checked", "tests");
        for ((target, name), row) in &self.rows {
            let tests = row.tests.map_or_else(String::new, Tests::words);
            let checked = if row.checked.is_empty() { "-" } else { &row.checked };
            let line = format!("{target:24}{name:20}{checked:14}{tests}");
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

impl Tests {
    fn words(self) -> String {
        let Self { passed, failed, broken } = self;
        let mut words = format!("{passed} passed");
        if failed > 0 {
            words.push_str(&format!(", {failed} failed"));
        }
        if broken > 0 {
            words.push_str(&format!(", {broken} ended early"));
        }
        words
    }
}

fn timed<T>(title: &str, work: impl FnOnce() -> Result<T>) -> (Result<T>, Duration) {
    println!("\n== {title}");
    let start = Instant::now();
    let done = work();
    let took = start.elapsed();
    println!("-- {title}: {:.1} s", took.as_secs_f64());
    (done, took)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failing_test_is_seen_in_the_table_and_in_the_end() {
        let mut board = Board::default();
        board.checked("x-windows", "model", "ok".into());
        board.tested("x-windows", "model", Tests { passed: 3, ..Tests::default() });
        assert!(board.close().is_ok());
        board.tested("x-windows", "model", Tests { failed: 1, ..Tests::default() });
        assert!(board.table().contains("model               ok            3 passed, 1 failed"));
        assert!(board.close().is_err());
    }

    #[test]
    fn a_stage_that_fails_without_a_row_fails_the_whole() {
        let mut board = Board::default();
        board.stage("build", |_| Ok(false)).unwrap();
        assert!(board.close().is_err_and(|error| error.to_string().contains("build")));
    }
}
