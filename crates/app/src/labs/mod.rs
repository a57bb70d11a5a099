//! Labs over all connections: their lists, what is kept of them, operations that outlive our sessions.
//!
//! What a lab server speaks is its backend's business; what labs are made from is `templates`'.

mod asked;
mod auto_stop;
mod begin;
mod carry;
mod collections;
mod create;
mod end;
mod follow;
mod forgetting;
mod inside;
mod job;
mod keeping;
mod kept;
mod name;
mod topic;

use std::path::PathBuf;

use model::{
    ConnectionId, ErrorCode, Failure, LabOptions, LabPage, LabPlan, LabRef, LabVerb, LabView, Run,
    RunId,
};
use tokio::sync::{Mutex, MutexGuard, watch};

pub(crate) use asked::Asked;
pub(crate) use auto_stop::keep as keep_auto_stops;
pub(crate) use begin::{going_on, take_up};
pub(crate) use collections::remove_of as remove_collections;
pub(crate) use follow::follow;
pub(crate) use forgetting::{remove_due, remove_left};
pub use inside::Rates;
pub(crate) use topic::Labs;

use crate::{Core, saving, state::State};

/// What tasks about labs share.
#[derive(Default)]
pub(crate) struct LabTasks {
    /// Counts the sessions that came and the connections that went.
    sessions: watch::Sender<u64>,
    forgotten: forgetting::Forgotten,
    /// One change of what is kept at a time.
    turn: Mutex<()>,
}

impl LabTasks {
    /// A session came, or a connection went: whoever waits for one looks again.
    pub(crate) fn came(&self) {
        self.sessions.send_modify(|count| *count += 1);
    }

    fn sessions(&self) -> watch::Receiver<u64> {
        self.sessions.subscribe()
    }

    async fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().await
    }
}

impl Core {
    /// The labs of all connections, last known rows included.
    ///
    /// # Errors
    /// `Cancelled` while the app is ending.
    pub async fn labs(&self) -> Result<Vec<LabView>, Failure> {
        self.shared.owner.with(|state| state.lab_views()).await
    }

    /// Asks a server for its labs and returns when it has answered.
    ///
    /// # Errors
    /// `Unreachable` when it is not connected, `Unsupported` when it has no labs.
    pub async fn labs_refresh(&self, id: &ConnectionId) -> Result<(), Failure> {
        let live = self.shared.live(id).await?;
        match follow::list(&self.shared, &live).await? {
            follow::Listed::Whole => Ok(()),
            follow::Listed::Late => Err(live.silent(follow::LIST_LIMIT)),
        }
    }

    /// One lab with its nodes and where they were put. Where its server cannot be asked now, what was last
    /// known of it.
    ///
    /// # Errors
    /// `NotFound`; what the server says when it refuses.
    pub async fn lab_inspect(&self, lab: &LabRef) -> Result<LabPage, Failure> {
        inside::inspect(&self.shared, lab).await
    }

    /// What an operation would do to a lab. Reads only.
    ///
    /// # Errors
    /// As `lab_change`.
    pub async fn lab_change_plan(
        &self,
        lab: &LabRef,
        verb: LabVerb,
        options: LabOptions,
    ) -> Result<LabPlan, Failure> {
        let asked = Asked::of(&self.shared, lab, verb, options).await?;
        begin::plan(&self.shared, &lab.connection_id, &asked).await
    }

    /// Begins an operation on a lab. It goes on when the session breaks and when the app ends.
    ///
    /// # Errors
    /// Before anything is done: `Unreachable` without a session, `NotFound`, `Busy` while another run has
    /// the lab, `Unsupported` when its server cannot do that. Later failures are in the run.
    pub async fn lab_change(
        &self,
        lab: &LabRef,
        verb: LabVerb,
        options: LabOptions,
    ) -> Result<RunId, Failure> {
        let asked = Asked::of(&self.shared, lab, verb, options).await?;
        let live = self.shared.live(&lab.connection_id).await?;
        begin::begin(&self.shared, live, asked).await
    }

    /// Does what a run about a lab did again, with the same input.
    pub(crate) async fn lab_again(&self, run: &Run, asked: Asked) -> Result<RunId, Failure> {
        let live = self.shared.live(&run.subject.connection_id).await?;
        if asked.lab_id.is_none() {
            create::refuse_taken(&self.shared, &run.subject.connection_id, &asked).await?;
        }
        begin::begin(&self.shared, live, asked).await
    }

    /// Saves a drawing where the person says; none when they say nowhere.
    ///
    /// # Errors
    /// `Invalid` when it is no drawing, `Unsupported` in a plain browser, `Storage`.
    pub async fn lab_drawing_save(
        &self,
        name: &str,
        svg: &str,
    ) -> Result<Option<PathBuf>, Failure> {
        if !svg.trim_start().starts_with('<') {
            return Err(Failure::new(ErrorCode::Invalid, "this is not a drawing")
                .with_hint("Reload the page and save the drawing again.")
                .with_field("svg"));
        }
        let is_fine = |letter: &char| !matches!(letter, '/' | '\\' | ':') && !letter.is_control();
        let name: String = name.trim().chars().filter(is_fine).collect();
        let name = if name.is_empty() { "lab" } else { name.trim_end_matches(".svg") };
        saving::save(&self.shared, &format!("{name}.svg"), svg.as_bytes()).await
    }
}

fn no_lab(lab: &LabRef, connection_name: &str) -> Failure {
    let id = &lab.lab_id;
    Failure::new(ErrorCode::NotFound, format!("the lab {id} is no longer on {connection_name}"))
        .with_hint("Refresh the list of labs.")
}

/// Keeps what an earlier process stored.
pub(crate) async fn restore(store: &store::Store, state: &mut State) -> Result<(), Failure> {
    for cached in store.cached_labs().await? {
        state.labs.restore(cached.connection_id, cached.labs, cached.seen_at);
    }
    for (lab, kept) in store.kept_labs().await? {
        state.labs.keep(lab, kept);
    }
    Ok(())
}
