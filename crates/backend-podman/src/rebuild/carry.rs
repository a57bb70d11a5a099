//! Carrying a rebuild out: the old container goes only after the new one works.

use backend_api::{Applied, BackendError, Cx, Lifecycle, StepSink};
use model::{LogStream, WorkspaceId};

use super::decide::Decision;
use super::restore::Then;
use super::words::step;
use crate::apply::{MadeHere, Tell, ensure_going, is_about_limits, low_limits, unhurried};
use crate::http::{Call, escape};
use crate::session::PodmanSession;

/// How often the old container's removal is tried.
const REMOVE_TRIES: usize = 3;

impl PodmanSession {
    /// Carries a decision out from its second step on.
    pub(crate) async fn carry_rebuild(
        &self,
        decision: &Decision,
        steps: &dyn StepSink,
        tell: Tell<'_>,
        cx: &Cx,
    ) -> Result<Applied, BackendError> {
        let old = WorkspaceId::from_raw(decision.old.id.clone());
        let mut made = MadeHere::default();
        match self.replace(decision, &old, &mut made, steps, tell, cx).await {
            Ok(workspace_id) => {
                steps.begin(step::CLEAN_UP);
                self.remove_old(&old, decision, cx).await?;
                Ok(Applied { workspace_id, has_older_data: true })
            }
            Err(error) => Err(self.roll_back(error, decision, &old, &made, tell, cx).await),
        }
    }

    async fn replace(
        &self,
        decision: &Decision,
        old: &WorkspaceId,
        made: &mut MadeHere,
        steps: &dyn StepSink,
        tell: Tell<'_>,
        cx: &Cx,
    ) -> Result<WorkspaceId, BackendError> {
        let name = &decision.old.name;
        let answering = match decision.old.is_running {
            true => self.answering(&self.inspected(old, cx).await?, cx).await,
            false => Vec::new(),
        };
        steps.begin(step::VOLUMES);
        if decision.new_volumes.is_empty() {
            steps.skip(step::VOLUMES);
        }
        for volume in &decision.new_volumes {
            self.make_volume(volume, made, cx).await?;
        }
        steps.begin(step::STOP);
        if decision.old.is_running {
            self.stop(old, cx).await?;
        } else {
            steps.skip(step::STOP);
        }
        steps.begin(step::ASIDE);
        ensure_going(cx)?;
        self.put_aside(old, name, &unhurried(cx)).await?;
        steps.begin(step::CREATE);
        let new = self.make_and_start(decision, made, steps, tell, cx).await?;
        steps.begin(step::VERIFY);
        self.verify(&new, &decision.spec, cx).await?;
        self.until_answering(&new, name, &kept(decision, &answering), cx).await?;
        if !decision.old.is_running {
            self.stop(&new, cx).await?;
        }
        ensure_going(cx)?;
        Ok(new)
    }

    async fn make_and_start(
        &self,
        decision: &Decision,
        made: &mut MadeHere,
        steps: &dyn StepSink,
        tell: Tell<'_>,
        cx: &Cx,
    ) -> Result<WorkspaceId, BackendError> {
        let mut spec = decision.spec.clone();
        let name = &decision.old.name;
        let new = self.make_container(&spec, tell, made, cx).await?;
        steps.begin(step::START);
        match self.start_patiently(&new, name, cx).await {
            Err(error) if is_about_limits(&error) => {
                let line =
                    "the server refuses Podman's limits for open files; made again with lower ones";
                cx.log.line(LogStream::Note, line);
                let path = format!("containers/{}?force=true&timeout=0", escape(new.as_str()));
                self.ask(Call::delete(path), "remove", name, cx).await?;
                spec.r_limits = low_limits();
                let again = self.make_container(&spec, tell, made, cx).await?;
                self.start_patiently(&again, name, cx).await?;
                Ok(again)
            }
            Ok(()) => Ok(new),
            Err(error) => Err(error),
        }
    }

    /// The new container works: from here on nothing is taken back, and a cancel comes too late.
    async fn remove_old(
        &self,
        old: &WorkspaceId,
        decision: &Decision,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        let cx = unhurried(cx);
        let path = format!("containers/{}?force=true", escape(old.as_str()));
        let mut last = Ok(());
        for _ in 0..REMOVE_TRIES {
            last = match self.ask(Call::delete(&path), "remove", &decision.old.name, &cx).await {
                Ok(_) | Err(BackendError::NotFound(_)) => return Ok(()),
                Err(error) => Err(error),
            };
        }
        last.map_err(|error: BackendError| {
            error.map_failure(|failure| {
                let message = format!(
                    "the new \"{}\" works, but the old container is still there: {}",
                    decision.old.name, failure.message
                );
                model::Failure { message, ..failure }
            })
        })
    }

    /// Brings the old container back, whatever was done so far.
    async fn roll_back(
        &self,
        error: BackendError,
        decision: &Decision,
        old: &WorkspaceId,
        made: &MadeHere,
        tell: Tell<'_>,
        cx: &Cx,
    ) -> BackendError {
        let cx = unhurried(cx);
        let name = &decision.old.name;
        cx.log.line(LogStream::Note, &format!("bringing the old {name} back"));
        let then = if decision.old.is_running { Then::Start } else { Then::Leave };
        if let Err(failed) = self.bring_back_patiently(old, name, then, &cx).await {
            let failed = model::Failure::from(failed);
            cx.log.line(LogStream::Note, &format!("{name} is not back: {}", failed.message));
            return error.map_failure(|failure| model::Failure {
                message: format!(
                    "{}; the old \"{name}\" could not be brought back: {}",
                    failure.message, failed.message
                ),
                hint: Some("Bring it back from this run once the server answers.".into()),
                ..failure
            });
        }
        tell(old.clone());
        for volume in made.volumes.iter().rev() {
            if self.remove_volume(volume, &cx).await.is_err() {
                cx.log.line(LogStream::Note, &format!("the volume {volume} is still there"));
            }
        }
        let state = if decision.old.is_running { "runs again" } else { "is back" };
        error.map_failure(|failure| model::Failure {
            message: format!("{}; the old \"{name}\" {state}", failure.message),
            ..failure
        })
    }
}

/// What answered before has to answer again, unless it was taken out.
fn kept(decision: &Decision, answering: &[u16]) -> Vec<u16> {
    let is_published =
        |port: &u16| decision.spec.portmappings.iter().any(|one| one.container_port == *port);
    answering.iter().copied().filter(is_published).collect()
}
