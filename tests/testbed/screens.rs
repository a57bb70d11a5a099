//! The screens, and how one gets to each.

use anyhow::Result;
use tests::{real_app::RealApp, session::ESCAPE};

/// Things that the pages are about.
pub(crate) struct Places {
    pub(crate) connection: String,
    pub(crate) workspace: String,
    pub(crate) run: String,
}

/// One screen.
pub(crate) struct Screen {
    pub(crate) name: &'static str,
    path: String,
    /// What is clicked on the page, in this order.
    clicks: &'static [&'static str],
    /// Something that is there once the screen is complete.
    ready: &'static str,
    is_dialog: bool,
}

impl Screen {
    fn page(name: &'static str, path: String, ready: &'static str) -> Self {
        Self { name, path, clicks: &[], ready, is_dialog: false }
    }

    fn dialog(name: &'static str, path: &str, clicks: &'static [&'static str]) -> Self {
        Self { name, path: path.to_owned(), clicks, ready: "[role=dialog]", is_dialog: true }
    }

    /// Goes there and waits until it is complete.
    pub(crate) async fn show(&self, app: &RealApp) -> Result<()> {
        app.go(&self.path).await?;
        for selector in self.clicks {
            app.window.click(selector).await?;
        }
        app.window.find(self.ready).await?;
        // Fonts and the first measurements come after the page.
        app.window.until("return document.fonts.status === 'loaded'").await?;
        app.window
            .until("return document.getAnimations().every((a) => a.effect.getComputedTiming().iterations === Infinity)")
            .await
            .map(drop)
    }

    /// Closes what was opened.
    pub(crate) async fn leave(&self, app: &RealApp) -> Result<()> {
        if self.is_dialog {
            app.window.keys("[role=dialog]", ESCAPE).await?;
            app.window.gone("[role=dialog]").await?;
        }
        Ok(())
    }
}

/// Every screen of a connected app, in the order in which the pictures are taken.
pub(crate) fn screens(places: &Places) -> Vec<Screen> {
    let Places { connection, workspace, run } = places;
    let tab = |tab: &str| format!("/workspaces/{connection}/{workspace}/{tab}");
    vec![
        Screen::page("workspaces", "/workspaces".into(), "[aria-label='atlas-api']"),
        Screen::page("workspace-overview", tab("overview"), "main section"),
        Screen::page("workspace-logs", tab("logs"), "//*[contains(., 'dev container ready')]"),
        Screen::page("workspace-ports", tab("ports"), "//*[contains(., '8080')]"),
        Screen::page("workspace-metrics", tab("metrics"), "main [role=img]"),
        Screen::page("workspace-runs", tab("runs"), "//main//*[contains(., 'Create')]"),
        Screen::page("workspace-terminal", tab("terminal"), "main"),
        Screen::dialog("create", "/workspaces", &["//button[contains(., 'New workspace')]"]),
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
    ]
}
