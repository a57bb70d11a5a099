//! Runs and the search over them.
//!
//! Deliberately not here: logs, and dropping old runs.

use model::{Run, RunId, RunStatus};

use crate::{Store, StoreError, error::left_out};

/// One row: the run as JSON, and the lines its log holds.
type Row = (String, i64);

impl Store {
    /// Stores a run, new or changed. `log_lines` is counted by the store; the value given is ignored.
    pub async fn put_run(&self, run: &Run) -> Result<(), StoreError> {
        let failed = |error| self.failed(error);
        let body = serde_json::to_string(run).map_err(|error| StoreError::Broken {
            path: self.path.to_path_buf(),
            detail: error.to_string(),
        })?;
        let mut transaction = self.begin().await?;
        let seq: i64 = sqlx::query_scalar(
            "INSERT INTO runs (id, status, started_at, body) VALUES (?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET
                 status = excluded.status, started_at = excluded.started_at, body = excluded.body
             RETURNING seq",
        )
        .bind(run.id.as_str())
        .bind(status_word(run.status))
        .bind(run.started_at)
        .bind(body)
        .fetch_one(&mut *transaction)
        .await
        .map_err(failed)?;
        sqlx::query("INSERT OR REPLACE INTO run_words (rowid, words) VALUES (?, ?)")
            .bind(seq)
            .bind(words(run))
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }

    /// One run.
    pub async fn get_run(&self, id: &RunId) -> Result<Option<Run>, StoreError> {
        let row: Option<Row> = sqlx::query_as("SELECT body, log_lines FROM runs WHERE id = ?")
            .bind(id.as_str())
            .fetch_optional(&self.readers)
            .await
            .map_err(|error| self.failed(error))?;
        row.map(|row| self.read_run(row)).transpose()
    }

    /// Runs, newest first. Every word of `search` must begin a word of the run's verb, subject,
    /// connection, steps, outcome or error; an empty search matches all. One that cannot be read is
    /// left out.
    pub async fn runs(
        &self,
        search: &str,
        status: Option<RunStatus>,
        limit: u32,
    ) -> Result<Vec<Run>, StoreError> {
        let query = match match_expression(search) {
            Some(expression) => sqlx::query_as(
                "SELECT body, log_lines FROM runs
                 WHERE (?1 IS NULL OR status = ?1)
                     AND seq IN (SELECT rowid FROM run_words WHERE run_words MATCH ?3)
                 ORDER BY started_at DESC, seq DESC LIMIT ?2",
            )
            .bind(status.map(status_word))
            .bind(limit)
            .bind(expression),
            None => sqlx::query_as(
                "SELECT body, log_lines FROM runs WHERE (?1 IS NULL OR status = ?1)
                 ORDER BY started_at DESC, seq DESC LIMIT ?2",
            )
            .bind(status.map(status_word))
            .bind(limit),
        };
        let rows: Vec<Row> =
            query.fetch_all(&self.readers).await.map_err(|error| self.failed(error))?;
        Ok(self.read_runs(rows))
    }

    /// Runs stored as running, oldest first: after a start, those a crash left over. One that cannot be
    /// read is left out.
    pub async fn running_runs(&self) -> Result<Vec<Run>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT body, log_lines FROM runs WHERE status = 'running' ORDER BY started_at, seq",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(|error| self.failed(error))?;
        Ok(self.read_runs(rows))
    }

    /// One run that cannot be read hides itself, not the others.
    fn read_runs(&self, rows: Vec<Row>) -> Vec<Run> {
        let read = |row| self.read_run(row).inspect_err(|error| left_out("a run", error)).ok();
        rows.into_iter().filter_map(read).collect()
    }

    fn read_run(&self, (body, log_lines): Row) -> Result<Run, StoreError> {
        let mut run: Run = serde_json::from_str(&body).map_err(|error| StoreError::Unreadable {
            path: self.path.to_path_buf(),
            detail: error.to_string(),
        })?;
        run.log_lines = u64::try_from(log_lines).unwrap_or_default();
        Ok(run)
    }
}

fn status_word(status: RunStatus) -> &'static str {
    match status {
        RunStatus::Running => "running",
        RunStatus::Succeeded => "succeeded",
        RunStatus::Failed => "failed",
        RunStatus::Cancelled => "cancelled",
        RunStatus::Interrupted => "interrupted",
    }
}

/// What a search looks into. The input is left out: a person may have typed a token into it.
fn words(run: &Run) -> String {
    let mut words = vec![
        run.verb.as_str(),
        run.subject.name.as_str(),
        run.subject.connection_name.as_str(),
        status_word(run.status),
    ];
    for step in &run.steps {
        words.extend([step.name.as_str(), step.summary.as_str()]);
    }
    words.extend(run.error.iter().map(|error| error.message.as_str()));
    words.join("\n")
}

/// Each word of the search as a quoted prefix, so that nothing in it is taken for search syntax.
fn match_expression(search: &str) -> Option<String> {
    let prefixes: Vec<String> = search
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .map(|word| format!("\"{}\"*", word.replace('"', "\"\"").replace('\0', "")))
        .collect();
    (!prefixes.is_empty()).then(|| prefixes.join(" "))
}
