//! What the core asks of a desktop: windows for web pages, the person's browser, files to save and to open.

use std::path::{Path, PathBuf};

use app::{Host, PickKind, SystemNotice};
use async_trait::async_trait;
use model::{ErrorCode, Failure, UpdateOffer};
use tauri::{AppHandle, Manager};
use tauri_plugin_autostart::ManagerExt as _;
use tauri_plugin_dialog::DialogExt;
use tauri_plugin_notification::NotificationExt;
use tauri_plugin_opener::OpenerExt;

use crate::{
    core_slot::core_of,
    ide_window::{self, Page},
    updates::{self, Offered},
    watched::Watched,
    window,
};

/// Where a notice of the system keeps the id of ours.
const NOTICE_KEY: &str = "notice";

/// The desktop as the core sees it.
pub(crate) struct Desktop {
    app: AppHandle,
    offered: Offered,
}

impl Desktop {
    pub(crate) fn new(app: AppHandle) -> Self {
        Self { app, offered: Offered::default() }
    }
}

/// The text as the system's notices read it: desktops on Linux take it for markup.
fn body_text(text: &str) -> String {
    if !cfg!(target_os = "linux") {
        return text.to_owned();
    }
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Shows what a notice of the system is about when the person clicks it.
pub(crate) fn follow_notices(app: &AppHandle) {
    let handle = app.clone();
    let listening = app.notification().on_action(move |performed| {
        window::show(&handle);
        let id =
            performed.notification().and_then(|notice| notice.extra().get(NOTICE_KEY)?.as_str());
        if let (Some(id), Some(core)) = (id, core_of(&handle)) {
            core.notice_open(id);
        }
    });
    if let Err(error) = listening {
        tracing::info!(%error, "clicks on notices are not heard");
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

    fn is_watched(&self) -> bool {
        self.app.state::<Watched>().get()
    }

    fn show_window(&self) {
        let handle = self.app.clone();
        if let Err(error) = self.app.run_on_main_thread(move || window::show(&handle)) {
            tracing::debug!(%error, "the app is ending");
        }
    }

    fn notify(&self, notice: &SystemNotice) {
        let builder = self.app.notification().builder();
        let shown = builder
            .title(&notice.title)
            .body(body_text(&notice.body))
            .extra(NOTICE_KEY, notice.id.as_str())
            .show();
        if let Err(error) = shown {
            tracing::info!(%error, "this desktop shows no notices");
        }
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
                .with_hint("Check that your home folder is there, then start Moorline again.")
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

    async fn open_folder(&self, folder: &Path) -> Result<(), Failure> {
        let shown = folder.to_string_lossy().into_owned();
        self.app.opener().open_path(shown, None::<&str>).map_err(|error| {
            Failure::new(
                ErrorCode::Internal,
                format!("cannot open the folder {}", folder.display()),
            )
            .with_hint("Copy the path and open it yourself.")
            .with_detail(error.to_string())
        })
    }

    fn system_language(&self) -> Option<String> {
        sys_locale::get_locale().filter(|tag| !matches!(tag.as_str(), "C" | "POSIX"))
    }

    fn starts_at_login(&self) -> Option<bool> {
        self.app.autolaunch().is_enabled().ok()
    }

    fn set_starts_at_login(&self, wanted: bool) -> Result<(), Failure> {
        let autostart = self.app.autolaunch();
        let done = if wanted { autostart.enable() } else { autostart.disable() };
        done.map_err(|error| {
            Failure::new(ErrorCode::Internal, "the system does not let Moorline start at login")
                .with_hint("Add or remove Moorline in the system's own list of start-up programs.")
                .with_detail(error.to_string())
        })
    }

    fn can_update(&self) -> bool {
        updates::is_possible(&self.app)
    }

    async fn update_check(&self) -> Result<Option<UpdateOffer>, Failure> {
        updates::check(&self.app, &self.offered).await
    }

    async fn update_install(
        &self,
        progress: &(dyn Fn(u64, Option<u64>) + Send + Sync),
    ) -> Result<(), Failure> {
        updates::install(&self.app, &self.offered, progress).await
    }
}
