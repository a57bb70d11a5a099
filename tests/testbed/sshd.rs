//! A real OpenSSH server on a loopback port of its own, with keys made for the occasion.
//!
//! Owns the server process and everything it forks; all of it is ended by pid when the value is dropped.
//! Deliberately not here: what a test does with it.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::keys::{fingerprint, make_key, public_key, sign_host_key};
use crate::net::{command_in, within};

const SSHD: &str = "/usr/sbin/sshd";

/// What differs from a server with one ed25519 host key that lets its user in with a key.
#[derive(Debug, Clone)]
pub struct SshdOptions {
    /// Lines of `sshd_config` put first, where they win over the defaults below.
    pub config: Vec<String>,
    /// Key types of the host keys, as `ssh-keygen -t` names them.
    pub host_keys: Vec<String>,
    /// An authority's private key that signs the first host key, and further `ssh-keygen` arguments such
    /// as `-n` and the names the certificate is for.
    pub host_certificate: Option<(PathBuf, Vec<String>)>,
    /// None: loopback, at a port that is free.
    pub place: Option<Place>,
}

/// Where a server listens that is not on loopback.
#[derive(Debug, Clone)]
pub struct Place {
    /// The file of its network namespace.
    pub namespace: PathBuf,
    pub address: Ipv4Addr,
    pub port: u16,
    /// Words in front of the server that run it there; none where its network is all that differs.
    pub under: Vec<String>,
}

impl Default for SshdOptions {
    fn default() -> Self {
        let host_keys = vec!["ed25519".into()];
        Self { config: Vec::new(), host_keys, host_certificate: None, place: None }
    }
}

impl SshdOptions {
    /// The defaults with these lines of `sshd_config`.
    #[must_use]
    pub fn with_config(lines: &[&str]) -> Self {
        Self { config: lines.iter().map(ToString::to_string).collect(), ..Self::default() }
    }
}

/// A running server. Dropping it ends it, its children and its folder.
#[derive(Debug)]
pub struct Sshd {
    pub address: Ipv4Addr,
    pub port: u16,
    /// Configuration, keys, `log` and `authorized_keys`.
    pub dir: PathBuf,
    /// A private key without passphrase that may log in; the public half is beside it as `.pub`.
    pub client_key: PathBuf,
    /// SHA256 fingerprints of the host keys, in the order they were asked for.
    pub host_key_fingerprints: Vec<String>,
    /// One known_hosts line per host key, for `[address]:port`.
    pub known_hosts: String,
    options: SshdOptions,
    child: Child,
    _folder: TempDir,
}

impl Sshd {
    /// Starts a server and waits until it answers.
    ///
    /// # Errors
    /// When OpenSSH is not installed or the server does not come up within ten seconds.
    pub fn start(options: &SshdOptions) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("moorline-sshd-").tempdir()?;
        let dir = folder.path().to_owned();
        let client_key = dir.join("client");
        make_key("ed25519", &client_key)?;
        fs::copy(dir.join("client.pub"), dir.join("authorized_keys"))?;
        if is_root()? {
            fs::create_dir_all("/run/sshd").context("sshd needs /run/sshd")?;
        }
        let (address, port) = match &options.place {
            Some(place) => (place.address, place.port),
            None => (Ipv4Addr::LOCALHOST, free_port()?),
        };
        let (host_key_fingerprints, known_hosts) =
            make_host_keys(&dir, address, port, &options.host_keys)?;
        if let (Some((authority, arguments)), Some(kind)) =
            (&options.host_certificate, options.host_keys.first())
        {
            sign_host_key(authority, &host_key_path(&dir, kind), arguments)?;
        }
        let config = dir.join("sshd_config");
        fs::write(&config, config_text(&dir, address, port, options))?;
        let child = spawn(&dir, options)?;
        let mut sshd = Self {
            address,
            port,
            dir,
            client_key,
            host_key_fingerprints,
            known_hosts,
            options: options.clone(),
            child,
            _folder: folder,
        };
        sshd.wait_until_it_answers()?;
        Ok(sshd)
    }

    /// The path of the private host key of this type.
    #[must_use]
    pub fn host_key(&self, kind: &str) -> PathBuf {
        host_key_path(&self.dir, kind)
    }

    /// Lets the holder of another public key log in.
    ///
    /// # Errors
    /// When a file cannot be read or written.
    pub fn authorize(&self, public_key: &Path) -> Result<()> {
        let path = self.dir.join("authorized_keys");
        let mut text = fs::read_to_string(&path)?;
        text.push_str(&fs::read_to_string(public_key)?);
        Ok(fs::write(path, text)?)
    }

    /// What the server logged so far.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.dir.join("log")).unwrap_or_default()
    }

    /// The processes that serve connections, not the listener.
    #[must_use]
    pub fn sessions(&self) -> Vec<u32> {
        descendants(self.child.id())
    }

    /// Sends a signal, for example "STOP", to every process that serves a connection.
    pub fn signal_sessions(&self, signal: &str) {
        send_signal(signal, &self.sessions());
    }

    /// Ends every connection, as a crash of its server process would. The listener stays.
    pub fn drop_connections(&self) {
        self.signal_sessions("KILL");
    }

    /// Ends the server and its connections and starts it at the same port with host keys of the same
    /// types, made anew, as after the server was set up again.
    ///
    /// # Errors
    /// As `start`.
    pub fn replace_host_keys(&mut self) -> Result<()> {
        self.end();
        for kind in &self.options.host_keys {
            fs::remove_file(host_key_path(&self.dir, kind))?;
        }
        (self.host_key_fingerprints, self.known_hosts) =
            make_host_keys(&self.dir, self.address, self.port, &self.options.host_keys)?;
        self.start_again()
    }

    /// Ends the server and its connections. The port is free until it is started again.
    pub fn stop(&mut self) {
        self.end();
    }

    /// Starts a server that was stopped, at the same port and with the same host keys.
    ///
    /// # Errors
    /// As `start`.
    pub fn start_again(&mut self) -> Result<()> {
        self.end();
        self.child = spawn(&self.dir, &self.options)?;
        self.wait_until_it_answers()
    }

    /// Sends a signal to the listener and to every process that serves a connection.
    pub fn signal(&self, signal: &str) {
        let mut all = self.sessions();
        all.push(self.child.id());
        send_signal(signal, &all);
    }

    fn end(&mut self) {
        let sessions = self.sessions();
        let _ = self.child.kill();
        let _ = self.child.wait();
        send_signal("KILL", &sessions);
    }

    fn wait_until_it_answers(&mut self) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            if self.is_listening()? {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("sshd ended at once with {status}: {}", self.log());
            }
            if Instant::now() > deadline {
                bail!("sshd does not answer: {}", self.log());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn is_listening(&self) -> Result<bool> {
        let knock = || Ok(TcpStream::connect((self.address, self.port)).is_ok());
        match &self.options.place {
            Some(place) => within(&place.namespace, knock),
            None => knock(),
        }
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        self.end();
    }
}

