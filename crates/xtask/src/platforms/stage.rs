//! One program of a stage: what it prints is shown and read line by line.

use std::{
    io::{BufRead, BufReader},
    process::Stdio,
};

use anyhow::{Context, Result};

use crate::{place::Place, task::Task};

/// Runs a task, shows what it prints and gives each line to `read`. True when it ended well.
///
/// # Errors
/// When it cannot be started or read.
pub(super) fn watch(place: &Place, task: &Task, mut read: impl FnMut(&str)) -> Result<bool> {
    let line = task.shell_line(place);
    let mut child = task
        .command()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start: {line}"))?;
    if let Some(output) = child.stdout.take() {
        for bytes in BufReader::new(output).split(b'\n') {
            let bytes = bytes.with_context(|| format!("cannot read the output of: {line}"))?;
            let text = String::from_utf8_lossy(&bytes);
            println!("{text}");
            read(text.trim());
        }
    }
    let is_success = child.wait()?.success();
    if !is_success {
        println!("to repeat this: {line}");
    }
    Ok(is_success)
}
