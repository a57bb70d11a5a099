//! What the server of these tests holds: its jobs and labs, and how jobs go on when they are asked about.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

/// How the next job ends.
#[derive(Debug, Clone, Copy)]
pub(crate) enum End {
    /// Well, after it was asked about this often.
    After(u32),
    /// With `finishedAt`, `"state":"running"`, no error and an empty log.
    Silent { log: &'static str },
    /// With "success", and nothing was done.
    Lies,
    /// The server is started again meanwhile and forgets it.
    Restart { is_started: bool },
    /// The server does not answer this often, then it has ended well.
    Away { answers: u32 },
}

#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) id: String,
    pub(crate) action: String,
    pub(crate) folder: String,
    pub(crate) is_foreign: bool,
    pub(crate) end: End,
    pub(crate) asked: u32,
    pub(crate) finished: Option<&'static str>,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) jobs: Vec<Job>,
    /// By id: folder, status, log.
    pub(crate) instances: BTreeMap<String, (String, Option<&'static str>, Vec<String>)>,
    /// By folder, as the files of labs name them.
    pub(crate) numbers: BTreeMap<String, String>,
    pub(crate) next: Vec<End>,
    pub(crate) posted: Vec<Value>,
    /// What a client must not do.
    pub(crate) violations: Vec<String>,
    pub(crate) last_path: String,
    /// Answers to `/status` that a job swallows.
    pub(crate) swallows: u32,
    /// The answer to the next job is lost on its way.
    pub(crate) loses_answer: bool,
    /// How often it does not answer after that.
    pub(crate) away_after_loss: u32,
    /// Fires while the next job is taken.
    pub(crate) fires: Option<CancellationToken>,
    /// How often it was asked for the nodes of a lab.
    pub(crate) asked_for_nodes: u32,
    /// Whether it fails when it is.
    pub(crate) fails_for_nodes: bool,
    /// How often it was told who asks.
    pub(crate) logins: u32,
    pub(crate) away: u32,
    pub(crate) count: u32,
}

impl State {
    pub(crate) fn id_of(&self, folder: &str) -> Option<String> {
        self.instances.iter().find(|(_, one)| one.0 == folder).map(|(id, _)| id.clone())
    }

    pub(crate) fn runs(&self) -> bool {
        self.jobs.iter().any(|job| job.finished.is_none())
    }

    pub(crate) fn list(&mut self) -> Value {
        for index in 0..self.jobs.len() {
            if self.jobs[index].is_foreign {
                self.step(index);
            }
        }
        json!({"jobs": self.jobs.iter().map(shown).collect::<Vec<_>>()})
    }

    pub(crate) fn status(&self) -> Value {
        let entry = |(id, (folder, status, log)): (
            &String,
            &(String, Option<&str>, Vec<String>),
        )| {
            let mut entry = json!({"dir": folder, "log": log, "providers": ["clab"], "name": format!("ml-{id}")});
            if let Some(status) = status {
                entry["status"] = json!(status);
            }
            (id.clone(), entry)
        };
        self.instances.iter().map(entry).collect()
    }

    pub(crate) fn asked_for_status(&mut self, path: &str) -> (u16, Value) {
        if self.runs() {
            self.violations.push(format!("{path} was asked while a job ran"));
        }
        if self.swallows > 0 {
            self.swallows -= 1;
            return (200, json!({"status": ""}));
        }
        if self.instances.is_empty() {
            return (404, json!({"warning": "No netlab-managed labs"}));
        }
        let status = self.status();
        let Some(id) = path.strip_prefix("/status/") else { return (200, status) };
        self.asked_for_nodes += 1;
        if self.fails_for_nodes {
            return (500, json!({"error": "docker does not answer"}));
        }
        let Some(mut one) = status.get(id).cloned() else {
            return (200, json!({"error": format!("Unknown lab instance {id}")}));
        };
        one["nodes"] = json!({"r1": {"device": "frr", "connection": "docker", "provider_name": format!("clab-ml-{id}-r1"), "status": "Up 2 seconds"}});
        (200, one)
    }

    pub(crate) fn about_job(&mut self, path: &str) -> (u16, Value) {
        let rest = path.strip_prefix("/jobs/").unwrap_or_default();
        let (id, what) = rest.split_once('/').unwrap_or((rest, ""));
        let Some(index) = self.jobs.iter().position(|job| job.id == id) else {
            return (404, json!({"error": format!("Job {id} not found")}));
        };
        match what {
            "log" => {
                let is_good = self.jobs[index].finished == Some("success");
                let text =
                    "Created provider configuration file: clab.yml\napi password: correct-horse\n";
                (200, json!({"log": if is_good { text } else { "" }}))
            }
            "cancel" => (409, json!({"error": "cannot cancel running or finished job"})),
            _ => {
                self.step(index);
                match self.jobs.get(index) {
                    None => (404, json!({"error": "Job not found"})),
                    Some(_) if self.away > 0 => (0, Value::Null),
                    Some(job) => (200, shown(job)),
                }
            }
        }
    }

    /// A job that was asked about goes on.
    pub(crate) fn step(&mut self, index: usize) {
        let job = &mut self.jobs[index];
        job.asked += 1;
        if job.finished.is_some() {
            return;
        }
        let (action, folder, end) = (job.action.clone(), job.folder.clone(), job.end);
        match end {
            End::After(asked) if job.asked <= asked => {}
            End::Away { answers } if job.asked == 1 => {
                self.away = answers;
            }
            End::After(_) | End::Away { .. } => {
                job.finished = Some("success");
                if !job.is_foreign {
                    self.succeed(&action, &folder);
                }
            }
            End::Silent { log } => {
                job.finished = Some("running");
                if let Some(id) = self.id_of(&folder).filter(|_| !log.is_empty()) {
                    self.instances.get_mut(&id).unwrap().2.push(stamped(log));
                }
            }
            End::Lies => job.finished = Some("success"),
            End::Restart { is_started } => {
                if is_started {
                    self.succeed(&action, &folder);
                }
                self.jobs.clear();
            }
        }
    }

    pub(crate) fn succeed(&mut self, action: &str, folder: &str) {
        let Some(id) = self.id_of(folder) else { return };
        match action {
            "up" => {
                let instance = self.instances.get_mut(&id).unwrap();
                instance.1 = Some("started");
                instance.2.push(stamped("started"));
            }
            "down" => drop(self.instances.remove(&id)),
            _ => {}
        }
    }
}

pub(crate) fn stamped(line: &str) -> String {
    format!("2026-11-21T09:16:48.165178+00:00: {line}")
}

fn shown(job: &Job) -> Value {
    json!({
        "id": job.id, "action": job.action, "state": job.finished.unwrap_or("running"),
        "finishedAt": job.finished.map(|_| "2026-11-21T09:13:45Z"), "error": null, "workdir": job.folder,
    })
}
