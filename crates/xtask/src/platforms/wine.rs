//! Builds the tests for Windows and runs them under Wine, beside real servers of this system.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};

use super::{
    board::{Board, Tests},
    stage::watch,
    systems::{Systems, WINDOWS},
};
use crate::{place::Place, task::Task};

/// Whose tests run there. Web views, windows and trays cannot.
const CRATES: [&str; 6] = ["model", "ssh", "secrets", "store", "app", "backend-podman"];
/// Where test programs find the addresses of the servers.
const SERVERS: &str = r"MOORLINE_SERVERS=Z:\servers\servers.json";
const PAGEANT: &str = r"MOORLINE_PAGEANT=Z:\target\pageant.exe";

pub(super) fn run(place: &Place, systems: &Systems<'_>, board: &mut Board) -> Result<()> {
    board.stage("tests for Windows: build", |_| {
        let pageant = watch(place, &systems.in_rust(&pageant(), &[]), |_| ())?;
        let task = systems.cargo(WINDOWS, &words("test", &["--no-run"]));
        Ok(watch(place, &task, |_| ())? && pageant)
    })?;
    board.stage("tests under Wine", |board| {
        let task = in_wine(place, systems, &words("test", &["--no-fail-fast"]));
        watch_tests(place, &task, Reader::default(), board)
    })?;
    board.stage("servers on the Linux side", |_| {
        let words = ["build", "--locked", "-p", "tests", "--bin", "platform-servers"];
        watch(place, &Task::cargo(place, &words), |_| ())
    })?;
    board.stage("tests under Wine beside real servers", |board| {
        let servers = servers_folder(systems);
        fs::create_dir_all(&servers).context("cannot make a folder for the servers")?;
        let more =
            ["--no-fail-fast", "--test", "windows", "--", "--ignored", "--test-threads", "1"];
        let task = in_wine(place, systems, &words("test", &more));
        let program = place.target.join("debug").join("platform-servers");
        let task = task.under(&program, &[&servers.display().to_string(), "--"]);
        let of_app = Reader { of: "app".to_owned(), ..Reader::default() };
        watch_tests(place, &task, of_app, board)
    })
}

fn servers_folder(systems: &Systems<'_>) -> PathBuf {
    systems.folder.join("servers")
}

fn words<'a>(verb: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let crates = CRATES.iter().flat_map(|name| ["-p", name]);
    std::iter::once(verb).chain(crates).chain(more.iter().copied()).collect()
}

/// A stand-in for Pageant, which talks to other programs by messages between windows.
fn pageant() -> Vec<String> {
    let words = "x86_64-w64-mingw32-gcc -O1 -Wall -Wextra -Werror -o /target/pageant.exe \
                 /moorline/tests/platforms/pageant.c -lws2_32";
    words.split_whitespace().map(str::to_owned).collect()
}

/// cargo with Wine at hand, and the folders that test programs see.
fn in_wine(place: &Place, systems: &Systems<'_>, words: &[&str]) -> Task {
    let script = "crates/xtask/src/platforms/with-wine.sh";
    let mut inside = ["env", SERVERS, PAGEANT, script].map(str::to_owned).to_vec();
    inside.extend(systems.cargo_words(WINDOWS, words));
    let folders = [
        (systems.wine_root(), "/wine"),
        ("/dev".into(), "/wine/dev"),
        ("/proc".into(), "/wine/proc"),
        (place.root.clone(), "/wine/moorline"),
        (systems.folder.join("target"), "/wine/target"),
        (servers_folder(systems), "/wine/servers"),
    ];
    systems.in_rust(&inside, &folders)
}

fn watch_tests(place: &Place, task: &Task, mut reader: Reader, board: &mut Board) -> Result<bool> {
    let is_success = watch(place, task, |line| reader.read(line))?;
    for (name, tests) in reader.finish() {
        board.tested(WINDOWS, &name, tests);
    }
    Ok(is_success)
}

/// Puts the results of test programs to their crates.
#[derive(Debug, Default)]
struct Reader {
    of: String,
    is_open: bool,
    found: Vec<(String, Tests)>,
}

impl Reader {
    /// "Running unittests src/lib.rs (…/backend_podman-0ab.exe)", "Running tests/core/main.rs (…)" and
    /// "test result: ok. 3 passed; 0 failed; …". Cargo runs a crate's own tests before its `tests/`.
    fn read(&mut self, line: &str) {
        if let Some(what) = line.strip_prefix("Running ") {
            self.close();
            let file = what.rsplit(['/', '\\']).next().unwrap_or_default();
            let name = file.rsplit_once('-').map_or(file, |(name, _)| name).replace('_', "-");
            if what.starts_with("unittests") {
                self.of = name;
            }
            self.is_open = true;
        } else if let Some(counts) = line.strip_prefix("test result: ") {
            let of = |word| number_before(counts, word);
            let tests = Tests { passed: of("passed"), failed: of("failed"), broken: 0 };
            self.found.push((self.of.clone(), tests));
            self.is_open = false;
        }
    }

    fn close(&mut self) {
        if std::mem::take(&mut self.is_open) {
            self.found.push((self.of.clone(), Tests { broken: 1, ..Tests::default() }));
        }
    }

    fn finish(mut self) -> Vec<(String, Tests)> {
        self.close();
        self.found
    }
}

fn number_before(text: &str, word: &str) -> u64 {
    let words: Vec<&str> = text.split([' ', ';']).filter(|word| !word.is_empty()).collect();
    let found = words.windows(2).find_map(|pair| match pair {
        [number, found] if *found == word => number.parse().ok(),
        _ => None,
    });
    found.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_put_to_crates_and_a_crash_is_seen() {
        let mut reader = Reader::default();
        for line in [
            "Running unittests src/lib.rs (/target/x/debug/deps/backend_podman-01ab.exe)",
            "test result: ok. 7 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out",
            "Running tests/ways.rs (/target/x/debug/deps/ways-22cd.exe)",
            "test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out",
            "Running unittests src/lib.rs (/target/x/debug/deps/store-33ef.exe)",
        ] {
            reader.read(line);
        }
        let counts: Vec<_> =
            reader.finish().into_iter().map(|(n, t)| (n, t.passed, t.failed, t.broken)).collect();
        let podman = || "backend-podman".to_owned();
        assert_eq!(counts, [(podman(), 7, 1, 0), (podman(), 2, 0, 0), ("store".into(), 0, 0, 1)]);
    }
}
