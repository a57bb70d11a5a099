//! Looking at the lab afterwards: whether an operation did what it says, and what is there when it did not.

use std::time::Duration;

use backend_api::{BackendError, Cx, LabDone, LabRequest, LabSink, NoLog};
use model::{LabChanges, LabId, LabVerb, LogStream};
use tokio_util::sync::CancellationToken;

use crate::before::Before;
use crate::job::End;
use crate::material;
use crate::session::ClabSession;
use crate::steps::{Steps, VERIFY, sends_files};
use crate::wire::Container;

/// Kinds of nodes that are something of the server's own.
const WITHOUT_CONTAINER: &[&str] = &["host", "bridge", "ovs-bridge", "ext-container", "mgmt-net"];
/// For the look after a cancel, which the cancelled context would not allow any more.
const LOOK_LIMIT: Duration = Duration::from_secs(20);

impl ClabSession {
    /// The end of an operation: verified where the server says that it is done, else told as it is.
    pub(crate) async fn ended(
        &self,
        request: &LabRequest,
        end: End,
        before: &Before,
        steps: &Steps<'_>,
        cx: &Cx,
    ) -> Result<LabDone, BackendError> {
        let lab = request.name.as_str();
        match end {
            End::Done => {
                steps.begin(VERIFY);
                self.verified(request, cx).await
            }
            End::Failed(words) => {
                let subject = format!("lab \"{lab}\"");
                let error = self.api.attempt(word(request.verb), &subject).failed(&words);
                Err(self.with_rest(request, error, cx).await)
            }
            End::Unsaid => {
                cx.log.line(
                    LogStream::Note,
                    "The server's report ended without a result. Looking what is there.",
                );
                steps.begin(VERIFY);
                let done = self.proven(request, before, cx).await;
                done.map_err(|error| error.with_detail("the report ended without a result"))
            }
            End::Broken(BackendError::Cancelled) => {
                let error = self.with_rest(request, BackendError::Cancelled, cx).await;
                Err(error)
            }
            End::Broken(error) => {
                let what =
                    "The connection broke, which makes the server stop. Looking what is there.";
                cx.log.line(LogStream::Note, what);
                match self.proven(request, before, cx).await {
                    Ok(done) => Ok(done),
                    Err(BackendError::Unreachable(_)) => Err(error),
                    Err(_) => Err(self.with_rest(request, error, cx).await),
                }
            }
        }
    }

    /// Finds out how an operation ended that an earlier session began.
    pub(crate) async fn look_after(
        &self,
        request: &LabRequest,
        job: &str,
        told: &dyn LabSink,
        cx: &Cx,
    ) -> Result<LabDone, BackendError> {
        let steps = Steps::new(self.steps_of(request), told);
        steps.begin(VERIFY);
        self.proven(request, &Before::of_job(job), cx).await
    }

    /// Fine when the lab is as the operation wants it, and was not before already.
    async fn proven(
        &self,
        request: &LabRequest,
        before: &Before,
        cx: &Cx,
    ) -> Result<LabDone, BackendError> {
        let asked_at = cx.clock.now();
        let own = self.containers(&request.name, cx).await?;
        self.as_it_should_be(request, &own).await?;
        let has_happened = match request.verb {
            LabVerb::Restart | LabVerb::Redeploy => before.all_anew(&own, asked_at),
            LabVerb::Apply => self.is_applied(request, cx).await,
            LabVerb::Destroy => before.had_nodes(),
            _ => true,
        };
        if has_happened {
            return Ok(self.good(request, &own, cx));
        }
        let (lab, server, verb) = (&request.name, &self.api.server, word(request.verb));
        Err(BackendError::rejected(format!(
            "nobody can say whether lab \"{lab}\" on \"{server}\" took the request to {verb} it: the connection broke, and what is there may be that of before"
        ))
        .with_hint(format!("Look at the nodes, and {verb} the lab again where nothing changed. {}", there(&own))))
    }

    /// Whether the server would change nothing any more.
    async fn is_applied(&self, request: &LabRequest, cx: &Cx) -> bool {
        let prepared = match &request.material {
            None => None,
            Some(one) => match material::prepared(&request.name, one).await {
                Ok(prepared) => Some(prepared),
                Err(_) => return false,
            },
        };
        let left = self.changes(request, prepared.as_ref(), cx).await;
        left.is_ok_and(|left| left == LabChanges::default())
    }

    /// Fine when the lab is as the operation wants it.
    pub(crate) async fn verified(
        &self,
        request: &LabRequest,
        cx: &Cx,
    ) -> Result<LabDone, BackendError> {
        let own = self.containers(&request.name, cx).await?;
        if own.is_empty() && request.verb == LabVerb::Redeploy && !self.found.is_modern() {
            let note = "This older server forgot whose lab it is: from now on only an administrator sees it.";
            cx.log.line(LogStream::Note, note);
            return Ok(done(request));
        }
        self.as_it_should_be(request, &own).await?;
        Ok(self.good(request, &own, cx))
    }

