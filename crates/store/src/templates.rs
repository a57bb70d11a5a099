//! Templates, and what was found in them.
//!
//! Deliberately not here: their files.

use model::{Template, TemplateId, TemplateIndex};
use sqlx::types::Json;

use crate::{Store, StoreError};

impl Store {
    /// All templates, oldest first. One that cannot be read is left out; a look that cannot be read is none.
    pub async fn templates(&self) -> Result<Vec<(Template, Option<TemplateIndex>)>, StoreError> {
        let rows: Vec<(String, Option<String>)> =
            sqlx::query_as("SELECT body, look FROM templates ORDER BY created_at, id")
                .fetch_all(&self.readers)
                .await
                .map_err(|error| self.failed(error))?;
        let read = |(body, look): (String, Option<String>)| {
            let look = look.and_then(|look| serde_json::from_str(&look).ok());
            Some((serde_json::from_str(&body).ok()?, look))
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }

    /// Stores a template, new or changed, with what was found in it.
    pub async fn put_template(
        &self,
        template: &Template,
        look: Option<&TemplateIndex>,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO templates (id, created_at, body, look) VALUES (?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET body = excluded.body, look = excluded.look",
        )
        .bind(template.id.as_str())
        .bind(template.created_at)
        .bind(Json(template))
        .bind(look.map(Json))
        .execute(&self.writer)
        .await
        .map_err(|error| self.failed(error))?;
        Ok(())
    }

    /// Forgets a template.
    pub async fn delete_template(&self, id: &TemplateId) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM templates WHERE id = ?")
            .bind(id.as_str())
            .execute(&self.writer)
            .await
            .map_err(|error| self.failed(error))?;
        Ok(())
    }
}
