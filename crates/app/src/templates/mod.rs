//! Templates: what labs are made from, wherever the files are; kept, looked at again, read for a lab.
//!
//! What is in a template's files, and fetching them, is the business of the crate of the same name.

mod library;
mod look;
mod place;
mod topic;

use std::{collections::BTreeMap, sync::Arc};

use backend_api::{LabFiles, LabMaterial};
use model::{
    ErrorCode, Failure, LabTemplatePick, Template, TemplateId, TemplateInput, TemplatePreview,
    TemplateSource, TemplateView,
};

pub(crate) use library::Library;
pub(crate) use topic::{Templates, restore};

use crate::{Core, shared::Shared, state::State};

/// Names are shown in one line.
const LONGEST_NAME: usize = 80;

/// The files of a lab, read from its template.
#[derive(Clone)]
pub(crate) struct Material {
    pub(crate) files: Arc<dyn LabFiles>,
    /// Which of the files is the topology.
    pub(crate) topology: String,
    pub(crate) template_name: String,
    /// For git: the commit they are of.
    pub(crate) commit: Option<String>,
}

impl Material {
    /// The same as a backend takes it.
    pub(crate) fn for_lab(&self, variables: &BTreeMap<String, String>) -> LabMaterial {
        LabMaterial {
            files: Arc::clone(&self.files),
            topology: self.topology.clone(),
            variables: variables.clone(),
        }
    }
}

/// Reads the files of a topology. Fetches nothing that was fetched before.
pub(crate) async fn material(
    shared: &Arc<Shared>,
    pick: &LabTemplatePick,
) -> Result<Material, Failure> {
    let template = find(shared, &pick.template_id).await?;
    let (place, commit) = library::at_hand(shared, &template).await?;
    let files = shared.templates.files(place, pick.topology.clone()).await?;
    let topology = files.topology().to_owned();
    Ok(Material { files: Arc::new(files), topology, template_name: template.name, commit })
}

impl Core {
    /// All templates, oldest first.
    ///
    /// # Errors
    /// `Cancelled` while the app is ending.
    pub async fn templates(&self) -> Result<Vec<TemplateView>, Failure> {
        self.shared.owner.with(|state| state.templates.views()).await
    }

    /// Stores a template and begins to look at it; how that goes is told by events.
    ///
    /// # Errors
    /// `Invalid` names the field at fault, `Conflict` when the source is a template already, `Storage`.
    pub async fn template_create(&self, input: TemplateInput) -> Result<TemplateView, Failure> {
        let template = self.checked(input, None).await?;
        self.put_template(template).await
    }

    /// Changes a template and looks at it anew; labs made from it stay as they are.
    ///
    /// # Errors
    /// As `template_create`; `NotFound`.
    pub async fn template_update(
        &self,
        id: &TemplateId,
        input: TemplateInput,
    ) -> Result<TemplateView, Failure> {
        let old = find(&self.shared, id).await?;
        let template = self.checked(input, Some(&old)).await?;
        let view = self.put_template(template).await?;
        look::forget(&self.shared, &old.source).await;
        Ok(view)
    }

    /// Forgets a template and our copy of its repository; labs made from it stay.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn template_remove(&self, id: &TemplateId) -> Result<(), Failure> {
        self.shared.store.delete_template(id).await?;
        let gone = id.clone();
        let job = move |state: &mut State| {
            state.changes.is_templates = true;
            state.templates.remove(&gone)
        };
        if let Some(template) = self.shared.owner.with(job).await? {
            look::forget(&self.shared, &template.source).await;
        }
        Ok(())
    }

    /// Fetches or reads a template anew; how that goes is told by events.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn template_refresh(&self, id: &TemplateId) -> Result<(), Failure> {
        let template = find(&self.shared, id).await?;
        look::begin(&self.shared, template).await
    }

    /// One topology of a template.
    ///
    /// # Errors
    /// `NotFound` when the template, its files or the topology are gone; what git says.
    pub async fn template_preview(
        &self,
        id: &TemplateId,
        topology: &str,
    ) -> Result<TemplatePreview, Failure> {
        let template = find(&self.shared, id).await?;
        let (place, _) = library::at_hand(&self.shared, &template).await?;
        let topology = topology.to_owned();
        blocking(move || place.preview(&topology)).await
    }

    /// The template that an input makes.
    async fn checked(
        &self,
        input: TemplateInput,
        old: Option<&Template>,
    ) -> Result<Template, Failure> {
        let source = place::check(&self.shared, input.source)?;
        let name = input.name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| place::name_of(&source));
        if name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
            return Err(Failure::new(ErrorCode::Invalid, "this name is too long for one line")
                .with_hint(format!("Use up to {LONGEST_NAME} characters."))
                .with_field("name"));
        }
        let template = Template {
            id: old.map_or_else(TemplateId::generate, |old| old.id.clone()),
            name,
            source,
            created_at: old.map_or_else(|| self.shared.now(), |old| old.created_at),
        };
        let (id, source) = (template.id.clone(), template.source.clone());
        let same = self.shared.owner.with(move |state| state.templates.same(&source, &id)).await?;
        match same {
            None => Ok(template),
            Some(name) => Err(Failure::new(
                ErrorCode::Conflict,
                format!("the template {name} has the same source"),
            )
            .with_hint("Use that one, or choose another folder, branch or path.")
            .with_field("source")),
        }
    }

    async fn put_template(&self, template: Template) -> Result<TemplateView, Failure> {
        let (id, kept) = (template.id.clone(), template.clone());
        let look = self.shared.owner.with(move |state| state.templates.put(kept)).await?;
        self.shared.store.put_template(&template, look.as_ref()).await?;
        look::begin(&self.shared, template).await?;
        let view = self.shared.owner.with(move |state| state.templates.view(&id)).await?;
        view.ok_or_else(no_template)
    }
}

/// Whether a source could be a template here.
pub(crate) fn would_do(shared: &Shared, source: &TemplateSource) -> Result<(), Failure> {
    place::check(shared, source.clone()).map(drop)
}

/// Takes over a template from a file. It is looked at when somebody asks for that.
pub(crate) async fn adopt(shared: &Arc<Shared>, template: Template) -> Result<(), Failure> {
    let kept = template.clone();
    let job = move |state: &mut State| {
        state.changes.is_templates = true;
        state.templates.put(kept)
    };
    let look = shared.owner.with(job).await?;
    Ok(shared.store.put_template(&template, look.as_ref()).await?)
}

/// A stored template.
async fn find(shared: &Shared, id: &TemplateId) -> Result<Template, Failure> {
    let id = id.clone();
    let found = shared.owner.with(move |state| state.templates.view(&id)).await?;
    found.map(|view| view.template).ok_or_else(no_template)
}

fn no_template() -> Failure {
    Failure::new(ErrorCode::NotFound, "the template is gone")
        .with_hint("Choose another template, or add it again.")
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| {
        Err(Failure::new(ErrorCode::Internal, "a task ended early").with_detail(error.to_string()))
    })
}
