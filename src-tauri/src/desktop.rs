//! What the core asks of a desktop: windows for web pages, the person's browser, files to save and to open.

use std::path::PathBuf;

use app::{Host, PickKind};
use async_trait::async_trait;
use model::{ErrorCode, Failure};
use tauri::{AppHandle, Manager};
use tauri_plugin_dialog::DialogExt;
use tauri_plugin_opener::OpenerExt;

use crate::ide_window::{self, Page};

/// The desktop as the core sees it.
pub(crate) struct Desktop {
    app: AppHandle,
}

impl Desktop {
    pub(crate) fn new(app: AppHandle) -> Self {
        Self { app }
    }
}

#[async_trait]
impl Host for Desktop {
    fn is_desktop(&self) -> bool {
        true
    }

    fn program_folders(&self) -> Vec<PathBuf> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).collect()
    }

    async fn open_window(
        &self,
        label: &str,
        url: &str,
        title: &str,
        data_key: &str,
    ) -> Result<(), Failure> {
        let folder = self.app.path().app_local_data_dir().map_err(|error| {
            Failure::new(ErrorCode::Storage, format!("cannot find the data folder: {error}"))
        })?;
        let data_folder = folder.join("pages").join(data_key);
        ide_window::open(&self.app, &Page { label, url, title, data_folder: &data_folder })
    }

    async fn open_url(&self, url: &str) -> Result<(), Failure> {
        self.app.opener().open_url(url, None::<&str>).map_err(|error| {
            Failure::new(ErrorCode::Internal, format!("cannot open the browser: {error}"))
                .with_hint("Set a default browser for this desktop and try again.")
        })
    }

    async fn pick_save_path(&self, suggested_name: &str) -> Result<Option<PathBuf>, Failure> {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        self.app.dialog().file().set_file_name(suggested_name).save_file(move |path| {
            let _ = sender.send(path);
        });
        Ok(receiver.await.ok().flatten().and_then(|path| path.into_path().ok()))
    }

    async fn pick_open_path(
        &self,
        title: &str,
        kind: PickKind,
    ) -> Result<Option<PathBuf>, Failure> {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let dialog = self.app.dialog().file().set_title(title);
        let picked = move |path| {
            let _ = sender.send(path);
        };
        match kind {
            PickKind::File => dialog.pick_file(picked),
            PickKind::Folder => dialog.pick_folder(picked),
        }
        Ok(receiver.await.ok().flatten().and_then(|path| path.into_path().ok()))
    }
}
