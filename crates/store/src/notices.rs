//! What the app told the person, newest first, so that it can be read later.
//!
//! Deliberately not here: what is worth telling.

use model::{Notice, NoticeId};
use sqlx::types::Json;

use crate::{Store, StoreError};

/// Notices kept; older ones make room.
pub(crate) const MOST: i64 = 300;

impl Store {
    /// Adds a notice and drops the oldest beyond what is kept.
    pub async fn add_notice(&self, notice: &Notice) -> Result<(), StoreError> {
        let failed = |error| self.failed(error);
        let mut transaction = self.begin().await?;
        sqlx::query("INSERT INTO notices (id, is_read, body) VALUES (?, ?, ?)")
            .bind(notice.id.as_str())
            .bind(notice.is_read)
            .bind(Json(notice))
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        sqlx::query(
            "DELETE FROM notices WHERE seq NOT IN
                 (SELECT seq FROM notices ORDER BY seq DESC LIMIT ?)",
        )
        .bind(MOST)
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }

    /// The kept notices, newest first. One that an older version cannot read is left out.
    pub async fn notices(&self) -> Result<Vec<Notice>, StoreError> {
        let rows: Vec<(String, bool)> =
            sqlx::query_as("SELECT body, is_read FROM notices ORDER BY seq DESC")
                .fetch_all(&self.readers)
                .await
                .map_err(|error| self.failed(error))?;
        let read = |(body, is_read): (String, bool)| {
            let notice: Notice = serde_json::from_str(&body).ok()?;
            Some(Notice { is_read, ..notice })
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }

    /// Marks all notices as read.
    pub async fn mark_notices_read(&self) -> Result<(), StoreError> {
        sqlx::query("UPDATE notices SET is_read = 1 WHERE is_read = 0")
            .execute(&self.writer)
            .await
            .map_err(|error| self.failed(error))?;
        Ok(())
    }

    /// Forgets one notice, or all of them.
    pub async fn remove_notices(&self, only: Option<&NoticeId>) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM notices WHERE ?1 IS NULL OR id = ?1")
            .bind(only.map(NoticeId::as_str))
            .execute(&self.writer)
            .await
            .map_err(|error| self.failed(error))?;
        Ok(())
    }
}
