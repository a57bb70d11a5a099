//! Logs of runs, as compressed chunks: appended, read in order, never changed.
//!
//! Deliberately not here: search within a log, and dropping old logs.

use model::{LogLine, LogStream, RunId};
use sqlx::{Sqlite, Transaction};

use crate::{Store, StoreError};

/// Unpacked size at which lines go into a further chunk.
const CHUNK_BYTES: usize = 1024 * 1024;
/// Unpacked size at which a read ends.
const READ_BYTES: i64 = 16 * 1024 * 1024;
const LEVEL: i32 = 3;

struct Packed {
    lines: i64,
    bytes: i64,
    data: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct Row {
    chunk: i64,
    lines: i64,
    bytes: i64,
    data: Vec<u8>,
}

impl Store {
    /// Appends lines to a run's log as one chunk, or several when they are large. `Dangling` when the
    /// run is not stored.
    pub async fn append_log(&self, run_id: &RunId, lines: &[LogLine]) -> Result<(), StoreError> {
        if lines.is_empty() {
            return Ok(());
        }
        let packed = pack(lines).map_err(|error| StoreError::from_io(&self.path, &error))?;
        let failed = |error| self.failed(error);
        let mut transaction = self.begin().await?;
        let seq: Option<i64> = sqlx::query_scalar(
            "UPDATE runs SET log_lines = log_lines + ?, log_bytes = log_bytes + ?
             WHERE id = ? RETURNING seq",
        )
        .bind(packed.iter().map(|chunk| chunk.lines).sum::<i64>())
        .bind(packed.iter().map(|chunk| stored_bytes(&chunk.data)).sum::<i64>())
        .bind(run_id.as_str())
        .fetch_optional(&mut *transaction)
        .await
        .map_err(failed)?;
        let Some(seq) = seq else {
            return Err(StoreError::Dangling { what: format!("the log of run {run_id}") });
        };
        for chunk in packed {
            self.insert_chunk(&mut transaction, seq, chunk).await?;
        }
        transaction.commit().await.map_err(failed)
    }

    /// The chunks of a run's log with a number above `after_chunk`, in order; numbers begin at 1. One
    /// call returns about 16 MiB of text at most: call again with the last number until none comes.
    pub async fn read_log(
        &self,
        run_id: &RunId,
        after_chunk: u64,
    ) -> Result<Vec<(u64, Vec<LogLine>)>, StoreError> {
        let after = i64::try_from(after_chunk).unwrap_or(i64::MAX);
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT chunk, lines, bytes, data FROM log_chunks
             WHERE run_seq = (SELECT seq FROM runs WHERE id = ?1) AND chunk > ?2 AND chunk <= (
                 SELECT MAX(chunk) FROM (
                     SELECT chunk, SUM(bytes) OVER (ORDER BY chunk) - bytes AS before
                     FROM log_chunks
                     WHERE run_seq = (SELECT seq FROM runs WHERE id = ?1) AND chunk > ?2
                 ) WHERE before < ?3
             ) ORDER BY chunk",
        )
        .bind(run_id.as_str())
        .bind(after)
        .bind(READ_BYTES)
        .fetch_all(&self.readers)
        .await
        .map_err(|error| self.failed(error))?;
        Ok(rows.into_iter().map(readable).collect())
    }

    async fn insert_chunk(
        &self,
        transaction: &mut Transaction<'static, Sqlite>,
        seq: i64,
        chunk: Packed,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO log_chunks (run_seq, chunk, lines, bytes, data)
             SELECT ?1, COALESCE(MAX(chunk), 0) + 1, ?2, ?3, ?4
             FROM log_chunks WHERE run_seq = ?1",
        )
        .bind(seq)
        .bind(chunk.lines)
        .bind(chunk.bytes)
        .bind(chunk.data)
        .execute(&mut **transaction)
        .await
        .map_err(|error| self.failed(error))?;
        Ok(())
    }
}

fn pack(lines: &[LogLine]) -> std::io::Result<Vec<Packed>> {
    let mut packed = Vec::new();
    let (mut text, mut count) = (Vec::new(), 0);
    for line in lines {
        serde_json::to_writer(&mut text, line)?;
        text.push(b'\n');
        count += 1;
        if text.len() >= CHUNK_BYTES {
            packed.push(pack_one(&text, count)?);
            text.clear();
            count = 0;
        }
    }
    if count > 0 {
        packed.push(pack_one(&text, count)?);
    }
    Ok(packed)
}

fn pack_one(text: &[u8], lines: i64) -> std::io::Result<Packed> {
    let mut compressor = zstd::bulk::Compressor::new(LEVEL)?;
    // Without it a flipped bit could come out as another text.
    compressor.include_checksum(true)?;
    Ok(Packed { lines, bytes: stored_bytes(text), data: compressor.compress(text)? })
}

fn stored_bytes(bytes: &[u8]) -> i64 {
    i64::try_from(bytes.len()).unwrap_or(i64::MAX)
}

/// A chunk that cannot be unpacked becomes one line that says so: the rest of the log stays readable.
fn readable(row: Row) -> (u64, Vec<LogLine>) {
    let lines = unpack(&row).unwrap_or_else(|| {
        vec![LogLine {
            at: None,
            stream: LogStream::Note,
            text: format!("{} lines are damaged and cannot be shown", row.lines),
        }]
    });
    (u64::try_from(row.chunk).unwrap_or_default(), lines)
}

fn unpack(row: &Row) -> Option<Vec<LogLine>> {
    let text = zstd::bulk::decompress(&row.data, usize::try_from(row.bytes).ok()?).ok()?;
    text.split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).ok())
        .collect()
}
