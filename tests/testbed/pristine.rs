//! A server that was never set up, with a user and sudo: this machine's files under a layer that is
//! thrown away. What stands in for systemd and for package sources is said in `pristine.sh`.
//!
//! Owns: its namespaces and every process in them; all of it ends when the value is dropped.

use std::{
    fs::{self, File},
    net::{Ipv4Addr, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::keys::{make_key, public_key};
use crate::sshd::free_port;

/// The password that sudo wants of alice, where it wants one.
pub const PASSWORD: &str = "open-sesame";
const SCRIPT: &str = include_str!("pristine.sh");

/// A running server. Dropping it ends it.
#[derive(Debug)]
pub struct Pristine {
    pub port: u16,
    /// The line of known_hosts for it.
    pub known_hosts: String,
    client_key: PathBuf,
    child: Child,
    folder: TempDir,
}

impl Pristine {
    /// Starts a server of a system ("debian", "ubuntu", "fedora", "arch") where alice may use sudo with
    /// a "password", for "free", or not at all ("none").
    ///
    /// # Errors
    /// When OpenSSH, sudo or Podman are missing, or it does not come up within ten seconds.
    pub fn start(system: &str, sudo: &str) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("moorline-pristine-").tempdir()?;
        let dir = folder.path().to_owned();
        for name in ["layers", "root"] {
            fs::create_dir(dir.join(name))?;
        }
        make_key("ed25519", &dir.join("host_key"))?;
        make_key("ed25519", &dir.join("client"))?;
        fs::copy(dir.join("client.pub"), dir.join("authorized_keys"))?;
        fs::write(dir.join("pristine.sh"), SCRIPT)?;
        let port = free_port()?;
        let (algorithm, key) = public_key(&dir.join("host_key"))?;
        let log = File::create(dir.join("log"))?;
        let child = Command::new("unshare")
            .args(["--mount", "--pid", "--fork", "--kill-child=KILL", "sh"])
            .arg(dir.join("pristine.sh"))
            .arg(&dir)
            .args([&port.to_string(), system, sudo])
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("cannot start unshare")?;
        let known_hosts = format!("[127.0.0.1]:{port} {algorithm} {key}\n");
        fs::write(dir.join("known_hosts"), &known_hosts)?;
        let client_key = dir.join("client");
        let mut server = Self { port, known_hosts, client_key, child, folder };
        server.wait_until_it_answers()?;
        Ok(server)
    }

    /// The connection form for it, as alice.
    #[must_use]
    pub fn input(&self) -> Value {
        json!({
            "kind": "podman",
            "name": "forge-1",
            "fields": {},
            "secrets": {},
            "ssh_host": {
                "id": null,
                "addresses": [{"host": "127.0.0.1", "port": self.port}],
                "user": "alice",
                "auth": [{"method": "key_file", "path": self.client_key, "passphrase": null}],
                "jumps": [],
            },
            "connect_at_start": false,
        })
    }

    /// Runs a command on it by OpenSSH's own client, past Moorline; what it printed.
    ///
    /// # Errors
    /// When the command fails, with its words.
    pub fn ssh(&self, user: &str, command: &str) -> Result<String> {
        let output = Command::new("ssh")
            .args(["-F", "none", "-o", "StrictHostKeyChecking=yes", "-o", "LogLevel=ERROR", "-o"])
            .arg(format!("UserKnownHostsFile={}", self.folder.path().join("known_hosts").display()))
            .arg("-i")
            .arg(&self.client_key)
            .args(["-p", &self.port.to_string(), &format!("{user}@127.0.0.1"), command])
            .stdin(Stdio::null())
            .output()?;
        if !output.status.success() {
            bail!("{command}: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    fn wait_until_it_answers(&mut self) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended with {status}: {log}");
            }
            if Instant::now() > deadline {
                bail!("the server does not answer: {log}");
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }
}

impl Drop for Pristine {
    fn drop(&mut self) {
        // The first process of the namespace goes with it, and everything else with that one.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
