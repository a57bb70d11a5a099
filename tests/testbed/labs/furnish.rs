//! What a lab server is made from: its folder, its users, the environment of every program on it, its sshd.
//!
//! Owns: filling the folder before it is sealed. Deliberately not here: the sealed place and its servers.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use super::{HOME, Tools, docker, seal::Seal, tools::scripts};
use crate::sshd::{Place, Sshd, SshdOptions};

const SSH_PORT: u16 = 2222;

/// The templates that tests put on a lab server.
#[must_use]
pub fn templates() -> PathBuf {
    scripts().join("templates")
}

/// What every program on the server finds around it, except HOME.
pub(super) fn environment(folder: &Path) -> [String; 5] {
    let own = folder.join("bin");
    let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    [
        format!("PATH={}:{path}", own.display()),
        format!("DOCKER_HOST={}", docker::socket(folder)),
        "LANG=C.UTF-8".to_owned(),
        // No question to the outside, which there is none of.
        "CLAB_VERSION_CHECK=disable".to_owned(),
        "NO_COLOR=1".to_owned(),
    ]
}

/// Fills the folder that a sealed place is made from.
pub(super) fn furnish(folder: &Path, tools: &Tools) -> Result<()> {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
    let (etc, home) = (folder.join("etc"), folder.join("srv/home"));
    for part in [&etc, &home, &folder.join("srv/labs")] {
        fs::create_dir_all(part)?;
    }
    let users = fs::read_to_string("/etc/passwd")?;
    fs::write(etc.join("passwd"), format!("root:x:0:0:root:{HOME}:/bin/bash\n{users}"))?;
    fs::write(etc.join("hosts"), "127.0.0.1 localhost lab-server\n::1 localhost\n")?;
    // A machine of its own also for who asks which one it is; the folder's name is nobody else's.
    let digest = Sha256::digest(folder.as_os_str().as_encoded_bytes());
    let id: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    fs::write(etc.join("machine-id"), format!("{id}\n"))?;
    fs::copy(scripts().join("server-defaults.yml"), home.join(".netlab.yml"))?;
    fs::write(home.join(".bashrc"), "PS1='\\u@\\h:\\w\\$ '\n")?;
    tools.wrap(&folder.join("bin"))
}

pub(super) fn start_sshd(seal: &Seal) -> Result<Sshd> {
    let set = environment(&seal.folder).map(|variable| format!("\"{variable}\"")).join(" ");
    let mut options = SshdOptions::with_config(&[&format!("SetEnv {set}")]);
    options.place = Some(Place {
        namespace: seal.network(),
        address: seal.address,
        port: SSH_PORT,
        under: seal.words(),
    });
    Sshd::start(&options)
}

pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    let entries = fs::read_dir(from).with_context(|| format!("no template {}", from.display()))?;
    for entry in entries {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
