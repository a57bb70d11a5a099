//! Templates in the file: what one would change here, and taking it over. Nothing is fetched by that.

use model::{
    Failure, Template, TemplateId, TemplateSource, TimestampMs, TransferChange, TransferKind,
};
use serde::{Deserialize, Serialize};

use super::{
    compare::{Comparison, Judge, change, points},
    file::File,
    take::Taking,
};
use crate::templates;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct TemplateEntry {
    pub(super) id: TemplateId,
    pub(super) name: String,
    pub(super) created_at: TimestampMs,
    pub(super) source: TemplateSource,
}

impl From<Template> for TemplateEntry {
    fn from(template: Template) -> Self {
        let Template { id, name, source, created_at } = template;
        Self { id, name, created_at, source }
    }
}

pub(super) fn key(id: &TemplateId) -> String {
    format!("template:{id}")
}

impl Comparison {
    pub(super) fn template(&mut self, template: &TemplateEntry, here: &File, judge: &dyn Judge) {
        let known = here.templates.iter().find(|ours| ours.id == template.id);
        let same = here.templates.iter().any(|ours| ours.source == template.source);
        let what = match (known, judge.template(template)) {
            (Some(ours), _) if ours == template => TransferChange::Same,
            (None, _) if same => TransferChange::Same,
            (_, Some(reason)) => TransferChange::Refused { reason },
            (Some(ours), None) => change(points(&[
                ("name", ours.name != template.name),
                ("source", ours.source != template.source),
            ])),
            (None, None) => TransferChange::New,
        };
        self.add(key(&template.id), TransferKind::Template, template.name.clone(), what);
    }
}

impl Taking<'_> {
    pub(super) async fn template(&self, entry: &TemplateEntry) -> Result<(), Failure> {
        let template = Template {
            id: entry.id.clone(),
            name: entry.name.trim().to_owned(),
            source: entry.source.clone(),
            created_at: entry.created_at,
        };
        templates::adopt(self.shared, template).await
    }
}
