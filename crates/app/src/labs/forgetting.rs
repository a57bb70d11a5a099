//! Forgetting a lab, and taking that back: what is left of it lies apart until nobody can.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use model::{Collection, ErrorCode, Failure, LabRef};
use store::KeptLab;
use tokio::time::{Instant, sleep_until};

use super::{collections, kept};
use crate::{Core, shared::Shared, state::State};

/// Labs that were forgotten and can still be taken back.
#[derive(Default)]
pub(super) struct Forgotten(Mutex<BTreeMap<LabRef, Left>>);

/// What is left of a lab.
struct Left {
    kept: KeptLab,
    sets: Vec<Collection>,
    due: Instant,
}

impl Forgotten {
    fn put(&self, lab: LabRef, left: Left) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(lab, left);
    }

    fn take(&self, lab: &LabRef) -> Option<Left> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(lab)
    }

    /// Those that cannot be taken back any more.
    fn take_due(&self, now: Instant) -> Vec<Left> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (gone, left) = std::mem::take(&mut *all).into_iter().partition(|(_, l)| l.due <= now);
        *all = left;
        let gone: BTreeMap<LabRef, Left> = gone;
        gone.into_values().collect()
    }
}

impl Core {
    /// Forgets what Moorline keeps of a lab, collected configurations included. The server is not touched:
    /// what stands there stays on the list. Can be taken back for a while.
    ///
    /// # Errors
    /// `Busy` while a run has it, `Storage`.
    pub async fn lab_forget(&self, lab: &LabRef) -> Result<(), Failure> {
        let wanted = lab.clone();
        let job = move |state: &mut State| {
            let views = state.lab_views_of(&wanted.connection_id);
            let view = views.into_iter().find(|view| view.lab_ref == wanted);
            match view {
                Some(view) if view.run_id.is_some() => {
                    let name = view.lab.name;
                    Err(Failure::new(ErrorCode::Busy, format!("a run is changing {name}"))
                        .with_hint("Wait until it ends, or cancel it under Runs."))
                }
                _ => Ok(state.labs.kept(&wanted).cloned().unwrap_or_default()),
            }
        };
        let kept = self.shared.owner.with(job).await??;
        let sets = collections::put_aside(&self.shared, lab).await?;
        kept::change(&self.shared, lab, |kept| *kept = KeptLab::default()).await?;
        let due = Instant::now() + self.shared.host.pace().undo;
        self.shared.labs.forgotten.put(lab.clone(), Left { kept, sets, due });
        let handle = Arc::clone(&self.shared);
        self.shared.spawn(async move {
            sleep_until(due).await;
            remove_due(&handle, due).await;
        });
        Ok(())
    }

    /// Takes the forgetting of a lab back.
    ///
    /// # Errors
    /// `NotFound` when it was too long ago, `Conflict` when there is another lab in its place, `Storage`.
    pub async fn lab_restore(&self, lab: &LabRef) -> Result<(), Failure> {
        let Some(left) = self.shared.labs.forgotten.take(lab) else {
            return Err(Failure::new(ErrorCode::NotFound, "the lab was forgotten for good")
                .with_hint("Make it again from its template."));
        };
        let wanted = lab.clone();
        let job =
            move |state: &mut State| state.labs.kept(&wanted).is_some_and(|it| it.origin.is_some());
        if self.shared.owner.with(job).await? {
            return Err(Failure::new(ErrorCode::Conflict, "a new lab is in its place")
                .with_hint("Keep that one, or destroy it first."));
        }
        collections::bring_back(&self.shared, lab, &left.sets).await?;
        kept::change(&self.shared, lab, |kept| *kept = left.kept).await.map(drop)
    }
}

/// Removes what cannot be taken back any more at `now`.
pub(crate) async fn remove_due(shared: &Arc<Shared>, now: Instant) {
    for left in shared.labs.forgotten.take_due(now) {
        collections::remove_aside(&shared.data_folder, &left.sets).await;
    }
}

/// Removes what an earlier process did not get to remove, or to write down: call it before anything runs.
pub(crate) async fn remove_left(shared: &Shared) {
    if let Err(failure) = collections::remove_unknown(shared).await {
        tracing::warn!(%failure, "what is left of collected configurations stays");
    }
}
