//! Gathers a bundle and takes names, addresses and secrets out of it before anybody sees it.

use std::path::{Path, PathBuf};

use model::{
    ConnectionView, Failure, LogLevel, Run, SshHost, SupportBundle, SupportFile, WorkspaceView,
};

use super::{facts, redact::Redactor};
use crate::{AppInfo, shared::Shared};

/// The newest bytes of each log file that an earlier start wrote.
const LOG_BYTES: usize = 256 * 1024;
const LOG_FILES: usize = 2;

/// Makes the bundle as it would be saved.
pub(super) async fn make(
    shared: &Shared,
    info: AppInfo,
    runs: &[Run],
) -> Result<SupportBundle, Failure> {
    let gather = |state: &mut crate::state::State| {
        let hosts: Vec<SshHost> = state.ssh_hosts.values().cloned().collect();
        (state.connection_views(), hosts, state.workspace_views())
    };
    let (connections, hosts, workspaces) = shared.owner.with(gather).await?;
    let mut redactor = known_names(shared, &connections, &hosts, &workspaces);
    redactor.learn("workspace", runs.iter().map(|run| run.subject.name.clone()));
    redactor.learn("connection", runs.iter().map(|run| run.subject.connection_name.clone()));

    let mut files = vec![
        file(
            "about.txt",
            "The version, the system and the settings.",
            facts::about(&info, &shared.settings.borrow().clone()),
        ),
        file(
            "connections.txt",
            "Each connection, its state and its last error.",
            facts::connections(&connections),
        ),
        file("runs.txt", "The newest runs, and why they failed.", facts::runs(runs)),
        file(
            "log.txt",
            "Moorline's own log since it was started.",
            shared.journal.text(LogLevel::Debug),
        ),
    ];
    for (name, text) in earlier_logs(&shared.data_folder.join("logs")).await {
        files.push(file(&name, "What Moorline logged earlier.", text));
    }
    for file in &mut files {
        file.text = redactor.clean(&file.text);
    }
    Ok(SupportBundle { files, replaced: redactor.replaced })
}

fn file(name: &str, about: &str, text: String) -> SupportFile {
    SupportFile { name: name.into(), about: about.into(), text }
}

fn known_names(
    shared: &Shared,
    connections: &[ConnectionView],
    hosts: &[SshHost],
    workspaces: &[WorkspaceView],
) -> Redactor {
    let mut redactor = Redactor::new();
    let home = shared.home_folder.display().to_string();
    redactor.learn("home", (home.len() > 1).then_some(home));
    let person = shared.home_folder.file_name().map(|name| name.to_string_lossy().into_owned());
    redactor.learn("user", hosts.iter().map(|host| host.user.clone()).chain(person));
    let addresses = hosts.iter().flat_map(|host| &host.addresses);
    redactor.learn("host", addresses.map(|address| address.host.clone()));
    redactor.learn("connection", connections.iter().map(|view| view.connection.name.clone()));
    redactor.learn("workspace", workspaces.iter().map(|view| view.workspace.name.clone()));
    redactor
}

/// The newest log files of the data folder, newest first, each from its end.
async fn earlier_logs(folder: &Path) -> Vec<(String, String)> {
    let Ok(mut entries) = tokio::fs::read_dir(folder).await else { return Vec::new() };
    let mut paths: Vec<PathBuf> = Vec::new();
    while let Ok(Some(entry)) = entries.next_entry().await {
        if entry.path().extension().is_some_and(|end| end == "log") {
            paths.push(entry.path());
        }
    }
    // Their names end with the day.
    paths.sort();
    let mut logs = Vec::new();
    for path in paths.into_iter().rev().take(LOG_FILES) {
        let Ok(bytes) = tokio::fs::read(&path).await else { continue };
        let start = bytes.len().saturating_sub(LOG_BYTES);
        let tail = String::from_utf8_lossy(bytes.get(start..).unwrap_or_default()).into_owned();
        // A line that was cut could hide what it is about.
        let whole = if start == 0 { &tail } else { tail.split_once('\n').map_or("", |(_, t)| t) };
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        logs.push((name.unwrap_or_default(), whole.to_owned()));
    }
    logs
}
