//! Starting a plain browser with its driver.

use std::{
    net::TcpStream,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::Result;
use serde_json::json;

use super::WebDriver;
use crate::{desktop::Desktop, process::Started, sshd::free_port};

const READY: Duration = Duration::from_secs(30);
const MINI_BROWSER: &str = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";

impl WebDriver {
    /// Starts Chromium without a window.
    ///
    /// # Errors
    /// When chromedriver or Chromium are missing or do not come up.
    pub async fn chromium() -> Result<Self> {
        let profile = tempfile::Builder::new().prefix("moorline-chromium-").tempdir()?;
        let port = free_port()?;
        let mut command = Command::new("chromedriver");
        command.arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null());
        let driver = started("chromedriver", &mut command, port)?;
        let folder = format!("--user-data-dir={}", profile.path().display());
        let args = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1400,900",
            &folder,
        ];
        let wanted = json!({"browserName": "chrome", "goog:chromeOptions": {"args": args}});
        let mut session = Self::attach(port, wanted).await?;
        session.browser = Some((driver, profile));
        Ok(session)
    }

    /// Starts WebKitGTK's small browser on a desktop.
    ///
    /// # Errors
    /// When WebKitWebDriver or MiniBrowser are missing or do not come up.
    pub async fn webkit(desktop: &Desktop) -> Result<Self> {
        let profile = tempfile::Builder::new().prefix("moorline-webkit-").tempdir()?;
        let port = free_port()?;
        let mut command = desktop.command("WebKitWebDriver");
        command.arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null());
        let driver = started("WebKitWebDriver", &mut command, port)?;
        let options = json!({"binary": MINI_BROWSER, "args": ["--automation"]});
        let wanted = json!({"browserName": "MiniBrowser", "webkitgtk:browserOptions": options});
        let mut session = Self::attach(port, wanted).await?;
        session.browser = Some((driver, profile));
        Ok(session)
    }
}

fn started(name: &str, command: &mut Command, port: u16) -> Result<Started> {
    let mut driver = Started::start(name, command)?;
    driver.wait_until(READY, || TcpStream::connect(("127.0.0.1", port)).is_ok())?;
    Ok(driver)
}
