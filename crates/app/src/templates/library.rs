//! Finds a template's files, and remembers what is known of them.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use ::templates::{Checkouts, Digests, Place};
use model::{Failure, Template, TemplateSource};

use super::blocking;
use crate::{git::PersonsGit, sessions::local_cx, shared::Shared};

/// Fetched repositories are here, in the data folder.
const FOLDER: &str = "templates";

/// What tasks about templates share.
pub(crate) struct Library {
    checkouts: Checkouts,
    digests: Arc<Mutex<Digests>>,
}

impl Library {
    pub(crate) fn new(data_folder: &Path) -> Self {
        let checkouts = Checkouts::new(data_folder.join(FOLDER), Arc::new(PersonsGit));
        Self { checkouts, digests: Arc::default() }
    }

    /// The files of a topology, and which of them is the topology.
    pub(super) async fn files(
        &self,
        place: Place,
        topology: String,
    ) -> Result<::templates::FileSet, Failure> {
        let digests = Arc::clone(&self.digests);
        blocking(move || {
            let mut digests = digests.lock().unwrap_or_else(PoisonError::into_inner);
            place.files(&topology, &mut digests)
        })
        .await
    }

    /// Removes what was fetched from an address.
    pub(super) async fn forget(&self, url: &str) {
        if let Err(failure) = self.checkouts.forget(url).await {
            tracing::warn!(%failure, "the copy of a repository stays behind");
        }
    }
}

/// The files as their source has them now.
pub(super) async fn fetched(shared: &Arc<Shared>, template: &Template) -> Result<Place, Failure> {
    let TemplateSource::Git { url, reference, path } = &template.source else {
        return local(&template.source);
    };
    let cx = local_cx(shared.cancel.child_token());
    let checkouts = &shared.templates.checkouts;
    let found = checkouts.refresh(url, reference.as_deref(), path, &cx).await?;
    Ok(Place::of_commit(found.folder, found.commit))
}

/// The files as they were when they were last looked at; fetched where they never were.
pub(super) async fn at_hand(
    shared: &Arc<Shared>,
    template: &Template,
) -> Result<(Place, Option<String>), Failure> {
    let TemplateSource::Git { url, reference, path } = &template.source else {
        return Ok((local(&template.source)?, None));
    };
    let known = shared.templates.checkouts.last(url, reference.as_deref(), path);
    let found = match known {
        Some(found) => found,
        None => {
            let cx = local_cx(shared.cancel.child_token());
            shared.templates.checkouts.refresh(url, reference.as_deref(), path, &cx).await?
        }
    };
    Ok((Place::of_commit(found.folder, found.commit.clone()), Some(found.commit)))
}

fn local(source: &TemplateSource) -> Result<Place, Failure> {
    match source {
        TemplateSource::Git { path, .. } | TemplateSource::Folder { path } => {
            Ok(Place::folder(path))
        }
        TemplateSource::File { path } => Place::file(Path::new(path)),
    }
}
