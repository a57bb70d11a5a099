//! What the core asks of whoever shows it: windows for pages, the browser, files to save and to open.

use std::path::PathBuf;

use async_trait::async_trait;
use model::Failure;
use serde::Deserialize;
use ts_rs::TS;

/// What is picked from this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PickKind {
    File,
    Folder,
}

/// A desktop, or a plain browser that can do less.
#[async_trait]
pub trait Host: Send + Sync {
    /// True when there are windows, native dialogs and a tray.
    fn is_desktop(&self) -> bool;

    /// Folders in which this person's programs are, best first; those that every system has besides.
    fn program_folders(&self) -> Vec<PathBuf> {
        Vec::new()
    }

    /// Shows a web page in a window that can call nothing of ours. `label` tells windows apart,
    /// `data_key` names the store for its cookies, so that a page finds its login again.
    ///
    /// # Errors
    /// `Unsupported` where there are no windows, `Internal` when the system gives none.
    async fn open_window(
        &self,
        label: &str,
        url: &str,
        title: &str,
        data_key: &str,
    ) -> Result<(), Failure>;

    /// Opens an http or https address in the person's browser.
    ///
    /// # Errors
    /// `Unsupported` in a plain browser, `Internal` when no browser can be started.
    async fn open_url(&self, url: &str) -> Result<(), Failure>;

    /// Asks where to save a file; none when the person cancelled.
    ///
    /// # Errors
    /// `Unsupported` in a plain browser.
    async fn pick_save_path(&self, suggested_name: &str) -> Result<Option<PathBuf>, Failure>;

    /// Asks for a file or folder that is there; none when the person cancelled. `title` is the dialog's.
    ///
    /// # Errors
    /// `Unsupported` in a plain browser.
    async fn pick_open_path(&self, title: &str, kind: PickKind)
    -> Result<Option<PathBuf>, Failure>;
}
