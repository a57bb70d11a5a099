//! P13: from the start of the process to a window that shows its data and can call, next to a bare
//! window of the same framework on the same screen; and P14, the memory of both process
//! trees then, and the CPU that ours takes while nothing happens.
#![allow(clippy::expect_used, clippy::indexing_slicing)]

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use tests::{
    desktop::Desktop,
    measure::{Ratio, Rounds},
    process::Started,
};

const ROUNDS: usize = 9;
const LIMIT: Duration = Duration::from_secs(60);
/// Let things settle after the start, then look for so long.
const SETTLE: Duration = Duration::from_secs(15);
const IDLE: Duration = Duration::from_secs(60);
/// The kernel's unit of CPU time on every Linux that is in use.
const TICKS_PER_SECOND: f64 = 100.0;
const LOOK_AGAIN: Duration = Duration::from_millis(1);
const BARE: &str = "bare window";
const OURS: &str = "Moorline";

fn main() -> Result<()> {
    let folder = std::env::current_exe()?.parent().context("a folder of programs")?.to_owned();
    let desktop = Desktop::start()?;
    let mut rounds = Rounds::new(&[BARE, OURS]);
    let mut memory = Vec::new();
    for _ in 0..ROUNDS {
        let (bare, bare_bytes) = bare(&desktop, &folder.join("bare-window"))?;
        let (ours, our_bytes) = moorline(&desktop, &folder.join("moorline"))?;
        rounds.add(&[bare, ours]);
        memory.push(our_bytes as f64 / bare_bytes as f64);
    }
    let ratio =
        Ratio { label: "Moorline / bare", over: OURS, under: BARE, goal: "at most 1.5, aim 1.3" };
    rounds.print("P13 start to interactive", &[ratio]);
    memory.sort_by(f64::total_cmp);
    println!("P14 memory (PSS of the process tree) / bare: median {:.2}", memory[ROUNDS / 2]);
    let idle = idle(&desktop, &folder.join("moorline"))?;
    println!("P14 idle CPU of the process tree, percent of one core: {idle:.2} (at most 0.5)");
    Ok(())
}

fn bare(desktop: &Desktop, program: &Path) -> Result<(Duration, u64)> {
    let begun = Instant::now();
    let mut command = desktop.command(program);
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut window = Started::start("bare-window", &mut command)?;
    let output = window.output().context("a piped output")?;
    let line = BufReader::new(output).lines().next().context("the bare window said nothing")??;
    let time = begun.elapsed();
    anyhow::ensure!(line == "ready", "the bare window says {line:?}");
    Ok((time, memory_of(window.pid())?))
}

fn moorline(desktop: &Desktop, program: &Path) -> Result<(Duration, u64)> {
    let data = tempfile::tempdir()?;
    let begun = Instant::now();
    let mut command: Command = desktop.command(program);
    command.arg("--data-folder").arg(data.path()).stdout(Stdio::null()).stderr(Stdio::null());
    let window = Started::start("moorline", &mut command)?;
    let time = loop {
        if says_ready(data.path()) {
            break begun.elapsed();
        }
        if begun.elapsed() > LIMIT {
            bail!("the window did not become ready in {LIMIT:?}");
        }
        std::thread::sleep(LOOK_AGAIN);
    };
    Ok((time, memory_of(window.pid())?))
}

/// Percent of one core that the app takes while nobody does anything.
fn idle(desktop: &Desktop, program: &Path) -> Result<f64> {
    let data = tempfile::tempdir()?;
    let mut command: Command = desktop.command(program);
    command.arg("--data-folder").arg(data.path()).stdout(Stdio::null()).stderr(Stdio::null());
    let window = Started::start("moorline", &mut command)?;
    let begun = Instant::now();
    while !says_ready(data.path()) {
        anyhow::ensure!(begun.elapsed() < LIMIT, "the window did not become ready in {LIMIT:?}");
        std::thread::sleep(LOOK_AGAIN);
    }
    std::thread::sleep(SETTLE);
    let (before, from) = (ticks_of(window.pid())?, Instant::now());
    std::thread::sleep(IDLE);
    let used = ticks_of(window.pid())?.saturating_sub(before) as f64 / TICKS_PER_SECOND;
    Ok(used / from.elapsed().as_secs_f64() * 100.0)
}

/// CPU time that a process and everything below it took so far, in ticks.
fn ticks_of(root: u32) -> Result<u64> {
    let ticks = |pid: u32| -> Option<u64> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let fields: Vec<&str> = stat.rsplit(") ").next()?.split(' ').collect();
        Some(fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?)
    };
    Ok(tree_of(root)?.into_iter().filter_map(ticks).sum())
}

/// Looks for the line in the app's own log.
fn says_ready(data: &Path) -> bool {
    files_below(data)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == "log"))
        .any(|path| {
            fs::read_to_string(path).is_ok_and(|t| t.contains("the window shows what it has"))
        })
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.flatten().map(|entry| entry.path());
    paths.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

/// Bytes that a process and everything below it hold, shared pages divided among their holders.
fn memory_of(root: u32) -> Result<u64> {
    Ok(tree_of(root)?.into_iter().filter_map(held_by).sum())
}

/// A process and everything below it.
fn tree_of(root: u32) -> Result<Vec<u32>> {
    let mut parents = Vec::new();
    for entry in fs::read_dir("/proc")?.flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let Ok(stat) = fs::read_to_string(entry.path().join("stat")) else { continue };
        let parent = stat.rsplit(") ").next().and_then(|rest| rest.split(' ').nth(1)?.parse().ok());
        parents.push((pid, parent.unwrap_or(0_u32)));
    }
    let mut tree = vec![root];
    let mut next = 0;
    while let Some(parent) = tree.get(next).copied() {
        tree.extend(parents.iter().filter(|(_, up)| *up == parent).map(|(pid, _)| *pid));
        next += 1;
    }
    Ok(tree)
}

fn held_by(pid: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    Some(line.trim().trim_end_matches(" kB").trim().parse::<u64>().ok()? * 1024)
}
