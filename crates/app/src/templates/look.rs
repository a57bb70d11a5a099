//! Looks at templates: fetches what is elsewhere, reads what is in it.

use std::sync::Arc;

use model::{Failure, Template, TemplateId, TemplateIndex, TemplateSource};

use super::{blocking, library};
use crate::{shared::Shared, state::State};

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
    let place = library::fetched(shared, template).await?;
    let now = shared.now();
    blocking(move || place.index(now)).await
}

/// Removes our copy of the repository that a template was of, unless another template needs it.
pub(super) async fn forget(shared: &Arc<Shared>, source: &TemplateSource) {
    let TemplateSource::Git { url, .. } = source else { return };
    let wanted = url.clone();
    let job = move |state: &mut State| state.templates.needs(&wanted);
    if let Ok(false) = shared.owner.with(job).await {
        shared.templates.forget(url).await;
    }
}
