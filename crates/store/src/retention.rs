//! How much history is kept, and dropping the rest. The only place where runs are deleted.
//!
//! Deliberately not here: a schedule. It happens once, when the database is opened.

use crate::{Store, StoreError};

/// What is kept at most.
pub(crate) struct Limits {
    pub(crate) runs: i64,
    /// Compressed bytes of logs, over all runs.
    pub(crate) log_bytes: i64,
}

pub(crate) const LIMITS: Limits = Limits { runs: 2_000, log_bytes: 256 * 1024 * 1024 };

/// Drops the oldest runs, then the oldest logs, until the limits hold. Running runs stay.
pub(crate) async fn prune(store: &Store, limits: &Limits) -> Result<(), StoreError> {
    let mut transaction = store.begin().await?;
    let failed = |error| store.failed(error);
    let runs = sqlx::query(
        "DELETE FROM runs WHERE status <> 'running' AND seq NOT IN
             (SELECT seq FROM runs ORDER BY started_at DESC, seq DESC LIMIT ?)",
    )
    .bind(limits.runs)
    .execute(&mut *transaction)
    .await
    .map_err(failed)?;
    let logs = sqlx::query(
        "UPDATE runs SET log_bytes = 0, log_lines = 0
         WHERE status <> 'running' AND log_bytes > 0 AND seq IN (
             SELECT seq FROM (
                 SELECT seq, SUM(log_bytes) OVER (ORDER BY started_at DESC, seq DESC) AS total
                 FROM runs
             ) WHERE total > ?
         )",
    )
    .bind(limits.log_bytes)
    .execute(&mut *transaction)
    .await
    .map_err(failed)?;
    if logs.rows_affected() > 0 {
        sqlx::query(
            "DELETE FROM log_chunks
             WHERE run_seq IN (SELECT seq FROM runs WHERE log_bytes = 0)",
        )
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
    }
    transaction.commit().await.map_err(failed)?;
    if runs.rows_affected() + logs.rows_affected() == 0 {
        return Ok(());
    }
    sqlx::query("PRAGMA incremental_vacuum").execute(&store.writer).await.map_err(failed)?;
    Ok(())
}

impl Store {
    /// Forgets every run that is over, with its log.
    pub async fn forget_runs(&self) -> Result<(), StoreError> {
        prune(self, &Limits { runs: 0, log_bytes: 0 }).await
    }
}
