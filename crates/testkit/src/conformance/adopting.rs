//! Adopting: an offer that only reads, and a workspace that is managed as long as it is adopted.

use backend_api::Adopted;
use model::WorkspaceId;

use super::{Checked, Must, Subject, ensure};

pub(super) async fn adopting_only_reads(subject: &Subject<'_>) -> Checked {
    let Some(adopt) = subject.session.adopt() else { return Ok(()) };
    let before = subject.listed().await?;
    let rule = "an offer to adopt can be had of any workspace";
    let offer = adopt.offer(&subject.id, subject.cx).await.must(rule)?;
    ensure(offer.origin == before.origin, "the offer says who made it", || format!("{offer:?}"))?;
    let missing = WorkspaceId::from_raw("no-such-workspace");
    let nothing = adopt.offer(&missing, subject.cx).await;
    ensure(nothing.is_err(), "nothing is offered of what is not there", String::new)?;
    adopt.set_adopted([(subject.id.clone(), Adopted::default())].into());
    ensure(subject.listed().await?.is_managed, "what is adopted is managed", String::new)?;
    adopt.set_adopted([].into());
    ensure(subject.listed().await? == before, "letting go leaves it as it was", String::new)
}
