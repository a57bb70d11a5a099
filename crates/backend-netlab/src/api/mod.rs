//! Questions to netlab's API: one connection each, closed at once, because one that rests holds up everybody.

mod wire;

use std::time::Duration;

use backend_api::{BackendError, Cx};
use https::{Authorization, Call, Client, Reply};
use model::{ErrorCode, Failure};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use serde_json::Value;

pub(crate) use wire::{Job, JobEnd, JobRequest};
use wire::{JobLog, Jobs, Refusal};

/// Answers come at once, or the server is held up by something.
const DEADLINE: Duration = Duration::from_secs(10);
/// netlab reads all of its defaults before it tells a state, and asks Docker for the nodes.
pub(crate) const STATUS_DEADLINE: Duration = Duration::from_secs(30);

/// netlab takes paths as they come and undoes no escapes, so names of jobs have to stay as they are.
const UNSAFE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The API of one server.
#[derive(Clone)]
pub(crate) struct Api {
    pub(crate) client: Client,
    pub(crate) authorization: Option<Authorization>,
    /// The connection's name, for messages.
    pub(crate) server: String,
}

/// What became of a job that was asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asked {
    Known(Job),
    /// The server was started again since; it keeps its jobs in memory.
    Forgotten,
}

impl Api {
    /// Asks for a sign of life, which also clears what an earlier failure left in the server's memory.
    pub(crate) async fn health(&self, cx: &Cx) -> Result<(), BackendError> {
        let reply = self.send(Call::get("/healthz"), cx).await?;
        if reply.status.is_success() { Ok(()) } else { Err(self.refused("ask", &reply)) }
    }

    pub(crate) async fn jobs(&self, cx: &Cx) -> Result<Vec<Job>, BackendError> {
        let reply = self.send(Call::get("/jobs"), cx).await?;
        Ok(self.read::<Jobs>("list the jobs of", &reply)?.jobs)
    }

    pub(crate) async fn job(&self, id: &str, cx: &Cx) -> Result<Asked, BackendError> {
        let reply = self.send(Call::get(format!("/jobs/{}", escaped(id))), cx).await?;
        if reply.status == 404 {
            return Ok(Asked::Forgotten);
        }
        Ok(Asked::Known(self.read("look at a job of", &reply)?))
    }

    /// What a job printed, as far as the API has it: all at the end, and nothing after most failures.
    pub(crate) async fn job_log(&self, id: &str, cx: &Cx) -> Result<String, BackendError> {
        let reply = self.send(Call::get(format!("/jobs/{}/log", escaped(id))), cx).await?;
        if reply.status == 404 {
            return Ok(String::new());
        }
        Ok(self.read::<JobLog>("read the log of a job of", &reply)?.log.unwrap_or_default())
    }

    pub(crate) async fn post(&self, request: &JobRequest, cx: &Cx) -> Result<Job, BackendError> {
        let reply = self.send(Call::post("/jobs").json(request)?, cx).await?;
        let job: Job = self.read("give a job to", &reply)?;
        if job.id.is_empty() {
            return Err(BackendError::protocol(format!(
                "{} took a job and gave it no name",
                self.server
            )));
        }
        Ok(job)
    }

    /// Whether the job was cancelled; the API does that only in the blink before a job begins.
    pub(crate) async fn cancel(&self, id: &str, cx: &Cx) -> Result<bool, BackendError> {
        let call = Call::post(format!("/jobs/{}/cancel", escaped(id)));
        let reply = self.send(call.json(&serde_json::json!({}))?, cx).await?;
        Ok(reply.status.is_success())
    }

    /// The state of all labs as JSON; null where there is none. Only while no job runs.
    pub(crate) async fn status(&self, cx: &Cx) -> Result<Value, BackendError> {
        let reply = self.send_within(STATUS_DEADLINE, Call::get("/status"), cx).await?;
        if reply.status == 404 {
            return Ok(Value::Null);
        }
        self.read("ask for the labs of", &reply)
    }

    /// One lab with its nodes as JSON. Only while no job runs: it changes the folder that jobs begin in.
    pub(crate) async fn instance(&self, id: &str, cx: &Cx) -> Result<Value, BackendError> {
        let call = Call::get(format!("/status/{}", escaped(id)));
        let reply = self.send_within(STATUS_DEADLINE, call, cx).await?;
        self.read("ask for a lab of", &reply)
    }

    async fn send(&self, call: Call, cx: &Cx) -> Result<Reply, BackendError> {
        self.send_within(DEADLINE, call, cx).await
    }

    async fn send_within(
        &self,
        deadline: Duration,
        call: Call,
        cx: &Cx,
    ) -> Result<Reply, BackendError> {
        let call = call.within(deadline).authorized(self.authorization.as_ref());
        self.client.send(call, cx).await
    }

    fn read<T: DeserializeOwned>(&self, verb: &str, reply: &Reply) -> Result<T, BackendError> {
        if !reply.status.is_success() {
            return Err(self.refused(verb, reply));
        }
        serde_json::from_slice(&reply.body).map_err(|error| {
            BackendError::protocol(format!("the answer of netlab on {} is no JSON", self.server))
                .with_hint("Check that netlab's API answers there, and not something before it.")
                .with_detail(format!("{error}: {}", beginning(&reply.body)))
        })
    }

    /// An answer that is no success, as what a caller can do about it.
    pub(crate) fn refused(&self, verb: &str, reply: &Reply) -> BackendError {
        let refusal: Refusal = serde_json::from_slice(&reply.body).unwrap_or_default();
        let detail = refusal.detail.map(|detail| detail.to_string());
        let words = refusal.error.or(refusal.warning).or(detail);
        let words = words.unwrap_or_else(|| beginning(&reply.body));
        let message = format!("cannot {verb} netlab on {}", self.server);
        let (code, hint) = match reply.status.as_u16() {
            401 => (ErrorCode::Unauthorized, "Check user and password of the API."),
            403 => (ErrorCode::Forbidden, "Ask whoever runs the server for access."),
            404 => (ErrorCode::NotFound, "Check the URL: another service may answer there."),
            409 => (ErrorCode::Conflict, "Try again when it has ended."),
            _ => (ErrorCode::Rejected, "The server's own words are in the details."),
        };
        let failure = Failure::new(code, message).with_hint(hint);
        let failure = failure.with_detail(format!("{}: {words}", reply.status));
        match code {
            ErrorCode::Unauthorized => BackendError::Unauthorized(failure),
            ErrorCode::Forbidden => BackendError::Forbidden(failure),
            ErrorCode::NotFound => BackendError::NotFound(failure),
            ErrorCode::Conflict => BackendError::Conflict(failure),
            _ => BackendError::Rejected(failure),
        }
    }
}

fn beginning(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(200).collect()
}

fn escaped(part: &str) -> String {
    utf8_percent_encode(part, UNSAFE).to_string()
}
