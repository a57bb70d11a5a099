//! The person's own `git`, run by arguments: never a shell, never a question, always in English.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use backend_api::Cx;
use model::{ErrorCode, Failure, LogStream};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, BufReader},
    process::Command,
};

use super::family::Family;

/// The longest a git that talks to a server may take.
const LONGEST: Duration = Duration::from_secs(50 * 60);
/// Git looking into a folder of this computer.
const LOCAL: Duration = Duration::from_secs(60);
/// Output that is kept.
const MOST: u64 = 32 * 1024 * 1024;
/// The last words that are kept for an error.
const WORDS: usize = 20;
/// Variables that would make git look elsewhere than in the folder it is given.
const ELSEWHERE: &[&str] = &[
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_TRACE",
];
/// A constant: what differs is in the environment, so that nothing has to be quoted.
const OUR_SSH: &str = "ssh -F \"$MOORLINE_SSH_CONFIG\"";

/// A git about to be run.
#[derive(Debug, Clone, Default)]
pub(super) struct Git {
    folder: Option<PathBuf>,
    env: Vec<(&'static str, OsString)>,
}

/// What git printed and whether it was content.
#[derive(Debug, Clone)]
pub(super) struct Printed {
    pub(super) stdout: Vec<u8>,
    pub(super) words: String,
    pub(super) is_success: bool,
}

impl Printed {
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).trim().to_owned()
    }
}

impl Git {
    /// Git in a folder of this computer.
    pub(super) fn inside(folder: impl AsRef<Path>) -> Self {
        Self { folder: Some(folder.as_ref().to_owned()), env: Vec::new() }
    }

    /// Reaches servers with this SSH configuration and no other.
    pub(super) fn over(mut self, ssh_config: &Path) -> Self {
        self.env.push(("MOORLINE_SSH_CONFIG", ssh_config.as_os_str().to_owned()));
        self.env.push(("GIT_SSH_COMMAND", OUR_SSH.into()));
        self.env.push(("GIT_SSH_VARIANT", "ssh".into()));
        self
    }

    /// Runs git to its end, whatever it says. Cancelling ends it.
    pub(super) async fn ask(&self, args: &[&str], cx: &Cx) -> Result<Printed, Failure> {
        let mut git = self.spawn(args)?;
        let (stdout, stderr) = git.streams();
        let work = async {
            let (stdout, words) = tokio::join!(read(stdout), read(stderr));
            let words = String::from_utf8_lossy(&words).trim().to_owned();
            let is_success = git.wait().await.is_ok_and(|status| status.success());
            Ok(Printed { stdout, words, is_success })
        };
        let done = within(LOCAL, args, work, cx).await;
        if done.is_err() {
            git.end().await;
        }
        done
    }

    /// The same, where anything but success is a failure.
    pub(super) async fn tell(&self, args: &[&str], cx: &Cx) -> Result<String, Failure> {
        let printed = self.ask(args, cx).await?;
        if printed.is_success { Ok(printed.text()) } else { Err(refused(args, &printed.words)) }
    }

    /// Runs a git that talks to a server: its words go to the log as they come.
    pub(super) async fn carry(&self, args: &[&str], cx: &Cx) -> Result<Printed, Failure> {
        let mut git = self.spawn(args)?;
        let (stdout, stderr) = git.streams();
        let work = async {
            let (stdout, words) = tokio::join!(read(stdout), follow(stderr, cx));
            let is_success = git.wait().await.is_ok_and(|status| status.success());
            Ok(Printed { stdout, words, is_success })
        };
        let done = within(LONGEST, args, work, cx).await;
        if done.is_err() {
            git.end().await;
        }
        done
    }

