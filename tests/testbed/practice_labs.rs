//! The practice lab server: a real lab server as a person of Moorline meets it.
//!
//! Owns: the server, topologies to practise with, and connecting a core to it. Deliberately not here: the
//! server's insides (`labs`), and what is done on it.

use std::{borrow::Borrow, path::PathBuf, sync::Mutex, time::Duration};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    headless::{Headless, finished},
    labs::{API_PASSWORD, API_USER, LabServer, SSH_USER, WORK_ROOT, copy, templates},
};

/// What the connection to the practice lab server is called.
pub const PRACTICE_LABS: &str = "practice-labs";
/// What the template with its topologies is called.
pub const TOPOLOGIES: &str = "practice topologies";

/// What a core without a keychain keeps the API's password under.
pub const VAULT_PASSPHRASE: &str = "practice";

const READY: Duration = Duration::from_secs(40);
const LONG: Duration = Duration::from_secs(180);
/// Those that come up; the others of the testbed are for tests of failures.
const GOOD: [&str; 3] = ["two-ospf", "six", "jinja"];

/// A lab server to practise on. Dropping it ends and removes all of it.
#[derive(Debug)]
pub struct PracticeLabs<S = LabServer> {
    server: S,
    topologies: TempDir,
}

impl PracticeLabs {
    /// Makes the lab tools if need be and starts the server.
    ///
    /// # Errors
    /// With a sentence that says what is missing.
    pub async fn start() -> Result<Self> {
        tokio::task::spawn_blocking(|| Self::on(LabServer::start()?, &GOOD)).await?
    }
}

impl<S: Borrow<LabServer>> PracticeLabs<S> {
    /// The same on a server that runs, with these topologies of the testbed.
    ///
    /// # Errors
    /// When a topology cannot be copied.
    pub fn on(server: S, names: &[&str]) -> Result<Self> {
        let topologies = tempfile::Builder::new().prefix("moorline-topologies-").tempdir()?;
        for name in names {
            copy(&templates().join(name), &topologies.path().join(name))?;
        }
        Ok(Self { server, topologies })
    }

    /// The server, to look at it past Moorline.
    #[must_use]
    pub fn server(&self) -> &LabServer {
        self.server.borrow()
    }

    /// A folder of this computer with topologies that come up on the server.
    #[must_use]
    pub fn topologies(&self) -> PathBuf {
        self.topologies.path().to_owned()
    }

    /// The connection form, filled in for this server.
    #[must_use]
    pub fn connection_input(&self) -> Value {
        let sshd = self.server().sshd();
        json!({
            "kind": "netlab",
            "name": PRACTICE_LABS,
            "fields": {
                "api_url": self.server().api_url_inside(), "user": API_USER, "work_root": WORK_ROOT,
            },
            "secrets": {"password": API_PASSWORD},
            "ssh_host": {
                "id": null,
                "addresses": [{"host": sshd.address.to_string(), "port": sshd.port}],
                "user": SSH_USER,
                "auth": [{"method": "key_file", "path": sshd.client_key, "passphrase": null}],
                "jumps": [],
            },
            "connect_at_start": true,
        })
    }

    /// Adds this server to a core, compares and trusts its host key and its certificate, and waits for the
    /// connection.
    ///
    /// # Errors
    /// When the connection fails, or what is shown is not this server's.
    pub async fn connect(&self, moorline: &Headless) -> Result<Value> {
        let view = self.create(moorline).await?;
        self.connected(moorline, &view["connection"]["id"]).await
    }

    /// Waits until a core is connected to this server, and answers what it asks meanwhile.
    ///
    /// # Errors
    /// As `connect`.
    pub async fn connected(&self, moorline: &Headless, id: &Value) -> Result<Value> {
        let last = Mutex::new(Value::Null);
        let connected = moorline
            .until("the connection to the lab server", READY, async || {
                self.answer(moorline).await?;
                let all = moorline.call("connections_list", json!({})).await?;
                let all = all.as_array().context("a list of connections")?;
                let ours = all.iter().find(|view| view["connection"]["id"] == *id);
                let view = ours.context("the connection is gone")?;
                let state = &view["state"];
                ensure!(state["state"] != "failed", "cannot connect: {}", state["error"]);
                *last.lock().expect("one task") = state.clone();
                Ok((state["state"] == "connected").then(|| view.clone()))
            })
            .await;
        connected.with_context(|| format!("the connection says {}", last.lock().expect("one task")))
    }

