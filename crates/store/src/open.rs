//! Opening: the folder, the file, its health, its version, the two pools.
//!
//! Deliberately not here: what each table is for.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{
    SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection, SqlitePool};

use crate::{Opened, Store, StoreError, damage, folder, retention};

const FILE_NAME: &str = "moorline.db";
const BUSY: Duration = Duration::from_secs(5);
const ACQUIRE: Duration = Duration::from_secs(10);
const READERS: u32 = 4;

static MIGRATOR: Migrator = sqlx::migrate!("./migrations");

impl Store {
    /// Opens the database in `folder`, makes both where they are missing. A damaged file is put aside
    /// and a fresh one made; a file of a newer version is refused and left alone. Old runs and logs
    /// beyond the limits are dropped.
    pub async fn open(folder: &Path) -> Result<Opened, StoreError> {
        let path = folder.join(FILE_NAME);
        folder::prepare(folder, &path)?;
        let turn = folder::take_turn(&path).await?;
        let opened = match open_file(&path).await {
            Ok(store) => Opened { store, notice: None },
            Err(StoreError::Corrupt { detail, .. }) => {
                tracing::warn!(%detail, "the database is damaged and is put aside");
                let aside = damage::put_aside(&path)?;
                folder::prepare(folder, &path)?;
                let store = open_file(&path).await?;
                Opened { store, notice: Some(damage::notice(&aside)) }
            }
            Err(error) => return Err(error),
        };
        // A full disk must not keep a person from seeing what is stored.
        if let Err(error) = retention::prune(&opened.store, &retention::LIMITS).await {
            tracing::warn!("old runs could not be dropped");
            tracing::debug!(%error, "old runs could not be dropped");
        }
        drop(turn);
        Ok(opened)
    }
}

async fn open_file(path: &Path) -> Result<Store, StoreError> {
    let found = examine(path).await?;
    let writer = pool_options(1)
        .connect_with(writer_options(path, found))
        .await
        .map_err(|error| StoreError::from_sqlx(path, &error))?;
    if let Err(error) = make_current(&writer, path, found).await {
        writer.close().await;
        return Err(error);
    }
    let readers = pool_options(READERS).connect_lazy_with(reader_options(path));
    Ok(Store { writer, readers, path: Arc::new(path.to_owned()) })
}

/// The version of the schema in the file, 0 in an empty one, once its health is known. Writes nothing:
/// a damaged or newer file stays as it is. The version comes first, because what a newer version wrote
/// may look like damage to us.
async fn examine(path: &Path) -> Result<i64, StoreError> {
    let failed = |error: sqlx::Error| StoreError::from_sqlx(path, &error);
    let options = SqliteConnectOptions::new().filename(path).busy_timeout(BUSY).read_only(true);
    let mut connection = SqliteConnection::connect_with(&options).await.map_err(failed)?;
    let found = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut connection).await;
    let examined = match found.map_err(failed) {
        Ok(found) if found > newest_version() => Err(StoreError::Newer { path: path.to_owned() }),
        Ok(found) => damage::look_for(&mut connection, path).await.map(|()| found),
        Err(error) => Err(error),
    };
    connection.close().await.map_err(failed)?;
    examined
}

/// Brings the schema to our version.
async fn make_current(writer: &SqlitePool, path: &Path, found: i64) -> Result<(), StoreError> {
    let newest = newest_version();
    if found == newest {
        return Ok(());
    }
    MIGRATOR.run(writer).await.map_err(|error| from_migration(path, error))?;
    let statement = AssertSqlSafe(format!("PRAGMA user_version = {newest}"));
    sqlx::query(statement)
        .execute(writer)
        .await
        .map_err(|error| StoreError::from_sqlx(path, &error))?;
    Ok(())
}

fn newest_version() -> i64 {
    MIGRATOR.iter().map(|migration| migration.version).max().unwrap_or_default()
}

fn from_migration(path: &Path, error: MigrateError) -> StoreError {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
            StoreError::from_sqlx(path, &error)
        }
        MigrateError::VersionMissing(_) => StoreError::Newer { path: path.to_owned() },
        other => StoreError::Broken { path: path.to_owned(), detail: other.to_string() },
    }
}

fn pool_options(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE)
        .idle_timeout(None)
        .max_lifetime(None)
}

fn writer_options(path: &Path, found: i64) -> SqliteConnectOptions {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .optimize_on_close(true, None);
    // It counts before the first table only, and would make a later opener wait for the write lock.
    if found == 0 { options.auto_vacuum(SqliteAutoVacuum::Incremental) } else { options }
}

/// `read_only` would fail while a journal mode is set; `query_only` refuses writes just as well.
fn reader_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .busy_timeout(BUSY)
        .pragma("query_only", "ON")
}
