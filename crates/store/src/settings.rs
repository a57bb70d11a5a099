//! The settings, as one row.
//!
//! Deliberately not here: their limits and what they do.

use model::Settings;
use sqlx::types::Json;

use crate::{Store, StoreError};

impl Store {
    /// The stored settings; defaults where nothing is stored, or nothing that can be read.
    pub async fn get_settings(&self) -> Result<Settings, StoreError> {
        let body: Option<String> = sqlx::query_scalar("SELECT body FROM settings")
            .fetch_optional(&self.readers)
            .await
            .map_err(|error| self.failed(error))?;
        Ok(body.and_then(|body| serde_json::from_str(&body).ok()).unwrap_or_default())
    }

    /// Stores all settings.
    pub async fn put_settings(&self, settings: &Settings) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO settings (id, body) VALUES (1, ?)
             ON CONFLICT (id) DO UPDATE SET body = excluded.body",
        )
        .bind(Json(settings))
        .execute(&self.writer)
        .await
        .map_err(|error| self.failed(error))?;
        Ok(())
    }
}
