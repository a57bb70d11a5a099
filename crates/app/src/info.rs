//! Facts about this build and this computer, and links of ours.

use std::path::PathBuf;

use model::{ErrorCode, Failure};
use secrets::Kept;
use serde::Serialize;
use ts_rs::TS;

use crate::{Core, PickKind};

/// How secrets are kept on this computer now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kept_in", rename_all = "snake_case")]
pub enum SecretsState {
    /// `name` is the keychain's name, for example "Secret Service".
    Keychain {
        name: String,
    },
    Vault {
        is_unlocked: bool,
    },
}

/// Facts about this build and this computer.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AppInfo {
    pub version: String,
    /// "linux", "macos" or "windows".
    pub platform: String,
    pub data_folder: String,
    pub secrets: SecretsState,
    /// False in a plain browser: no windows, no native dialogs, no tray.
    pub is_desktop: bool,
    /// Set when the database was found broken at start and put aside: what happened, and where it is.
    pub storage_notice: Option<String>,
}

impl Core {
    /// Facts about this build and this computer.
    pub async fn info(&self) -> AppInfo {
        let secrets = match self.shared.vault.state().await {
            Kept::Keychain { name } => SecretsState::Keychain { name },
            Kept::VaultMissing | Kept::VaultLocked => SecretsState::Vault { is_unlocked: false },
            Kept::VaultUnlocked => SecretsState::Vault { is_unlocked: true },
        };
        AppInfo {
            version: self.shared.version.clone(),
            platform: std::env::consts::OS.to_owned(),
            data_folder: self.shared.data_folder.display().to_string(),
            secrets,
            is_desktop: self.shared.host.is_desktop(),
            storage_notice: self.shared.storage_notice.clone(),
        }
    }

    /// Opens a link in the person's browser.
    ///
    /// # Errors
    /// `Invalid` for anything but http and https; whatever the host says.
    pub async fn url_open(&self, url: &str) -> Result<(), Failure> {
        let scheme = url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
        let is_clean = !url.chars().any(|c| c.is_control() || c.is_whitespace());
        if !is_clean || !matches!(scheme.as_deref(), Some("http" | "https")) {
            return Err(Failure::new(ErrorCode::Invalid, "only http and https links are opened")
                .with_hint("Copy the link and open it yourself if you trust it.")
                .with_field("url"));
        }
        self.shared.host.open_url(url).await
    }

    /// Asks for a file or folder of this computer; none when the person cancelled.
    ///
    /// # Errors
    /// `Unsupported` in a plain browser.
    pub async fn path_pick(&self, title: &str, kind: PickKind) -> Result<Option<PathBuf>, Failure> {
        self.shared.host.pick_open_path(title, kind).await
    }
}
