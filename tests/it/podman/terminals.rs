//! What only a real container shows of terminals and logs.

use std::time::{Duration, Instant};

use backend_api::{LogOptions, TerminalInput, TerminalOptions, TerminalOutput};
use bytes::Bytes;
use futures::StreamExt;
use model::TerminalSize;
use tests::podman::BOX_IMAGE;

use super::making::make;
use super::rig::{PodmanRig, values};

const SIZE: TerminalSize = TerminalSize { columns: 80, rows: 24 };

#[tokio::test]
async fn a_terminal_that_is_dropped_hangs_its_program_up() {
    let rig = PodmanRig::direct();
    let (session, cx) = (rig.session().await, rig.cx());
    let input = values(&[("name", "atlas-api"), ("image", BOX_IMAGE)]);
    let (_, id) = make(session.as_ref(), &input, &cx).await.unwrap();
    let argv = Some(vec!["sleep".to_owned(), "4321".to_owned()]);
    let options = TerminalOptions { size: SIZE, argv, user: None };
    let terminal = session.exec().unwrap().terminal(&id, options, &cx).await.unwrap();
    let runs = || {
        let processes = rig.service.podman(&["exec", "atlas-api", "ps", "-o", "args"]).unwrap();
        processes.lines().any(|line| line.trim() == "sleep 4321")
    };
    wait_until("the program runs", runs).await;
    drop(terminal);
    let begun = Instant::now();
    while runs() {
        assert!(begun.elapsed() < Duration::from_secs(20), "the program goes on");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(begun.elapsed() < Duration::from_secs(20), "not yet: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_terminal_is_the_dev_users_in_the_workspace() {
    let rig = PodmanRig::direct();
    let (session, cx) = (rig.session().await, rig.cx());
    let input = values(&[("name", "atlas-api"), ("image", BOX_IMAGE)]);
    let (_, id) = make(session.as_ref(), &input, &cx).await.unwrap();
    let options = TerminalOptions { size: SIZE, argv: None, user: None };
    let mut terminal = session.exec().unwrap().terminal(&id, options, &cx).await.unwrap();
    assert_eq!(terminal.program, "sh");
    let typed = "echo $(id -un) $(pwd) $HOME $TERM; touch x && echo writable; exit\n";
    terminal.input.send(TerminalInput::Bytes(Bytes::from(typed))).await.unwrap();
    let mut shown = String::new();
    while let Some(item) = terminal.output.next().await {
        if let TerminalOutput::Bytes(bytes) = item.unwrap() {
            shown.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
    assert!(shown.contains("dev /workspace /home/dev xterm-256color"), "{shown:?}");
    assert!(shown.contains("\nwritable"), "{shown:?}");
    assert!(!shown.contains("7788"), "the mark is not shown: {shown:?}");
}

#[tokio::test]
async fn a_line_longer_than_the_limit_is_cut_and_says_so() {
    let rig = PodmanRig::direct();
    let (session, cx) = (rig.session().await, rig.cx());
    let command =
        "sh -c 'head -c 100000 /dev/zero | tr \"\\0\" x; echo; echo after; exec sleep 100'";
    let input = values(&[("name", "atlas-api"), ("image", BOX_IMAGE), ("command", command)]);
    let (_, id) = make(session.as_ref(), &input, &cx).await.unwrap();
    let options = LogOptions { is_followed: false, tail: None, since: None };
    let lines = session.logs().unwrap().logs(&id, options, &cx).await.unwrap();
    let lines: Vec<String> = lines.map(|line| line.unwrap().text).collect().await;
    assert_eq!(lines.len(), 2, "{} lines", lines.len());
    assert_eq!(lines[0].trim_start_matches('x'), " [34464 more bytes of this line left out]");
    assert_eq!(lines[1], "after");
}
