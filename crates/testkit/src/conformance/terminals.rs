//! Terminals: a round trip, a size, an exit code.

use backend_api::{Terminal, TerminalInput, TerminalOptions, TerminalOutput};
use bytes::Bytes;
use futures::StreamExt;
use model::TerminalSize;

use super::{Checked, Must, Subject, broken, ensure, soon, words};

async fn open(subject: &Subject<'_>, rule: &str) -> Checked<Option<Terminal>> {
    let Some(exec) = subject.session.exec() else { return Ok(None) };
    let size = TerminalSize { columns: 101, rows: 33 };
    let options = TerminalOptions { size, argv: None, user: None };
    let terminal = exec.terminal(&subject.id, options, subject.cx).await.must(rule)?;
    Ok(Some(terminal))
}

async fn send(terminal: &Terminal, rule: &str, input: TerminalInput) -> Checked {
    soon(rule, terminal.input.send(input)).await?.map_err(|_| broken(rule, "it takes no input"))
}

async fn type_line(terminal: &Terminal, rule: &str, line: &str) -> Checked {
    send(terminal, rule, TerminalInput::Bytes(Bytes::from(format!("{line}\n")))).await
}

/// Reads until `needle` was printed.
async fn read_until(terminal: &mut Terminal, rule: &str, needle: &str) -> Checked {
    let mut seen = String::new();
    let found = async {
        while let Some(item) = terminal.output.next().await {
            match item.map_err(|error| broken(rule, words(error)))? {
                TerminalOutput::Bytes(bytes) => seen.push_str(&String::from_utf8_lossy(&bytes)),
                TerminalOutput::Exited { exit_code } => {
                    return Err(broken(rule, format!("it ended with {exit_code:?}: {seen:?}")));
                }
            }
            if seen.contains(needle) {
                return Ok(());
            }
        }
        Err(broken(rule, format!("the output ended: {seen:?}")))
    };
    let found = soon(rule, found).await;
    found.map_err(|late| broken(rule, format!("{late}; {needle:?} is not in {seen:?}")))?
}

pub(super) async fn a_terminal_runs(subject: &Subject<'_>) -> Checked {
    let rule = "a terminal has a shell of the size asked for, and follows a resize";
    let Some(mut terminal) = open(subject, rule).await? else { return Ok(()) };
    ensure(!terminal.program.is_empty(), rule, || "it has no title".into())?;
    type_line(&terminal, rule, "stty size").await?;
    read_until(&mut terminal, rule, "33 101").await?;
    send(&terminal, rule, TerminalInput::Resize(TerminalSize { columns: 77, rows: 22 })).await?;
    type_line(&terminal, rule, "stty size").await?;
    read_until(&mut terminal, rule, "22 77").await
}

pub(super) async fn an_exit_code_comes_back(subject: &Subject<'_>) -> Checked {
    let rule = "a terminal tells its program's exit code last";
    let Some(mut terminal) = open(subject, rule).await? else { return Ok(()) };
    type_line(&terminal, rule, "exit 7").await?;
    let ended = async {
        let mut code = None;
        while let Some(item) = terminal.output.next().await {
            match item.map_err(|error| broken(rule, words(error)))? {
                TerminalOutput::Exited { exit_code } => code = Some(exit_code),
                TerminalOutput::Bytes(_) if code.is_some() => {
                    return Err(broken(rule, "output after the end"));
                }
                TerminalOutput::Bytes(_) => {}
            }
        }
        code.must(rule)
    };
    let code = soon(rule, ended).await??;
    ensure(code == Some(7), rule, || format!("it is {code:?}"))
}
