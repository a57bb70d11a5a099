//! The main job without a display, through the same core that the app runs.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tests::{
    browser::Browser,
    code_server,
    headless::{Headless, finished},
    practice::Practice,
};

use crate::{shell::Shell, steps::step};

const NAME: &str = "headless-demo";
const SOON: Duration = Duration::from_secs(30);
const LONG: Duration = Duration::from_secs(120);

/// From a server that nothing is known about to a removed workspace.
///
/// # Errors
/// The first step that fails, by name.
pub(crate) async fn run() -> Result<()> {
    let start = Instant::now();
    let practice =
        step("practice server: sshd and Podman with a dev image", Practice::start()).await?;
    let data = tempfile::tempdir()?;
    let moorline = Headless::start(data.path(), &practice.home()).await?;
    let outcome = main_job(&moorline, &practice).await;
    moorline.shutdown().await;
    outcome?;
    drop(practice);
    println!("{:>7.2} s  in all", start.elapsed().as_secs_f64());
    Ok(())
}

async fn main_job(moorline: &Headless, practice: &Practice) -> Result<()> {
    let connection =
        step("connect, host key compared and trusted", practice.connect(moorline)).await?;
    let workspace =
        step("create a dev container", practice.container(moorline, &connection, NAME, false))
            .await?;
    step("start it", act(moorline, &workspace, "workspace_start", "running")).await?;
    let password =
        step("read the IDE's password in its terminal", ide_password(moorline, &workspace));
    let password = password.await?.0;
    step(
        "open the IDE through the proxy: page, log-in, WebSocket",
        ide(moorline, &workspace, &password),
    )
    .await?;
    step("terminal: type, resize, exit code", terminal(moorline, &workspace)).await?;
    step("logs", logs(moorline, &workspace)).await?;
    step("stop it", act(moorline, &workspace, "workspace_stop", "stopped")).await?;
    step("remove it with its volumes", remove(moorline, practice, &workspace)).await
}

/// Our workspace's row.
async fn listed(moorline: &Headless) -> Result<Option<Value>> {
    let all = moorline.call("workspaces_list", json!({})).await?;
    let all = all.as_array().context("a list of workspaces")?.clone();
    Ok(all.into_iter().find(|view| view["workspace"]["name"] == NAME))
}

async fn act(moorline: &Headless, workspace: &Value, command: &str, state: &str) -> Result<()> {
    let args = json!({"workspace": workspace["workspace_ref"]});
    let started = moorline.call(command, args).await?;
    finished(moorline, &started, LONG).await?;
    moorline
        .until(state, SOON, async || {
            let view = listed(moorline).await?.context("the workspace is gone")?;
            Ok((view["workspace"]["state"] == state).then_some(()))
        })
        .await
}

/// A password, not to be printed.
struct Hidden(String);

impl crate::steps::Remark for Hidden {}

async fn ide_password(moorline: &Headless, workspace: &Value) -> Result<Hidden> {
    let shell = Shell::open(moorline, &workspace["workspace_ref"]).await?;
    // The quotes keep the mark from being found in the echo of what was typed.
    shell
        .type_line(
            "until grep -s password: ~/.config/code-server/config.yaml; do :; done; echo d''one",
        )
        .await?;
    let text = shell.read_until("done\r").await?;
    shell.type_line("exit").await?;
    let mut values = text.lines().filter_map(|line| line.trim().strip_prefix("password: "));
    let password = values.next().context("no password in the terminal")?;
    Ok(Hidden(password.to_owned()))
}

async fn ide(moorline: &Headless, workspace: &Value, password: &str) -> Result<()> {
    let args = json!({
        "workspace": workspace["workspace_ref"], "port": null, "open_in": "browser",
    });
    let opened = moorline.call("page_open", args).await?;
    let link = opened["url"].as_str().context("no link to the IDE")?;
    let (mut browser, login) = Browser::open(link).await?;
    let editor = code_server::log_in(&mut browser, &login, password).await?;
    code_server::greet(&browser, &editor).await?;
    ensure!(Browser::open(link).await?.1.status.is_client_error(), "the link works twice");
    Ok(())
}

async fn terminal(moorline: &Headless, workspace: &Value) -> Result<()> {
    let shell = Shell::open(moorline, &workspace["workspace_ref"]).await?;
    shell.type_line("echo answer-$((6 * 7)); pwd; id -un").await?;
    shell.read_until("answer-42").await?;
    shell.resize(101, 31).await?;
    shell.type_line("stty size").await?;
    shell.read_until("31 101").await?;
    shell.type_line("exit 3").await?;
    let ended = shell.ended().await?;
    ensure!(ended["exit_code"] == 3, "the shell ended with {ended}");
    Ok(())
}

async fn logs(moorline: &Headless, workspace: &Value) -> Result<()> {
    let stream = moorline.new_stream();
    let args = json!({"workspace": workspace["workspace_ref"], "tail": null, "stream": stream});
    moorline.call("log_open", args).await?;
    moorline.read_until(stream, "dev container ready", SOON).await?;
    moorline.call("stream_close", json!({"stream": stream})).await?;
    Ok(())
}

async fn remove(moorline: &Headless, practice: &Practice, workspace: &Value) -> Result<()> {
    let args = json!({"workspace": workspace["workspace_ref"], "volumes": "delete"});
    let started = moorline.call("workspace_remove", args).await?;
    finished(moorline, &started, LONG).await?;
    moorline
        .until("the workspace to leave the list", SOON, async || {
            Ok(listed(moorline).await?.is_none().then_some(()))
        })
        .await?;
    practice.check_nothing_is_left()
}
