//! Keys for tests, by OpenSSH's own `ssh-keygen`.
//!
//! Owns making, signing and reading key files. Deliberately not here: who trusts them.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Makes a key pair without passphrase at `path` and `path.pub`.
///
/// # Errors
/// When `ssh-keygen` fails.
pub fn make_key(kind: &str, path: &Path) -> Result<()> {
    make_key_with_passphrase(kind, path, "")
}

/// Makes a key pair whose private half is encrypted, unless the passphrase is empty.
///
/// # Errors
/// When `ssh-keygen` fails.
pub fn make_key_with_passphrase(kind: &str, path: &Path, passphrase: &str) -> Result<()> {
    let mut command = Command::new("ssh-keygen");
    command.args(["-q", "-t", kind, "-N", passphrase, "-C", "test", "-f"]).arg(path);
    if kind == "rsa" {
        command.args(["-b", "2048"]);
    }
    let output = command.stdin(Stdio::null()).output().context("ssh-keygen")?;
    if !output.status.success() {
        bail!("ssh-keygen: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

pub(crate) fn sign_host_key(authority: &Path, key: &Path, arguments: &[String]) -> Result<()> {
    let mut command = Command::new("ssh-keygen");
    command.args(["-q", "-h", "-I", "host", "-s"]).arg(authority).args(arguments);
    let output = command.arg(key.with_extension("pub")).output().context("ssh-keygen")?;
    if !output.status.success() {
        bail!("ssh-keygen -s: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

/// The "SHA256:…" fingerprint of a key file.
///
/// # Errors
/// When `ssh-keygen` fails.
pub fn fingerprint(path: &Path) -> Result<String> {
    let output = Command::new("ssh-keygen").arg("-lf").arg(path).output()?;
    let text = String::from_utf8(output.stdout)?;
    Ok(text.split(' ').nth(1).context("no fingerprint")?.to_owned())
}

/// Algorithm and base64 body of the public half of a key.
///
/// # Errors
/// When the `.pub` file cannot be read.
pub fn public_key(path: &Path) -> Result<(String, String)> {
    let text = fs::read_to_string(path.with_extension("pub"))?;
    let mut words = text.split_whitespace().map(str::to_owned);
    Ok((words.next().context("no algorithm")?, words.next().context("no key")?))
}
