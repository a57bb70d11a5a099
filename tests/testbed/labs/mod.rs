//! A lab server: unmodified netlab, containerlab and Docker with FRR nodes, and sshd beside them.
//!
//! ```text
//! this computer ──── lab-server (sealed: own network, processes, mounts; no way out)
//!  10.88.x.1          10.88.x.2:2222 sshd     10.88.x.2:8090 and 127.0.0.1:8090 netlab api (TLS, Basic)
//! ```
//!
//! A test takes `LabServer::shared()`, one of two servers that the tests of a process share, as if new and for
//! itself; or `LabServer::start()` for one of its own (some seconds). Then:
//!
//! - `api_url()` goes straight to the API, `api_url_inside()` is the same as the server itself sees it, for
//!   going through SSH; `API_USER`, `API_PASSWORD`, `certificate()` (PEM, SHA-256).
//! - `sshd()` has address, port, key and host key; log in as `SSH_USER`, who can run docker and netlab.
//!   SFTP begins in that user's home, which holds `.netlab.yml` with what FRR nodes need on this server.
//! - `place(template, name)` copies a folder of `templates/` to `/srv/labs/NAME`; `folder(name)` is the same
//!   folder seen from here. Templates are clean: what this server needs is in its own defaults.
//! - `job(action, name)` runs one job past Moorline, collect included (Ansible is there); `ask` is any other question to the API.
//! - `kill_api()` in the middle of a job, `restart_api()`; `docker`, `containerlab`, `netlab` run the real
//!   programs as that user would.
//!
//! Needs root. Dropping it, or killing the process that has it, ends everything and removes all of it.
//! Deliberately not here: what a test does with it.

mod api;
mod docker;
mod furnish;
mod lease;
mod seal;
mod tools;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

pub use api::{API_PASSWORD, API_PORT, API_USER, Certificate};
pub use docker::NODE_IMAGE;
pub use furnish::templates;
pub use lease::LabLease;
pub use tools::{Tools, tools};

use crate::{process::Started, sshd::Sshd};
pub(crate) use furnish::copy;
use furnish::{environment, furnish, start_sshd};
use seal::Seal;

/// Where labs are, on the server.
pub const WORK_ROOT: &str = "/srv/labs";
/// Who logs in by SSH. netlab asks for root, or for a member of containerlab's own group.
pub const SSH_USER: &str = "root";
/// The home of that user.
pub const HOME: &str = "/srv/home";
const JOB: Duration = Duration::from_secs(120);
const POLL: Duration = Duration::from_millis(100);

/// A running server. Dropping it ends and removes all of it.
#[derive(Debug)]
pub struct LabServer {
    // Dropped in this order: the sealed place ends what the others left.
    api: Mutex<Option<Started>>,
    sshd: Sshd,
    docker: Started,
    certificate: Certificate,
    seal: Seal,
}

impl LabServer {
    /// Makes the tools if need be and starts everything.
    ///
    /// # Errors
    /// With a sentence that says what is missing or did not come up.
    pub fn start() -> Result<Self> {
        let tools = tools()?;
        let folder = tempfile::Builder::new().prefix("moorline-lab-").tempdir()?.keep();
        furnish(&folder, &tools)?;
        let seal = Seal::make(folder)?;
        let certificate = Certificate::make(&seal.folder, &seal.address.to_string())?;
        let docker = docker::start(&seal, &tools.node_image)?;
        let sshd = start_sshd(&seal)?;
        let server = Self { api: Mutex::new(None), sshd, docker, certificate, seal };
        server.restart_api()?;
        Ok(server)
    }

    /// One of the servers that all tests of this process share, as if new: what the test before left is gone.
    /// Waits until no other test has it.
    ///
    /// # Errors
    /// As `start`.
    pub fn shared() -> Result<LabLease> {
        LabLease::take()
    }

    /// The API, straight from this computer.
    #[must_use]
    pub fn api_url(&self) -> String {
        format!("https://{}:{API_PORT}", self.seal.address)
    }

    /// The API as the server itself reaches it.
    #[must_use]
    pub fn api_url_inside(&self) -> String {
        format!("https://127.0.0.1:{API_PORT}")
    }

    /// What the API proves itself with.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The SSH server beside the API.
    #[must_use]
    pub fn sshd(&self) -> &Sshd {
        &self.sshd
    }

    /// The process ids of Docker's daemon and of `netlab api`, as this computer counts them.
    #[must_use]
    pub fn pids(&self) -> Vec<u32> {
        let api = self.api.lock().unwrap_or_else(PoisonError::into_inner);
        api.iter().map(Started::pid).chain([self.docker.pid()]).collect()
    }

    /// A lab's folder on the server, seen from here.
    #[must_use]
    pub fn folder(&self, name: &str) -> PathBuf {
        self.outside(&Path::new(WORK_ROOT).join(name))
    }

