//! Where the program's own log goes: a file a day in the data folder, seven kept, and standard error
//! while developing, and the journal that the log page shows. Libraries that would log packets or queries are held at levels that do not.

use std::path::Path;

use app::Journal;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::{EnvFilter, layer::SubscriberExt, util::SubscriberInitExt};

const QUIET: &str = "info,russh=warn,hyper=warn,rustls=warn,zbus=warn,sqlx=warn,tao=warn,wry=warn";

/// Starts logging. Keep the guard: it writes the last lines when it is dropped.
///
/// # Errors
/// The folder cannot be written, or another logger was there first.
pub(crate) fn start(folder: &Path, journal: &Journal) -> anyhow::Result<WorkerGuard> {
    let folder = folder.join("logs");
    std::fs::create_dir_all(&folder)?;
    let files = tracing_appender::rolling::Builder::new()
        .rotation(tracing_appender::rolling::Rotation::DAILY)
        .filename_prefix("moorline")
        .filename_suffix("log")
        .max_log_files(7)
        .build(folder)?;
    let (writer, guard) = tracing_appender::non_blocking(files);
    let filter = EnvFilter::try_from_env("MOORLINE_LOG").unwrap_or_else(|_| EnvFilter::new(QUIET));
    let file = tracing_subscriber::fmt::layer().json().with_writer(writer);
    let terminal = cfg!(debug_assertions)
        .then(|| tracing_subscriber::fmt::layer().with_writer(std::io::stderr));
    tracing_subscriber::registry()
        .with(filter)
        .with(file)
        .with(terminal)
        .with(journal.layer())
        .try_init()?;
    Ok(guard)
}
