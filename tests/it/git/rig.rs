//! A practice server, a core, and repositories on this computer.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::{
    dev_image::DEV_IMAGE,
    headless::{Headless, finished},
    practice::Practice,
};

pub(super) const LONG: Duration = Duration::from_secs(120);
pub(super) const PROJECT: &str = "/workspace/project";

pub(super) struct Rig {
    pub(super) practice: Practice,
    pub(super) core: Headless,
    pub(super) connection: Value,
    pub(super) folder: TempDir,
}

impl Rig {
    pub(super) async fn start() -> Self {
        let practice = Practice::start().await.unwrap();
        let folder = TempDir::new().unwrap();
        let core = Headless::start(&folder.path().join("data"), &practice.home()).await.unwrap();
        let connection = practice.connect(&core).await.unwrap();
        Self { practice, core, connection, folder }
    }

    /// A repository with one commit on main.
    pub(super) fn repository(&self, name: &str) -> PathBuf {
        Self::repository_in(&self.folder.path().join("src"), name)
    }

    pub(super) fn repository_in(folder: &Path, name: &str) -> PathBuf {
        let path = folder.join(name);
        std::fs::create_dir_all(&path).unwrap();
        git(&path, &["init", "-q", "-b", "main"]);
        git(&path, &["config", "user.name", "Ada Lovelace"]);
        git(&path, &["config", "user.email", "ada@example.org"]);
        std::fs::write(path.join("README"), "one\n").unwrap();
        commit(&path, "first");
        path
    }

    pub(super) async fn plan(&self, input: &Value) -> Value {
        let mut all = json!({"image": DEV_IMAGE, "start": "true"});
        all.as_object_mut().unwrap().extend(input.as_object().unwrap().clone());
        let args = json!({"connection_id": self.connection["connection"]["id"], "input": all});
        self.core.call("workspace_plan", args).await.unwrap()
    }

    /// Makes a workspace, and gives its reference.
    pub(super) async fn make(&self, input: &Value) -> Value {
        let plan = self.plan(input).await;
        assert_eq!(plan["problems"], json!([]), "{plan}");
        let id = &self.connection["connection"]["id"];
        let args = json!({"connection_id": id, "plan": plan});
        let started = self.core.call("workspace_create", args).await.unwrap();
        let run = finished(&self.core, &started, LONG).await.unwrap();
        json!({"connection_id": id, "workspace_id": run["subject"]["workspace_id"]})
    }

    pub(super) async fn make_from(&self, folder: &Path) -> Value {
        self.make(&json!({"git_source": "folder", "git_folder": folder})).await
    }

    pub(super) async fn state(&self, workspace: &Value) -> Value {
        self.core.call("git_state", json!({"workspace": workspace})).await.unwrap()
    }

    /// A run of git's, to its end.
    pub(super) async fn run(&self, command: &str, workspace: &Value, dirty: Value) -> Value {
        let mut args = json!({"workspace": workspace});
        if command != "git_fetch" {
            args["dirty"] = dirty;
        }
        self.carry(command, args).await
    }

    /// Any run, to its end.
    pub(super) async fn carry(&self, command: &str, args: Value) -> Value {
        let started = self.core.call(command, args).await.unwrap();
        self.until_over(&started).await
    }

    /// The end of a run.
    pub(super) async fn until_over(&self, started: &Value) -> Value {
        let run = self
            .core
            .until("the run to end", LONG, async || {
                let args = json!({"run_id": started["run_id"]});
                let run = self.core.call("run_get", args).await?;
                Ok((run["status"] != "running").then_some(run))
            })
            .await;
        run.unwrap()
    }

    /// The log of a run up to what is looked for.
    pub(super) async fn log_with(&self, run: &Value, wanted: &str) -> String {
        let stream = self.core.new_stream();
        let args = json!({"run_id": run["id"], "stream": stream});
        self.core.call("run_log_open", args).await.unwrap();
        self.core.read_until(stream, wanted, Duration::from_secs(20)).await.unwrap()
    }

    /// OpenSSH's own client with the person's config, as they would run it; what it prints.
    pub(super) fn ssh(&self, arguments: &[&str]) -> Result<String, String> {
        let config = self.practice.home().join(".ssh/config");
        let mut command = Command::new("ssh");
        command.arg("-F").arg(config).args(["-o", "BatchMode=yes"]).args(arguments);
        let output = command.env_remove("SSH_AUTH_SOCK").stdin(Stdio::null()).output().unwrap();
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if output.status.success() { Ok(said) } else { Err(words) }
    }

    /// Runs a program in the newest container as dev.
    pub(super) fn inside(&self, argv: &[&str]) -> String {
        let name = self.practice.podman().podman(&["ps", "-q", "-l"]).unwrap();
        let mut words = vec!["exec", "-u", "dev", "-w", PROJECT, "-e", "HOME=/home/dev", &name];
        words.extend(argv);
        self.practice.podman().podman(&words).unwrap()
    }

    pub(super) async fn end(self) {
        self.core.shutdown().await;
    }
}

pub(super) fn leave() -> Value {
    json!({"type": "leave"})
}

/// Runs git here; its output without the last line end.
pub(super) fn git(folder: &Path, args: &[&str]) -> String {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(args);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("LC_ALL", "C");
    let output = command.output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "git {args:?}: {words}");
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}

pub(super) fn commit(folder: &Path, message: &str) {
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-q", "-m", message]);
}
