//! The practice server: a real sshd and a real Podman service, with the dev image at hand.
//!
//! Owns: both servers and everything on them; all of it goes when the value is dropped. Deliberately not
//! here: what is done on the server.

use std::{
    path::PathBuf,
    process::Command,
    sync::{
        Mutex,
        atomic::{AtomicU16, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    dev_image::{DEV_IMAGE, dev_image},
    headless::{Headless, finished},
    podman::{PodmanOptions, PodmanService},
    sshd::{Sshd, SshdOptions},
};

/// What the connection to the practice server is called.
pub const PRACTICE: &str = "practice";

const READY: Duration = Duration::from_secs(40);
const LONG: Duration = Duration::from_secs(120);

/// Servers beside each other share the loopback ports of this machine.
static NEXT_RANGE: AtomicU16 = AtomicU16::new(0);

/// A server to practise on.
#[derive(Debug)]
pub struct Practice {
    podman: PodmanService,
    sshd: Sshd,
    home: TempDir,
    first_port: u16,
}

/// How one logs in to the practice server.
#[derive(Debug, Clone)]
pub struct Login {
    pub host: String,
    pub port: u16,
    pub user: String,
    /// A private key without passphrase.
    pub key: PathBuf,
    /// Podman's socket on the server.
    pub socket: PathBuf,
    /// Ports of the server for containers, as the form takes them; servers beside each other on one
    /// machine must not share any.
    pub ssh_ports: String,
    pub first_web_port: u16,
    /// Of the server's host key, with "SHA256:" in front.
    pub fingerprint: String,
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
        let image_stores = vec![dev_image()?.store];
        let podman =
            PodmanService::start_with(PodmanOptions { image_stores, ..PodmanOptions::default() })?;
        let sshd = Sshd::start(&SshdOptions::default())?;
        let home = tempfile::Builder::new().prefix("moorline-home-").tempdir()?;
        // Forty for each, below the ports that the kernel hands out by itself.
        let process = u16::try_from(std::process::id() % 300).unwrap_or_default();
        let range = (process + NEXT_RANGE.fetch_add(1, Ordering::Relaxed)) % 300;
        Ok(Self { podman, sshd, home, first_port: 20_000 + range * 40 })
    }

    /// The SSH server in front of it.
    #[must_use]
    pub fn sshd(&self) -> &Sshd {
        &self.sshd
    }

    /// The SSH server, to change it.
    #[must_use]
    pub fn sshd_mut(&mut self) -> &mut Sshd {
        &mut self.sshd
    }

    /// The Podman service, to look at the server past Moorline.
    #[must_use]
    pub fn podman(&self) -> &PodmanService {
        &self.podman
    }

    /// A home folder without anything in it, for a core that must not read the person's own.
    #[must_use]
    pub fn home(&self) -> PathBuf {
        self.home.path().to_owned()
    }

    /// What a person would type to log in here.
    #[must_use]
    pub fn login(&self) -> Login {
        let user = Command::new("id").arg("-un").output().map(|output| output.stdout);
        let first = self.first_port;
        Login {
            ssh_ports: format!("{first}-{}", first + 9),
            first_web_port: first + 20,
            host: "127.0.0.1".to_owned(),
            port: self.sshd.port,
            user: String::from_utf8_lossy(&user.unwrap_or_default()).trim().to_owned(),
            key: self.sshd.client_key.clone(),
            socket: self.podman.socket.clone(),
            fingerprint: self.sshd.host_key_fingerprints.first().cloned().unwrap_or_default(),
        }
    }

    /// The connection form, filled in for this server.
    #[must_use]
    pub fn connection_input(&self) -> Value {
        let Login { host, port, user, key, socket, ssh_ports, first_web_port, .. } = self.login();
        json!({
            "kind": "podman",
            "name": PRACTICE,
            "fields": {
                "socket": socket, "port_range": ssh_ports, "web_port_start": first_web_port.to_string(),
            },
            "secrets": {},
            "ssh_host": {
                "id": null,
                "addresses": [{"host": host, "port": port}],
                "user": user,
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
        let last = Mutex::new(Value::Null);
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

    /// Makes a dev container on this server and waits for it; `start` says whether it is started.
    ///
    /// # Errors
    /// When the plan has problems or the run fails.
    pub async fn container(
        &self,
        moorline: &Headless,
        connection: &Value,
        name: &str,
        start: bool,
    ) -> Result<Value> {
        let id = &connection["connection"]["id"];
        let input = json!({"name": name, "image": DEV_IMAGE, "start": start.to_string()});
        let args = json!({"connection_id": id, "input": input});
        let plan = moorline.call("workspace_plan", args).await?;
        let problems = plan["problems"].as_array().context("a plan lists its problems")?;
        ensure!(problems.is_empty(), "the plan has problems: {problems:?}");
        let args = json!({"connection_id": id, "plan": plan});
        let started = moorline.call("workspace_create", args).await?;
        finished(moorline, &started, LONG).await?;
        let wanted = |view: &Value| {
            view["workspace"]["name"] == name && (view["workspace"]["state"] == "running") == start
        };
        moorline
            .until("the new workspace in the list", READY, async || {
                let all = moorline.call("workspaces_list", json!({})).await?;
                let all = all.as_array().context("a list of workspaces")?;
                Ok(all.iter().find(|view| wanted(view)).cloned())
            })
            .await
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
    pub fn check_nothing_is_left(&self) -> Result<()> {
        for words in [&["ps", "-a", "--format", "{{.Names}}"][..], &["volume", "ls", "-q"]] {
            let left = self.podman.podman(words)?;
            ensure!(left.is_empty(), "left on the server: {left}");
        }
        Ok(())
    }
}
