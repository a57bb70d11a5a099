//! Every screen of the interface, and how one gets to each.
//!
//! Owns: the list that pictures and accessibility checks share. Deliberately not here: judging a screen.

use anyhow::{Context, Result};
use serde_json::json;

use crate::{
    headless::Headless,
    practice::Practice,
    session::{ESCAPE, Session},
    sshd::free_port,
};

/// The key as WebDriver writes it.
const ENTER: char = '\u{e007}';
/// What a person would look at first, short enough for the dock.
const TYPED: &str = "clear; git --version; id; df -h /";

/// Things that the pages are about.
#[derive(Debug, Clone)]
pub struct Places {
    pub connection: String,
    pub workspace: String,
    pub run: String,
    pub tunnel: String,
}

/// One screen.
#[derive(Debug)]
pub struct Screen {
    pub name: &'static str,
    path: String,
    /// What is clicked on the page, in this order.
    clicks: &'static [&'static str],
    /// Something that is there once the screen is complete.
    ready: &'static str,
    is_dialog: bool,
    /// A line for the terminal, and what it answers.
    typed: Option<(&'static str, &'static str)>,
}

impl Screen {
    fn page(name: &'static str, path: String, ready: &'static str) -> Self {
        Self { name, path, clicks: &[], ready, is_dialog: false, typed: None }
    }

    fn dialog(name: &'static str, path: &str, clicks: &'static [&'static str]) -> Self {
        let path = path.to_owned();
        Self { name, path, clicks, ready: "[role=dialog]", is_dialog: true, typed: None }
    }

    /// Goes there and waits until it is complete.
    ///
    /// # Errors
    /// When something of it does not appear.
    pub async fn show(&self, window: &Session) -> Result<()> {
        window.run("location.hash = arguments[0]", &[json!(self.path)]).await?;
        for selector in self.clicks {
            window.click(selector).await?;
        }
        window.find(self.ready).await?;
        if let Some((line, answer)) = self.typed {
            window.keys(".xterm-helper-textarea", &format!("{line}{ENTER}")).await?;
            window
                .find(&format!("//*[contains(@class, 'xterm-rows')]//*[contains(., '{answer}')]"))
                .await?;
        }
        // Fonts and the first measurements come after the page.
        window.until("return document.fonts.status === 'loaded'").await?;
        window
            .until("return document.getAnimations().every((a) => a.effect.getComputedTiming().iterations === Infinity)")
            .await
            .map(drop)
    }

    /// Closes what was opened.
    ///
    /// # Errors
    /// When it stays.
    pub async fn leave(&self, window: &Session) -> Result<()> {
        if self.is_dialog {
            window.keys("[role=dialog]", ESCAPE).await?;
            window.gone("[role=dialog]").await?;
        }
        Ok(())
    }
}

/// Makes three tunnels through the practice server: one that works, one for SOCKS, one whose target is
/// not there.
/// Gives the id of the first.
///
/// # Errors
/// When a line is not read or a tunnel not made.
pub async fn make_tunnels(moorline: &Headless, practice: &Practice) -> Result<String> {
    let ssh = practice.login().port;
    let (first, nobody) = (free_port()?, free_port()?);
    let lines = [
        format!("{first}:127.0.0.1:{ssh} via practice"),
        format!("ssh -D {} practice", free_port()?),
        format!("{}:127.0.0.1:{nobody} via practice", free_port()?),
    ];
    let mut ids = Vec::new();
    for line in lines {
        let reading = moorline.call("tunnel_read", json!({"line": line})).await?;
        let made = moorline.call("tunnel_create", reading["input"].clone()).await;
        let made = made.with_context(|| format!("the tunnel {line}: {reading}"))?;
        ids.push(made["tunnel"]["id"].as_str().unwrap_or_default().to_owned());
    }
    ids.into_iter().next().context("no tunnel was made")
}

/// Every screen of a connected app, in the order in which the pictures are taken.
#[must_use]
pub fn screens(places: &Places) -> Vec<Screen> {
    let Places { connection, workspace, run, tunnel } = places;
    let tab = |tab: &str| format!("/workspaces/{connection}/{workspace}/{tab}");
    vec![
        Screen::page("home", "/home".into(), "//main//*[contains(., 'practice')]"),
        Screen::page("workspaces", "/workspaces".into(), "[aria-label='atlas-api']"),
        Screen::page("workspace-overview", tab("overview"), "main section"),
        Screen::page("workspace-logs", tab("logs"), "//*[contains(., 'dev container ready')]"),
        Screen::page("workspace-ports", tab("ports"), "//*[contains(., '8080')]"),
        Screen::page("workspace-metrics", tab("metrics"), "main [role=img]"),
        Screen::page("workspace-runs", tab("runs"), "//main//*[contains(., 'Create')]"),
        Screen::page("workspace-terminal", tab("terminal"), "main"),
        Screen {
            // The form comes once the server has said what it offers.
            ready: "[role=dialog] [data-field='name']",
            ..Screen::dialog("create", "/workspaces", &["//button[contains(., 'New workspace')]"])
        },
        Screen::page("tunnels", "/tunnels".into(), "//*[@role='row'][contains(., 'Target down')]"),
        Screen::page(
            "tunnel",
            format!("/tunnels/{tunnel}"),
            "//main//*[contains(., 'This computer')]",
        ),
        Screen::page("runs", "/runs".into(), "//main//*[contains(., 'atlas-api')]"),
        Screen::page("run", format!("/runs/{run}"), "main"),
        Screen::page("connections", "/connections".into(), "//main//*[contains(., 'practice')]"),
        Screen::page("connection", format!("/connections/{connection}"), "main"),
        Screen::dialog(
            "add-connection",
            "/connections",
            &["//button[contains(., 'Add a connection') or @aria-label='Add a connection']"],
        ),
        Screen::page("settings", "/settings".into(), "main"),
        // The last one, because the terminal stays in the dock.
        Screen {
            clicks: &["//header//button[normalize-space(.)='Terminal']"],
            typed: Some((TYPED, "git version")),
            ..Screen::page("workspace-dock", tab("overview"), "//*[contains(@class, 'xterm-rows')]")
        },
    ]
}
