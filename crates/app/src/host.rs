//! What the core asks of whoever shows it: windows for pages, the browser, files to save and to open.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use async_trait::async_trait;
use backend_api::{Clock as _, SystemClock};
use model::{ErrorCode, Failure, TimestampMs, UpdateOffer};

use crate::SystemNotice;
use serde::Deserialize;
use ts_rs::TS;

/// What is picked from this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PickKind {
    File,
    Folder,
}

/// How long the core waits before it does what nobody looks at. Tests are in a hurry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// For so long a tunnel that was removed can be made again as it was, with its SSH host.
    pub undo: Duration,
    /// A tunnel on demand lets its way go after so long without a connection.
    pub idle: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { undo: Duration::from_secs(60), idle: Duration::from_secs(5 * 60) }
    }
}

/// A desktop, or a plain browser that can do less.
#[async_trait]
pub trait Host: Send + Sync {
    /// True when there are windows, native dialogs and a tray.
    fn is_desktop(&self) -> bool;

    /// The wall clock. It may jump: when the computer slept, or when somebody sets it.
    fn now(&self) -> TimestampMs {
        SystemClock.now()
    }

    /// How long the core waits before it does what nobody looks at.
    fn pace(&self) -> Pace {
        Pace::default()
    }

    /// Folders in which this person's programs are, best first; those that every system has besides.
    fn program_folders(&self) -> Vec<PathBuf> {
        Vec::new()
    }

    /// True while a person can see the main window: then nothing is told through the system.
    fn is_watched(&self) -> bool {
        true
    }

    /// Shows the main window in front of others, for what a person has to see. Must not block.
    fn show_window(&self) {}

    /// Tells something through the system's own notices, as well as it can. Must not block.
    fn notify(&self, _notice: &SystemNotice) {}

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

    /// Shows a folder in the system's file manager.
    ///
    /// # Errors
    /// `Unsupported` in a plain browser, `Internal` when no file manager can be started.
    async fn open_folder(&self, folder: &Path) -> Result<(), Failure> {
        Err(unsupported(format!("cannot open the folder {} from here", folder.display())))
    }

    /// The tag of the language the system speaks, such as "pt-BR"; none where it cannot say.
    fn system_language(&self) -> Option<String> {
        None
    }

    /// Whether the system starts the app at login; none where it cannot say.
    fn starts_at_login(&self) -> Option<bool> {
        None
    }

    /// Makes the system start the app at login, or no longer.
    ///
    /// # Errors
    /// `Unsupported` in a plain browser, `Internal` with what the system says.
    fn set_starts_at_login(&self, _wanted: bool) -> Result<(), Failure> {
        Err(unsupported("only the desktop app can be started at login".into()))
    }

    /// Whether this copy of the app can replace itself by a newer one.
    fn can_update(&self) -> bool {
        false
    }

    /// Asks the publisher for a newer version; none when this is the newest.
    ///
    /// # Errors
    /// `Unsupported` without an update address, `Unreachable` or `Protocol` with what went wrong.
    async fn update_check(&self) -> Result<Option<UpdateOffer>, Failure> {
        Err(unsupported("this copy of Moorline cannot update itself".into()))
    }

    /// Downloads and installs the version that was offered last, then starts the app anew. `progress`
    /// gets the bytes so far and the bytes of all.
    ///
    /// # Errors
    /// As `update_check`; `Unauthorized` when the signature is not the publisher's.
    async fn update_install(
        &self,
        _progress: &(dyn Fn(u64, Option<u64>) + Send + Sync),
    ) -> Result<(), Failure> {
        Err(unsupported("this copy of Moorline cannot update itself".into()))
    }
}

fn unsupported(message: String) -> Failure {
    Failure::new(ErrorCode::Unsupported, message)
        .with_hint("Use the desktop app, installed from a release.")
}
