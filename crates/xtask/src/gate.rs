//! The gate: which steps `test`, `check` and `gen` run, in which order.

use anyhow::{Context, Result};

use crate::{
    packages::{self, Need},
    place::Place,
    prepare,
    steps::Steps,
    task::Task,
};

/// Every test, after installing what is missing.
pub(crate) fn test(place: &Place) -> Result<()> {
    let mut steps = Steps::new(place);
    install(&mut steps)?;
    build_ui(&mut steps, place)?;
    run_tests(&mut steps, place)?;
    steps.close();
    Ok(())
}

/// The whole gate.
pub(crate) fn check(place: &Place) -> Result<()> {
    let mut steps = Steps::new(place);
    install(&mut steps)?;
    steps.run("format", &Task::cargo(place, &["fmt", "--all", "--check"]))?;
    check_workflows(&mut steps, place)?;
    steps.run("UI lint", &Task::npm(place, &["run", "lint"]))?;
    build_ui(&mut steps, place)?;
    let clippy = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
    steps.run("clippy", &Task::cargo(place, &clippy))?;
    run_tests(&mut steps, place)?;
    steps.close();
    Ok(())
}

/// Writes the generated files, or says which are not fresh.
pub(crate) fn generate(place: &Place, is_check: bool) -> Result<()> {
    for task in generators(place, is_check) {
        let status = task.command().status().context("cannot start cargo")?;
        anyhow::ensure!(status.success(), "failed: {}", task.shell_line(place));
    }
    Ok(())
}

fn generators(place: &Place, is_check: bool) -> [Task; 2] {
    let of = |package: &str, program: &str| {
        let mut words = vec!["run", "--quiet", "--locked", "-p", package, "--bin", program];
        if is_check {
            words.extend(["--", "--check"]);
        }
        Task::cargo(place, &words)
    };
    [of("ipc", "ipc-gen"), of("backend-registry", "backend-docs-gen")]
}

fn install(steps: &mut Steps<'_>) -> Result<()> {
    steps.prepare("packages", |place| {
        prepare::linux_only("the whole test run")?;
        prepare::root_only("the tests make users, namespaces and servers of their own", "test")?;
        prepare::node()?;
        packages::install(place, Need::Tests)
    })?;
    steps.prepare("npm packages", prepare::ui_packages)?;
    steps.prepare("dev image", prepare::dev_image)?;
    steps.prepare("lab tools", prepare::lab_tools)?;
    steps.prepare("tauri-driver", |place| prepare::tauri_driver(place).map(drop))
}

/// The UI comes first: the desktop app embeds it when it is compiled.
fn build_ui(steps: &mut Steps<'_>, place: &Place) -> Result<()> {
    steps.run("UI types and build", &Task::npm(place, &["run", "build"]))
}

fn check_workflows(steps: &mut Steps<'_>, place: &Place) -> Result<()> {
    match prepare::actionlint(place)? {
        Some(program) => {
            steps.run("workflows", &Task::new(program, &["-no-color"]).within(&place.root))
        }
        None => {
            println!("\n== workflows\nnot checked: there is no Go here to build actionlint with");
            Ok(())
        }
    }
}

fn run_tests(steps: &mut Steps<'_>, place: &Place) -> Result<()> {
    steps.run_tests("UI tests", &Task::npm(place, &["test"]))?;
    steps.run("UI screens with axe", &Task::npm(place, &["run", "screens"]))?;
    steps.run("UI words in language files", &Task::npm(place, &["run", "words"]))?;
    // Built as one, so that features are unified once and nothing is compiled twice.
    let build = ["build", "--workspace", "--all-targets", "--locked"];
    steps.run("build of app and tests", &Task::cargo(place, &build))?;
    // Few minutes of tests are lost when an early one fails: the cheap ones go first.
    let tidy = ["test", "--workspace", "--locked", "--test", "it", "--", "tidy::"];
    steps.run_tests("tidiness", &Task::cargo(place, &tidy))?;
    let all = ["test", "--workspace", "--locked", "--", "--skip", "tidy::"];
    steps.run_tests("Rust tests and real servers", &testing(place, &all))?;
    // Tests that drive the finished app are marked as ignored, because cargo alone does not build it.
    let driven = ["test", "--workspace", "--locked", "--test", "it", "--", "--ignored", "e2e::"];
    steps.run_tests("the real app", &testing(place, &driven))
}

fn testing(place: &Place, words: &[&str]) -> Task {
    Task::cargo(place, words)
        .with("MOORLINE_APP", place.target.join("debug").join("moorline"))
        .with("MOORLINE_TAURI_DRIVER", place.tauri_driver())
}
