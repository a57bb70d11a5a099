//! A real Secret Service of its own: a private session bus and gnome-keyring, unlocked.
//!
//! Nothing of the person's own session is touched: home, data and runtime folders are private. Packages:
//! dbus-daemon, dbus-bin, gnome-keyring.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

const DEADLINE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(20);

/// No service folder: nothing on this bus starts by itself, so a keyring is there only when asked for.
const BUS_CONFIG: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=FOLDER</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// A private bus, with a keyring on it or without. Both end when it is dropped.
pub struct Keychain {
    folder: TempDir,
    bus: Child,
    address: String,
    keyring: Option<Child>,
}

impl Keychain {
    /// A bus with an unlocked keyring.
    pub fn start() -> Result<Self> {
        let mut keychain = Self::start_bus()?;
        keychain.start_keyring()?;
        Ok(keychain)
    }

    /// A bus that nobody offers a keychain on.
    pub fn start_bus() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("keychain-").tempdir()?;
        for name in ["home", "data", "config", "cache", "run"] {
            make_private(&folder.path().join(name))?;
        }
        let config = folder.path().join("bus.conf");
        let listen = folder.path().join("run").display().to_string();
        std::fs::write(&config, BUS_CONFIG.replace("FOLDER", &listen))?;
        let mut bus = Command::new("dbus-daemon")
            .args(["--nofork", "--nopidfile", "--print-address=1"])
            .arg(format!("--config-file={}", config.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start dbus-daemon; install the package dbus")?;
        let mut address = String::new();
        if let Some(stdout) = bus.stdout.take() {
            BufReader::new(stdout).read_line(&mut address)?;
        }
        let address = address.trim().to_owned();
        let keychain = Self { folder, bus, address, keyring: None };
        if keychain.address.is_empty() {
            bail!("dbus-daemon ended without an address");
        }
        Ok(keychain)
    }

    /// Starts the keyring, or starts it again with what it kept.
    pub fn start_keyring(&mut self) -> Result<()> {
        self.stop_keyring();
        let mut process = Command::new("gnome-keyring-daemon")
            .args(["--unlock", "--components=secrets", "--foreground"])
            .envs(self.environment())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start gnome-keyring-daemon; install the package gnome-keyring")?;
        // It reads the passphrase up to the end of its input.
        if let Some(mut stdin) = process.stdin.take() {
            stdin.write_all(b"test")?;
        }
        self.keyring = Some(process);
        self.wait_for_keyring()
    }

    /// Ends the keyring; the bus stays.
    pub fn stop_keyring(&mut self) {
        if let Some(mut keyring) = self.keyring.take() {
            end(&mut keyring);
        }
    }

    /// What a program must have in its environment to see this bus and these folders only.
    #[must_use]
    pub fn environment(&self) -> Vec<(String, String)> {
        let folder = |name: &str| self.folder.path().join(name).display().to_string();
        [
            ("DBUS_SESSION_BUS_ADDRESS", self.address.clone()),
            ("HOME", folder("home")),
            ("XDG_DATA_HOME", folder("data")),
            ("XDG_CONFIG_HOME", folder("config")),
            ("XDG_CACHE_HOME", folder("cache")),
            ("XDG_RUNTIME_DIR", folder("run")),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }

    /// Where the keyring keeps its own files.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn wait_for_keyring(&self) -> Result<()> {
        let started = Instant::now();
        while started.elapsed() < DEADLINE {
            if self.has_keyring()? {
                return Ok(());
            }
            std::thread::sleep(POLL);
        }
        bail!("the keyring did not come up within {} seconds", DEADLINE.as_secs())
    }

    fn has_keyring(&self) -> Result<bool> {
        let output = Command::new("dbus-send")
            .args(["--session", "--print-reply=literal", "--dest=org.freedesktop.DBus"])
            .args(["/org/freedesktop/DBus", "org.freedesktop.DBus.NameHasOwner"])
            .arg("string:org.freedesktop.secrets")
            .envs(self.environment())
            .output()
            .context("cannot run dbus-send; install the package dbus-bin")?;
        Ok(String::from_utf8_lossy(&output.stdout).contains("true"))
    }
}

impl Drop for Keychain {
    fn drop(&mut self) {
        self.stop_keyring();
        end(&mut self.bus);
    }
}

fn make_private(path: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).with_context(|| format!("cannot make {}", path.display()))
}

fn end(process: &mut Child) {
    let _ = process.kill();
    let _ = process.wait();
}
