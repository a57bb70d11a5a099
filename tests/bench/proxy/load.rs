//! One arm under load: wrk's figures, and the processor time its server took.

use std::fs;

use anyhow::{Context, Result, ensure};
use tokio::process::Command;

/// What one arm did in one round.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figures {
    /// With 32 connections.
    pub(crate) per_second: f64,
    /// Of the server's processes, with 32 connections; in microseconds.
    pub(crate) cpu_us: f64,
    /// With one connection; in microseconds.
    pub(crate) p50_us: f64,
}

/// Something that answers on a loopback port.
#[derive(Debug)]
pub(crate) struct Arm {
    pub(crate) name: &'static str,
    port: u16,
    headers: Vec<String>,
    pids: Vec<u32>,
}

impl Arm {
    pub(crate) fn new(name: &'static str, port: u16, headers: Vec<String>, pids: Vec<u32>) -> Self {
        Self { name, port, headers, pids }
    }

    /// Loads it for a few seconds.
    ///
    /// # Errors
    /// When wrk is missing, or an answer is not the service's.
    pub(crate) async fn measure(&self) -> Result<Figures> {
        let before = self.ticks()?;
        let busy = self.wrk("32", "2s").await?;
        let ticks = self.ticks()? - before;
        let requests = number_before(&busy, " requests in")?;
        let per_second = number_after(&busy, "Requests/sec:")?;
        let alone = self.wrk("1", "1s").await?;
        let p50_us = duration_us(&word_after(&alone, "50%")?)?;
        // A tick is a hundredth of a second on every Linux.
        Ok(Figures { per_second, cpu_us: ticks * 10_000.0 / requests, p50_us })
    }

    async fn wrk(&self, connections: &str, duration: &str) -> Result<String> {
        let mut command = Command::new("wrk");
        command.args(["-t1", "-c", connections, "-d", duration, "--latency"]);
        for header in &self.headers {
            command.args(["-H", header]);
        }
        command.arg(format!("http://127.0.0.1:{}/", self.port));
        let output = command.output().await.context("cannot start wrk")?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        ensure!(output.status.success() && !text.contains("Non-2xx"), "wrk says: {text}");
        Ok(text)
    }

    /// Processor time of the server so far, in clock ticks.
    fn ticks(&self) -> Result<f64> {
        let mut all = 0.0;
        for pid in &self.pids {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
            let (_, fields) = stat.rsplit_once(") ").context("no process state")?;
            let fields: Vec<_> = fields.split(' ').collect();
            all += fields[11].parse::<f64>()? + fields[12].parse::<f64>()?;
        }
        Ok(all)
    }
}

fn word_after(text: &str, mark: &str) -> Result<String> {
    let rest = text.split_once(mark).with_context(|| format!("no {mark} in {text}"))?.1;
    Ok(rest.split_whitespace().next().unwrap_or_default().to_owned())
}

fn number_after(text: &str, mark: &str) -> Result<f64> {
    Ok(word_after(text, mark)?.parse()?)
}

fn number_before(text: &str, mark: &str) -> Result<f64> {
    let start = text.split_once(mark).with_context(|| format!("no {mark} in {text}"))?.0;
    Ok(start.split_whitespace().next_back().unwrap_or_default().parse()?)
}

fn duration_us(text: &str) -> Result<f64> {
    for (unit, factor) in [("us", 1.0), ("ms", 1_000.0), ("s", 1_000_000.0)] {
        if let Some(number) = text.strip_suffix(unit) {
            return Ok(number.parse::<f64>()? * factor);
        }
    }
    anyhow::bail!("{text} is no duration")
}
