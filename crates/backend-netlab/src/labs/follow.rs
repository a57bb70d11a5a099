//! Watching a job until it has ended: by its name only, because any other question would disturb it; what it is
//! doing comes from netlab's own status file.

use std::time::Duration;

use backend_api::BackendError;
use model::LogStream;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::operate::Work;
use super::post::{Before, Ended};
use crate::api::Asked;
use crate::status::without_time;

/// How often a job is looked at: at first, later, and when it takes long.
const SOON: Duration = Duration::from_millis(500);
const LATER: Duration = Duration::from_secs(2);
const SELDOM: Duration = Duration::from_secs(5);
/// How long a server may be silent before nobody knows any more.
const SILENCE: Duration = Duration::from_secs(600);
const SLOWEST: Duration = Duration::from_secs(30);
/// How often its progress is looked at.
const PROGRESS: Duration = Duration::from_secs(2);

/// What was seen of a job so far.
struct Watched {
    began: Instant,
    answered: Instant,
    /// Lines that were shown or were there before.
    seen: Before,
    progress_at: Option<Instant>,
    failures: u32,
}

impl Work<'_> {
    /// Waits until a job has ended. A cancel is passed on; what it means is in the error.
    pub(super) async fn follow(&self, job: &str, before: Before) -> Result<Ended, BackendError> {
        let now = Instant::now();
        let mut watched = Watched {
            began: now,
            answered: now,
            seen: before.clone(),
            progress_at: None,
            failures: 0,
        };
        loop {
            match self.session.api.job(job, self.cx).await {
                Ok(Asked::Forgotten) => {
                    self.note("netlab's API was started again and has forgotten the job");
                    return Ok(Ended { end: None, job: None, before });
                }
                Ok(Asked::Known(known)) => {
                    (watched.answered, watched.failures) = (Instant::now(), 0);
                    if let Some(end) = known.end() {
                        self.progress(&mut watched).await;
                        return Ok(Ended { end: Some(end), job: Some(job.to_owned()), before });
                    }
                }
                Err(BackendError::Cancelled) => return Err(self.give_up(job).await),
                Err(error) => self.tolerate(&mut watched, error)?,
            }
            if watched.progress_at.is_none_or(|at| at.elapsed() >= PROGRESS) {
                self.progress(&mut watched).await;
                watched.progress_at = Some(Instant::now());
            }
            if self.pause(watched.interval()).await.is_err() {
                return Err(self.give_up(job).await);
            }
        }
    }

    /// A server that does not answer may still work on the job, so it is asked again and never told twice.
    fn tolerate(&self, watched: &mut Watched, error: BackendError) -> Result<(), BackendError> {
        if !matches!(error, BackendError::Unreachable(_)) {
            return Err(error);
        }
        if watched.failures == 0 {
            self.note("the server does not answer; the job may go on there");
        }
        watched.failures += 1;
        if watched.answered.elapsed() < SILENCE {
            return Ok(());
        }
        let minutes = SILENCE.as_secs() / 60;
        Err(error.with_hint(format!(
            "It did not answer for {minutes} minutes; how the job ended is looked up when it is back."
        )))
    }

    /// Shows what netlab wrote down since the last look. That it cannot be read is no reason to stop.
    async fn progress(&self, watched: &mut Watched) {
        let Some(instances) = self.session.status_file(self.cx).await else { return };
        let mine = instances.into_iter().find(|one| one.folder == self.target.folder);
        for line in mine.map(|one| one.log).unwrap_or_default() {
            if watched.seen.insert(line.clone()) {
                self.line(without_time(&line));
            }
        }
    }

    /// A line of the server's, without what must not be seen.
    pub(super) fn line(&self, text: &str) {
        self.cx.log.line(LogStream::Stdout, &self.session.redactor.text(text));
    }

    /// Tries to cancel a job, which netlab does only before it has begun.
    async fn give_up(&self, job: &str) -> BackendError {
        let cx = self.cx.for_call(CancellationToken::new(), self.cx.log.clone());
        if let Ok(true) = self.session.api.cancel(job, &cx).await {
            return BackendError::Cancelled;
        }
        BackendError::unreachable(format!(
            "Moorline stopped watching \"{}\"; netlab goes on with the job",
            self.target.name
        ))
        .with_hint(
            "netlab cannot end a job that runs. The list shows how the lab is when it has ended.",
        )
    }
}

impl Watched {
    fn interval(&self) -> Duration {
        let usual = match self.began.elapsed().as_secs() {
            0..=10 => SOON,
            11..=120 => LATER,
            _ => SELDOM,
        };
        let slower = SOON.saturating_mul(1 << self.failures.min(7)).min(SLOWEST);
        if self.failures > 0 { slower } else { usual }
    }
}
