//! A program that was started, together with everything it starts, and that ends with its owner.
//!
//! Owns: one process group. Deliberately not here: what the program is.

use std::{
    os::unix::process::CommandExt,
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

/// How long a program may take to end when it is asked to.
const GRACE: Duration = Duration::from_secs(5);
const POLL: Duration = Duration::from_millis(20);

/// A running program in a process group of its own. Dropping it ends the whole group.
#[derive(Debug)]
pub struct Started {
    name: String,
    child: Child,
}

impl Started {
    /// Starts a program without standard input. Ctrl-C in the terminal does not reach it: its owner
    /// ends it in the right order.
    ///
    /// # Errors
    /// When it cannot be started, with its name.
    pub fn start(name: &str, command: &mut Command) -> Result<Self> {
        let child = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        Ok(Self { name: name.to_owned(), child })
    }

    /// Its process id, which is also the id of its group.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it prints, when it was started with a pipe; once.
    pub fn output(&mut self) -> Option<std::process::ChildStdout> {
        self.child.stdout.take()
    }

    /// How it ended, if it has.
    ///
    /// # Errors
    /// When the system cannot tell.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Waits until `is_ready` says so.
    ///
    /// # Errors
    /// When the program ends before that, or the deadline passes.
    pub fn wait_until(&mut self, deadline: Duration, is_ready: impl Fn() -> bool) -> Result<()> {
        let end = Instant::now() + deadline;
        while !is_ready() {
            if let Some(status) = self.ended()? {
                bail!("{} ended before it was ready: {status}", self.name);
            }
            if Instant::now() > end {
                bail!("{} was not ready within {deadline:?}", self.name);
            }
            thread::sleep(POLL);
        }
        Ok(())
    }

    /// Sends a signal ("TERM", "STOP", …) to the whole group.
    pub fn signal(&self, signal: &str) {
        let group = format!("-{}", self.pid());
        let words = ["-s", signal, "--", &group];
        // A group that is gone already is what was wanted.
        let _ = Command::new("kill").args(words).stderr(Stdio::null()).status();
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        self.signal("TERM");
        let end = Instant::now() + GRACE;
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < end {
            thread::sleep(POLL);
        }
        // Also when the program itself is gone: it may have left children.
        self.signal("KILL");
        let _ = self.child.wait();
    }
}
