//! Terminals: an exec session with a TTY, its input, its size, its end.
//!
//! Podman leaves the programs of an exec session running when its stream closes. So the session begins with
//! a line of shell that tells its process id in a control sequence, and a terminal that is dropped sends
//! that process the hang-up which a closed terminal would have sent.

mod mark;
mod worker;

use async_trait::async_trait;
use backend_api::{BackendError, Cx, Exec, ExecOutput, ExecRequest, Terminal, TerminalOptions};
use futures::StreamExt;
use model::{TerminalSize, WorkspaceId};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::guest::Guest;
use crate::http::{Call, Raw, escape};
use crate::session::PodmanSession;
use crate::wire::{ExecSpec, ExecStart, Inspected, Made};
use worker::Worker;

/// Tells the process id, then becomes the first shell that is there.
const LOGIN_SHELL: &str = r#"printf '\033]7788;%s\007' "$$"; for shell in "$1" /bin/bash /bin/sh; do [ -x "$shell" ] && exec "$shell" -l; done; exec sh -l"#;
/// Tells the process id, then becomes the program that was asked for.
const PROGRAM: &str = r#"printf '\033]7788;%s\007' "$$"; exec "$@""#;
const WORK_FOLDER: &str = "/workspace";
/// Items between a terminal and its reader; each is at most one read.
const QUEUE: usize = 64;

#[async_trait]
impl Exec for PodmanSession {
    async fn run(
        &self,
        id: &WorkspaceId,
        request: ExecRequest,
        cx: &Cx,
    ) -> Result<ExecOutput, BackendError> {
        self.run_program(id, request, cx).await
    }

    async fn terminal(
        &self,
        id: &WorkspaceId,
        options: TerminalOptions,
        cx: &Cx,
    ) -> Result<Terminal, BackendError> {
        let found = self.running(id, cx).await?;
        let guest = self.guest(&found, options.user.as_deref(), cx).await?;
        let program = program_name(options.argv.as_deref(), &guest);
        let exec_id = self.make_exec(&found, &guest, options.argv, cx).await?;
        let raw = self.start_exec(&exec_id, &found.name, options.size, cx).await?;
        Ok(self.spawn_terminal(program, exec_id, &found, raw, cx))
    }
}

fn program_name(argv: Option<&[String]>, guest: &Guest) -> String {
    let path = match argv {
        Some(argv) => argv.first().map_or("sh", String::as_str),
        None => guest.shell.as_deref().unwrap_or("sh"),
    };
    path.rsplit('/').next().unwrap_or(path).to_owned()
}

impl PodmanSession {
    async fn make_exec(
        &self,
        found: &Inspected,
        guest: &Guest,
        argv: Option<Vec<String>>,
        cx: &Cx,
    ) -> Result<String, BackendError> {
        let mut cmd: Vec<String> = vec!["/bin/sh".into(), "-c".into()];
        match argv {
            Some(argv) => {
                cmd.extend([PROGRAM.to_owned(), "sh".to_owned()]);
                cmd.extend(argv);
            }
            None => {
                let shell = guest.shell.clone().unwrap_or_else(|| "/bin/bash".into());
                cmd.extend([LOGIN_SHELL.to_owned(), "sh".to_owned(), shell]);
            }
        }
        let has_work_folder = self.has_path(&found.id, WORK_FOLDER, cx).await;
        let spec = ExecSpec {
            cmd,
            attach_stdin: true,
            attach_stdout: true,
            attach_stderr: true,
            tty: true,
            user: guest.user.clone(),
            working_dir: has_work_folder.then(|| WORK_FOLDER.to_owned()),
            env: environment(found, guest),
        };
        let call = Call::post(format!("containers/{}/exec", escape(&found.id))).json(&spec)?;
        let made: Made = self.ask_json(call, "open a terminal in", &found.name, cx).await?;
        Ok(made.id)
    }

    async fn start_exec(
        &self,
        exec_id: &str,
        name: &str,
        size: TerminalSize,
        cx: &Cx,
    ) -> Result<Raw, BackendError> {
        let start = ExecStart { detach: false, tty: true, rows: size.rows, columns: size.columns };
        let call = Call::post(format!("exec/{}/start", escape(exec_id))).json(&start)?.bulk();
        match self.client.upgrade(call, cx).await? {
            Ok(raw) => Ok(raw),
            Err(reply) => Err(self.attempt("open a terminal in", name).refused(&reply)),
        }
    }

    fn spawn_terminal(
        &self,
        program: String,
        exec_id: String,
        found: &Inspected,
        raw: Raw,
        cx: &Cx,
    ) -> Terminal {
        let (input, from_person) = mpsc::channel(QUEUE);
        let (to_person, output) = mpsc::channel(QUEUE);
        let cx = cx.for_call(self.closing.child_token(), cx.log.clone());
        let worker =
            Worker { client: self.client.clone(), container_id: found.id.clone(), exec_id, cx };
        tokio::spawn(worker.run(raw, from_person, to_person));
        Terminal { program, input, output: ReceiverStream::new(output).boxed() }
    }
}

fn environment(found: &Inspected, guest: &Guest) -> Vec<String> {
    let terminal = ["TERM=xterm-256color".to_owned(), "COLORTERM=truecolor".to_owned()];
    terminal.into_iter().chain(guest.environment(found)).collect()
}
