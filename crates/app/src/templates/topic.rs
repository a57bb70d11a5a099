//! All templates, as pure state.

use std::collections::BTreeMap;

use model::{Failure, Template, TemplateId, TemplateIndex, TemplateSource, TemplateView};
use store::Store;

#[derive(Debug, Clone)]
struct Entry {
    template: Template,
    index: Option<TemplateIndex>,
    error: Option<Failure>,
    /// Counts the looks: what an older one found means nothing.
    look: u64,
    is_loading: bool,
}

/// All templates.
#[derive(Default)]
pub(crate) struct Templates(BTreeMap<TemplateId, Entry>);

impl Templates {
    /// All, oldest first.
    pub(crate) fn views(&self) -> Vec<TemplateView> {
        let mut views: Vec<_> = self.0.values().map(shown).collect();
        views.sort_by(|a, b| {
            (a.template.created_at, &a.template.id).cmp(&(b.template.created_at, &b.template.id))
        });
        views
    }

    pub(super) fn view(&self, id: &TemplateId) -> Option<TemplateView> {
        self.0.get(id).map(shown)
    }

    /// The name of another template with this source.
    pub(super) fn same(&self, source: &TemplateSource, except: &TemplateId) -> Option<String> {
        let others = self.0.values().map(|entry| &entry.template).filter(|one| one.id != *except);
        others.into_iter().find(|one| one.source == *source).map(|one| one.name.clone())
    }

    /// Whether a template is of this repository.
    pub(super) fn needs(&self, address: &str) -> bool {
        let is_of = |source: &TemplateSource| matches!(source, TemplateSource::Git { url, .. } if url == address);
        self.0.values().any(|entry| is_of(&entry.template.source))
    }

    /// Takes a new or changed template; what was found in it, where that still holds.
    pub(super) fn put(&mut self, template: Template) -> Option<TemplateIndex> {
        let old = self.0.remove(&template.id);
        let same = old.filter(|old| old.template.source == template.source);
        let (index, look) = same.map_or((None, 0), |old| (old.index, old.look));
        let found = index.clone();
        let entry = Entry { template, index, error: None, look, is_loading: false };
        self.0.insert(entry.template.id.clone(), entry);
        found
    }

    pub(super) fn remove(&mut self, id: &TemplateId) -> Option<Template> {
        self.0.remove(id).map(|entry| entry.template)
    }

    /// A look begins; its number.
    pub(super) fn begin(&mut self, id: &TemplateId) -> Option<u64> {
        let entry = self.0.get_mut(id)?;
        entry.look += 1;
        entry.is_loading = true;
        Some(entry.look)
    }

    /// A look ended. The template where it is the newest one.
    pub(super) fn end(
        &mut self,
        id: &TemplateId,
        look: u64,
        found: Result<TemplateIndex, Failure>,
    ) -> Option<(Template, Option<TemplateIndex>)> {
        let entry = self.0.get_mut(id).filter(|entry| entry.look == look)?;
        entry.is_loading = false;
        match found {
            Ok(index) => {
                entry.index = Some(index);
                entry.error = None;
            }
            Err(failure) => entry.error = Some(failure),
        }
        Some((entry.template.clone(), entry.index.clone()))
    }
}

fn shown(entry: &Entry) -> TemplateView {
    TemplateView {
        template: entry.template.clone(),
        index: entry.index.clone(),
        error: entry.error.clone(),
        is_loading: entry.is_loading,
    }
}

/// What is stored.
pub(crate) async fn restore(store: &Store) -> Result<Templates, Failure> {
    let mut templates = Templates::default();
    for (template, index) in store.templates().await? {
        let id = template.id.clone();
        let entry = Entry { template, index, error: None, look: 0, is_loading: false };
        templates.0.insert(id, entry);
    }
    Ok(templates)
}
