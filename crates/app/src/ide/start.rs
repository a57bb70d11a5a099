//! Starting a program that goes on by itself.

use std::{path::Path, process::Stdio, sync::Arc, time::Duration};

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
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // What ends Moorline from its terminal should not end an editor.
    #[cfg(unix)]
    command.process_group(0);
    #[cfg(windows)]
    command.creation_flags(NEW_CONSOLE);
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

/// `CREATE_NEW_CONSOLE`: a console program gets a window; others do not care.
#[cfg(windows)]
const NEW_CONSOLE: u32 = 0x10;

fn failed(name: &str, program: &Path) -> Failure {
    Failure::new(ErrorCode::Internal, format!("{name} did not start"))
        .with_hint(format!("Start {} by hand to see what it says.", program.display()))
}
