//! A lab without a display, through the same core that the app runs: up, a console, collected, gone.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tests::{
    headless::{Headless, finished},
    practice_labs::PracticeLabs,
};

use crate::{shell::Shell, steps::step};

pub(crate) const LAB_SERVER: &str = "practice lab server: netlab, containerlab and FRR, sealed off";

const NAME: &str = "headless-lab";
const LONG: Duration = Duration::from_secs(180);
const ADJACENT: Duration = Duration::from_secs(60);
/// OSPF takes some seconds; the console is the router's own command line.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// From a server that nothing is known about to a lab that is gone again.
///
/// # Errors
/// The first step that fails, by name.
pub(crate) async fn run() -> Result<()> {
    let start = Instant::now();
    let labs = step(LAB_SERVER, PracticeLabs::start()).await?;
    let data = tempfile::tempdir()?;
    let home = tempfile::tempdir()?;
    let moorline = Headless::start(data.path(), home.path()).await?;
    let outcome = main_job(&moorline, &labs).await;
    moorline.shutdown().await;
    outcome?;
    drop(labs);
    println!("{:>7.2} s  in all", start.elapsed().as_secs_f64());
    Ok(())
}

async fn main_job(moorline: &Headless, labs: &PracticeLabs) -> Result<()> {
    let connection =
        step("connect, host key and certificate compared and trusted", labs.connect(moorline))
            .await?;
    let template = step("read the topologies", labs.add_topologies(moorline)).await?;
    let lab = step(
        "two routers with OSPF: files over, up, verified",
        labs.start_lab(moorline, &connection, &template, NAME),
    )
    .await?;
    step("console on r1: its neighbour is Full", adjacency(moorline, &lab)).await?;
    step("collect the configurations", collect(moorline, &lab)).await?;
    step("take it down and remove its files", destroy(moorline, labs, &lab)).await
}

async fn adjacency(moorline: &Headless, lab: &Value) -> Result<()> {
    let page = moorline.call("lab_inspect", json!({"lab": lab["lab_ref"]})).await?;
    let nodes = page["detail"]["nodes"].as_array().context("a lab has nodes")?;
    let node = nodes.iter().find(|node| node["name"] == "r1").context("there is no r1")?;
    ensure!(node["state"] == "running", "r1 is {}", node["state"]);
    ensure!(!node["console"].is_null(), "r1 has no console");
    let target = json!({
        "connection_id": lab["lab_ref"]["connection_id"], "workspace_id": node["console"],
    });
    let shell = Shell::open(moorline, &target).await?;
    let end = Instant::now() + ADJACENT;
    loop {
        shell.type_line("show ip ospf neighbor").await?;
        match tokio::time::timeout(ASK_AGAIN, shell.read_until("Full/")).await {
            Ok(shown) => break drop(shown?),
            Err(_) => ensure!(Instant::now() < end, "no neighbour is Full after {ADJACENT:?}"),
        }
    }
    shell.type_line("exit").await
}

async fn collect(moorline: &Headless, lab: &Value) -> Result<String> {
    let run = change(moorline, lab, "collect", json!({})).await?;
    let sets = moorline.call("lab_collections", json!({"lab": lab["lab_ref"]})).await?;
    let files = sets[0]["files"].as_array().context("a collection has files")?;
    let name = |file: &Value| file["path"].as_str().unwrap_or_default().to_owned();
    let path = files.iter().map(name).find(|path| path == "r1.cfg").context("nothing of r1")?;
    let args = json!({"lab": lab["lab_ref"], "run_id": run["id"], "path": path});
    let text = moorline.call("lab_collected", args).await?;
    let text = text["text"].as_str().unwrap_or_default();
    ensure!(text.contains("router ospf"), "{path} is no configuration: {text}");
    Ok(format!("{} files", files.len()))
}

async fn destroy(moorline: &Headless, labs: &PracticeLabs, lab: &Value) -> Result<()> {
    change(moorline, lab, "destroy", json!({"removes_files": true})).await?;
    labs.check_nothing_is_left()
}

async fn change(moorline: &Headless, lab: &Value, verb: &str, options: Value) -> Result<Value> {
    let args = json!({"lab": lab["lab_ref"], "verb": verb, "options": options});
    let started = moorline.call("lab_change", args).await?;
    finished(moorline, &started, LONG).await
}
