//! What the desktop's own notices say: told while nobody looks, a click leads there, and quiet otherwise.

use anyhow::{Context, Result, ensure};
use tests::{
    desktop::Desktop,
    notices::Notices,
    panel::{Panel, find},
    podman::BOX_IMAGE,
    practice::PRACTICE,
    real_app::RealApp,
};

use super::{
    prepared::{Prepared, with_picture},
    steps::words,
};

const NAME: &str = "broken";
const SWITCH: &str = "//label[.='Notifications']/following::*[@role='switch'][1]";

struct Bench {
    app: RealApp,
    panel: Panel,
    notices: Notices,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the built app: cargo xtask test runs it"]
async fn what_fails_while_nobody_looks_is_told_by_the_desktop() {
    let prepared = Prepared::new(None).await.expect("the practice server");
    // Its program does not exist, so that it never starts.
    let create =
        ["create", "--name", NAME, "--label", "l8s.managed=true", BOX_IMAGE, "/no/program"];
    prepared.practice.podman().podman(&create).expect("a container that does not start");
    let desktop = Desktop::start().expect("a desktop");
    let panel = Panel::start(desktop.bus()).await.expect("a panel");
    let notices = Notices::start(desktop.bus()).await.expect("a place for notices");
    let app = prepared.app_in_tray(desktop).await.expect("the app");
    let bench = Bench { app, panel, notices };
    let outcome = bench.go().await;
    with_picture(&bench.app, outcome).await.expect("the notices");
}

impl Bench {
    async fn go(&self) -> Result<()> {
        self.told_and_clicked().await.context("hidden")?;
        self.quiet_while_watched().await.context("watched")?;
        self.quiet_when_switched_off().await.context("switched off")
    }

    async fn told_and_clicked(&self) -> Result<()> {
        ensure!(!self.app.desktop().shows("Moorline")?, "the app begins without a window");
        self.fail().await?;
        let told = self.notices.after(1).await?;
        let [notice] = told.as_slice() else { anyhow::bail!("more than one notice: {told:?}") };
        ensure!(notice.title == format!("{NAME}: start failed"), "it says {notice:?}");
        ensure!(notice.body.contains(NAME) && notice.can_be_clicked, "it says {notice:?}");
        self.notices.click(notice).await?;
        let window = &self.app.window;
        window.until("return location.hash.startsWith('#/runs/')").await.context("its run")?;
        window.find(&words("Failed")).await?;
        self.app.desktop().focus("Moorline").context("the window that a click shows")
    }

    async fn quiet_while_watched(&self) -> Result<()> {
        self.fail_again(2).await
    }

    async fn quiet_when_switched_off(&self) -> Result<()> {
        self.app.go("/settings/window").await?;
        self.app.window.click(SWITCH).await?;
        self.app.window.find(&format!("{SWITCH}[@aria-checked='false']")).await?;
        self.app.desktop().hide("Moorline")?;
        self.fail_again(3).await
    }

    /// Starts it from the tray; that is refused.
    async fn fail(&self) -> Result<()> {
        let start = format!("Start {NAME} ({PRACTICE})");
        self.panel.menu_when(|lines| find(lines, &start).is_some()).await?;
        self.panel.click(&start).await
    }

    /// The same once more: Moorline keeps it among its own notices, and the desktop hears nothing.
    async fn fail_again(&self, kept: usize) -> Result<()> {
        self.fail().await?;
        self.app.window.find(&format!("[aria-label='Notifications, {kept} unread']")).await?;
        let told = self.notices.told();
        ensure!(told.len() == 1, "told all the same: {told:?}");
        Ok(())
    }
}
