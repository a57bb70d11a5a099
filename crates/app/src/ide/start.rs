//! Starting a program that goes on by itself.

use std::{path::Path, sync::Arc, time::Duration};

use model::{ErrorCode, Failure};
use tokio::process::Command;

use crate::shared::Shared;

/// A program that cannot do what it was asked says so within this time; one that shows a window goes on.
const FAILS_WITHIN: Duration = Duration::from_millis(800);

/// Starts a program with plain arguments. It outlives Moorline.
pub(super) async fn start(
    shared: &Arc<Shared>,
    name: &str,
    program: &Path,
    arguments: &[String],
) -> Result<(), Failure> {
    let mut command = Command::new(program);
    command.args(arguments);
    detach(&mut command);
    tracing::info!(program = %program.display(), "starting a program");
    let mut child = command.spawn().map_err(|error| {
        failed(name, program).with_detail(format!("{}: {error}", program.display()))
    })?;
    let ended = tokio::time::timeout(FAILS_WITHIN, child.wait()).await;
    if let Ok(Ok(status)) = ended
        && !status.success()
    {
        return Err(failed(name, program).with_detail(format!("it ended with {status}")));
    }
    if ended.is_err() {
        // Somebody has to take note of its end, or it stays in the list of processes.
        shared.spawn(async move { drop(child.wait().await) });
    }
    Ok(())
}

/// What ends Moorline from its terminal should not end an editor.
#[cfg(unix)]
fn detach(command: &mut Command) {
    let nothing = std::process::Stdio::null;
    command.stdin(nothing()).stdout(nothing()).stderr(nothing()).process_group(0);
}

/// A console program gets a window of its own, with the streams of that window; others do not care.
#[cfg(windows)]
fn detach(command: &mut Command) {
    const CREATE_NEW_CONSOLE: u32 = 0x10;
    command.creation_flags(CREATE_NEW_CONSOLE);
}

fn failed(name: &str, program: &Path) -> Failure {
    Failure::new(ErrorCode::Internal, format!("{name} did not start"))
        .with_hint(format!("Start {} by hand to see what it says.", program.display()))
}
