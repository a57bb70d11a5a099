//! Looks at templates: fetches what is elsewhere, reads what is in it.

use std::sync::Arc;

use model::{Failure, Template, TemplateId, TemplateIndex, TemplateSource};

use super::{
    blocking, library,
    place::{self, Place},
};
use crate::{git, sessions::local_cx, shared::Shared, state::State};

/// Begins to look at a template. One that is going on already comes to nothing.
pub(super) async fn begin(shared: &Arc<Shared>, template: Template) -> Result<(), Failure> {
    let id = template.id.clone();
    let job = move |state: &mut State| {
        state.changes.is_templates = true;
        state.templates.begin(&id)
    };
    let Some(look) = shared.owner.with(job).await? else { return Ok(()) };
    let handle = Arc::clone(shared);
    shared.spawn(async move {
        let found = index(&handle, &template).await;
        end(&handle, &template.id, look, found).await;
    });
    Ok(())
}

async fn end(
    shared: &Arc<Shared>,
    id: &TemplateId,
    look: u64,
    found: Result<TemplateIndex, Failure>,
) {
    let id = id.clone();
    let job = move |state: &mut State| {
        state.changes.is_templates = true;
        state.templates.end(&id, look, found)
    };
    if let Ok(Some((template, index))) = shared.owner.with(job).await
        && let Err(error) = shared.store.put_template(&template, index.as_ref()).await
    {
        tracing::warn!(%error, "what is in a template could not be stored");
    }
}

async fn index(shared: &Arc<Shared>, template: &Template) -> Result<TemplateIndex, Failure> {
    let (place, commit) = fetched(shared, template).await?;
    let (topologies, remarks) = blocking(move || library::index(&place)).await?;
    Ok(TemplateIndex { topologies, commit, looked_at: shared.now(), remarks })
}

/// The files as their source has them now.
async fn fetched(
    shared: &Arc<Shared>,
    template: &Template,
) -> Result<(Place, Option<String>), Failure> {
    let TemplateSource::Git { url, reference, path } = &template.source else {
        return Ok((local(&template.source), None));
    };
    let copy = place::copy_of(shared, &template.id);
    let _turn = shared.templates.lock().await;
    let cx = local_cx(shared.cancel.child_token());
    let commit = git::refresh_copy(url, reference.as_deref(), &copy, &cx).await?;
    Ok((Place::Folder(place::inside(&copy, path)?), Some(commit)))
}

/// The files as they were when they were last looked at; fetched where they never were.
pub(super) async fn at_hand(
    shared: &Arc<Shared>,
    template: &Template,
) -> Result<(Place, Option<String>), Failure> {
    let TemplateSource::Git { path, .. } = &template.source else {
        return Ok((local(&template.source), None));
    };
    let copy = place::copy_of(shared, &template.id);
    let cx = local_cx(shared.cancel.child_token());
    let known = {
        let _turn = shared.templates.lock().await;
        git::commit_of_copy(&copy, &cx).await
    };
    match known {
        Some(commit) => Ok((Place::Folder(place::inside(&copy, path)?), Some(commit))),
        None => fetched(shared, template).await,
    }
}

fn local(source: &TemplateSource) -> Place {
    match source {
        TemplateSource::Git { path, .. } | TemplateSource::Folder { path } => {
            Place::Folder(path.into())
        }
        TemplateSource::File { path } => Place::File(path.into()),
    }
}

/// Removes our copy of a template's repository.
pub(super) async fn forget(shared: &Arc<Shared>, id: &TemplateId) {
    let _turn = shared.templates.lock().await;
    if let Err(error) = tokio::fs::remove_dir_all(place::copy_of(shared, id)).await
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "the copy of a repository stays behind");
    }
}
