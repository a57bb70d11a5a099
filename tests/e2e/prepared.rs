//! A practice server that the app knows and trusts already, so that a journey begins where it matters.

use anyhow::Result;
use tempfile::TempDir;
use tests::{desktop::Desktop, headless::Headless, practice::Practice, real_app::RealApp};

use super::main_job::keep_picture;

/// The server, and a data folder that knows it.
pub(super) struct Prepared {
    pub(super) practice: Practice,
    data: TempDir,
}

impl Prepared {
    /// A connected server; with a name, a dev container of that name runs on it.
    pub(super) async fn new(container: Option<&str>) -> Result<Self> {
        let practice = Practice::start().await?;
        let data = tempfile::tempdir()?;
        let core = Headless::start(data.path(), &practice.home()).await?;
        let connection = practice.connect(&core).await?;
        if let Some(name) = container {
            practice.container(&core, &connection, name, true).await?;
        }
        core.shutdown().await;
        Ok(Self { practice, data })
    }

    /// The app, started on a desktop.
    pub(super) async fn app(&self, desktop: Desktop) -> Result<RealApp> {
        RealApp::start(desktop, self.data.path()).await
    }

    /// The app, started without showing its window.
    pub(super) async fn app_in_tray(&self, desktop: Desktop) -> Result<RealApp> {
        RealApp::start_in_tray(desktop, self.data.path()).await
    }
}

/// Passes an outcome on; when it is a failure, the window as it was is kept for whoever reads the log.
pub(super) async fn with_picture<T>(app: &RealApp, outcome: Result<T>) -> Result<T> {
    if outcome.is_err() {
        keep_picture(app).await;
    }
    outcome
}