    /// Any file of the server, seen from here.
    #[must_use]
    pub fn outside(&self, path: &Path) -> PathBuf {
        self.seal.outside(path)
    }

    /// The folder of this computer that holds all of it, until it is dropped.
    #[must_use]
    pub fn own_folder(&self) -> PathBuf {
        self.seal.folder.clone()
    }

    /// Copies a folder of `templates/` to the server's `/srv/labs/NAME` and gives that path.
    ///
    /// # Errors
    /// When there is no such template or the folder exists.
    pub fn place(&self, template: &str, name: &str) -> Result<String> {
        let to = self.folder(name);
        ensure!(!to.exists(), "{} exists", to.display());
        copy(&templates().join(template), &to)?;
        Ok(format!("{WORK_ROOT}/{name}"))
    }

    /// Asks the API past Moorline; status and body.
    ///
    /// # Errors
    /// When there is no answer.
    pub fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<(u16, Value)> {
        api::ask(&self.certificate, &self.api_url(), method, path, body)
    }

    /// Runs a job in a lab's folder past Moorline until the API says that it is finished; gives the job.
    /// A job that failed may say "running": netlab's API has it so.
    ///
    /// # Errors
    /// When the API does not answer, or the job is not finished within two minutes.
    pub fn job(&self, action: &str, name: &str) -> Result<Value> {
        let folder = format!("{WORK_ROOT}/{name}");
        // A relative output of collect is taken from where the API was started, not from the lab.
        let body = json!({
            "action": action, "workdir": folder, "topologyPath": "topology.yml",
            "cleanup": action == "down", "collectOutput": format!("{folder}/config"),
        });
        let (status, job) = self.ask("POST", "/jobs", Some(&body))?;
        ensure!(status == 202, "{action}: {status} {job}");
        let path = format!("/jobs/{}", job["id"].as_str().context("a job has an id")?);
        let end = Instant::now() + JOB;
        loop {
            let (_, job) = self.ask("GET", &path, None)?;
            if !job["finishedAt"].is_null() {
                return Ok(job);
            }
            ensure!(Instant::now() < end, "{action} is not finished after {JOB:?}: {job}");
            std::thread::sleep(POLL);
        }
    }

    /// Ends `netlab api` and what its job runs at once, as a crash would. Containers stay.
    pub fn kill_api(&self) {
        if let Some(api) = self.api.lock().unwrap_or_else(PoisonError::into_inner).take() {
            api.signal("KILL");
        }
    }

    /// Starts `netlab api` again; it knows nothing of earlier jobs.
    ///
    /// # Errors
    /// When it does not answer in time, with what it said.
    pub fn restart_api(&self) -> Result<()> {
        self.kill_api();
        let mut netlab = self.command("env", WORK_ROOT);
        netlab.args(api::environment(HOME)).arg("netlab");
        let log = self.seal.folder.join("api.log");
        let started = api::start(netlab, &self.certificate, &self.api_url(), &log)?;
        *self.api.lock().unwrap_or_else(PoisonError::into_inner) = Some(started);
        Ok(())
    }

    /// What `netlab api` and the programs it ran printed.
    #[must_use]
    pub fn api_output(&self) -> String {
        fs::read_to_string(self.seal.folder.join("api.log")).unwrap_or_default()
    }

    /// What `docker` prints.
    ///
    /// # Errors
    /// What it says when it fails.
    pub fn docker(&self, words: &[&str]) -> Result<String> {
        self.run("docker", words, WORK_ROOT)
    }

    /// What the real `containerlab` prints, run in a folder of the server.
    ///
    /// # Errors
    /// What it says when it fails.
    pub fn containerlab(&self, words: &[&str], folder: &str) -> Result<String> {
        self.run("containerlab", words, folder)
    }

    /// What the real `netlab` prints, run in a folder of the server.
    ///
    /// # Errors
    /// What it says when it fails.
    pub fn netlab(&self, words: &[&str], folder: &str) -> Result<String> {
        self.run("netlab", words, folder)
    }

    /// A program that will run on the server, in one of its folders, as the login of `SSH_USER` runs it.
    #[must_use]
    pub fn command(&self, program: &str, folder: &str) -> Command {
        let mut command = self.seal.command("env");
        command.args(["--ignore-environment", "--chdir", folder]);
        command.args(environment(&self.seal.folder)).arg(format!("HOME={HOME}")).arg(program);
        command
    }

    fn run(&self, program: &str, words: &[&str], folder: &str) -> Result<String> {
        let output = self.command(program, folder).args(words).stdin(Stdio::null()).output()?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
        }
        let (said, printed) =
            (String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout));
        bail!("{program} {}: {}{}", words.join(" "), said.trim(), printed.trim())
    }
}
