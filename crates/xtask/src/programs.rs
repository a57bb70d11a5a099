//! Builds and starts the project's programs that show or measure something: demo, benches, pictures.

use anyhow::{Result, bail};

use crate::{
    packages::{self, Need},
    place::Place,
    prepare, size,
    task::Task,
};

/// Starts the practice servers and Moorline connected to them, or does the main job without a display.
pub(crate) fn demo(place: &Place, is_headless: bool, has_labs: bool) -> Result<()> {
    prepare::linux_only("the demo")?;
    if has_labs {
        prepare::root_only(
            "lab servers have namespaces and containers of their own",
            "demo --labs",
        )?;
    }
    prepare::node()?;
    packages::install(place, if has_labs { Need::Labs } else { Need::Server })?;
    let words: Vec<&str> = [("--headless", is_headless), ("--labs", has_labs)]
        .into_iter()
        .filter_map(|(word, is_asked)| is_asked.then_some(word))
        .collect();
    if has_labs {
        prepare::lab_tools(place)?;
    }
    if !(is_headless && has_labs) {
        prepare::dev_image(place)?;
    }
    if is_headless {
        build(place, &["build", "--locked", "-p", "tests", "--bin", "demo"])?;
    } else {
        build_app(place, &["--bin", "demo"])?;
    }
    become_program(place, "debug", "demo", &words)
}

/// Runs one benchmark, optimised.
pub(crate) fn bench(place: &Place, name: Option<&str>) -> Result<()> {
    const NAMES: [&str; 9] =
        ["connections", "fleet", "graph", "list", "list-ui", "logs", "proxy", "size", "start"];
    let Some(name) = name.filter(|name| NAMES.contains(name)) else {
        bail!("which benchmark? {}", NAMES.join(", "));
    };
    prepare::linux_only("the benchmark")?;
    packages::install(place, Need::Bench)?;
    let program = format!("bench-{name}");
    if ["graph", "list-ui", "logs"].contains(&name) {
        prepare::node()?;
        prepare::ui_packages(place)?;
        return prepare::run(place, &Task::npm(place, &["run", &program]));
    }
    if name == "size" {
        ui(place)?;
        return size::measure(place);
    }
    if name == "start" {
        ui(place)?;
        build(place, &["build", "--locked", "--release", "-p", "moorline", "-p", "bare-window"])?;
    }
    build(place, &["build", "--locked", "--release", "-p", "tests", "--bin", &program])?;
    become_program(place, "release", &program, &[])
}

/// Takes pictures of every screen into the build folder.
pub(crate) fn shot(place: &Place) -> Result<()> {
    prepare::linux_only("taking pictures")?;
    prepare::node()?;
    packages::install(place, Need::Tests)?;
    prepare::dev_image(place)?;
    prepare::tauri_driver(place)?;
    build_app(place, &["--bin", "shot"])?;
    become_program(place, "debug", "shot", &[])
}

fn build_app(place: &Place, program: &[&str]) -> Result<()> {
    ui(place)?;
    let words =
        [&["build", "--locked", "-p", "moorline", "-p", "tests", "--bin", "moorline"], program];
    build(place, &words.concat())
}

fn ui(place: &Place) -> Result<()> {
    prepare::node()?;
    prepare::ui_packages(place)?;
    prepare::run(place, &Task::npm(place, &["run", "build"]))
}

fn build(place: &Place, words: &[&str]) -> Result<()> {
    prepare::run(place, &Task::cargo(place, words))
}

/// Gives this process over to a built program, so that Ctrl-C and the exit code are its own.
fn become_program(place: &Place, profile: &str, name: &str, words: &[&str]) -> Result<()> {
    let task = Task::new(place.target.join(profile).join(name), words)
        .within(&place.root)
        .with("MOORLINE_APP", place.target.join(profile).join("moorline"))
        .with("MOORLINE_CACHE", &place.cache)
        .with("MOORLINE_PICTURES", place.target.join("shots"))
        .with("MOORLINE_TAURI_DRIVER", place.tauri_driver());
    hand_over(&task)
}

#[cfg(unix)]
fn hand_over(task: &Task) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(task.command().exec().into())
}

#[cfg(not(unix))]
fn hand_over(task: &Task) -> Result<()> {
    let status = task.command().status()?;
    std::process::exit(status.code().unwrap_or(1));
}
