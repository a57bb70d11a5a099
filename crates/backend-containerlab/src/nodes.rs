//! Single nodes: started, stopped, and programs run on them to their end.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use backend_api::{BackendError, Cx, LabNodes};
use futures::FutureExt;
use https::Call;
use model::{LabExecuted, LabId, NodeVerb};
use serde::Serialize;

use crate::api::escape;
use crate::session::ClabSession;
use crate::wire::{Container, Executed};
use crate::words::{is_busy, retry_after};

/// The server gives a node two minutes.
const CHANGE_LIMIT: Duration = Duration::from_secs(150);
const RUN_LIMIT: Duration = Duration::from_secs(600);
/// How often a lab that does something else is asked again.
const TRIES: usize = 30;

#[derive(Serialize)]
struct Command<'a> {
    command: &'a str,
}

impl ClabSession {
    /// Runs a program on nodes of a lab whose containers are known.
    pub(crate) async fn run_on(
        &self,
        lab: &str,
        own: &[Container],
        nodes: &[String],
        command: &str,
        cx: &Cx,
    ) -> Result<Vec<LabExecuted>, BackendError> {
        let names: BTreeMap<&str, &str> =
            own.iter().map(|one| (one.name.as_str(), one.node())).collect();
        if let Some(missing) = nodes.iter().find(|node| !own.iter().any(|one| one.node() == *node))
        {
            return Err(BackendError::not_found(format!(
                "lab \"{lab}\" has no node \"{missing}\""
            )));
        }
        let wanted: Vec<&str> = own
            .iter()
            .filter(|one| nodes.iter().any(|node| node == one.node()))
            .map(|one| one.name.as_str())
            .collect();
        let filter = if nodes.is_empty() {
            String::new()
        } else {
            format!("?nodeFilter={}", escape(&wanted.join(",")))
        };
        let subject = format!("lab \"{lab}\"");
        let attempt = self.api.attempt("run a command on", &subject);
        let call = Call::post(format!("api/v1/labs/{}/exec{filter}", escape(lab)));
        let call = call.json(&Command { command })?.within(RUN_LIMIT);
        let said: BTreeMap<String, Vec<Executed>> = self.api.json(call, attempt, cx).await?;
        let node_of =
            |container: &str| names.get(container).copied().unwrap_or(container).to_owned();
        let all = said.into_iter().flat_map(|(container, runs)| {
            let node = node_of(&container);
            runs.into_iter().map(move |run| LabExecuted {
                node: node.clone(),
                exit_code: Some(run.return_code),
                stdout: run.stdout,
                stderr: run.stderr,
            })
        });
        Ok(all.collect())
    }
}

#[async_trait]
impl LabNodes for ClabSession {
    async fn change(
        &self,
        lab: &LabId,
        node: &str,
        verb: NodeVerb,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        let (word, is_reached): (&str, fn(&str) -> bool) = match verb {
            NodeVerb::Start => ("start", |state| state == "running"),
            NodeVerb::Restart => ("restart", |state| state == "running"),
            NodeVerb::Unpause => ("unpause", |state| state == "running"),
            NodeVerb::Stop => ("stop", |state| state != "running"),
            NodeVerb::Pause => ("pause", |state| state == "paused"),
        };
        let one = self.container_of(lab, node, cx).await?;
        let subject = format!("node \"{node}\" of lab \"{lab}\"");
        let attempt = self.api.attempt(word, &subject);
        let path =
            format!("api/v1/labs/{}/nodes/{}/{word}", escape(lab.as_str()), escape(&one.name));
        let call = Call::post(path).within(CHANGE_LIMIT);
        let mut reply = self.api.send(call.clone(), cx).await?;
        for _ in 0..TRIES {
            if !is_busy(&reply) {
                break;
            }
            let pause = tokio::time::sleep(Duration::from_secs(retry_after(&reply))).map(Ok);
            cx.until_cancelled(pause).await?;
            reply = self.api.send(call.clone(), cx).await?;
        }
        attempt.check(reply)?;
        let after = self.container_of(lab, node, cx).await?;
        if is_reached(&after.state) {
            return Ok(());
        }
        Err(BackendError::rejected(format!("cannot {word} {subject}: it is {}", after.state))
            .with_hint("Look at the log of the node.")
            .with_detail(after.status))
    }

    async fn run(
        &self,
        lab: &LabId,
        nodes: &[String],
        command: &str,
        cx: &Cx,
    ) -> Result<Vec<LabExecuted>, BackendError> {
        let own = self.containers(lab.as_str(), cx).await?;
        if own.is_empty() {
            return Err(BackendError::not_found(format!("lab \"{lab}\" has no nodes")));
        }
        self.run_on(lab.as_str(), &own, nodes, command, cx).await
    }
}
