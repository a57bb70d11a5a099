//! Programs on a terminal of the SSH host.

use std::time::Duration;

use backend_api::{RemoteExec, Terminal, TerminalInput, TerminalOutput};
use bytes::Bytes;
use futures::StreamExt;
use model::TerminalSize;

use tests::sshd::{Sshd, SshdOptions};

use super::setup::{link, run};

const SIZE: TerminalSize = TerminalSize { columns: 100, rows: 30 };
const LIMIT: Duration = Duration::from_secs(20);

/// Reads until `text` was shown.
async fn until(terminal: &mut Terminal, text: &str) -> String {
    let mut shown = String::new();
    let reading = async {
        while !shown.contains(text) {
            match terminal.output.next().await {
                Some(Ok(TerminalOutput::Bytes(bytes))) => {
                    shown.push_str(&String::from_utf8_lossy(&bytes));
                }
                other => panic!("{other:?} after {shown}"),
            }
        }
    };
    tokio::time::timeout(LIMIT, reading).await.unwrap();
    shown
}

async fn typed(terminal: &Terminal, text: &str) {
    let bytes = Bytes::copy_from_slice(text.as_bytes());
    terminal.input.send(TerminalInput::Bytes(bytes)).await.unwrap();
}

#[test]
fn a_program_has_a_terminal_of_the_size_it_is_given_and_tells_how_it_ended() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let link = link(&sshd).await;
        let mut terminal = link
            .terminal(&["sh", "-c", "stty size; read x; stty size; exit 7"], SIZE)
            .await
            .unwrap();
        assert_eq!(terminal.program, "sh");
        until(&mut terminal, "30 100").await;
        let bigger = TerminalSize { columns: 132, rows: 50 };
        terminal.input.send(TerminalInput::Resize(bigger)).await.unwrap();
        typed(&terminal, "\n").await;
        until(&mut terminal, "50 132").await;
        let mut last = None;
        while let Some(item) = terminal.output.next().await {
            last = Some(item.unwrap());
        }
        assert_eq!(last, Some(TerminalOutput::Exited { exit_code: Some(7) }));
    });
}

#[test]
fn a_terminal_that_is_dropped_hangs_its_program_up() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let link = link(&sshd).await;
        let mark = sshd.dir.join("hung-up").display().to_string();
        let script = "trap 'echo yes > \"$1\"; exit' HUP; echo ready; while :; do read x; done";
        let mut terminal = link.terminal(&["sh", "-c", script, "sh", &mark], SIZE).await.unwrap();
        until(&mut terminal, "ready").await;
        drop(terminal);
        let told = async {
            while !std::path::Path::new(&mark).exists() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(LIMIT, told).await.expect("the program is told");
    });
}
