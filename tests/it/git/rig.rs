//! A practice server, a core, and repositories on this computer.

use std::path::{Path, PathBuf};
use std::process::Command;
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
        let path = self.folder.path().join("src").join(name);
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
        let started = self.core.call(command, args).await.unwrap();
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