    fn spawn(&self, args: &[&str]) -> Result<Family, Failure> {
        let mut command = Command::new("git");
        if let Some(folder) = &self.folder {
            command.arg("-C").arg(folder);
        }
        // A monitor or a pager of the person's would outlive the call or wait for keys.
        command.args(["-c", "core.fsmonitor=false", "-c", "core.quotePath=false"]);
        command.args(["-c", "submodule.recurse=false", "--no-pager"]);
        command.args(args);
        for name in ELSEWHERE {
            command.env_remove(name);
        }
        command
            .env("LC_ALL", "C")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_ASKPASS", "")
            .env("SSH_ASKPASS", "")
            .env("SSH_ASKPASS_REQUIRE", "never")
            .env("GIT_ALLOW_PROTOCOL", "file:git:http:https:ssh")
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Family::start(&mut command).map_err(|error| self.not_started(&error))
    }

    fn not_started(&self, error: &std::io::Error) -> Failure {
        let folder = self.folder.as_deref().filter(|folder| !folder.is_dir());
        match folder {
            Some(folder) => {
                Failure::new(ErrorCode::NotFound, format!("{} is no folder", folder.display()))
                    .with_hint("Choose the folder again: it was moved or removed.")
            }
            None => Failure::new(ErrorCode::Unsupported, "there is no git on this computer")
                .with_hint("Install git and make sure that it is in the PATH, then try again."),
        }
        .with_detail(error.to_string())
    }
}

/// Waits for work that may be cancelled, for as long as it may take.
async fn within<T>(
    deadline: Duration,
    args: &[&str],
    work: impl Future<Output = Result<T, Failure>>,
    cx: &Cx,
) -> Result<T, Failure> {
    tokio::select! {
        biased;
        () = cx.cancel.cancelled() => Err(Failure::new(ErrorCode::Cancelled, "cancelled")),
        result = tokio::time::timeout(deadline, work) => result.unwrap_or_else(|_| {
            Err(Failure::new(
                ErrorCode::Unreachable,
                format!("git {} did not end within {} seconds", verb(args), deadline.as_secs()),
            )
            .with_hint("Try it in a terminal: it may wait for a password there."))
        }),
    }
}

async fn read(stream: Option<impl AsyncRead + Unpin>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(stream) = stream {
        // What was read before an error is what there is.
        let _ = stream.take(MOST).read_to_end(&mut bytes).await;
    }
    bytes
}

/// Passes lines to the log; of a progress that overwrites itself only its last word.
async fn follow(stream: Option<impl AsyncRead + Unpin>, cx: &Cx) -> String {
    let Some(stream) = stream else { return String::new() };
    let mut lines = BufReader::new(stream).split(b'\n');
    let mut last: Vec<String> = Vec::new();
    while let Ok(Some(line)) = lines.next_segment().await {
        let line = String::from_utf8_lossy(&line).into_owned();
        let line = line.trim_end().rsplit('\r').next().unwrap_or_default().trim_end();
        if line.is_empty() {
            continue;
        }
        cx.log.line(LogStream::Stderr, line);
        if last.len() >= WORDS {
            last.remove(0);
        }
        last.push(line.to_owned());
    }
    last.join("\n")
}

/// Git failed in words of its own.
pub(super) fn refused(args: &[&str], words: &str) -> Failure {
    let spoken =
        words.lines().find(|line| line.starts_with("fatal:") || line.starts_with("error:"));
    let spoken = spoken.or_else(|| words.lines().last()).unwrap_or("it gave no reason");
    let short: String = spoken.chars().take(300).collect();
    let failure = Failure::new(ErrorCode::Rejected, format!("git {}: {short}", verb(args)))
        .with_detail(words.to_owned());
    if words.contains("dubious ownership") {
        return failure.with_hint("Add the folder to git's safe.directory if you trust it.");
    }
    failure.with_hint("These are git's own words. Change what they name and try again.")
}

fn verb(args: &[&str]) -> String {
    args.iter()
        .find(|word| !word.starts_with('-'))
        .map_or_else(String::new, |word| (*word).to_owned())
}
