//! A machine of its own inside this one: namespaces for network, mounts, processes and host name.
//!
//! Owns: the namespaces, the cable to this computer, and ending all of it by ending one process, which
//! also happens by itself when the process that holds it is killed. Deliberately not here: what runs in it.

use std::{
    ffi::OsStr,
    fs,
    net::Ipv4Addr,
    os::{
        linux::net::SocketAddrExt,
        unix::{
            net::{SocketAddr, UnixListener},
            process::CommandExt,
        },
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};

use super::tools::scripts;
use crate::sshd::descendants;

const READY: Duration = Duration::from_secs(20);
/// Ending containers, unmounting and removing the folder.
const END: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(10);

/// A sealed place. Dropping it ends every process in it and removes its folder.
#[derive(Debug)]
pub(super) struct Seal {
    holder: Child,
    /// Its first process, as this computer counts processes.
    first: u32,
    /// Seen under the same path inside and outside; also the name of its cgroup.
    pub(super) folder: PathBuf,
    /// The sealed place on the cable to this computer.
    pub(super) address: Ipv4Addr,
    /// Nobody else uses these addresses while it is bound.
    _addresses: UnixListener,
}

impl Seal {
    /// Makes one from `folder`, which holds `etc/passwd`, `etc/hosts` and `srv`, and then belongs to it.
    pub(super) fn make(folder: PathBuf) -> Result<Self> {
        let (addresses, number) = claim()?;
        let holder = Command::new("unshare")
            .args(["--net", "--mount", "--pid", "--uts", "--fork", "--propagation", "private"])
            .arg("--mount-proc")
            .arg(scripts().join("seal.sh"))
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .process_group(0)
            .spawn()
            .context("cannot start unshare")?;
        let address = Ipv4Addr::new(10, 88, number, 2);
        let mut seal = Self { holder, first: 0, folder, address, _addresses: addresses };
        seal.wait_until_sealed()?;
        seal.lay_cable(number)?;
        Ok(seal)
    }

    /// A program that will run inside.
    pub(super) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let words = self.words();
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).arg(program);
        command
    }

    /// The words in front of a program that make it run inside.
    pub(super) fn words(&self) -> Vec<String> {
        let target = self.first.to_string();
        let all = ["nsenter", "--target", &target, "--net", "--mount", "--pid", "--uts", "--"];
        all.map(str::to_owned).to_vec()
    }

    /// The file of its network namespace.
    pub(super) fn network(&self) -> PathBuf {
        Path::new("/proc").join(self.first.to_string()).join("ns/net")
    }

    /// Where a file of the sealed place is seen from outside.
    pub(super) fn outside(&self, path: &Path) -> PathBuf {
        let inside = path.strip_prefix("/").unwrap_or(path);
        Path::new("/proc").join(self.first.to_string()).join("root").join(inside)
    }

    /// The name of the cgroup for its containers.
    pub(super) fn group(&self) -> String {
        let name = self.folder.file_name().unwrap_or_default();
        format!("/{}", name.to_string_lossy())
    }

    fn wait_until_sealed(&mut self) -> Result<()> {
        let end = Instant::now() + READY;
        while !self.folder.join("sealed").exists() {
            if let Some(status) = self.holder.try_wait()? {
                bail!("a sealed place needs root and could not be made: {status}");
            }
            ensure!(Instant::now() < end, "a sealed place was not ready within {READY:?}");
            thread::sleep(POLL);
        }
        let children = descendants(self.holder.id());
        self.first = *children.first().context("the sealed place has no first process")?;
        Ok(())
    }

    /// The far end goes with the namespace, and this end with the far one.
    fn lay_cable(&self, number: u8) -> Result<()> {
        let (near, first) = (format!("mnlab{number}"), self.first.to_string());
        let peer = ["type", "veth", "peer", "name", "uplink", "netns"];
        // A run that was killed a moment ago may still hold the name.
        let _ = ip(Command::new("ip"), &["link", "del", "dev", &near]);
        ip(Command::new("ip"), &[&["link", "add", &near][..], &peer, &[&first]].concat())?;
        let there = format!("{}/30", self.address);
        ip(self.command("ip"), &["addr", "add", &there, "dev", "uplink"])?;
        ip(self.command("ip"), &["link", "set", "dev", "uplink", "up"])?;
        let here = format!("10.88.{number}.1/30");
        ip(Command::new("ip"), &["addr", "add", &here, "dev", &near])?;
        ip(Command::new("ip"), &["link", "set", "dev", &near, "up"])
    }
}

impl Drop for Seal {
    fn drop(&mut self) {
        drop(self.holder.stdin.take());
        let end = Instant::now() + END;
        while matches!(self.holder.try_wait(), Ok(None)) && Instant::now() < end {
            thread::sleep(POLL);
        }
        if self.first != 0 && matches!(self.holder.try_wait(), Ok(None)) {
            crate::sshd::send_signal("KILL", &[self.first]);
        }
        let _ = self.holder.kill();
        let _ = self.holder.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A third byte of 10.88.x.y that no other sealed place of this machine uses, and what holds it.
fn claim() -> Result<(UnixListener, u8)> {
    let free = |number: u8| {
        let name = SocketAddr::from_abstract_name(format!("moorline-lab-{number}")).ok()?;
        Some((UnixListener::bind_addr(&name).ok()?, number))
    };
    (1..=250).find_map(free).context("250 lab servers are too many")
}

fn ip(mut command: Command, words: &[&str]) -> Result<()> {
    command.args(words);
    let output = command.stdin(Stdio::null()).output().context("cannot start ip")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "ip {}: {}", words.join(" "), said.trim());
    Ok(())
}
