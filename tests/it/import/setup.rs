//! A home folder with other programs' files, and a core that has never been started before.

use std::{fs, path::PathBuf, time::Duration};

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::{
    headless::Headless,
    practice::Practice,
    sshd::{Sshd, SshdOptions},
};

pub(super) const DEADLINE: Duration = Duration::from_secs(60);

pub(super) struct Newcomer {
    pub(super) practice: Practice,
    pub(super) gate: Sshd,
    pub(super) core: Headless,
    pub(super) home: TempDir,
}

impl Newcomer {
    /// A newcomer with these files in the home folder, by name. `{words}` in them are filled in: `{user}`,
    /// `{key}`, `{port}` and `{socket}` of the practice server, `{gate_key}` and `{gate_port}` of a jump host.
    pub(super) async fn with(files: &[(&str, &str)]) -> Result<Self> {
        let practice = Practice::start().await?;
        let gate = Sshd::start(&SshdOptions::default())?;
        let home = TempDir::new()?;
        let login = practice.login();
        for (name, text) in files {
            let text = text
                .replace("{user}", &login.user)
                .replace("{key}", &login.key.display().to_string())
                .replace("{port}", &login.port.to_string())
                .replace("{socket}", &login.socket.display().to_string())
                .replace("{gate_key}", &gate.client_key.display().to_string())
                .replace("{gate_port}", &gate.port.to_string());
            let path = home.path().join(name);
            fs::create_dir_all(path.parent().unwrap())?;
            fs::write(path, text)?;
        }
        let core = Headless::start(&home.path().join("data"), home.path()).await?;
        Ok(Self { practice, gate, core, home })
    }

    pub(super) async fn look(&self) -> Value {
        self.core.call("import_look", json!({})).await.unwrap()
    }

    /// Takes items by id, under their own names.
    pub(super) async fn take(&self, picks: &[(&str, &str)]) -> Value {
        let picks: Vec<Value> =
            picks.iter().map(|(id, name)| json!({"id": id, "name": name})).collect();
        self.core.call("import_take", json!({"picks": picks})).await.unwrap()
    }

    /// Waits until a connection is up; host keys are compared with those of the two servers and trusted.
    /// Gives how many were asked for.
    pub(super) async fn connected(&self, name: &str) -> Result<usize> {
        let asked = std::cell::Cell::new(0);
        self.core
            .until(name, DEADLINE, async || {
                asked.set(asked.get() + self.trust().await?);
                let all = self.core.call("connections_list", json!({})).await?;
                let ours = all.as_array().unwrap().iter().find(|v| v["connection"]["name"] == name);
                let state = &ours.unwrap()["state"];
                ensure!(state["state"] != "failed", "cannot connect: {state}");
                Ok((state["state"] == "connected").then_some(()))
            })
            .await?;
        Ok(asked.get())
    }

    async fn trust(&self) -> Result<usize> {
        let questions = self.core.call("questions_list", json!({})).await?;
        let ours = [&self.practice.sshd().host_key_fingerprints, &self.gate.host_key_fingerprints];
        for question in questions.as_array().unwrap() {
            let shown = question["question"]["shown"]["fingerprint"].as_str().unwrap_or_default();
            ensure!(ours.iter().any(|all| all.iter().any(|one| one == shown)), "{question}");
            let answer = json!({"answer": "trust_host_key"});
            let args = json!({"question_id": question["id"], "answer": answer});
            self.core.call("question_answer", args).await?;
        }
        Ok(questions.as_array().unwrap().len())
    }

    /// Every file below a folder of the home with its text.
    pub(super) fn files(&self, folder: &str) -> Vec<(PathBuf, String)> {
        let mut open = vec![self.home.path().join(folder)];
        let mut found = Vec::new();
        while let Some(path) = open.pop() {
            if path.is_dir() {
                open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            } else {
                found.push((path.clone(), fs::read_to_string(&path).unwrap()));
            }
        }
        found.sort();
        found
    }
}

/// An item of what was found.
pub(super) fn item<'a>(found: &'a Value, id: &str) -> &'a Value {
    let items = found.as_array().unwrap().iter().flat_map(|one| one["items"].as_array().unwrap());
    items.into_iter().find(|item| item["id"] == id).unwrap_or_else(|| panic!("{found:#}"))
}
