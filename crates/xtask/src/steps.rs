//! Runs the steps of a gate one after the other, times them, and stops at the first that fails.

use std::{
    io::{BufRead, BufReader},
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{counts::Counts, place::Place, task::Task};

/// The steps run so far.
#[derive(Debug)]
pub(crate) struct Steps<'a> {
    place: &'a Place,
    started: Instant,
    times: Vec<(String, Duration)>,
    counts: Counts,
}

impl<'a> Steps<'a> {
    pub(crate) fn new(place: &'a Place) -> Self {
        Self { place, started: Instant::now(), times: Vec::new(), counts: Counts::default() }
    }

    /// Runs one step to its end, showing what it prints.
    ///
    /// # Errors
    /// When it cannot be started or fails; the message holds the line that repeats it.
    pub(crate) fn run(&mut self, title: &str, task: &Task) -> Result<()> {
        println!("\n== {title}");
        let start = Instant::now();
        let outcome = self.show(task);
        let took = start.elapsed();
        self.times.push((title.to_owned(), took));
        let problem = match outcome {
            Ok(true) => {
                println!("-- {title}: ok, {}", seconds(took));
                return Ok(());
            }
            Ok(false) => "failed".to_owned(),
            Err(error) => format!("{error:#}"),
        };
        self.close();
        let line = task.shell_line(self.place);
        bail!("{title}: {problem} after {}\nto repeat this step: {line}", seconds(took));
    }

    /// Runs a step that is made of tests. One in which none ran is a failure: a name in it is wrong.
    ///
    /// # Errors
    /// As `run`, and when no test passed.
    pub(crate) fn run_tests(&mut self, title: &str, task: &Task) -> Result<()> {
        let before = self.counts.passed;
        self.run(title, task)?;
        if self.counts.passed == before {
            self.close();
            bail!("{title}: no test ran\nto repeat this step: {}", task.shell_line(self.place));
        }
        Ok(())
    }

    /// Runs a step whose output nobody needs while it works.
    ///
    /// # Errors
    /// When it fails.
    pub(crate) fn prepare(
        &mut self,
        title: &str,
        work: impl FnOnce(&Place) -> Result<()>,
    ) -> Result<()> {
        println!("\n== {title}");
        let start = Instant::now();
        work(self.place)?;
        self.times.push((title.to_owned(), start.elapsed()));
        println!("-- {title}: ok, {}", seconds(start.elapsed()));
        Ok(())
    }

    /// Prints what took how long, and how many tests ran.
    pub(crate) fn close(&self) {
        println!("\nsteps:");
        for (title, took) in &self.times {
            println!("  {:>9}  {title}", seconds(*took));
        }
        println!("  {:>9}  in all\n", seconds(self.started.elapsed()));
        println!("{}", self.counts.summary());
    }

    fn show(&mut self, task: &Task) -> Result<bool> {
        let mut child = task
            .command()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot be started")?;
        if let Some(output) = child.stdout.take() {
            for line in BufReader::new(output).split(b'\n') {
                let line = line.context("its output cannot be read")?;
                let line = String::from_utf8_lossy(&line);
                println!("{line}");
                self.counts.read_line(&line);
            }
        }
        Ok(child.wait()?.success())
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
