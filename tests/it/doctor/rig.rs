//! A core without a connection, inputs for servers, and tests read to their end.

use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::{headless::Headless, sshd::Sshd};

pub(super) const DEADLINE: Duration = Duration::from_secs(60);

/// A core with a home of its own.
pub(super) struct Bench {
    pub(super) core: Headless,
    pub(super) folder: TempDir,
}

impl Bench {
    /// A core that knows the host keys of these servers.
    pub(super) async fn knowing(servers: &[&Sshd]) -> Self {
        let known: String = servers.iter().map(|server| server.known_hosts.as_str()).collect();
        Self::knowing_lines(&known).await
    }

    /// A core whose person has these lines in known_hosts.
    pub(super) async fn knowing_lines(known: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let ssh = folder.path().join(".ssh");
        std::fs::create_dir(&ssh).unwrap();
        std::fs::write(ssh.join("known_hosts"), known).unwrap();
        let data = folder.path().join("data");
        let core = Headless::start(&data, folder.path()).await.unwrap();
        Self { core, folder }
    }

    /// Tests an input that is not stored, and gives the report at the end.
    pub(super) async fn test(&self, input: Value) -> Report {
        self.test_subject(json!({"connection_id": null, "input": input}), false).await
    }

    pub(super) async fn test_subject(&self, subject: Value, asks: bool) -> Report {
        let stream = self.open(subject, asks).await;
        self.report(stream).await
    }

    pub(super) async fn open(&self, subject: Value, asks: bool) -> u32 {
        let stream = self.core.new_stream();
        let args = json!({"subject": subject, "asks": asks, "stream": stream});
        self.core.call("doctor_open", args).await.unwrap();
        stream
    }

    /// The last report of a stream, once the test ended.
    pub(super) async fn report(&self, stream: u32) -> Report {
        let text = self.core.read_until(stream, "\"ended_at\":1", DEADLINE).await.unwrap();
        let last = text.lines().last().unwrap();
        let report: Value = serde_json::from_str(last).unwrap();
        Report(report)
    }
}

/// What a test said.
#[derive(Debug)]
pub(super) struct Report(pub(super) Value);

impl Report {
    pub(super) fn text(&self) -> &str {
        self.0["text"].as_str().unwrap()
    }

    /// A stage by its id and the machine it is about.
    pub(super) fn stage(&self, id: &str, hop: Option<u32>) -> &Value {
        let stages = self.0["diagnosis"]["stages"].as_array().unwrap();
        let found = stages.iter().find(|stage| stage["id"] == id && stage["hop"] == json!(hop));
        found.unwrap_or_else(|| panic!("no stage {id} of {hop:?}: {}", self.text()))
    }

    /// That this stage, and no other, failed; nothing after it was tested.
    #[track_caller]
    pub(super) fn fails_at(&self, id: &str, hop: Option<u32>) -> &Value {
        let stages = self.0["diagnosis"]["stages"].as_array().unwrap();
        let failed: Vec<&Value> = stages.iter().filter(|s| s["status"] == "failed").collect();
        assert_eq!(failed.len(), 1, "{}", self.text());
        assert_eq!(
            (failed[0]["id"].as_str(), &failed[0]["hop"]),
            (Some(id), &json!(hop)),
            "{}",
            self.text()
        );
        let hint = failed[0]["failure"]["hint"].as_str().unwrap_or_default();
        assert!(!hint.is_empty(), "a next step: {}", self.text());
        let at = stages.iter().position(|stage| stage == failed[0]).unwrap();
        for stage in &stages[at + 1..] {
            let is_open = stage["status"] == "skipped" || stage["id"] == "clock";
            assert!(is_open, "{} came after the failure: {}", stage["id"], self.text());
        }
        failed[0]
    }

    /// That nothing failed.
    #[track_caller]
    pub(super) fn works(&self) {
        let stages = self.0["diagnosis"]["stages"].as_array().unwrap();
        let bad =
            |stage: &&Value| !["passed", "warned", "skipped"].iter().any(|s| stage["status"] == *s);
        assert!(!stages.iter().any(|stage| bad(&stage)), "{}", self.text());
    }
}

/// The names of the fixes of a stage.
pub(super) fn fixes(stage: &Value) -> Vec<&str> {
    stage["fixes"].as_array().unwrap().iter().map(|fix| fix["fix"].as_str().unwrap()).collect()
}

/// The connection form for a server, with its key.
pub(super) fn input(sshd: &Sshd, socket: &str) -> Value {
    json!({
        "kind": "podman",
        "name": "forge-1",
        "fields": {"socket": socket},
        "secrets": {},
        "ssh_host": host(sshd),
        "connect_at_start": false,
    })
}

pub(super) fn host(sshd: &Sshd) -> Value {
    json!({
        "id": null,
        "addresses": [{"host": "127.0.0.1", "port": sshd.port}],
        "user": "root",
        "auth": [{"method": "key_file", "path": sshd.client_key, "passphrase": null}],
        "jumps": [],
    })
}
