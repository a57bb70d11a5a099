//! Open files and memory of this process: what a day of faults must not make more of.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

/// What may be used at the end beyond what was used at the beginning.
const MORE_FILES: usize = 24;
const MORE_MEMORY: u64 = 48 * 1024 * 1024;
/// How long it may take until what was in use is given back.
const GIVING_BACK: Duration = Duration::from_secs(15);

/// What this process uses.
#[derive(Debug)]
pub(crate) struct Used {
    files: usize,
    /// In bytes.
    memory: u64,
}

impl Used {
    pub(crate) fn now() -> Result<Self> {
        let status = std::fs::read_to_string("/proc/self/status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
        let kib: u64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(Self { files: std::fs::read_dir("/proc/self/fd")?.count(), memory: kib * 1024 })
    }

    pub(crate) fn is_within(&self, before: &Self) -> Result<()> {
        let (files, memory) = (before.files + MORE_FILES, before.memory + MORE_MEMORY);
        ensure!(self.files <= files && self.memory <= memory, "{before:?} became {self:?}");
        Ok(())
    }
}

/// What is used once what was in use is given back.
pub(crate) async fn settled(before: &Used) -> Result<Used> {
    let began = Instant::now();
    loop {
        let now = Used::now()?;
        if now.is_within(before).is_ok() || began.elapsed() > GIVING_BACK {
            return Ok(now);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

impl std::fmt::Display for Used {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} open files and {} MiB", self.files, self.memory / 1024 / 1024)
    }
}
