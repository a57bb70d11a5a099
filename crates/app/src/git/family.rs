//! A program together with everything it starts: when it is not wanted any more, none of them goes on.

use std::{io, process::ExitStatus, time::Duration};

use tokio::process::{Child, ChildStderr, ChildStdout, Command};

/// How long a program may take to clean up after itself: git removes its locks and half a clone.
const GRACE: Duration = Duration::from_secs(3);
/// `CREATE_NO_WINDOW`.
#[cfg(windows)]
const NO_WINDOW: u32 = 0x0800_0000;

/// A running program. Dropping it before it ended kills it, and on Unix what it started.
#[derive(Debug)]
pub(super) struct Family {
    child: Child,
    id: Option<u32>,
}

impl Family {
    pub(super) fn start(command: &mut Command) -> io::Result<Self> {
        command.kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0);
        unseen(command);
        let child = command.spawn()?;
        let id = child.id();
        Ok(Self { child, id })
    }

    /// What it prints, where that is piped; once.
    pub(super) fn streams(&mut self) -> (Option<ChildStdout>, Option<ChildStderr>) {
        (self.child.stdout.take(), self.child.stderr.take())
    }

    pub(super) async fn wait(&mut self) -> io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Asks all of them to end, and then ends them.
    pub(super) async fn end(mut self) {
        self.ask_to_end().await;
        // Whatever it says, and also when it says nothing, they are killed now.
        drop(tokio::time::timeout(GRACE, self.child.wait()).await);
        self.kill();
    }

    #[cfg(unix)]
    async fn ask_to_end(&self) {
        self.signal(rustix::process::Signal::TERM);
    }

    #[cfg(windows)]
    async fn ask_to_end(&self) {
        let Some(id) = self.id.map(|id| id.to_string()) else { return };
        // Killing a program here leaves its children alone; this one follows them.
        let mut command = Command::new("taskkill");
        command.args(["/T", "/F", "/PID", &id]).kill_on_drop(true).creation_flags(NO_WINDOW);
        drop(tokio::time::timeout(GRACE, command.output()).await);
    }

    #[cfg(unix)]
    fn kill(&self) {
        self.signal(rustix::process::Signal::KILL);
    }

    #[cfg(windows)]
    fn kill(&mut self) {
        drop(self.child.start_kill());
    }

    #[cfg(unix)]
    fn signal(&self, signal: rustix::process::Signal) {
        let id = self.id.and_then(|id| i32::try_from(id).ok());
        let Some(group) = id.and_then(rustix::process::Pid::from_raw) else { return };
        // A group that is gone already is what was wanted.
        let _ = rustix::process::kill_process_group(group, signal);
    }
}

/// Windows would show a console for each program that has one.
pub(super) fn unseen(command: &mut Command) {
    #[cfg(windows)]
    command.creation_flags(NO_WINDOW);
    #[cfg(not(windows))]
    let _ = command;
}

impl Drop for Family {
    fn drop(&mut self) {
        // One that ended by itself may leave helpers behind on purpose, such as a cache for passwords.
        if self.child.id().is_some() {
            self.kill();
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::{process::Stdio, time::Duration};

    use tokio::{
        io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader},
        process::Command,
    };

    use super::Family;

    /// A shell that waits for a child of its own; both hold the pipe.
    async fn parent_and_child(script: &str) -> (Family, BufReader<tokio::process::ChildStdout>) {
        let mut command = Command::new("sh");
        command.args(["-c", script]).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut family = Family::start(&mut command).unwrap();
        let mut stdout = BufReader::new(family.streams().0.unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).await.unwrap();
        assert_eq!(line, "ready\n");
        (family, stdout)
    }

    async fn is_everybody_gone(mut stdout: BufReader<tokio::process::ChildStdout>) -> bool {
        let mut rest = Vec::new();
        let read = stdout.read_to_end(&mut rest);
        tokio::time::timeout(Duration::from_secs(20), read).await.is_ok()
    }

    #[tokio::test]
    async fn children_end_with_their_parent() {
        let (family, stdout) = parent_and_child("sleep 300 & echo ready; wait").await;
        family.end().await;
        assert!(is_everybody_gone(stdout).await);
        let (family, stdout) = parent_and_child("sleep 300 & echo ready; wait").await;
        drop(family);
        assert!(is_everybody_gone(stdout).await);
    }

    #[tokio::test]
    async fn one_that_is_asked_may_clean_up() {
        let folder = tempfile::tempdir().unwrap();
        let lock = folder.path().join("lock");
        let script = format!(
            "trap 'rm \"{0}\"; exit 1' TERM; : > \"{0}\"; sleep 300 & echo ready; wait",
            lock.display()
        );
        let (family, stdout) = parent_and_child(&script).await;
        assert!(lock.exists());
        family.end().await;
        assert!(is_everybody_gone(stdout).await && !lock.exists());
    }
}
