//! A desktop without a screen: an X server, a session bus and a home folder of its own.
//!
//! Owns: those three, and WebDriver for the real app on them. Deliberately not here: the keychain, and
//! the words of the WebDriver protocol.

use std::{
    ffi::OsString,
    fs,
    io::{BufRead, BufReader},
    net::TcpStream,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::{process::Started, sshd::free_port};

const READY: Duration = Duration::from_secs(30);

/// Width and height of the screen, in pixels.
pub const SCREEN: (u32, u32) = (1440, 900);

/// A running desktop. Dropping it ends everything and removes the home folder.
#[derive(Debug)]
pub struct Desktop {
    display: String,
    bus: String,
    /// Besides what every program on it gets.
    variables: Vec<(&'static str, OsString)>,
    // Ended in this order: the bus first, then the screen, then the folder goes.
    _bus: Started,
    _display: Started,
    home: TempDir,
}

impl Desktop {
    /// Starts the X server and the session bus.
    ///
    /// # Errors
    /// When Xvfb or dbus-daemon are missing or do not come up.
    pub fn start() -> Result<Self> {
        let home = tempfile::Builder::new().prefix("moorline-desktop-").tempdir()?;
        let runtime = home.path().join("run");
        fs::create_dir(&runtime)?;
        fs::set_permissions(&runtime, fs::Permissions::from_mode(0o700))?;
        let (width, height) = SCREEN;
        let mut xvfb = Command::new("Xvfb");
        xvfb.args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0"])
            .arg(format!("{width}x{height}x24"))
            .stderr(Stdio::null());
        let (display, number) = started_with_line("Xvfb", &mut xvfb)?;
        let mut daemon = Command::new("dbus-daemon");
        daemon.args(["--session", "--nofork", "--nopidfile", "--print-address=1"]);
        daemon.env("XDG_RUNTIME_DIR", &runtime).stderr(Stdio::null());
        let (bus, address) = started_with_line("dbus-daemon", &mut daemon)?;
        Ok(Self {
            display: format!(":{number}"),
            bus: address,
            variables: Vec::new(),
            _bus: bus,
            _display: display,
            home,
        })
    }

    /// The same desktop, where every program gets this variable too.
    #[must_use]
    pub fn with_variable(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    /// The home folder; empty at first.
    #[must_use]
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The session bus' address.
    #[must_use]
    pub fn bus(&self) -> &str {
        &self.bus
    }

    /// What a program needs to be on this desktop and on no other.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, OsString)> {
        let home = self.home();
        let mut all = vec![
            ("DISPLAY", self.display.clone().into()),
            ("DBUS_SESSION_BUS_ADDRESS", self.bus.clone().into()),
            ("HOME", home.into()),
            ("XDG_RUNTIME_DIR", home.join("run").into()),
            ("XDG_CONFIG_HOME", home.join(".config").into()),
            ("XDG_DATA_HOME", home.join(".local/share").into()),
            ("XDG_CACHE_HOME", home.join(".cache").into()),
            ("XDG_SESSION_TYPE", "x11".into()),
            ("GDK_BACKEND", "x11".into()),
            // Without a graphics card the faster path shows nothing.
            ("WEBKIT_DISABLE_DMABUF_RENDERER", "1".into()),
            ("NO_AT_BRIDGE", "1".into()),
        ];
        all.extend(self.variables.iter().cloned());
        all
    }

    /// A command on this desktop.
    #[must_use]
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.envs(self.environment());
        for name in ["WAYLAND_DISPLAY", "SSH_AUTH_SOCK", "GNOME_KEYRING_CONTROL"] {
            command.env_remove(name);
        }
        command
    }

    /// Waits for a window with this title and types a line into it, as from a keyboard: what the field
    /// with the keyboard held is replaced, Return comes last. For windows that no WebDriver reaches.
    ///
    /// # Errors
    /// When xdotool is missing, or no such window appears within 30 s.
    pub fn type_line_into(&self, title: &str, line: &str) -> Result<()> {
        self.focus(title)?;
        self.xdotool(&["key", "ctrl+a"])?;
        self.xdotool(&["type", "--delay", "20", line])?;
        self.xdotool(&["key", "Return"])
    }

    /// Whether a window with exactly this title is on the screen now.
    ///
    /// # Errors
    /// When xdotool is missing.
    pub fn shows(&self, title: &str) -> Result<bool> {
        let words = ["search", "--onlyvisible", "--name", &format!("^{title}$")];
        let found = self.command("xdotool").args(words).output().context("cannot start xdotool")?;
        Ok(!found.stdout.is_empty())
    }

    /// Waits for a window with this title and gives it the keyboard.
    ///
    /// # Errors
    /// When no such window appears within 30 s.
    pub fn focus(&self, title: &str) -> Result<()> {
        let begun = Instant::now();
        loop {
            // One that was shown this moment may not take it yet.
            match self.xdotool(&["windowfocus", "--sync", &self.window(title)?]) {
                Err(_) if begun.elapsed() < READY => std::thread::sleep(Duration::from_millis(100)),
                given => return given,
            }
        }
    }

    /// Takes the window with this title from the screen, as a window manager does that minimises it.
    ///
    /// # Errors
    /// When no such window appears within 30 s.
    pub fn hide(&self, title: &str) -> Result<()> {
        let window = self.window(title)?;
        self.xdotool(&["windowunmap", "--sync", &window])
    }

    /// Presses keys, as from a keyboard, for example "ctrl+shift+v".
    ///
    /// # Errors
    /// When xdotool is missing.
    pub fn keys(&self, keys: &str) -> Result<()> {
        self.xdotool(&["key", keys])
    }

    /// Puts a PNG image on the clipboard, for as long as what is given back is held.
    ///
    /// # Errors
    /// When xclip is missing.
    pub async fn copy_image(&self, path: &Path) -> Result<Started> {
        let mut xclip = self.command("xclip");
        xclip.args(["-quiet", "-selection", "clipboard", "-t", "image/png", "-i"]).arg(path);
        let copied = Started::start("xclip", xclip.stdout(Stdio::null()).stderr(Stdio::null()))?;
        let words = ["-selection", "clipboard", "-t", "TARGETS", "-o"];
        let begun = Instant::now();
        loop {
            let offered =
                self.command("xclip").args(words).output().context("cannot start xclip")?;
            if String::from_utf8_lossy(&offered.stdout).contains("image/png") {
                return Ok(copied);
            }
            anyhow::ensure!(begun.elapsed() < READY, "the clipboard does not take the image");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn xdotool(&self, words: &[&str]) -> Result<()> {
        let status = self.command("xdotool").args(words).status()?;
        anyhow::ensure!(status.success(), "xdotool {words:?} ended with {status}");
        Ok(())
    }

    /// Saves a picture of the whole screen as PNG.
    ///
    /// # Errors
    /// When ImageMagick is missing or fails.
    pub fn picture(&self, path: &Path) -> Result<()> {
        self.import("root", path)
    }

    /// Saves a picture of the window with this title as PNG, as it is on the screen.
    ///
    /// # Errors
    /// When no such window appears within 30 s, or ImageMagick is missing or fails.
    pub fn window_picture(&self, title: &str, path: &Path) -> Result<()> {
        self.import(&self.window(title)?, path)
    }

    fn import(&self, window: &str, path: &Path) -> Result<()> {
        let status = self.command("import").args(["-window", window]).arg(path).status();
        if !status.context("cannot start import (ImageMagick)")?.success() {
            bail!("cannot take a picture of the screen into {}", path.display());
        }
        Ok(())
    }

    /// The X server's number of the window with this title.
    fn window(&self, title: &str) -> Result<String> {
        let seconds = READY.as_secs().to_string();
        let found = self
            .command("timeout")
            .args([&seconds, "xdotool", "search", "--sync", "--onlyvisible", "--name", title])
            .output()
            .context("cannot start xdotool")?;
        let found = String::from_utf8_lossy(&found.stdout).into_owned();
        let window = found.lines().last().with_context(|| format!("no window {title:?}"))?;
        Ok(window.to_owned())
    }
}

/// WebDriver for the real app: tauri-driver with WebKit's own driver behind it.
#[derive(Debug)]
pub struct TauriDriver {
    /// Where WebDriver answers on loopback.
    pub port: u16,
    process: Started,
}

impl TauriDriver {
    /// Starts it on a desktop; the app it opens inherits the desktop's environment.
    ///
    /// # Errors
    /// When tauri-driver or WebKitWebDriver are missing or do not come up.
    pub fn start(desktop: &Desktop) -> Result<Self> {
        let (port, native_port) = (free_port()?, free_port()?);
        let mut command = desktop.command(tauri_driver()?);
        command
            .args(["--port", &port.to_string(), "--native-port", &native_port.to_string()])
            .stdout(Stdio::null());
        let mut process = Started::start("tauri-driver", &mut command)?;
        let is_open = |port| TcpStream::connect(("127.0.0.1", port)).is_ok();
        process.wait_until(READY, || is_open(port) && is_open(native_port))?;
        Ok(Self { port, process })
    }

    /// Process id of tauri-driver; the app runs in the same process group.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }
}

/// The built desktop app, as `cargo xtask test` names it.
///
/// # Errors
/// When it is not named or not there.
pub fn app_program() -> Result<PathBuf> {
    named("MOORLINE_APP", "the desktop app")
}

fn tauri_driver() -> Result<PathBuf> {
    named("MOORLINE_TAURI_DRIVER", "tauri-driver")
}

fn named(variable: &str, what: &str) -> Result<PathBuf> {
    let path = std::env::var_os(variable)
        .map(PathBuf::from)
        .with_context(|| format!("{variable} does not name {what}: run `cargo xtask test`"))?;
    if !path.is_file() {
        bail!("{what} is not at {}: run `cargo xtask test`", path.display());
    }
    Ok(path)
}

/// Starts a program and reads the one line it prints when it is ready.
fn started_with_line(name: &str, command: &mut Command) -> Result<(Started, String)> {
    let mut process = Started::start(name, command.stdout(Stdio::piped()))?;
    let output = process.output().context("no output")?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    if line.trim().is_empty() {
        bail!("{name} ended before it was ready");
    }
    Ok((process, line.trim().to_owned()))
}
