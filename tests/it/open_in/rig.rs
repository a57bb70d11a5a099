//! A practice server with a jump host in front, a core connected through it, and a person's home.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::Duration,
};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::{
    headless::Headless,
    practice::{PRACTICE, Practice},
    sshd::{Sshd, SshdOptions},
};

pub(super) const SOON: Duration = Duration::from_secs(40);
/// What a person had in their config before.
pub(super) const THEIRS: &str = "# mine\nHost web\n    User me\n";

pub(super) struct Rig {
    pub(super) practice: Practice,
    jump: Sshd,
    pub(super) moorline: Headless,
    pub(super) view: Value,
    pub(super) folder: TempDir,
}

impl Rig {
    /// Connects through the jump host; the data folder's name has a blank in it, as on macOS.
    pub(super) async fn start() -> Result<Self> {
        let practice = Practice::start().await?;
        let jump = Sshd::start(&SshdOptions::default())?;
        jump.authorize(&practice.login().key.with_extension("pub"))?;
        let folder = TempDir::new()?;
        let home = folder.path().join("home");
        fs::create_dir_all(home.join(".ssh"))?;
        fs::write(home.join(".ssh/config"), THEIRS)?;
        let programs = folder.path().join("programs");
        fs::create_dir(&programs)?;
        let data = folder.path().join("my data");
        let moorline = Headless::start_with_programs(&data, &home, vec![programs]).await?;
        let mut rig = Self { practice, jump, moorline, view: Value::Null, folder };
        rig.connect().await?;
        Ok(rig)
    }

    async fn connect(&mut self) -> Result<()> {
        let login = self.practice.login();
        let mut input = self.practice.connection_input();
        input["ssh_host"]["jumps"] = json!([{
            "id": null,
            "addresses": [{"host": "127.0.0.1", "port": self.jump.port}],
            "user": login.user,
            "auth": [{"method": "key_file", "path": login.key, "passphrase": null}],
            "jumps": [],
        }]);
        let connection = self.moorline.call("connection_create", input).await?;
        let moorline = &self.moorline;
        moorline
            .until("the connection", SOON, async || {
                let questions = moorline.call("questions_list", json!({})).await?;
                for question in questions.as_array().into_iter().flatten() {
                    let answer = json!({"answer": "trust_host_key"});
                    let args = json!({"question_id": question["id"], "answer": answer});
                    moorline.call("question_answer", args).await?;
                }
                let all = moorline.call("connections_list", json!({})).await?;
                Ok((all[0]["state"]["state"] == "connected").then_some(()))
            })
            .await?;
        self.view = connection;
        Ok(())
    }

    /// A dev container that lets the practice key in.
    pub(super) async fn workspace(&self, name: &str) -> Result<Value> {
        let workspace = self.closed_workspace(name).await?;
        let key = fs::read_to_string(self.practice.login().key.with_extension("pub"))?;
        let script = "umask 077; mkdir -p ~/.ssh; printf '%s' \"$1\" >>~/.ssh/authorized_keys";
        let podman = self.practice.podman();
        podman.podman(&["exec", "--user", "dev", name, "sh", "-c", script, "sh", &key])?;
        Ok(workspace)
    }

    /// A dev container that lets nobody in.
    pub(super) async fn closed_workspace(&self, name: &str) -> Result<Value> {
        let view = self.practice.container(&self.moorline, &self.view, name, true).await?;
        Ok(view["workspace_ref"].clone())
    }

    /// The person's own SSH config.
    pub(super) fn config(&self) -> PathBuf {
        self.folder.path().join("home/.ssh/config")
    }

    /// A program of OpenSSH with the person's config, as they would run it: no other option is given but to
    /// never ask.
    pub(super) fn openssh(&self, program: &str, arguments: &[&str]) -> Result<Output> {
        Command::new(program)
            .arg("-F")
            .arg(self.config())
            .args(["-o", "BatchMode=yes"])
            .args(arguments)
            .env_remove("SSH_AUTH_SOCK")
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("cannot start {program}"))
    }

    /// What `ssh` prints, having succeeded.
    pub(super) fn ssh(&self, arguments: &[&str]) -> Result<String> {
        let output = self.openssh("ssh", arguments)?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        anyhow::ensure!(output.status.success(), "ssh {arguments:?}: {said}");
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    /// What the connection's names begin with.
    pub(super) fn prefix(&self) -> String {
        format!("moorline-{PRACTICE}")
    }

    /// A program that writes its arguments down, one a line, and ends with `code`.
    pub(super) fn program(&self, name: &str, code: u8) -> Result<PathBuf> {
        let path = self.folder.path().join("programs").join(name);
        let script = format!(
            "#!/bin/sh\nprintf '%s\\n' \"$@\" >\"$0.new\"; mv \"$0.new\" \"$0.argv\"; exit {code}\n"
        );
        fs::write(&path, script)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
        Ok(path)
    }
}

/// What a program was started with, once it was.
pub(super) async fn arguments_of(program: &Path) -> Vec<String> {
    let written = program.with_extension("argv");
    let begun = std::time::Instant::now();
    loop {
        if let Ok(text) = fs::read_to_string(&written) {
            return text.lines().map(str::to_owned).collect();
        }
        assert!(begun.elapsed() < SOON, "{} was not started", program.display());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
