//! Carrying a plan out, and taking back what was made when it fails.

use std::time::Duration;

use backend_api::{Applied, BackendError, Cx, LogOptions, Logs, StepSink};
use futures::StreamExt;
use model::{LogStream, WorkspaceId};
use tokio_util::sync::CancellationToken;

use super::decide::Decision;
use crate::http::{Call, escape};
use crate::session::PodmanSession;
use crate::wire::{CreateSpec, Made, ProcessLimit};

/// Says which container a create made, when its answer was lost.
pub(crate) const LABEL_APPLY: &str = "moorline.apply";
/// How long a new container is looked at before it counts as running.
const SETTLE: Duration = Duration::from_secs(1);
/// How often, and how far apart, a start is tried while a port is still held.
const PORT_TRIES: u32 = 20;
const PORT_PAUSE: Duration = Duration::from_millis(250);
/// How long the last words of a container may take.
const LAST_WORDS: Duration = Duration::from_secs(5);
/// Open files and processes for servers that refuse Podman's own, higher limits.
const LOW_LIMIT: u64 = 4096;

/// What exists because of this apply.
#[derive(Default)]
pub(crate) struct MadeHere {
    pub(crate) volumes: Vec<String>,
    container: Option<WorkspaceId>,
    /// A create was sent and its answer did not come.
    is_uncertain: bool,
}

pub(crate) type Tell<'a> = &'a (dyn Fn(WorkspaceId) + Send + Sync);

impl PodmanSession {
    /// Carries a decision out from its second step on.
    pub(crate) async fn carry_out(
        &self,
        decision: &Decision,
        steps: &dyn StepSink,
        tell: Tell<'_>,
        cx: &Cx,
    ) -> Result<Applied, BackendError> {
        let mut spec = decision.spec.clone();
        let token = WorkspaceId::generate().to_string();
        spec.labels.insert(LABEL_APPLY.into(), token.clone());
        let mut made = MadeHere::default();
        match self.make(decision, spec, steps, tell, &mut made, cx).await {
            Ok(workspace_id) => {
                let has_older_data = decision.new_volumes.len() < decision.spec.volumes.len();
                Ok(Applied { workspace_id, has_older_data })
            }
            Err(error) => Err(self.take_back(error, &made, decision, &token, cx).await),
        }
    }

    async fn make(
        &self,
        decision: &Decision,
        mut spec: CreateSpec,
        steps: &dyn StepSink,
        tell: Tell<'_>,
        made: &mut MadeHere,
        cx: &Cx,
    ) -> Result<WorkspaceId, BackendError> {
        steps.begin(1);
        if decision.new_volumes.is_empty() {
            steps.skip(1);
        }
        for volume in &decision.new_volumes {
            self.make_volume(volume, made, cx).await?;
        }
        steps.begin(2);
        let mut id = self.make_container(&spec, tell, made, cx).await?;
        if !decision.is_started {
            return Ok(id);
        }
        steps.begin(3);
        match self.start_made(&id, &spec.name, cx).await {
            Err(error) if is_about_limits(&error) => {
                let line =
                    "the server refuses Podman's limits for open files; made again with lower ones";
                cx.log.line(LogStream::Note, line);
                self.remove_container(id.as_str(), &spec.name, cx).await?;
                made.container = None;
                spec.r_limits = low_limits();
                id = self.make_container(&spec, tell, made, cx).await?;
                self.start_patiently(&id, &spec.name, cx).await?;
            }
            other => other?,
        }
        steps.begin(4);
        self.verify(&id, &spec, cx).await?;
        Ok(id)
    }

    /// Not cancelled half-way: a request that was sent is waited for, so that what it made is known.
    pub(crate) async fn make_volume(
        &self,
        name: &str,
        made: &mut MadeHere,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        ensure_going(cx)?;
        let body =
            serde_json::json!({ "Name": name, "Label": { crate::convert::LABEL_MANAGED: "true" } });
        let call = Call::post("volumes/create").json(&body)?;
        let asked = self.ask(call, "make the volume", name, &unhurried(cx)).await;
        // An answer that was lost leaves a volume too.
        if matches!(asked, Ok(_) | Err(BackendError::Unreachable(_))) {
            made.volumes.push(name.to_owned());
        }
        asked?;
        cx.log.line(LogStream::Stdout, &format!("volume {name}"));
        Ok(())
    }

    pub(crate) async fn make_container(
        &self,
        spec: &CreateSpec,
        tell: Tell<'_>,
        made: &mut MadeHere,
        cx: &Cx,
    ) -> Result<WorkspaceId, BackendError> {
        ensure_going(cx)?;
        let call = Call::post("containers/create").json(spec)?;
        made.is_uncertain = true;
        let created: Result<Made, BackendError> =
            self.ask_json(call, "create", &spec.name, &unhurried(cx)).await;
        made.is_uncertain = matches!(created, Err(BackendError::Unreachable(_)));
        let created = created?;
        let id = WorkspaceId::from_raw(created.id);
        made.container = Some(id.clone());
        tell(id.clone());
        cx.log.line(LogStream::Stdout, &format!("container {}", spec.name));
        for warning in &created.warnings {
            cx.log.line(LogStream::Stderr, warning);
        }
        ensure_going(cx)?;
        Ok(id)
    }

