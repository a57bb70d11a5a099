//! A workspace from a repository of this computer, in the real window: made, seen in step, pushed to and
//! pulled from.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use tests::{desktop::Desktop, dev_image::DEV_IMAGE, real_app::RealApp};

use super::{
    prepared::{Prepared, with_picture},
    steps::{button, field, words},
};

const PROJECT: &str = "/workspace/project";
const BRANCH: &str = "topic";
const ASK_AGAIN: &str = "[aria-label='Ask both sides again']";
/// The run waits for the container's SSH server, which starts beside an editor.
const RUN: Duration = Duration::from_secs(120);
const IN_STEP: &str = "Both sides are in step";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the built app: cargo xtask test runs it"]
async fn a_repository_becomes_a_workspace_that_is_pushed_to_and_pulled_from() {
    let prepared = Prepared::new(None).await.expect("the practice server");
    let desktop = Desktop::start().expect("a desktop");
    let repository = desktop.home().join("src/atlas");
    make_repository(&repository).expect("a repository");
    let app = prepared.app(desktop).await.expect("the app");
    let journey = Journey { app, prepared, repository };
    let outcome = journey.go().await;
    with_picture(&journey.app, outcome).await.expect("the journey");
}

/// Commits on main and on a branch beside it, which is checked out.
fn make_repository(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    git(folder, &["init", "-q", "-b", "main"])?;
    git(folder, &["config", "user.name", "Ada Lovelace"])?;
    git(folder, &["config", "user.email", "ada@example.org"])?;
    commit(folder, "README", "one")?;
    git(folder, &["switch", "-q", "-c", BRANCH])?;
    commit(folder, "topic.txt", "two")
}

fn commit(folder: &Path, file: &str, text: &str) -> Result<()> {
    fs::write(folder.join(file), format!("{text}\n"))?;
    git(folder, &["add", "-A"])?;
    git(folder, &["commit", "-q", "-m", text]).map(drop)
}

fn git(folder: &Path, words: &[&str]) -> Result<String> {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(words).env("GIT_CONFIG_GLOBAL", "/dev/null");
    let output = command.output().context("cannot start git")?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(output.status.success(), "git {words:?}: {said}");
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

struct Journey {
    app: RealApp,
    prepared: Prepared,
    repository: PathBuf,
}

impl Journey {
    async fn go(&self) -> Result<()> {
        let name = self.create().await.context("creating it")?;
        ensure!(self.inside(&name, &["cat", "topic.txt"])? == "two", "the branch is there");
        let owner = self.inside(&name, &["stat", "-c", "%U", "topic.txt"])?;
        ensure!(owner == "dev", "it belongs to {owner}");
        self.open(&name).await.context("its page")?;
        self.push(&name).await.context("a push")?;
        self.pull(&name).await.context("a pull")
    }

    /// Fills in the form and waits for the run; gives the name that was proposed.
    async fn create(&self) -> Result<String> {
        let window = &self.app.window;
        self.app.go("/connections").await?;
        window.find(&words("Connected")).await?;
        self.app.go("/workspaces").await?;
        window.click(&button("New workspace")).await?;
        window.click(&button("Git repository")).await?;
        window.fill(&field("Repository"), &self.repository.display().to_string()).await?;
        window.find(&words("atlas, 2 branches")).await.context("what was found")?;
        window.fill(&field("Branch"), BRANCH).await?;
        window.fill("[data-field='image'] input", DEV_IMAGE).await?;
        window.click("[role=dialog] [type=submit]").await?;
        window.find_within(&words("Done"), RUN).await.context("the end of the run")?;
        let name = self.prepared.practice.podman().podman(&["ps", "--format", "{{.Names}}"])?;
        ensure!(name.starts_with("dev-atlas-"), "it is called {name}");
        Ok(name)
    }

    async fn open(&self, name: &str) -> Result<()> {
        let window = &self.app.window;
        self.app.go("/workspaces").await?;
        window.click(&format!("[aria-label='{name}']")).await?;
        window.click("//*[@role='tab'][starts-with(., 'Git')]").await?;
        window.find(&words(IN_STEP)).await?;
        window.find(&words(BRANCH)).await.map(drop)
    }

    async fn push(&self, name: &str) -> Result<()> {
        let window = &self.app.window;
        commit(&self.repository, "here.txt", "three")?;
        window.click(ASK_AGAIN).await?;
        window.find(&words("1 commit to push")).await?;
        window.click(&button("Push")).await?;
        window.find(&words(IN_STEP)).await?;
        ensure!(self.inside(name, &["cat", "here.txt"])? == "three", "what was pushed is there");
        Ok(())
    }

    async fn pull(&self, name: &str) -> Result<()> {
        let window = &self.app.window;
        let script = "echo four >there.txt; git add -A; git commit -qm four";
        self.inside(name, &["sh", "-c", script])?;
        window.click(ASK_AGAIN).await?;
        window.find(&words("1 commit to pull")).await?;
        window.click(&button("Pull")).await?;
        window.find(&words(IN_STEP)).await?;
        let subject = git(&self.repository, &["log", "-1", "--format=%an: %s"])?;
        ensure!(subject == "Ada Lovelace: four", "the last commit here is {subject}");
        Ok(())
    }

    /// Runs a program in the container, in the project's folder, as its user.
    fn inside(&self, name: &str, argv: &[&str]) -> Result<String> {
        let mut line = vec!["exec", "-u", "dev", "-w", PROJECT, "-e", "HOME=/home/dev", name];
        line.extend(argv);
        self.prepared.practice.podman().podman(&line)
    }
}
