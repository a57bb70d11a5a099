//! One network namespace of the test's own.
//!
//! Owns: its name, running programs and opening sockets in it, and ending all of it; also what killed
//! runs left behind. Deliberately not here: how several are wired together.

use std::{
    ffi::OsStr,
    fs::File,
    os::fd::AsFd,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

use anyhow::{Context, Result, anyhow, ensure};
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use crate::sshd::send_signal;

/// Where iproute2 keeps names of namespaces.
const FOLDER: &str = "/run/netns";
/// Every name begins with this and the id of the process that made it.
const PREFIX: &str = "mn";

/// A namespace with its loopback up. Dropping it ends every process in it, and removes it.
#[derive(Debug)]
pub(super) struct Namespace {
    name: String,
}

impl Namespace {
    /// Makes one called after this process, `world` and `letter`.
    ///
    /// # Errors
    /// When `ip netns` fails, as it does for everybody but root.
    pub(super) fn make(world: &str, letter: char) -> Result<Self> {
        let name = format!("{world}{letter}");
        ip(&["netns", "add", &name]).context("namespaces need root and iproute2")?;
        let made = Self { name };
        made.ip(&["link", "set", "dev", "lo", "up"])?;
        Ok(made)
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn path(&self) -> PathBuf {
        Path::new(FOLDER).join(&self.name)
    }

    /// Runs `ip` with these words about this namespace.
    pub(super) fn ip(&self, words: &[&str]) -> Result<()> {
        let mut all = vec!["-n", self.name.as_str()];
        all.extend(words);
        ip(&all)
    }

    /// Runs a program to its end in this namespace.
    pub(super) fn run(&self, program: &str, words: &[&str]) -> Result<()> {
        let mut command = command_in(&self.path(), program);
        command.args(words);
        finished(&mut command)
    }

    /// What `work` gives when it is done inside; sockets it makes stay inside.
    pub(super) fn within<T: Send>(&self, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
        within(&self.path(), work)
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        remove(&self.name);
    }
}

/// A program that will run in the namespace at `path`, under the id that starting it gives.
pub(crate) fn command_in(path: &Path, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("nsenter");
    let mut net = std::ffi::OsString::from("--net=");
    net.push(path);
    command.arg(net).arg("--").arg(program);
    command
}

/// What `work` gives when it is done in the namespace at `path`, on a thread that ends with it.
pub(crate) fn within<T: Send>(path: &Path, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    let namespace = File::open(path).with_context(|| format!("no namespace {}", path.display()))?;
    let inside = move || {
        move_into_link_name_space(namespace.as_fd(), Some(LinkNameSpaceType::Network))
            .context("only root enters namespaces")?;
        work()
    };
    thread::scope(|scope| scope.spawn(inside).join())
        .map_err(|_| anyhow!("the work in the namespace panicked"))?
}

/// The beginning of the names of one world of this process; interfaces have 15 characters at most.
pub(super) fn world_name(number: u32) -> String {
    format!("{PREFIX}{}-{number}", std::process::id())
}

/// Removes namespaces whose process is gone, as it is after a run that was killed.
pub(super) fn sweep() {
    for entry in std::fs::read_dir(FOLDER).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let owner = name.strip_prefix(PREFIX).and_then(|rest| rest.split_once('-'));
        let Some(pid) = owner.and_then(|(pid, _)| pid.parse::<u32>().ok()) else { continue };
        if !Path::new(&format!("/proc/{pid}")).exists() {
            remove(&name);
        }
    }
}

/// Ends every process of a namespace and forgets its name; what else it holds goes with the last of them.
fn remove(name: &str) {
    let listed = Command::new("ip").args(["netns", "pids", name]).stderr(Stdio::null()).output();
    let text = listed.map(|output| output.stdout).unwrap_or_default();
    let pids: Vec<u32> = String::from_utf8_lossy(&text)
        .lines()
        .filter_map(|line| line.trim().parse().ok())
        .collect();
    send_signal("KILL", &pids);
    let _ = ip(&["netns", "del", name]);
}

/// Runs `ip`.
pub(super) fn ip(words: &[&str]) -> Result<()> {
    finished(Command::new("ip").args(words))
}

fn finished(command: &mut Command) -> Result<()> {
    let output = command.stdin(Stdio::null()).output().context("cannot start it")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?}: {}", said.trim());
    Ok(())
}
