//! The project's own commands: `cargo xtask demo | test | check | gen | bench | shot | platforms`.
//!
//! Owns: installing what a machine lacks, the order of the gate's steps, and where builds go.
//! Deliberately not here: the demo, the tests and the benches themselves (crate `tests`), so that this
//! program needs nothing but cargo and builds in seconds.

mod counts;
mod gate;
mod packages;
mod place;
mod platforms;
mod prepare;
mod programs;
mod size;
mod steps;
mod task;

use std::process::ExitCode;

use place::Place;

const USAGE: &str = "\
usage: cargo xtask COMMAND [--yes]

  demo [--headless]  a practice server and Moorline connected to it; --headless does the main job
                     without a display and says how long each step took; --labs adds a practice
                     lab server with real netlab and FRR routers (needs root), and with
                     --headless does a lab's job
  test               every test, real servers and the real app included
  check              the whole gate: format, lints, generated files, tidiness, every test
  gen [--check]      writes the generated bindings and docs, or says which are not fresh
  bench NAME         a benchmark of tests/bench, as ratios: start, list, proxy, fleet,
                     connections; or of the interface in a browser: list-ui, logs, graph; or size, the
                     installer's
  shot               pictures of every screen, light and dark, from the real window
  platforms          type-checks everything for Windows and macOS and runs tests under Wine; not in the
                     gate; needs root and 15 GB of disk, and much time when it is run first

What a command needs and the machine lacks is installed first. --yes installs without asking.";

/// What was asked for on the command line.
#[derive(Debug, Default, PartialEq, Eq)]
struct Request {
    command: String,
    name: Option<String>,
    is_yes: bool,
    is_headless: bool,
    has_labs: bool,
    is_check: bool,
}

fn main() -> ExitCode {
    match parse(std::env::args().skip(1)).map_err(anyhow::Error::msg).and_then(|r| run(&r)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(request: &Request) -> anyhow::Result<()> {
    let place = Place::find(request.is_yes)?;
    match request.command.as_str() {
        "demo" => programs::demo(&place, request.is_headless, request.has_labs),
        "test" => gate::test(&place),
        "check" => gate::check(&place),
        "gen" => gate::generate(&place, request.is_check),
        "bench" => programs::bench(&place, request.name.as_deref()),
        "shot" => programs::shot(&place),
        "platforms" => platforms::run(&place),
        _ => {
            println!("{USAGE}");
            Ok(())
        }
    }
}

fn parse(words: impl Iterator<Item = String>) -> Result<Request, String> {
    let mut request = Request::default();
    for word in words {
        match word.as_str() {
            "--yes" => request.is_yes = true,
            "--headless" => request.is_headless = true,
            "--labs" => request.has_labs = true,
            "--check" => request.is_check = true,
            "demo" | "test" | "check" | "gen" | "bench" | "shot" | "platforms" | "help"
            | "--help"
                if request.command.is_empty() =>
            {
                request.command = word;
            }
            _ if request.command == "bench" && request.name.is_none() => request.name = Some(word),
            _ => return Err(format!("unknown word \"{word}\"\n\n{USAGE}")),
        }
    }
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(words: &[&str]) -> Result<Request, String> {
        parse(words.iter().map(ToString::to_string))
    }

    #[test]
    fn reads_commands_and_refuses_the_rest() {
        let demo = check(&["demo", "--headless", "--yes"]);
        assert!(demo.is_ok_and(|r| r.command == "demo" && r.is_headless && r.is_yes));
        assert!(check(&["demo", "--labs"]).is_ok_and(|r| r.has_labs && !r.is_headless));
        assert!(check(&["bench", "list"]).is_ok_and(|r| r.name.as_deref() == Some("list")));
        assert!(check(&["tset"]).is_err_and(|problem| problem.contains("\"tset\"")));
    }
}
