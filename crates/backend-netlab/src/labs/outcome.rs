//! Whether a job did what it says, and if not, why: the job itself says little, and sometimes the opposite.

use std::time::Duration;

use backend_api::BackendError;

use super::operate::Work;
use super::post::Ended;
use super::run::Action;
use crate::api::JobEnd;
use crate::status::Instance;

/// How long asking netlab's own program for a reason may take.
const REASON: Duration = Duration::from_secs(30);
/// Lines of a reason that are shown.
const REASON_LINES: usize = 12;
/// Reads the topology as a job would, and writes nothing.
const EXPLAIN: &str = r#"cd "$1" && exec netlab create --quiet --output yaml=/dev/null "$2" 2>&1"#;
const NO_REASON: &str =
    "netlab gave no reason; the output of its API on the server (its journal) has it.";

impl Work<'_> {
    /// Shows what the job printed, then looks whether the lab is what the job was to make it.
    pub(super) async fn conclude(&self, action: Action, ended: &Ended) -> Result<(), BackendError> {
        let log = self.show_log(ended).await;
        if ended.end == Some(JobEnd::Cancelled) {
            return Err(BackendError::Cancelled);
        }
        let instances = self.instances_now().await?;
        let mine = instances
            .as_ref()
            .map(|all| all.iter().find(|instance| instance.folder == self.target.folder));
        let says_so = ended.end == Some(JobEnd::Success);
        let is_so = match (action, mine) {
            (Action::Up, Some(mine)) => mine.is_some_and(Instance::is_started),
            (Action::Down { .. }, Some(mine)) => mine.is_none() && (says_so || ended.end.is_none()),
            // A server of this age does not tell; its word has to do.
            (_, None) | (Action::Create | Action::Collect, _) => says_so,
        };
        if !is_so {
            return Err(self.failure(action, ended, mine.flatten(), &log).await);
        }
        if let (Action::Up, Some(Some(mine)), true) = (action, mine, self.session.is_structured) {
            // It is up; that its nodes are not told of yet is no failure.
            if let Err(error) = self.session.ask_nodes(mine, self.cx).await {
                self.session.turns.rest();
                tracing::warn!(%error, "a lab that came up does not tell its nodes");
            }
        }
        Ok(())
    }

    async fn show_log(&self, ended: &Ended) -> String {
        let Some(job) = &ended.job else { return String::new() };
        let log = self.session.api.job_log(job, self.cx).await.unwrap_or_default();
        for line in log.lines() {
            self.line(line);
        }
        log
    }

    /// The failure that it is, with the most that can be found out of why.
    async fn failure(
        &self,
        action: Action,
        ended: &Ended,
        mine: Option<&Instance>,
        log: &str,
    ) -> BackendError {
        let name = &self.target.name;
        let error = mine.and_then(|mine| mine.error_since(&ended.before));
        let says_so = ended.end == Some(JobEnd::Success);
        let message = match (action, &ended.end) {
            (_, None) => {
                format!("netlab's API was started again before the job for \"{name}\" had ended")
            }
            (Action::Down { .. }, _) if says_so => {
                format!("netlab says that it took \"{name}\" down, and it did not")
            }
            (Action::Up, _) if says_so => {
                format!("netlab says that it started \"{name}\", and it is not up")
            }
            (Action::Up, _) => format!("netlab could not start \"{name}\"{}", stage(error)),
            (Action::Down { .. }, _) => format!("netlab could not take \"{name}\" down"),
            (Action::Create, _) => format!("netlab will not do \"{name}\" as its topology is"),
            (Action::Collect, _) => {
                format!("netlab could not collect the configurations of \"{name}\"")
            }
        };
        let reason = self.reason(action, ended, error, log).await;
        for line in reason.iter().flat_map(|reason| reason.lines()) {
            self.line(line);
        }
        let hint = hint(action, ended, error, reason.is_some());
        BackendError::rejected(message)
            .with_hint(hint)
            .with_detail(reason.unwrap_or_else(|| NO_REASON.to_owned()))
    }

    async fn reason(
        &self,
        action: Action,
        ended: &Ended,
        error: Option<&str>,
        log: &str,
    ) -> Option<String> {
        let own = match &ended.end {
            Some(JobEnd::Failed(words)) => words.clone(),
            _ => None,
        };
        let fatal =
            || log.lines().rev().find(|line| line.contains("atal error")).map(str::to_owned);
        let known = own.or_else(|| error.map(str::to_owned)).or_else(fatal);
        let known = match (known, action) {
            (None, Action::Create | Action::Up) if ended.end.is_some() => self.ask_why().await,
            (known, _) => known,
        };
        known.map(|reason| self.session.redactor.text(&reason))
    }

    /// What netlab's own program on the SSH host says of the topology, where it is there.
    async fn ask_why(&self) -> Option<String> {
        let (folder, topology) = (self.target.folder.as_str(), self.target.topology.as_str());
        let argv = ["sh", "-c", EXPLAIN, "sh", folder, topology];
        let asked = self.cx.until_cancelled(self.cx.exec.run(&argv));
        let output = tokio::time::timeout(REASON, asked).await.ok()?.ok()?;
        if matches!(output.exit_code, Some(0 | 126 | 127) | None) {
            return None;
        }
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        let shown = lines.get(lines.len().saturating_sub(REASON_LINES)..).unwrap_or_default();
        (!shown.is_empty()).then(|| shown.join("\n"))
    }
}

/// How far a start came, as far as the command that failed tells.
fn stage(error: Option<&str>) -> &'static str {
    let Some(error) = error else { return "" };
    if error.contains("netlab initial") || error.contains("ansible") {
        ": its nodes run, and configuring them failed"
    } else if error.contains("docker image") || error.contains("image") {
        ": an image is missing"
    } else if error.contains("containerlab deploy") || error.contains("vagrant up") {
        ": its nodes could not be made"
    } else {
        ""
    }
}

fn hint(action: Action, ended: &Ended, error: Option<&str>, has_reason: bool) -> &'static str {
    match (action, error) {
        (_, _) if ended.end.is_none() => {
            "Look at the lab: it may be half made. Destroying it cleans up what is left."
        }
        (Action::Up, Some(error)) if error.contains("netlab initial") => {
            "Open a console to look at the nodes, or destroy the lab, mend its configuration and start it again."
        }
        (Action::Up, Some(error)) if error.contains("containerlab deploy") => {
            "Most often an image is missing on the server. Destroying the lab cleans up what is left."
        }
        (Action::Collect, _) => "Collecting needs Ansible beside netlab on the server.",
        (Action::Down { .. }, _) => {
            "Look at containerlab and Docker on the server, then try again."
        }
        _ if has_reason => "Mend what the details name, then try again.",
        _ => NO_REASON,
    }
}
