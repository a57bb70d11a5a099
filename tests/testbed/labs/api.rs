//! `netlab api` of a lab server, over TLS with a certificate of its own.
//!
//! Owns: its process, its certificate and asking it past Moorline. Deliberately not here: what its jobs
//! start; that is the sealed place's.

use std::{
    fs::File,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::process::Started;

/// Where it listens, on every address of the sealed place.
pub const API_PORT: u16 = 8090;
/// Who may ask.
pub const API_USER: &str = "netops";
pub const API_PASSWORD: &str = "correct-horse";

const READY: Duration = Duration::from_secs(20);

/// A certificate signed by itself, as `openssl req -x509` makes it.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// PEM.
    pub path: PathBuf,
    pub(super) key: PathBuf,
    /// Lower-case hexadecimal without separators, of the DER form.
    pub sha256: String,
}

impl Certificate {
    /// Makes one for loopback and `address`.
    pub(super) fn make(folder: &Path, address: &str) -> Result<Self> {
        let (path, key) = (folder.join("api.crt"), folder.join("api.key"));
        let names = format!("subjectAltName=DNS:localhost,IP:127.0.0.1,IP:{address}");
        let mut make = Command::new("openssl");
        make.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"])
            .args(["-nodes", "-days", "7", "-subj", "/CN=lab-server", "-addext", &names])
            .arg("-keyout")
            .arg(&key)
            .arg("-out")
            .arg(&path);
        finished(&mut make)?;
        let mut show = Command::new("openssl");
        show.args(["x509", "-noout", "-fingerprint", "-sha256", "-in"]).arg(&path);
        let shown = finished(&mut show)?;
        let hex = shown.trim().rsplit('=').next().context("openssl shows no fingerprint")?;
        let sha256 = hex.replace(':', "").to_lowercase();
        ensure!(sha256.len() == 64, "openssl shows an odd fingerprint: {shown}");
        Ok(Self { path, key, sha256 })
    }
}

/// What it is told by its environment. netlab writes that into the files of labs, so that tests see it leak.
pub(super) fn environment(home: &str) -> [String; 3] {
    [
        format!("NETLAB_API_DATA_DIR={home}/.netlab-api"),
        format!("NETLAB_API_USER={API_USER}"),
        format!("NETLAB_API_PASSWORD={API_PASSWORD}"),
    ]
}

/// Starts it from a command that already runs `netlab` inside, and waits until it answers.
pub(super) fn start(
    mut netlab: Command,
    certificate: &Certificate,
    base: &str,
    log: &Path,
) -> Result<Started> {
    let log_file = File::options().create(true).append(true).open(log)?;
    netlab
        .args(["api", "--bind", "0.0.0.0", "--port", &API_PORT.to_string()])
        .arg("--tls-cert")
        .arg(&certificate.path)
        .arg("--tls-key")
        .arg(&certificate.key)
        .stdout(log_file.try_clone()?)
        .stderr(log_file);
    let mut api = Started::start("netlab api", &mut netlab)?;
    let is_up = || ask(certificate, base, "GET", "/healthz", None).is_ok();
    api.wait_until(READY, is_up).with_context(|| {
        format!("netlab api says: {}", std::fs::read_to_string(log).unwrap_or_default())
    })?;
    Ok(api)
}

/// One question with the right credentials; status and body.
pub(super) fn ask(
    certificate: &Certificate,
    base: &str,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> Result<(u16, Value)> {
    let mut command = Command::new("curl");
    command
        .args(["--silent", "--show-error", "--max-time", "20", "--noproxy", "*", "--config", "-"])
        .args(["--write-out", "\n%{http_code}", "--request", method, "--cacert"])
        .arg(&certificate.path)
        .arg(format!("{base}{path}"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if let Some(body) = body {
        command.args(["--header", "Content-Type: application/json", "--data", &body.to_string()]);
    }
    let mut curl = command.spawn().context("cannot start curl")?;
    let credentials = format!("user = \"{API_USER}:{API_PASSWORD}\"\n");
    curl.stdin.take().context("curl reads nothing")?.write_all(credentials.as_bytes())?;
    let output = curl.wait_with_output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{method} {path}: {}", said.trim());
    let text = String::from_utf8_lossy(&output.stdout);
    let (body, status) = text.rsplit_once('\n').context("curl prints no status")?;
    let body = serde_json::from_str(body).unwrap_or_else(|_| Value::String(body.to_owned()));
    Ok((status.parse()?, body))
}

fn finished(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().context("cannot start openssl")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "openssl: {}", said.trim());
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
