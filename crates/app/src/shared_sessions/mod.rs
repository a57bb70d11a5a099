//! Shared sessions of a workspace: listed, begun, attached to, ended. tmux keeps them, or dtach where there is
//! no tmux; they are the same that people over plain `ssh` see.
//!
//! An attached session is a terminal like any other; closing it detaches.

mod listing;
mod programs;

use std::sync::Arc;

use backend_api::{ExecOutput, ExecRequest};
use model::{
    ErrorCode, Failure, SessionProgram, SharedSessions, TerminalSize, TerminalView, WorkspaceRef,
};

use crate::{Core, sessions::Live};

/// The longest name of a session that Moorline makes.
const LONGEST_NAME: usize = 40;

impl Core {
    /// The shared sessions of a workspace, and who is attached to them.
    ///
    /// # Errors
    /// `Conflict` when the workspace does not run, `Unreachable`, `Unsupported`, `Protocol`.
    pub async fn shared_sessions(
        &self,
        workspace: &WorkspaceRef,
    ) -> Result<SharedSessions, Failure> {
        let live = self.shared.live(&workspace.connection_id).await?;
        let output = run(&live, workspace, programs::list()).await?;
        Ok(listing::parse(&String::from_utf8_lossy(&output.stdout), &self.person()))
    }

    /// Attaches to a shared session in a terminal; begins it when `program` is none.
    ///
    /// # Errors
    /// `Invalid` for a name that will not do, `Unsupported` when the workspace has neither tmux nor dtach,
    /// `NotFound` when there is no such session any more, and as `terminal_open`.
    pub async fn shared_session_open(
        &self,
        workspace: WorkspaceRef,
        name: &str,
        program: Option<SessionProgram>,
        size: TerminalSize,
    ) -> Result<TerminalView, Failure> {
        let known = self.shared_sessions(&workspace).await?;
        let person = self.person();
        let is_there =
            |program| known.sessions.iter().any(|one| one.name == name && one.program == program);
        let argv = match program {
            Some(program) if is_there(program) => programs::attach(program, name, &person),
            Some(_) => return Err(gone(name)),
            None => {
                check_name(name)?;
                let program = known.program.ok_or_else(|| missing(&known))?;
                if is_there(program) {
                    return Err(taken(name));
                }
                programs::begin(program, name, &person)
            }
        };
        self.open_terminal(workspace, size, Some((argv, name.to_owned()))).await
    }

    /// Ends a shared session with everything in it, for everybody who is attached.
    ///
    /// # Errors
    /// `NotFound` when there is no such session any more, and as `shared_sessions`.
    pub async fn shared_session_end(
        &self,
        workspace: &WorkspaceRef,
        name: &str,
        program: SessionProgram,
    ) -> Result<(), Failure> {
        let live = self.shared.live(&workspace.connection_id).await?;
        let output = run(&live, workspace, programs::end(program, name)).await?;
        if output.exit_code == Some(0) { Ok(()) } else { Err(gone(name)) }
    }

    /// What others see this person as: the name of their home folder.
    fn person(&self) -> String {
        let name = self.shared.home_folder.file_name().unwrap_or_default().to_string_lossy();
        let plain = |c: &char| c.is_alphanumeric() || "._-".contains(*c);
        name.chars().filter(plain).take(LONGEST_NAME).collect()
    }
}

async fn run(
    live: &Arc<Live>,
    workspace: &WorkspaceRef,
    argv: Vec<String>,
) -> Result<ExecOutput, Failure> {
    let exec = live.session.exec().ok_or_else(|| live.cannot("run programs"))?;
    let request = ExecRequest { argv, user: None, stdin: None };
    let cx = live.cx();
    live.call(exec.run(&workspace.workspace_id, request, &cx)).await
}

fn check_name(name: &str) -> Result<(), Failure> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let is_name = !name.is_empty()
        && name.len() <= LONGEST_NAME
        && !name.starts_with('-')
        && name.chars().all(is_part);
    if is_name {
        return Ok(());
    }
    Err(Failure::new(ErrorCode::Invalid, format!("\"{name}\" is no name for a shared session"))
        .with_hint("Use up to 40 letters, digits, dashes and underscores.")
        .with_field("name"))
}

fn taken(name: &str) -> Failure {
    Failure::new(ErrorCode::Conflict, format!("there is a shared session \"{name}\" already"))
        .with_hint("Attach to it, or choose another name.")
        .with_field("name")
}

fn gone(name: &str) -> Failure {
    Failure::new(ErrorCode::NotFound, format!("the shared session \"{name}\" has ended"))
        .with_hint("Look at the list again, or begin a new one.")
}

fn missing(known: &SharedSessions) -> Failure {
    let hint = match &known.install_command {
        Some(command) => format!("Install tmux in the workspace: {command}"),
        None => "Use an image that has tmux or dtach.".to_owned(),
    };
    Failure::new(ErrorCode::Unsupported, "the workspace has neither tmux nor dtach").with_hint(hint)
}

#[cfg(test)]
mod tests {
    use super::check_name;

    #[test]
    fn a_name_is_one_plain_word() {
        assert!(check_name("pair-2").is_ok());
        for name in ["", "-x", "a b", "a:b", "a.b", "a/../b", &"x".repeat(41)] {
            assert_eq!(check_name(name).unwrap_err().field.as_deref(), Some("name"), "{name}");
        }
    }
}
