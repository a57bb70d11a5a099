//! A unix user of this machine with a password, for servers that let people in by it. Needs root.

use std::{
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};

/// The user, for as long as it is held.
#[derive(Debug)]
pub struct UnixUser {
    /// The login name.
    pub name: String,
}

impl UnixUser {
    /// Makes a user; `suffix` tells those of one process apart.
    ///
    /// # Errors
    /// When useradd or chpasswd fail, as they do for everybody but root.
    pub fn create(suffix: &str, password: &str) -> Result<Self> {
        let name = format!("moor{suffix}{}", std::process::id());
        let made = Command::new("useradd").args(["-m", "-s", "/bin/sh", &name]).status()?;
        ensure!(made.success(), "useradd {name}: {made}");
        let user = Self { name };
        let mut chpasswd = Command::new("chpasswd").stdin(Stdio::piped()).spawn()?;
        let line = format!("{}:{password}\n", user.name);
        chpasswd.stdin.take().context("chpasswd reads")?.write_all(line.as_bytes())?;
        let set = chpasswd.wait()?;
        ensure!(set.success(), "chpasswd: {set}");
        Ok(user)
    }

    /// The home folder.
    #[must_use]
    pub fn home(&self) -> PathBuf {
        PathBuf::from("/home").join(&self.name)
    }
}

impl Drop for UnixUser {
    fn drop(&mut self) {
        let _ =
            Command::new("userdel").args(["-f", "-r", &self.name]).stderr(Stdio::null()).status();
    }
}