    fn good(&self, request: &LabRequest, own: &[Container], cx: &Cx) -> LabDone {
        cx.log.line(LogStream::Note, &there(own));
        if request.verb == LabVerb::Destroy {
            self.note_gone(&request.name, true);
        }
        done(request)
    }

    async fn as_it_should_be(
        &self,
        request: &LabRequest,
        own: &[Container],
    ) -> Result<(), BackendError> {
        let absent = missing(request, own).await;
        let reached = match is_reached(request, own) {
            Ok(()) if !absent.is_empty() => Err(format!("not there: {}", absent.join(", "))),
            other => other,
        };
        reached.map_err(|missing| {
            let (lab, server) = (&request.name, &self.api.server);
            BackendError::rejected(format!(
                "lab \"{lab}\" on \"{server}\" is not as it should be: {missing}"
            ))
            .with_hint(
                "Look at the log of the run and of the nodes, then start it again or destroy it.",
            )
        })
    }

    /// The error with a word on what is left on the server, which goes into the log as well.
    async fn with_rest(&self, request: &LabRequest, error: BackendError, cx: &Cx) -> BackendError {
        let look =
            Cx { cancel: CancellationToken::new(), log: std::sync::Arc::new(NoLog), ..cx.clone() };
        let looked = tokio::time::timeout(LOOK_LIMIT, self.containers(&request.name, &look)).await;
        let rest = match looked {
            Ok(Ok(own)) => there(&own),
            _ => "Nobody knows what is left: the server does not answer.".into(),
        };
        cx.log.line(LogStream::Note, &rest);
        error.map_failure(|failure| match failure.hint.clone() {
            Some(hint) => failure.with_hint(format!("{hint} {rest}")),
            None => failure.with_hint(rest),
        })
    }
}

fn done(request: &LabRequest) -> LabDone {
    LabDone { lab_id: LabId::from_raw(request.name.clone()), fetched: Vec::new() }
}

/// What is there, as a sentence.
fn there(own: &[Container]) -> String {
    let running = own.iter().filter(|one| one.is_running()).count();
    match own.len() {
        0 => "No node of the lab is on the server.".into(),
        total if running == total => format!("All {total} nodes run."),
        total => format!("{running} of {total} nodes run; destroying the lab removes them."),
    }
}

/// Whether the lab is as the operation wants it, or what is missing.
fn is_reached(request: &LabRequest, own: &[Container]) -> Result<(), String> {
    let is_meant = |one: &&Container| {
        request.options.nodes.is_empty()
            || request.options.nodes.iter().any(|name| name == one.node())
    };
    let all: Vec<&Container> = own.iter().filter(is_meant).collect();
    let name = |one: &&Container| format!("{} ({})", one.node(), one.state);
    let listed = |ones: Vec<String>| ones.join(", ");
    match request.verb {
        LabVerb::Validate | LabVerb::Create | LabVerb::Collect => Ok(()),
        LabVerb::Destroy if all.is_empty() => Ok(()),
        LabVerb::Destroy => Err(format!("still there: {}", listed(all.iter().map(name).collect()))),
        LabVerb::Stop => {
            let up: Vec<String> = all.iter().filter(|one| one.is_running()).map(name).collect();
            if up.is_empty() { Ok(()) } else { Err(format!("still running: {}", listed(up))) }
        }
        _ if all.is_empty() => Err("it has no nodes".into()),
        _ => {
            let down: Vec<String> = all.iter().filter(|one| !one.is_running()).map(name).collect();
            if down.is_empty() { Ok(()) } else { Err(format!("not running: {}", listed(down))) }
        }
    }
}

/// Nodes of the topology that was sent which have no container. Some kinds never have one.
async fn missing(request: &LabRequest, own: &[Container]) -> Vec<String> {
    let Some(material) = request.material.as_ref().filter(|_| sends_files(request.verb)) else {
        return Vec::new();
    };
    let prepared = material::prepared(&request.name, material).await.ok();
    let parsed = prepared.and_then(|one| topology::containerlab_yaml(&one.text).ok());
    let nodes = parsed.map(|parsed| parsed.graph.nodes).unwrap_or_default();
    let is_meant =
        |name: &String| request.options.nodes.is_empty() || request.options.nodes.contains(name);
    nodes
        .into_iter()
        .filter(|node| !WITHOUT_CONTAINER.contains(&node.kind.as_str()))
        .map(|node| node.name)
        .filter(|name| is_meant(name) && !own.iter().any(|one| one.node() == name))
        .collect()
}

/// An operation as a word of a sentence: cannot `word` the lab.
pub(crate) fn word(verb: LabVerb) -> &'static str {
    match verb {
        LabVerb::Validate => "check",
        LabVerb::Create => "create",
        LabVerb::Start => "start",
        LabVerb::Stop => "stop",
        LabVerb::Restart => "restart",
        LabVerb::Apply => "change",
        LabVerb::Redeploy => "redeploy",
        LabVerb::Destroy => "destroy",
        LabVerb::Collect => "collect from",
    }
}