/// A loopback port that nothing listens on.
///
/// # Errors
/// When there is none.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// Sends a signal to processes by id.
pub fn send_signal(signal: &str, pids: &[u32]) {
    if pids.is_empty() {
        return;
    }
    let ids = pids.iter().map(ToString::to_string);
    let _ = Command::new("kill").arg(format!("-{signal}")).args(ids).stderr(Stdio::null()).status();
}

/// Makes host keys; gives their fingerprints and their lines for a known_hosts file.
fn make_host_keys(
    dir: &Path,
    address: Ipv4Addr,
    port: u16,
    kinds: &[String],
) -> Result<(Vec<String>, String)> {
    let mut fingerprints = Vec::new();
    let mut known_hosts = String::new();
    for kind in kinds {
        let path = host_key_path(dir, kind);
        make_key(kind, &path)?;
        fingerprints.push(fingerprint(&path)?);
        let (algorithm, key) = public_key(&path)?;
        known_hosts.push_str(&format!("[{address}]:{port} {algorithm} {key}\n"));
    }
    Ok((fingerprints, known_hosts))
}

fn host_key_path(dir: &Path, kind: &str) -> PathBuf {
    dir.join(format!("host_{kind}"))
}

fn config_text(dir: &Path, address: Ipv4Addr, port: u16, options: &SshdOptions) -> String {
    let dir = dir.display();
    let mut lines = options.config.clone();
    lines.push(format!("Port {port}"));
    lines.push(format!("ListenAddress {address}"));
    lines.extend(options.host_keys.iter().map(|kind| format!("HostKey {dir}/host_{kind}")));
    if let (Some(_), Some(kind)) = (&options.host_certificate, options.host_keys.first()) {
        lines.push(format!("HostCertificate {dir}/host_{kind}-cert.pub"));
    }
    lines.extend(
        [
            "PidFile none",
            "PermitRootLogin yes",
            "StrictModes no",
            "UsePAM no",
            "PasswordAuthentication no",
            "KbdInteractiveAuthentication no",
            "MaxStartups 200",
            "LogLevel VERBOSE",
            "Subsystem sftp internal-sftp",
        ]
        .map(String::from),
    );
    lines.push(format!("AuthorizedKeysFile {dir}/authorized_keys"));
    // The start-up files of whoever runs the tests are none of their business.
    lines.push(format!("SetEnv HOME={dir}"));
    lines.join("\n") + "\n"
}

/// An sshd of an ordinary user lets only that user in, and needs no folder of its own.
fn is_root() -> Result<bool> {
    use std::os::unix::fs::MetadataExt;
    Ok(fs::metadata("/proc/self")?.uid() == 0)
}

fn spawn(dir: &Path, options: &SshdOptions) -> Result<Child> {
    // Another user's session must be able to read authorized_keys.
    fs::set_permissions(dir, fs::Permissions::from_mode(0o755))?;
    let mut command = match &options.place {
        Some(Place { under, .. }) if !under.is_empty() => {
            let mut command = Command::new(&under[0]);
            command.args(&under[1..]).arg(SSHD);
            command
        }
        Some(place) => command_in(&place.namespace, SSHD),
        None => Command::new(SSHD),
    };
    command
        .arg("-D")
        .arg("-f")
        .arg(dir.join("sshd_config"))
        .arg("-E")
        .arg(dir.join("log"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot start /usr/sbin/sshd")
}

/// Children of a process and their children, by the parent field of `/proc/PID/stat`.
pub(crate) fn descendants(pid: u32) -> Vec<u32> {
    let parents: Vec<(u32, u32)> = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let child = entry.file_name().to_str()?.parse().ok()?;
            let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
            let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()?;
            Some((child, parent))
        })
        .collect();
    let mut found = Vec::new();
    let mut open = vec![pid];
    while let Some(parent) = open.pop() {
        for (child, _) in parents.iter().filter(|(_, of)| *of == parent) {
            found.push(*child);
            open.push(*child);
        }
    }
    found
}