    /// Adds the practice topologies as a template and waits until they are read.
    ///
    /// # Errors
    /// When the template is refused or cannot be read.
    pub async fn add_topologies(&self, moorline: &Headless) -> Result<Value> {
        let source = json!({"from": "folder", "path": self.topologies.path()});
        let args = json!({"name": TOPOLOGIES, "source": source});
        let made = moorline.call("template_create", args).await?;
        let id = &made["template"]["id"];
        moorline
            .until("the template's topologies", READY, async || {
                let all = moorline.call("templates_list", json!({})).await?;
                let all = all.as_array().context("a list of templates")?;
                let ours = all.iter().find(|view| view["template"]["id"] == *id);
                let ours = ours.context("the template is gone")?;
                ensure!(ours["error"].is_null(), "cannot read the template: {}", ours["error"]);
                let is_read = ours["index"]["topologies"].as_array().is_some_and(|t| !t.is_empty());
                Ok(is_read.then(|| ours.clone()))
            })
            .await
    }

    /// Makes a lab of two routers from the practice topologies and waits until it runs; gives its row.
    ///
    /// # Errors
    /// When the plan has problems, or the run fails.
    pub async fn start_lab(
        &self,
        moorline: &Headless,
        connection: &Value,
        template: &Value,
        name: &str,
    ) -> Result<Value> {
        let args = start_of(connection, template, "two-ospf", name);
        let plan = moorline.call("lab_create_plan", args.clone()).await?;
        let problems = plan["problems"].as_array().context("a plan lists its problems")?;
        ensure!(problems.is_empty(), "the plan has problems: {problems:?}");
        let started = moorline.call("lab_create", args).await?;
        finished(moorline, &started, LONG).await?;
        moorline
            .until("the lab to run", READY, async || {
                let all = moorline.call("labs_list", json!({})).await?;
                let all = all.as_array().context("a list of labs")?;
                let ours = all.iter().find(|view| view["lab"]["name"] == name);
                Ok(ours.filter(|view| view["lab"]["state"] == "running").cloned())
            })
            .await
    }

    /// That no node is left on the server.
    ///
    /// # Errors
    /// With the names of those that are.
    pub fn check_nothing_runs(&self) -> Result<()> {
        let nodes = self.server().docker(&["ps", "--all", "--format", "{{.Names}}"])?;
        ensure!(nodes.is_empty(), "nodes left on the server: {nodes}");
        Ok(())
    }

    /// That no node, no network of a lab and no lab's folder is left on the server.
    ///
    /// # Errors
    /// With the names of those that are.
    pub fn check_nothing_is_left(&self) -> Result<()> {
        self.check_nothing_runs()?;
        let words = ["network", "ls", "--filter", "type=custom", "--format", "{{.Name}}"];
        let networks = self.server().docker(&words)?;
        ensure!(networks.is_empty(), "networks left on the server: {networks}");
        let root = std::fs::read_dir(self.server().folder("."))?;
        let folders: Vec<_> = root.flatten().map(|entry| entry.file_name()).collect();
        ensure!(folders.is_empty(), "folders left on the server: {folders:?}");
        Ok(())
    }

    /// The password needs a place, so a question may come before there is a connection.
    async fn create(&self, moorline: &Headless) -> Result<Value> {
        let answering = moorline.until("the new connection", READY, async || {
            self.answer(moorline).await?;
            Ok(None::<Value>)
        });
        tokio::select! {
            view = moorline.call("connection_create", self.connection_input()) => view,
            answered = answering => answered,
        }
    }

    async fn answer(&self, moorline: &Headless) -> Result<()> {
        let questions = moorline.call("questions_list", json!({})).await?;
        for question in questions.as_array().context("a list of questions")? {
            let asked = &question["question"];
            let answer = match asked["kind"].as_str() {
                Some("vault_passphrase") => {
                    json!({"answer": "vault_passphrase", "passphrase": VAULT_PASSPHRASE})
                }
                Some("host_key") => {
                    let shown = asked["shown"]["fingerprint"].as_str().unwrap_or_default();
                    let known = &self.server().sshd().host_key_fingerprints;
                    let is_ours = known.iter().any(|known| known == shown);
                    ensure!(is_ours, "the host key shown, {shown}, is not the lab server's");
                    json!({"answer": "trust_host_key"})
                }
                Some("certificate") => {
                    let shown = asked["fingerprint"].as_str().unwrap_or_default();
                    let is_ours = shown == self.server().certificate().sha256;
                    ensure!(is_ours, "the certificate shown, {shown}, is not the lab server's");
                    json!({"answer": "trust_certificate"})
                }
                _ => anyhow::bail!("an unexpected question: {asked}"),
            };
            let args = json!({"question_id": question["id"], "answer": answer});
            moorline.call("question_answer", args).await?;
        }
        Ok(())
    }
}

/// What `lab_create` and its plan are asked for a lab from one of the topologies.
#[must_use]
pub fn start_of(connection: &Value, template: &Value, topology: &str, name: &str) -> Value {
    let pick = json!({
        "template_id": template["template"]["id"], "topology": format!("{topology}/topology.yml"),
    });
    let input = json!({
        "connection_id": connection["connection"]["id"], "name": name, "template": pick,
        "variables": {}, "instance": null, "auto_stop_minutes": null,
    });
    json!({"input": input, "verb": "start"})
}
