//! What a plain browser offers the core: no windows, no dialogs. Pages are opened by the caller.

use std::path::PathBuf;

use app::{Host, PickKind};
use async_trait::async_trait;
use model::{ErrorCode, Failure};

/// The host of a core that is shown in a plain browser.
#[derive(Debug, Clone, Copy, Default)]
pub struct BrowserHost;

#[async_trait]
impl Host for BrowserHost {
    fn is_desktop(&self) -> bool {
        false
    }

    fn program_folders(&self) -> Vec<PathBuf> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).collect()
    }

    async fn open_window(&self, _: &str, _: &str, title: &str, _: &str) -> Result<(), Failure> {
        Err(unsupported(&format!("cannot open a window for \"{title}\" from a browser"))
            .with_hint("Open the page in a tab of this browser."))
    }

    async fn open_url(&self, _: &str) -> Result<(), Failure> {
        Err(unsupported("cannot start another browser from a browser")
            .with_hint("Open the link in a tab of this browser."))
    }

    async fn pick_save_path(&self, suggested_name: &str) -> Result<Option<PathBuf>, Failure> {
        Err(unsupported(&format!("cannot save \"{suggested_name}\" from a browser"))
            .with_hint("Use the desktop app to save it to a file."))
    }

    async fn pick_open_path(&self, _: &str, _: PickKind) -> Result<Option<PathBuf>, Failure> {
        Err(unsupported("a browser cannot pick files of this computer for Moorline")
            .with_hint("Type the path, or use the desktop app."))
    }
}

fn unsupported(message: &str) -> Failure {
    Failure::new(ErrorCode::Unsupported, message)
}
