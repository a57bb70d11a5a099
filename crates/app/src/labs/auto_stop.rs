//! Stops labs when their time has come, while Moorline runs.
//!
//! What was missed, because the computer slept or Moorline was not there, is asked about by a notice: nobody
//! wants a lab to vanish in the middle of the next morning.

use std::{sync::Arc, time::Duration};

use model::{LabOptions, LabRef, LabState, LabVerb, NoticeKind, TimestampMs};

use super::{asked::Asked, begin, kept};
use crate::{notices, shared::Shared, state::State};

const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Later than this nobody expects it any more.
const LATE_MS: i64 = 10 * 60 * 1000;

/// What is to be done about a lab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Due {
    /// Nothing yet, or nothing any more.
    No,
    Stop,
    /// A person is asked.
    Ask,
    /// It does not run: there is nothing to stop.
    Forget,
}

/// A lab that is to be stopped at a time, as its server lists it in this session.
#[derive(Debug, Clone, Copy)]
struct Standing {
    at: TimestampMs,
    state: LabState,
    is_busy: bool,
}

/// Pure: what the time and the lab's state mean. Moorline has been running since `began`.
fn due(lab: Standing, now: TimestampMs, began: TimestampMs) -> Due {
    if lab.at > now || lab.is_busy {
        return Due::No;
    }
    match lab.state {
        LabState::Running | LabState::Partly | LabState::Starting => {
            if lab.at <= began || now - lab.at > LATE_MS { Due::Ask } else { Due::Stop }
        }
        LabState::Created | LabState::Stopped | LabState::Failed => Due::Forget,
        // Its server cannot tell now: it is looked at again.
        LabState::Stopping | LabState::Unknown => Due::No,
    }
}

/// Looks at the time for as long as the core runs.
pub(crate) async fn keep(shared: Arc<Shared>, began: TimestampMs) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let now = shared.now();
        let job = move |state: &mut State| standing(state, now, began);
        let Ok(all) = shared.owner.with(job).await else { return };
        for (lab, name, at, due) in all {
            act(&shared, &lab, &name, at, due).await;
        }
    }
}

type Found = (LabRef, String, TimestampMs, Due);

fn standing(state: &State, now: TimestampMs, began: TimestampMs) -> Vec<Found> {
    let timed = state.labs.all_kept().filter_map(|(lab, kept)| Some((lab, kept.auto_stop_at?)));
    let passed = timed.filter(|(lab, at)| *at <= now && state.labs.is_fresh(&lab.connection_id));
    let found = passed.filter_map(|(lab, at)| {
        let views = state.lab_views_of(&lab.connection_id);
        let view = views.into_iter().find(|view| view.lab_ref == *lab)?;
        let standing = Standing { at, state: view.lab.state, is_busy: view.run_id.is_some() };
        Some((lab.clone(), view.lab.name, at, due(standing, now, began)))
    });
    found.filter(|(.., due)| *due != Due::No).collect()
}

async fn act(shared: &Arc<Shared>, lab: &LabRef, name: &str, at: TimestampMs, due: Due) {
    if due == Due::Stop {
        // The time goes with the end of the run. One that cannot begin is looked at again until it is too
        // late, and then asked about.
        let begun = stop(shared, lab).await;
        return begun.unwrap_or_else(|failure| {
            tracing::info!(%failure, "a lab could not be stopped by itself");
        });
    }
    // A person may have set another time meanwhile.
    let clear = |kept: &mut store::KeptLab| {
        if kept.auto_stop_at == Some(at) {
            kept.auto_stop_at = None;
        }
    };
    if let Err(failure) = kept::change(shared, lab, clear).await {
        return tracing::warn!(%failure, "the time of a lab could not be taken away");
    }
    if due == Due::Ask
        && let Ok(connection) = shared.connection(&lab.connection_id).await
    {
        let kind = NoticeKind::LabOverdue {
            lab: lab.clone(),
            name: name.to_owned(),
            connection_name: connection.name,
            due_at: at,
        };
        notices::tell(shared, kind).await;
    }
}

async fn stop(shared: &Arc<Shared>, lab: &LabRef) -> Result<(), model::Failure> {
    let live = shared.live(&lab.connection_id).await?;
    let options = LabOptions { is_graceful: true, ..LabOptions::default() };
    let asked = Asked::of(shared, lab, LabVerb::Stop, options).await?;
    begin::begin(shared, live, asked).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(at: TimestampMs) -> Standing {
        Standing { at, state: LabState::Running, is_busy: false }
    }

    #[test]
    fn a_lab_is_stopped_in_time_and_asked_about_when_that_was_missed() {
        let hour = 60 * 60 * 1000;
        assert_eq!(due(at(hour), hour - 1, 0), Due::No);
        assert_eq!(due(at(hour), hour, 0), Due::Stop);
        assert_eq!(due(at(hour), hour + LATE_MS, 0), Due::Stop, "the server was away for a moment");
        assert_eq!(due(at(hour), hour + LATE_MS + 1, 0), Due::Ask, "the computer slept");
        assert_eq!(due(at(hour), hour + 5, hour + 1), Due::Ask, "moorline was not there");
    }

    #[test]
    fn what_does_not_run_is_left_alone() {
        let lab = |state| Standing { state, ..at(1) };
        assert_eq!(due(lab(LabState::Stopped), 2, 0), Due::Forget);
        assert_eq!(due(lab(LabState::Created), 2, 0), Due::Forget);
        assert_eq!(due(lab(LabState::Unknown), 2, 0), Due::No);
        assert_eq!(due(Standing { is_busy: true, ..at(1) }, 2, 0), Due::No);
        assert_eq!(due(lab(LabState::Partly), 2, 0), Due::Stop);
    }
}
