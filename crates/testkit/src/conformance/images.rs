//! Images: who uses them, their names, what may not be removed. Builds and pulls need a server of a kind
//! and are tested with it.

use backend_api::{BackendError, Images, NameOf};
use model::{Image, PruneScope};

use super::{Checked, Must, Subject, broken, ensure};

async fn own(subject: &Subject<'_>, images: &dyn Images) -> Checked<Image> {
    let rule = "an image names what uses it";
    let list = images.images(subject.cx).await.must(rule)?;
    let uses = |image: &Image| {
        image.used_by.iter().any(|user| {
            user.name == subject.name && user.workspace_id.as_ref() == Some(&subject.id)
        })
    };
    list.images.into_iter().find(uses).must(rule)
}

pub(super) async fn a_used_image_stays(subject: &Subject<'_>) -> Checked {
    let Some(images) = subject.session.images() else { return Ok(()) };
    let image = own(subject, images).await?;
    let rule = "an image that is used is not removed";
    match images.remove(&image.id, subject.cx).await {
        Err(BackendError::Conflict(failure)) => {
            ensure(failure.message.contains(&subject.name), rule, || failure.message.clone())?;
        }
        other => return Err(broken(rule, format!("{other:?}"))),
    }
    let rule = "an image that is used is never pruned";
    for scope in [PruneScope::Untagged, PruneScope::Unused] {
        let list = images.prune_list(scope, &[], subject.cx).await.must(rule)?;
        let is_spared = list.images.iter().all(|one| one.id != image.id);
        ensure(is_spared, rule, || format!("{list:?}"))?;
    }
    own(subject, images).await.map(drop)
}

pub(super) async fn images_take_names(subject: &Subject<'_>, prefix: &str) -> Checked {
    let Some(images) = subject.session.images() else { return Ok(()) };
    let image = own(subject, images).await?;
    let rule = "a name is given as its full form says";
    let name = format!("{prefix}-name:1");
    let full =
        images.full_name(&name, NameOf::Local).map_err(|problem| broken(rule, problem.message))?;
    images.tag(&image.id, &name, subject.cx).await.must(rule)?;
    let image = own(subject, images).await?;
    ensure(image.names.contains(&full), rule, || format!("{:?}", image.names))?;
    let rule = "what is no name is refused by its field";
    let problem = images.full_name("No Name", NameOf::Local).err().must(rule)?;
    ensure(problem.field == "name", rule, || format!("{problem:?}"))?;
    match images.tag(&image.id, "No Name", subject.cx).await {
        Err(BackendError::Invalid(failure)) if failure.field.as_deref() == Some("name") => Ok(()),
        other => Err(broken(rule, format!("{other:?}"))),
    }
}
