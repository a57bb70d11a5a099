//! What netlab's API sends. Everything that may be missing is optional, because versions differ.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A job as the API tells of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Job {
    pub(crate) id: String,
    pub(crate) action: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) finished_at: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) workdir: Option<String>,
}

/// How a job ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum JobEnd {
    /// It says so; whether it is so has to be looked at.
    Success,
    Cancelled,
    /// With its own words, where it has any: most failures have none and still say "running".
    Failed(Option<String>),
}

impl Job {
    /// None while it goes on. Only the end time tells: the state of most failures stays "running".
    pub(crate) fn end(&self) -> Option<JobEnd> {
        self.finished_at.as_ref()?;
        Some(match self.state.as_deref() {
            Some("success") => JobEnd::Success,
            Some("canceled" | "cancelled") => JobEnd::Cancelled,
            _ => JobEnd::Failed(self.error.clone().filter(|words| !words.trim().is_empty())),
        })
    }

    /// What it does, in words.
    pub(crate) fn words(&self) -> String {
        let action = self.action.as_deref().unwrap_or("job");
        match self.workdir.as_deref() {
            Some(folder) => format!("{action} in {folder}"),
            None => action.to_owned(),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Jobs {
    pub(crate) jobs: Vec<Job>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct JobLog {
    pub(crate) log: Option<String>,
}

/// Whatever refuses says why in one of these.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Refusal {
    pub(crate) error: Option<String>,
    pub(crate) warning: Option<String>,
    pub(crate) detail: Option<Value>,
}

/// A job to be posted. Everything is said, because the API takes silence for `up` in whatever folder it is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JobRequest {
    pub(crate) action: &'static str,
    pub(crate) workdir: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) topology_path: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) cleanup: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) instance: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) collect_output: Option<String>,
}

impl JobRequest {
    pub(crate) fn new(action: &'static str, workdir: &str) -> Self {
        Self {
            action,
            workdir: workdir.to_owned(),
            topology_path: None,
            cleanup: false,
            instance: None,
            collect_output: None,
        }
    }

    pub(crate) fn topology(mut self, path: &str) -> Self {
        self.topology_path = Some(path.to_owned());
        self
    }

    pub(crate) fn cleanup(mut self) -> Self {
        self.cleanup = true;
        self
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Job, JobEnd, JobRequest};

    fn job(text: &str) -> Job {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_job_that_says_running_and_has_an_end_has_failed() {
        let failed = job(
            r#"{"id":"job-1795252424366-4e9297","action":"up","state":"running","createdAt":"2026-11-21T09:13:44Z","startedAt":"2026-11-21T09:13:44Z","finishedAt":"2026-11-21T09:13:45Z","error":null,"workdir":"/srv/lab1","logPath":"/tmp/netlab/api/logs/job-1795252424366-4e9297.log"}"#,
        );
        assert_eq!(failed.end(), Some(JobEnd::Failed(None)));
        assert_eq!(failed.words(), "up in /srv/lab1");
        let running = job(r#"{"id":"job-1","state":"running","finishedAt":null,"workdir":null}"#);
        assert_eq!(running.end(), None);
        let odd = job(r#"{"state":"success","finishedAt":null}"#);
        assert_eq!(odd.end(), None, "only the end time tells");
        let refused =
            job(r#"{"state":"failed","finishedAt":"x","error":"unknown action restart"}"#);
        assert_eq!(refused.end(), Some(JobEnd::Failed(Some("unknown action restart".into()))));
    }

    #[test]
    fn nothing_is_left_for_the_server_to_assume() {
        let request = JobRequest::new("up", "/srv/labs/a").topology("topology.yml");
        let text = serde_json::to_string(&request).unwrap();
        assert_eq!(
            text,
            r#"{"action":"up","workdir":"/srv/labs/a","topologyPath":"topology.yml"}"#
        );
        let text = serde_json::to_string(&JobRequest::new("down", "/a").cleanup()).unwrap();
        assert_eq!(text, r#"{"action":"down","workdir":"/a","cleanup":true}"#);
    }

    proptest! {
        #[test]
        fn any_answer_is_taken_or_refused(text in "\\PC{0,120}") {
            let _ = serde_json::from_str::<Job>(&text).map(|job| job.end());
        }
    }
}
