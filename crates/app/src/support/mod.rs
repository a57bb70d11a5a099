//! Moorline's own log, and the bundle a person may send to whoever helps them.
//!
//! Nothing here leaves the computer by itself.

mod bundle;
mod facts;
mod journal;
mod layer;
mod redact;

use std::{
    io::Write as _,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use futures::stream;
use model::{ErrorCode, Failure, LogLevel, SupportBundle};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::{Core, Lines, saving};
pub use journal::Journal;
pub use layer::JournalLayer;

/// Runs that a bundle lists.
const RUNS: u32 = 50;

/// The bundle that was shown last, so that exactly that is saved.
#[derive(Default)]
pub(crate) struct Support {
    shown: Mutex<Option<Arc<SupportBundle>>>,
}

impl Core {
    /// Follows Moorline's own log from the oldest line that is kept; lines that matter less than `level`
    /// are left out.
    #[must_use]
    pub fn journal_follow(&self, level: LogLevel) -> Lines {
        let follow = self.shared.journal.follow(level);
        Box::pin(stream::unfold(follow, |mut follow| async move {
            follow.next().await.map(|lines| (Ok(lines), follow))
        }))
    }

    /// Saves what is kept of Moorline's own log to a file that the person picks.
    ///
    /// # Errors
    /// `Unsupported` in a plain browser; `Storage`.
    pub async fn journal_save(&self, level: LogLevel) -> Result<Option<PathBuf>, Failure> {
        let text = self.shared.journal.text(level);
        saving::save(&self.shared, "moorline.log", text.as_bytes()).await
    }

    /// Makes a bundle and returns it as it would be saved.
    ///
    /// # Errors
    /// `Cancelled` while the app is ending.
    pub async fn support_preview(&self) -> Result<SupportBundle, Failure> {
        let bundle =
            bundle::make(&self.shared, self.info().await, &self.runs("", None, RUNS).await?)
                .await?;
        let kept = Arc::new(bundle.clone());
        *self.shared.support.shown.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
        Ok(bundle)
    }

    /// Saves the bundle that was shown last, without the files named in `without`.
    ///
    /// # Errors
    /// `Conflict` when none was shown; `Unsupported` in a plain browser; `Storage`.
    pub async fn support_save(&self, without: &[String]) -> Result<Option<PathBuf>, Failure> {
        let shown =
            self.shared.support.shown.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(bundle) = shown else {
            return Err(Failure::new(ErrorCode::Conflict, "no support bundle was made yet")
                .with_hint("Look at the bundle first, then save it."));
        };
        let bytes = zipped(&bundle, without).map_err(|error| {
            Failure::new(ErrorCode::Internal, "the support bundle could not be packed")
                .with_hint("Report this as a defect.")
                .with_detail(error.to_string())
        })?;
        saving::save(&self.shared, "moorline-support.zip", &bytes).await
    }
}

fn zipped(bundle: &SupportBundle, without: &[String]) -> zip::result::ZipResult<Vec<u8>> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for file in bundle.files.iter().filter(|file| !without.contains(&file.name)) {
        writer.start_file(&*file.name, SimpleFileOptions::default())?;
        writer.write_all(file.text.as_bytes())?;
    }
    Ok(writer.finish()?.into_inner())
}
