//! Docker of a sealed place, with the image of lab nodes in it.
//!
//! Owns: the daemon and its image. Deliberately not here: what a lab does with it, and ending it: that is
//! the sealed place's.

use std::{path::Path, time::Duration};

use anyhow::{Context, Result, ensure};

use super::seal::Seal;
use crate::process::Started;

/// The image every node runs, unless its template says otherwise.
pub const NODE_IMAGE: &str = "moorline.test/frr:1";

const READY: Duration = Duration::from_secs(40);
/// What `docker import` loses of an image: an init that hands on signals, the start, where programs are.
const CHANGES: [&str; 3] = [
    r#"ENTRYPOINT ["/usr/bin/tini","-g","--"]"#,
    r#"CMD ["/usr/local/bin/node-start"]"#,
    "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
];

/// The socket's path, inside and outside.
pub(super) fn socket(folder: &Path) -> String {
    format!("unix://{}", folder.join("docker.sock").display())
}

/// Starts the daemon, waits for it and imports the image.
pub(super) fn start(seal: &Seal, node_image: &Path) -> Result<Started> {
    let folder = &seal.folder;
    let log = std::fs::File::create(folder.join("docker.log"))?;
    let mut command = seal.command("dockerd");
    command
        .arg("--data-root")
        .arg(folder.join("docker"))
        .arg("--exec-root")
        .arg(folder.join("exec"))
        .arg("--pidfile")
        .arg(folder.join("docker.pid"))
        .args(["--host", &socket(folder), "--cgroup-parent", &seal.group()])
        .args(["--exec-opt", "native.cgroupdriver=cgroupfs", "--storage-driver", "overlay2"])
        .stdout(log.try_clone()?)
        .stderr(log);
    let mut daemon = Started::start("dockerd", &mut command)?;
    let said = || std::fs::read_to_string(folder.join("docker.log")).unwrap_or_default();
    daemon
        .wait_until(READY, || run(seal, &["version"]).is_ok())
        .with_context(|| format!("dockerd says: {}", tail(&said())))?;
    let mut import = vec!["import"];
    import.extend(CHANGES.iter().flat_map(|change| ["--change", change]));
    let tar = node_image.to_string_lossy();
    import.extend([&*tar, NODE_IMAGE]);
    run(seal, &import)?;
    Ok(daemon)
}

/// What `docker` prints.
///
/// # Errors
/// What it says when it fails.
pub(super) fn run(seal: &Seal, words: &[&str]) -> Result<String> {
    let output = seal
        .command("docker")
        .args(words)
        .env("DOCKER_HOST", socket(&seal.folder))
        .stdin(std::process::Stdio::null())
        .output()
        .context("cannot start docker")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "docker {}: {}", words.join(" "), said.trim());
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}