    pub(crate) async fn start_made(
        &self,
        id: &WorkspaceId,
        name: &str,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        let call = Call::post(format!("containers/{}/start", escape(id.as_str())));
        self.ask(call, "start", name, cx).await.map(drop)
    }

    /// The container that failed to start lets go of its ports a moment after it is removed.
    pub(crate) async fn start_patiently(
        &self,
        id: &WorkspaceId,
        name: &str,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        for _ in 0..PORT_TRIES {
            match self.start_made(id, name, cx).await {
                Err(BackendError::Conflict(_)) => tokio::time::sleep(PORT_PAUSE).await,
                other => return other,
            }
        }
        self.start_made(id, name, cx).await
    }

    /// Waits for the container to end: that it does not is the good case.
    pub(crate) async fn verify(
        &self,
        id: &WorkspaceId,
        spec: &CreateSpec,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        let path = format!(
            "containers/{}/wait?condition=exited&condition=stopped&interval=100ms",
            escape(id.as_str())
        );
        let ended = self.ask(Call::post(path), "watch", &spec.name, cx);
        if let Ok(ended) = tokio::time::timeout(SETTLE, ended).await {
            ended?;
        }
        let found = self.inspected(id, cx).await?;
        if found.state.running {
            return Ok(());
        }
        let words = self.last_words(id, cx).await;
        let error = BackendError::rejected(format!(
            "\"{}\" ended right after its start with exit code {}",
            spec.name, found.state.exit_code
        ));
        Err(match words.last() {
            Some(last) => error
                .with_hint(format!("Its last words: {last}"))
                .with_detail(words.join("\n")),
            None => error
                .with_hint("It printed nothing. Choose another image, or give a command under \"More options\"."),
        })
    }

    async fn last_words(&self, id: &WorkspaceId, cx: &Cx) -> Vec<String> {
        let options = LogOptions { is_followed: false, tail: Some(10), since: None };
        let read = async {
            let lines = self.logs(id, options, cx).await.ok()?;
            let lines = lines.filter_map(|line| std::future::ready(line.ok()));
            Some(lines.map(|line| line.text).collect::<Vec<_>>().await)
        };
        tokio::time::timeout(LAST_WORDS, read).await.ok().flatten().unwrap_or_default()
    }

    /// Removes what this apply made, in reverse; what cannot be removed becomes part of the error.
    async fn take_back(
        &self,
        error: BackendError,
        made: &MadeHere,
        decision: &Decision,
        token: &str,
        cx: &Cx,
    ) -> BackendError {
        let cx = unhurried(cx);
        let mut left: Vec<String> = Vec::new();
        let name = &decision.spec.name;
        let container = match &made.container {
            Some(id) => Some(id.to_string()),
            None if made.is_uncertain => self.find_made(name, token, &cx).await,
            None => None,
        };
        if let Some(id) = container
            && self.remove_container(&id, name, &cx).await.is_err()
        {
            left.push(format!("container {name}"));
        }
        for volume in made.volumes.iter().rev() {
            if self.remove_volume(volume, &cx).await.is_err() {
                left.push(format!("volume {volume}"));
            }
        }
        if left.is_empty() {
            cx.log.line(LogStream::Note, "what was made is taken back");
            return error;
        }
        let left = left.join(", ");
        cx.log.line(LogStream::Note, &format!("left behind on the server: {left}"));
        error.with_hint(format!(
            "Left behind on \"{}\": {left}. Remove it there.",
            self.server_name()
        ))
    }

    /// The container of a create whose answer was lost.
    async fn find_made(&self, name: &str, token: &str, cx: &Cx) -> Option<String> {
        let found = self.inspected(&WorkspaceId::from_raw(name), cx).await.ok()?;
        (found.config.labels.get(LABEL_APPLY).map(String::as_str) == Some(token))
            .then_some(found.id)
    }
}

/// The same context without cancellation; its calls have deadlines of their own.
pub(crate) fn unhurried(cx: &Cx) -> Cx {
    cx.for_call(CancellationToken::new(), cx.log.clone())
}

pub(crate) fn ensure_going(cx: &Cx) -> Result<(), BackendError> {
    if cx.cancel.is_cancelled() { Err(BackendError::Cancelled) } else { Ok(()) }
}

/// Podman asks for more open files than some servers grant, and only the runtime notices.
pub(crate) fn is_about_limits(error: &BackendError) -> bool {
    let BackendError::Rejected(failure) = error else { return false };
    failure.detail.as_deref().is_some_and(|words| words.contains("setting rlimit"))
}

pub(crate) fn low_limits() -> Vec<ProcessLimit> {
    let limit =
        |kind: &str| ProcessLimit { kind: kind.to_owned(), soft: LOW_LIMIT, hard: LOW_LIMIT };
    vec![limit("nofile"), limit("nproc")]
}
