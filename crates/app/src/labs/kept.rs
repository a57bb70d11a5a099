//! Changes what is kept of a lab: in the store first, then in the state.

use std::sync::Arc;

use model::{Failure, LabRef};
use store::KeptLab;

use crate::{shared::Shared, state::State};

/// Changes what is kept of a lab, and gives it back.
pub(super) async fn change(
    shared: &Arc<Shared>,
    lab: &LabRef,
    change: impl FnOnce(&mut KeptLab),
) -> Result<KeptLab, Failure> {
    let _turn = shared.labs.turn().await;
    let wanted = lab.clone();
    let mut kept = shared
        .owner
        .with(move |state| match state.labs.kept(&wanted) {
            Some(kept) => kept.clone(),
            None => KeptLab {
                name: state.labs.row(&wanted).map(|row| row.name).unwrap_or_default(),
                ..KeptLab::default()
            },
        })
        .await?;
    let before = kept.clone();
    change(&mut kept);
    if kept == before {
        return Ok(kept);
    }
    shared.store.put_kept_lab(lab, &kept).await?;
    let (lab, now) = (lab.clone(), kept.clone());
    let job = move |state: &mut State| {
        state.changes.labs.insert(lab.connection_id.clone());
        state.changes.is_connections = true;
        state.labs.keep(lab, now);
    };
    shared.owner.with(job).await?;
    Ok(kept)
}
