//! Carries an operation on a lab through: over one session, or over as many as it takes.
//!
//! When a session breaks the server may go on with what it was given, so the run waits for the next one.

use std::{sync::Arc, time::Duration};

use backend_api::{LabDone, LogSink};
use model::{ErrorCode, Failure, LogStream};

use super::job::Job;
use crate::sessions::Live;

/// How long a backend has to carry a cancel out.
const GRACE: Duration = Duration::from_secs(120);
/// How long it may take to find out that a session is of no use any more.
const FIND_OUT: Duration = Duration::from_secs(5);
/// How often a session that works is asked again for a job it cannot find out about.
const MOST: u32 = 24;

/// Until it is known how the operation ended.
pub(super) async fn until_end(job: &Job, first: Option<Arc<Live>>) -> Result<LabDone, Failure> {
    let mut next = first;
    let mut tries = 0;
    loop {
        let live = match next.take() {
            Some(live) => live,
            None => session(job).await?,
        };
        let failure = match attempt(job, &live).await {
            Ok(done) => return Ok(done),
            Err(failure) => failure,
        };
        if failure.code != ErrorCode::Unreachable {
            return Err(failure);
        }
        if job.run.cancel.is_cancelled() && !live.cancel.is_cancelled() {
            // The backend was there to say what became of it, and that is what a person has to know.
            return Err(Failure { code: ErrorCode::Cancelled, ..failure });
        }
        live.probe.notify_one();
        let is_lost = tokio::select! {
            biased;
            () = job.run.cancel.cancelled() => return Err(cancelled(job)),
            () = live.cancel.cancelled() => true,
            () = tokio::time::sleep(FIND_OUT) => false,
        };
        if is_lost {
            tries = 0;
            note(
                job,
                &format!(
                    "the connection to {} was lost; this run goes on when it is back",
                    job.connection_name
                ),
            );
        } else {
            tries += 1;
            if job.name().is_none() || tries > MOST {
                return Err(failure);
            }
            note(job, &failure.message);
        }
    }
}

async fn attempt(job: &Job, live: &Arc<Live>) -> Result<LabDone, Failure> {
    let labs = live.session.labs().ok_or_else(|| live.cannot("run labs"))?;
    let log: Arc<dyn LogSink> = job.run.clone();
    let cx = live.cx.for_call(job.run.cancel.clone(), log);
    let request = job.request();
    let work = async {
        match job.name() {
            Some(name) => labs.resume(&request, &name, job, &cx).await,
            None => labs.carry_out(&request, job, &cx).await,
        }
    };
    let out_of_patience = async {
        job.run.cancel.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        biased;
        done = work => Ok(done?),
        () = live.cancel.cancelled() => Err(live.lost()),
        () = out_of_patience => Err(unanswered(job)),
    }
}

/// The next session of the connection.
async fn session(job: &Job) -> Result<Arc<Live>, Failure> {
    let mut sessions = job.shared.labs.sessions();
    loop {
        sessions.mark_unchanged();
        match job.shared.live(&job.connection_id).await {
            Ok(live) if !live.cancel.is_cancelled() => {
                if job.name().is_some() {
                    note(job, &format!("{} answers: looking how far it is", job.connection_name));
                }
                return Ok(live);
            }
            Err(failure) if failure.code == ErrorCode::NotFound => return Err(failure),
            Ok(_) | Err(_) => {}
        }
        tokio::select! {
            biased;
            () = job.run.cancel.cancelled() => return Err(cancelled(job)),
            changed = sessions.changed() => {
                if changed.is_err() {
                    return Err(cancelled(job));
                }
            }
        }
    }
}

fn note(job: &Job, text: &str) {
    job.run.line(LogStream::Note, text);
}

/// A person gave it up, and the server did not say in time whether it did.
fn unanswered(job: &Job) -> Failure {
    let message = format!("cancelled; {} did not say whether it stopped", job.connection_name);
    Failure::new(ErrorCode::Cancelled, message)
        .with_hint("It may still work on it: look at the lab in a while.")
}

/// A person gave it up while nobody could tell the server.
fn cancelled(job: &Job) -> Failure {
    let failure = Failure::new(ErrorCode::Cancelled, "cancelled; the server was not asked");
    match job.name() {
        Some(_) => failure.with_hint(format!(
            "{} may still work on it: look at the lab when it is connected.",
            job.connection_name
        )),
        None => failure,
    }
}
