//! The practice server: a real sshd and a real Podman service, with the dev image at hand.
//!
//! Owns: both servers, their state folder and every container in it; all of it goes when the value is
//! dropped. Deliberately not here: what is done on the server.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    dev_image::dev_image,
    headless::Headless,
    process::Started,
    sshd::{Sshd, SshdOptions},
};

/// What the connection to the practice server is called.
pub const PRACTICE: &str = "practice";

const READY: Duration = Duration::from_secs(30);

/// A server to practise on.
#[derive(Debug)]
pub struct Practice {
    service: Option<Started>,
    sshd: Sshd,
    podman: Podman,
    folder: TempDir,
}

impl Practice {
    /// Makes the dev image if need be and starts both servers.
    ///
    /// # Errors
    /// When OpenSSH or Podman are missing or do not come up.
    pub async fn start() -> Result<Self> {
        tokio::task::spawn_blocking(Self::start_now).await?
    }

    fn start_now() -> Result<Self> {
        let image = dev_image()?;
        let parent = image.store.parent().context("the image store lies in a folder")?;
        let parent = parent.join("practice");
        fs::create_dir_all(&parent)?;
        let folder = tempfile::Builder::new().prefix("").rand_bytes(4).tempdir_in(parent)?;
        fs::create_dir(folder.path().join("home"))?;
        let podman = Podman::at(folder.path(), image.store)?;
        let sshd = Sshd::start(&SshdOptions::default())?;
        let socket = folder.path().join("podman.sock");
        let mut command = podman.command();
        command
            .args(["system", "service", "--time=0"])
            .arg(format!("unix://{}", socket.display()))
            .stdout(Stdio::null())
            .stderr(fs::File::create(folder.path().join("podman.log"))?);
        let mut service = Started::start("podman", &mut command)?;
        service.wait_until(READY, || std::os::unix::net::UnixStream::connect(&socket).is_ok())?;
        Ok(Self { service: Some(service), sshd, podman, folder })
    }

    /// A home folder without anything in it, for a core that must not read the person's own.
    #[must_use]
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// The connection form, filled in for this server.
    #[must_use]
    pub fn connection_input(&self) -> Value {
        let user = output(Command::new("id").arg("-un")).unwrap_or_default();
        let key = &self.sshd.client_key;
        json!({
            "kind": "podman",
            "name": PRACTICE,
            "fields": {"socket": self.folder.path().join("podman.sock")},
            "secrets": {},
            "ssh_host": {
                "id": null,
                "addresses": [{"host": "127.0.0.1", "port": self.sshd.port}],
                "user": user.trim(),
                "auth": [{"method": "key_file", "path": key, "passphrase": null}],
                "jumps": [],
            },
            "connect_at_start": true,
        })
    }

    /// Adds this server to a core, compares and trusts its host key, and waits for the connection.
    ///
    /// # Errors
    /// When the connection fails, or the key shown is not this server's.
    pub async fn connect(&self, moorline: &Headless) -> Result<Value> {
        let view = moorline.call("connection_create", self.connection_input()).await?;
        let id = view["connection"]["id"].clone();
        let last = std::sync::Mutex::new(Value::Null);
        let connected = moorline
            .until("the connection", READY, async || {
                self.answer_host_key(moorline).await?;
                let all = moorline.call("connections_list", json!({})).await?;
                let all = all.as_array().context("a list of connections")?;
                let ours = all.iter().find(|view| view["connection"]["id"] == id);
                let state = &ours.context("the connection is gone")?["state"];
                ensure!(state["state"] != "failed", "cannot connect: {}", state["error"]);
                *last.lock().expect("one task") = state.clone();
                Ok((state["state"] == "connected").then(|| view.clone()))
            })
            .await;
        connected.with_context(|| format!("the connection says {}", last.lock().expect("one task")))
    }

    async fn answer_host_key(&self, moorline: &Headless) -> Result<()> {
        let questions = moorline.call("questions_list", json!({})).await?;
        for question in questions.as_array().context("a list of questions")? {
            let asked = &question["question"];
            ensure!(asked["kind"] == "host_key", "an unexpected question: {asked}");
            let shown = asked["shown"]["fingerprint"].as_str().unwrap_or_default().to_owned();
            let is_ours = self.sshd.host_key_fingerprints.contains(&shown);
            ensure!(is_ours, "the host key shown, {shown}, is not the practice server's");
            let answer = json!({
                "question_id": question["id"], "answer": {"answer": "trust_host_key"},
            });
            moorline.call("question_answer", answer).await?;
        }
        Ok(())
    }

    /// That no container and no volume is left on the server.
    ///
    /// # Errors
    /// With the names of those that are.
    pub async fn check_nothing_is_left(&self) -> Result<()> {
        for words in [&["ps", "-a", "--format", "{{.Names}}"][..], &["volume", "ls", "-q"]] {
            let left = output(self.podman.command().args(words))?;
            ensure!(left.trim().is_empty(), "left on the server: {}", left.trim());
        }
        Ok(())
    }
}

impl Drop for Practice {
    fn drop(&mut self) {
        // The service goes first, so that nobody makes a container while the last one is removed.
        drop(self.service.take());
        self.podman.remove_everything();
    }
}

/// How Podman is called so that it sees nothing but its own state folder.
#[derive(Debug)]
struct Podman {
    folder: PathBuf,
    image_store: PathBuf,
}

impl Podman {
    fn at(folder: &Path, image_store: PathBuf) -> Result<Self> {
        // Small machines refuse to raise limits, and crun refuses older cgroups.
        let is_old_cgroup = !Path::new("/sys/fs/cgroup/cgroup.controllers").exists();
        let runtime = if is_old_cgroup { "runtime = \"runc\"\n" } else { "" };
        let text = format!(
            "[containers]\ndefault_ulimits = [\"nofile=1024:4096\", \"nproc=4096:8192\"]\n\
             [engine]\ncgroup_manager = \"cgroupfs\"\nevents_logger = \"file\"\n{runtime}"
        );
        fs::write(folder.join("containers.conf"), text)?;
        Ok(Self { folder: folder.to_owned(), image_store })
    }

    fn command(&self) -> Command {
        let mut command = Command::new("podman");
        command
            .env("CONTAINERS_CONF", self.folder.join("containers.conf"))
            .arg("--root")
            .arg(self.folder.join("storage"))
            .arg("--runroot")
            .arg(self.folder.join("run"))
            .args(["--storage-driver", "overlay", "--storage-opt"])
            .arg(format!("overlay.imagestore={}", self.image_store.display()));
        command
    }

    fn remove_everything(&self) {
        for words in
            [&["rm", "--all", "--force", "--time", "0"][..], &["volume", "prune", "--force"]]
        {
            if let Err(error) = output(self.command().args(words)) {
                eprintln!("practice server: {error:#}");
            }
        }
        // Overlay storage is a mount of its own, and what is mounted cannot be removed.
        let _ = Command::new("umount")
            .arg(self.folder.join("storage/overlay"))
            .stderr(Stdio::null())
            .status();
    }
}

fn output(command: &mut Command) -> Result<String> {
    let Output { status, stdout, stderr } = command.stdin(Stdio::null()).output()?;
    ensure!(
        status.success(),
        "{:?} failed: {}",
        command.get_program(),
        String::from_utf8_lossy(&stderr)
    );
    Ok(String::from_utf8(stdout)?)
}
