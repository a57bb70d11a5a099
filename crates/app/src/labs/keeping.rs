//! What a person sets of a lab: favourite, auto-stop, positions.

use std::collections::BTreeMap;

use model::{ErrorCode, Failure, LabRef, LabState, LabVerb, Position};
use store::KeptLab;

use super::{kept, no_lab};
use crate::{Core, shared::no_connection, state::State};

/// Positions kept of one lab.
const MOST_NODES: usize = 5000;
/// Auto-stop is a matter of hours; a month is a mistake.
const MOST_MINUTES: u32 = 31 * 24 * 60;

impl Core {
    /// Puts a lab into the tray, or takes it from there.
    ///
    /// # Errors
    /// `NotFound`, `Storage`.
    pub async fn lab_favourite(&self, lab: &LabRef, is_favourite: bool) -> Result<(), Failure> {
        if is_favourite {
            self.lab_state(lab).await?;
        }
        let change = |kept: &mut KeptLab| kept.is_favourite = is_favourite;
        kept::change(&self.shared, lab, change).await.map(drop)
    }

    /// Sets when a lab is stopped by itself, while Moorline runs: at a time, or this long after now and after
    /// each start. With neither it is not.
    ///
    /// # Errors
    /// `Invalid` for a time that has passed, `NotFound`, `Storage`.
    pub async fn lab_auto_stop(
        &self,
        lab: &LabRef,
        at: Option<i64>,
        after_minutes: Option<u32>,
    ) -> Result<(), Failure> {
        let state = self.lab_state(lab).await?;
        let now = self.shared.now();
        if at.is_some_and(|at| at <= now) {
            return Err(Failure::new(ErrorCode::Invalid, "this time has passed")
                .with_hint("Choose a time to come.")
                .with_field("at"));
        }
        if after_minutes.is_some_and(|minutes| !(1..=MOST_MINUTES).contains(&minutes)) {
            return Err(Failure::new(
                ErrorCode::Invalid,
                "a lab is stopped after 1 minute to 31 days",
            )
            .with_hint("Choose a number of hours.")
            .with_field("after_minutes"));
        }
        if (at.is_some() || after_minutes.is_some())
            && let Ok(live) = self.shared.live(&lab.connection_id).await
        {
            let labs = live.session.labs().ok_or_else(|| live.cannot("run labs"))?;
            if !labs.features().verbs.contains(&LabVerb::Stop) {
                return Err(live.cannot("stop labs without destroying them"));
            }
        }
        let is_up = matches!(state, LabState::Running | LabState::Partly | LabState::Starting);
        let after = after_minutes.filter(|_| is_up);
        let at = at.or_else(|| after.map(|minutes| now + i64::from(minutes) * 60_000));
        let change = move |kept: &mut KeptLab| {
            kept.auto_stop_at = at;
            kept.auto_stop_minutes = after_minutes;
        };
        kept::change(&self.shared, lab, change).await.map(drop)
    }

    /// Remembers where nodes were put; those left out are laid out again.
    ///
    /// # Errors
    /// `Invalid` for positions that are none, `Storage`.
    pub async fn lab_positions(
        &self,
        lab: &LabRef,
        positions: BTreeMap<String, Position>,
    ) -> Result<(), Failure> {
        let is_fine = |position: &Position| position.x.is_finite() && position.y.is_finite();
        if positions.len() > MOST_NODES || !positions.values().all(is_fine) {
            return Err(Failure::new(ErrorCode::Invalid, "these are no positions of nodes")
                .with_hint("Reload the page and move the nodes again.")
                .with_field("positions"));
        }
        let change = move |kept: &mut KeptLab| kept.positions = positions;
        kept::change(&self.shared, lab, change).await.map(drop)
    }

    /// How a lab is, as last listed.
    async fn lab_state(&self, lab: &LabRef) -> Result<LabState, Failure> {
        let wanted = lab.clone();
        let job = move |state: &mut State| {
            let entry = state.connections.get(&wanted.connection_id).ok_or_else(no_connection)?;
            let row = state.labs.row(&wanted);
            row.map(|row| row.state).ok_or_else(|| no_lab(&wanted, &entry.connection.name))
        };
        self.shared.owner.with(job).await?
    }
}
