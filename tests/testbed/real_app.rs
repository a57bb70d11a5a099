//! The built desktop app on a desktop of its own, driven through its real window.
//!
//! Owns: starting it on a data folder, and ending it. Deliberately not here: what is in the data folder,
//! and what is done in the window.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::json;

use crate::{
    desktop::{Desktop, TauriDriver, app_program},
    session::Session,
    sshd::send_signal,
};

/// The running app. Dropping it ends the app and its desktop.
#[derive(Debug)]
pub struct RealApp {
    /// The window that has the keyboard; the main window at first.
    pub window: Session,
    // Ended in this order: the driver with the app, then the desktop it is on.
    driver: TauriDriver,
    desktop: Desktop,
    data_folder: PathBuf,
}

impl RealApp {
    /// Starts the app on a desktop and waits until its page is there.
    ///
    /// # Errors
    /// When the app is not built, or its window does not open.
    pub async fn start(desktop: Desktop, data_folder: &Path) -> Result<Self> {
        Self::start_with(desktop, data_folder, &[]).await
    }

    /// The same without showing its window, on a desktop with a panel.
    ///
    /// # Errors
    /// As `start`.
    pub async fn start_in_tray(desktop: Desktop, data_folder: &Path) -> Result<Self> {
        Self::start_with(desktop, data_folder, &["--hidden"]).await
    }

    async fn start_with(desktop: Desktop, data_folder: &Path, words: &[&str]) -> Result<Self> {
        let driver = TauriDriver::start(&desktop)?;
        let application = app_program()?;
        let mut args: Vec<_> = words.iter().map(PathBuf::from).collect();
        args.extend([PathBuf::from("--data-folder"), data_folder.to_owned()]);
        let capabilities = json!({
            "browserName": "wry",
            "tauri:options": {
                "application": application,
                "args": args,
            },
        });
        let window = Session::open(driver.port, &capabilities).await;
        let window = window.context("the app's window does not open")?;
        window.find("nav, main").await?;
        Ok(Self { window, driver, desktop, data_folder: data_folder.to_owned() })
    }

    /// The desktop it is on.
    #[must_use]
    pub fn desktop(&self) -> &Desktop {
        &self.desktop
    }

    /// Process group of the driver and the app.
    #[must_use]
    pub fn group(&self) -> u32 {
        self.driver.pid()
    }

    /// Goes to a page of the interface, for example "/runs".
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn go(&self, path: &str) -> Result<()> {
        self.window.run("location.hash = arguments[0]", &[json!(path)]).await.map(drop)
    }

    /// Ends the app and gives the desktop back.
    ///
    /// # Errors
    /// When the app is gone already.
    pub async fn close(self) -> Result<Desktop> {
        self.window.close().await?;
        drop(self.driver);
        Ok(self.desktop)
    }

    /// Ends the app as a crash would, in the middle of whatever it does, and gives the desktop back.
    ///
    /// # Errors
    /// When the app is gone already.
    pub fn kill(self) -> Result<Desktop> {
        send_signal("KILL", &[process_on(&self.data_folder)?]);
        drop(self.driver);
        Ok(self.desktop)
    }
}

/// The process of the app that works on this data folder, told by its program and its arguments.
fn process_on(data_folder: &Path) -> Result<u32> {
    let program = app_program()?.canonicalize()?;
    let arguments = format!("--data-folder\0{}\0", data_folder.display());
    let is_ours = |folder: &Path| {
        std::fs::read_link(folder.join("exe")).is_ok_and(|exe| exe == program)
            && std::fs::read(folder.join("cmdline"))
                .is_ok_and(|line| String::from_utf8_lossy(&line).ends_with(&arguments))
    };
    std::fs::read_dir("/proc")?
        .flatten()
        .filter(|entry| is_ours(&entry.path()))
        .find_map(|entry| entry.file_name().to_str()?.parse().ok())
        .context("the app does not run")
}
