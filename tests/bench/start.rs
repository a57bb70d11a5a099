//! P13: from the start of the process to a window that shows its data and can call, next to a bare
//! window of the same framework on the same screen; and P14, the memory of both process trees then.
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
    Ok(tree.iter().filter_map(|pid| held_by(*pid)).sum())
}

fn held_by(pid: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    Some(line.trim().trim_end_matches(" kB").trim().parse::<u64>().ok()? * 1024)
}
