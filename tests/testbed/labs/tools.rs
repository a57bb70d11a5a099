//! What a lab server needs beyond Debian packages: containerlab, netlab, the image of its nodes.
//!
//! Owns: running the scripts that make them, and the wrappers by which the server calls them. Deliberately
//! not here: the server.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, anyhow, ensure};

/// containerlab refuses, and netlab trips, where this cannot be read, as on kernels without modules.
const MODULES: &str = "/proc/modules";
/// Lets that one file be read as /dev/null by a program that is linked for itself.
const WITH_MODULES: &str = "strace -f -qqq --seccomp-bpf -o /dev/null -P /proc/modules \
     -e trace=openat -e inject=openat:poke_enter=@arg2=2f6465762f6e756c6c00 --";

/// The tools, made: they are kept in the cache folder.
#[derive(Debug, Clone)]
pub struct Tools {
    pub containerlab: PathBuf,
    /// The folder with `netlab` and its Python.
    pub netlab: PathBuf,
    /// The root file system of a node, for `docker import`.
    pub node_image: PathBuf,
}

/// Makes the tools, or finds them; the first call on a machine takes three minutes.
///
/// # Errors
/// When one cannot be had; the script's own words are on standard error.
pub fn tools() -> Result<Tools> {
    for program in ["dockerd", "mmdebstrap", "strace", "iptables", "openssl", "unshare", "nsenter"]
    {
        let found = Command::new("which").arg(program).stdout(Stdio::null()).status()?;
        ensure!(
            found.success(),
            "lab servers need {program}, which is not installed: `cargo xtask test` installs it"
        );
    }
    let output = Command::new(scripts().join("tools.sh"))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start tools.sh")?;
    ensure!(
        output.status.success(),
        "the lab tools could not be made, so real labs cannot run: {}",
        output.status
    );
    let paths: Vec<PathBuf> =
        String::from_utf8(output.stdout)?.lines().map(PathBuf::from).collect();
    let [containerlab, netlab, node_image] = <[PathBuf; 3]>::try_from(paths)
        .map_err(|paths| anyhow!("tools.sh named {} paths instead of three", paths.len()))?;
    Ok(Tools { containerlab, netlab, node_image })
}

impl Tools {
    /// Puts `containerlab`, `clab` and `netlab` into a folder that goes in front of PATH, and what they need.
    pub(super) fn wrap(&self, folder: &Path) -> Result<()> {
        let python = folder.join("python");
        fs::create_dir_all(&python)?;
        fs::copy(scripts().join("without-modules.py"), python.join("sitecustomize.py"))?;
        for (name, text) in [
            ("containerlab", traced(&self.containerlab)),
            ("clab", traced(&self.containerlab)),
            ("netlab", patched(&self.netlab.join("netlab"), &python)),
        ] {
            let path = folder.join(name);
            fs::write(&path, text)?;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
        }
        Ok(())
    }
}

/// Traced programs start others, which must not be traced twice.
fn traced(program: &Path) -> String {
    let program = program.display();
    if Path::new(MODULES).exists() {
        return plain(&program);
    }
    format!(
        "#!/bin/sh\n[ -z \"$LAB_TRACED\" ] || exec '{program}' \"$@\"\n\
         export LAB_TRACED=1\nexec {WITH_MODULES} '{program}' \"$@\"\n"
    )
}

/// Python reads its own start file first, which costs nothing while it runs, as tracing would.
fn patched(program: &Path, python: &Path) -> String {
    let program = program.display();
    if Path::new(MODULES).exists() {
        return plain(&program);
    }
    format!("#!/bin/sh\nPYTHONPATH='{}' exec '{program}' \"$@\"\n", python.display())
}

fn plain(program: &impl std::fmt::Display) -> String {
    format!("#!/bin/sh\nexec '{program}' \"$@\"\n")
}

pub(super) fn scripts() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/testbed/labs"))
}
