//! What consoles and logs leave on the server and in its nodes when nobody looks any more: nothing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use backend_api::{
    BackendError, ExecRequest, LogOptions, Terminal, TerminalOptions, TerminalOutput,
};
use futures::StreamExt;
use model::{TerminalSize, WorkspaceId};
use tests::labs::LabServer;
use tests::sshd::send_signal;
use tokio_util::sync::CancellationToken;

use super::rig::{Notebook, Rig};

const SOON: Duration = Duration::from_secs(15);

/// Programs of the server and its nodes whose command line has these words.
fn running(server: &LabServer, words: &str) -> Vec<String> {
    let output = server.command("ps", "/").args(["-eo", "args"]).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    printed.lines().filter(|line| line.contains(words)).map(str::to_owned).collect()
}

async fn wait_until_gone(server: &LabServer, words: &str) {
    let end = Instant::now() + SOON;
    loop {
        let left = running(server, words);
        if left.is_empty() {
            return;
        }
        assert!(Instant::now() < end, "still there: {left:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// A console that is at its prompt.
async fn console(rig: &Rig, id: &WorkspaceId) -> Terminal {
    let size = TerminalSize { columns: 80, rows: 24 };
    let options = TerminalOptions { size, argv: None, user: None };
    let mut terminal = rig.session.exec().unwrap().terminal(id, options, &rig.cx).await.unwrap();
    let mut shown = String::new();
    while !shown.contains("r1#") {
        match terminal.output.next().await {
            Some(Ok(TerminalOutput::Bytes(bytes))) => {
                shown.push_str(&String::from_utf8_lossy(&bytes));
            }
            other => panic!("{other:?} after {shown}"),
        }
    }
    terminal
}

/// Closes a log and a console, then loses the connection with a console open; gives a new session.
pub(super) async fn nothing_is_left(rig: Rig, server: &LabServer, id: &WorkspaceId) -> Rig {
    wait_until_gone(server, "vtysh").await;
    let options = LogOptions { is_followed: true, tail: Some(5), since: None };
    let mut lines = rig.session.logs().unwrap().logs(id, options, &rig.cx).await.unwrap();
    lines.next().await.unwrap().unwrap();
    assert!(!running(server, "docker logs").is_empty());
    drop(lines);
    wait_until_gone(server, "docker logs").await;

    a_cancelled_program_ends(&rig, server, id).await;

    let open = console(&rig, id).await;
    assert!(!running(server, "vtysh").is_empty());
    drop(open);
    wait_until_gone(server, "vtysh").await;

    let open = console(&rig, id).await;
    // Not what they run, which has to find out by itself; and not the listener.
    let serves = |pid: &u32| {
        let title = std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        title.starts_with("sshd: root")
    };
    let serving: Vec<u32> = server.sshd().sessions().into_iter().filter(serves).collect();
    assert!(!serving.is_empty());
    send_signal("KILL", &serving);
    wait_until_gone(server, "vtysh").await;
    drop(open);
    Rig::new(server).await
}

async fn a_cancelled_program_ends(rig: &Rig, server: &LabServer, id: &WorkspaceId) {
    let cancel = CancellationToken::new();
    let cx = rig.cx.for_call(cancel.clone(), Arc::new(Notebook::default()));
    let argv = ["sleep", "987"].map(str::to_owned).into();
    let request = ExecRequest { argv, ..ExecRequest::default() };
    let ran = rig.session.exec().unwrap().run(id, request, &cx);
    let cancelling = async {
        while !running(server, "sleep 987").iter().any(|line| line == "sleep 987") {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        cancel.cancel();
    };
    let (ran, ()) = tokio::join!(ran, cancelling);
    assert!(matches!(ran, Err(BackendError::Cancelled)), "{ran:?}");
    wait_until_gone(server, "sleep 987").await;
}
