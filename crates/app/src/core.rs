//! `Core`: starts everything, hands out the product's operations, takes everything down.

use std::{path::PathBuf, sync::Arc};

use backend_api::Backend;
use model::{ErrorCode, Failure, Settings};
use secrets::SystemKeychain;
use tokio::sync::watch;

use crate::{Host, tray::TrayState};

/// What a core is made from. Nothing else is read from the environment.
pub struct CoreOptions {
    /// Holds the database, the known-hosts file of ours, the vault.
    pub data_folder: PathBuf,
    /// Where the person's own SSH files are.
    pub home_folder: PathBuf,
    /// The SSH agent the environment names.
    pub agent_socket: Option<PathBuf>,
    pub backends: Vec<Arc<dyn Backend>>,
    pub host: Arc<dyn Host>,
    pub keychain: SystemKeychain,
    pub version: String,
}

/// The product without a window.
pub struct Core {
    settings: watch::Sender<Settings>,
    tray: watch::Sender<TrayState>,
}

impl Core {
    /// Opens the database, looks at what an earlier process left, connects what is to be connected.
    ///
    /// # Errors
    /// `Storage` when the data folder cannot be used.
    pub async fn start(options: CoreOptions) -> Result<Arc<Self>, Failure> {
        let _ = options;
        Err(Failure::new(ErrorCode::Unsupported, "the core is not there yet"))
    }

    /// The settings as they are now.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.settings.borrow().clone()
    }

    /// The state of the tray, and its changes.
    #[must_use]
    pub fn tray_state(&self) -> watch::Receiver<TrayState> {
        self.tray.subscribe()
    }

    /// Does what a tray item says; failures reach the window as `NavigateTarget::Failure`.
    pub fn tray_action(&self, id: &str) {
        let _ = id;
    }

    /// Ends everything that runs and waits for it.
    pub async fn shutdown(&self) {}
}
