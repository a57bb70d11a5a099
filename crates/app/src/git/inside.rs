//! Programs inside a workspace, for git's sake: as its own user or as root, by arguments.

use backend_api::{Cx, ExecOutput, ExecRequest};
use model::{ErrorCode, Failure, GitSide, WorkspaceId};

use super::porcelain;
use crate::{sessions::Live, ssh_config::is_login};

/// Files of a side that are shown; the rest is counted.
pub(super) const SHOWN_FILES: usize = 200;
/// Everything about the user that git and SSH need, a line each.
const WHO: &str = "id -un; id -u; id -g; printf '%s\\n' \"$HOME\"";
/// Programs that are missing, a line each.
const MISSING: &str = "for p in git ssh-keygen; do command -v \"$p\" >/dev/null || echo \"$p\"; done; [ -x /usr/sbin/sshd ] || command -v sshd >/dev/null || echo sshd";

/// A workspace to run programs in.
pub(super) struct Inside<'a> {
    pub(super) live: &'a Live,
    pub(super) id: &'a WorkspaceId,
    pub(super) name: &'a str,
}

/// Who works in a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Guest {
    pub(super) name: String,
    pub(super) uid: u64,
    pub(super) gid: u64,
    pub(super) home: String,
}

impl Inside<'_> {
    /// Runs a program as the workspace's own user, whatever it says.
    pub(super) async fn ask(&self, argv: &[&str], cx: &Cx) -> Result<ExecOutput, Failure> {
        self.run(argv, None, cx).await
    }

    /// The same, where anything but success is a failure; gives what it printed.
    pub(super) async fn tell(&self, argv: &[&str], cx: &Cx) -> Result<String, Failure> {
        self.content(argv, self.ask(argv, cx).await?)
    }

    /// As `tell`, as root.
    pub(super) async fn tell_as_root(&self, argv: &[&str], cx: &Cx) -> Result<String, Failure> {
        self.content(argv, self.run(argv, Some("root"), cx).await?)
    }

    async fn run(&self, argv: &[&str], user: Option<&str>, cx: &Cx) -> Result<ExecOutput, Failure> {
        let exec = self.live.session.exec().ok_or_else(|| self.live.cannot("run programs"))?;
        let argv = argv.iter().map(|word| (*word).to_owned()).collect();
        let request = ExecRequest { argv, user: user.map(str::to_owned), stdin: None };
        Ok(exec.run(self.id, request, cx).await?)
    }

    fn content(&self, argv: &[&str], output: ExecOutput) -> Result<String, Failure> {
        if output.exit_code == Some(0) {
            return Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned());
        }
        let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        let last = words.lines().last().unwrap_or("it gave no reason");
        let program = argv.first().copied().unwrap_or_default();
        Err(Failure::new(ErrorCode::Rejected, format!("{program} in {}: {last}", self.name))
            .with_hint("Look into it in a terminal of the workspace.")
            .with_detail(words))
    }

    /// Who the workspace's own user is.
    pub(super) async fn guest(&self, cx: &Cx) -> Result<Guest, Failure> {
        let text = self.tell(&["sh", "-c", WHO], cx).await?;
        guest_of(&text).ok_or_else(|| {
            Failure::new(ErrorCode::Protocol, format!("{} does not say who its user is", self.name))
                .with_hint(
                    "The image needs id, and a user with an ordinary name and a home folder.",
                )
                .with_detail(text)
        })
    }

    /// Refuses an image that lacks what git over SSH needs.
    pub(super) async fn check_programs(&self, cx: &Cx) -> Result<(), Failure> {
        let missing = self.tell_as_root(&["sh", "-c", MISSING], cx).await?;
        let missing = missing.lines().collect::<Vec<_>>().join(", ");
        if missing.is_empty() {
            return Ok(());
        }
        Err(Failure::new(
            ErrorCode::Unsupported,
            format!("the image of {} lacks {missing}", self.name),
        )
        .with_hint("Choose an image with git and an SSH server, such as Moorline's dev image.")
        .with_field("image"))
    }

    /// How the work tree at `path` stands.
    pub(super) async fn side(&self, path: &str, cx: &Cx) -> Result<GitSide, Failure> {
        let argv = [
            "git",
            "-c",
            "core.fsmonitor=false",
            "-C",
            path,
            "status",
            "--porcelain=v2",
            "--branch",
            "--show-stash",
            "-z",
            "--untracked-files=all",
        ];
        let output = self.ask(&argv, cx).await?;
        if output.exit_code != Some(0) {
            let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            return Err(Failure::new(
                ErrorCode::NotFound,
                format!("{} has no git repository at {path}", self.name),
            )
            .with_hint("Tie it to a folder of this computer to make one.")
            .with_detail(words));
        }
        let status = porcelain::status(&output.stdout).ok_or_else(|| {
            Failure::new(
                ErrorCode::Protocol,
                format!("git in {} printed something unknown", self.name),
            )
            .with_hint("Use an image with git 2.35 or newer.")
        })?;
        Ok(side_of(path, status))
    }
}

/// A status with as many files as are shown.
pub(super) fn side_of(path: &str, status: porcelain::Status) -> GitSide {
    let mut files = status.files;
    let file_count = u32::try_from(files.len()).unwrap_or(u32::MAX);
    files.truncate(SHOWN_FILES);
    let (head, stash_count) = (status.head, status.stash_count);
    GitSide { path: path.to_owned(), head, files, file_count, stash_count }
}

fn guest_of(text: &str) -> Option<Guest> {
    let mut lines = text.lines();
    let (name, uid, gid) =
        (lines.next()?, lines.next()?.parse().ok()?, lines.next()?.parse().ok()?);
    let home = lines.next().filter(|home| home.starts_with('/'))?;
    // It goes into settings for `ssh`, where more than a name would mean more.
    is_login(name).then_some(())?;
    Some(Guest { name: name.to_owned(), uid, gid, home: home.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::guest_of;

    #[test]
    fn a_guest_is_read() {
        let guest = guest_of("dev\n1000\n1000\n/home/dev\n").unwrap();
        assert_eq!(
            (guest.name.as_str(), guest.uid, guest.home.as_str()),
            ("dev", 1000, "/home/dev")
        );
        for text in ["", "dev\n1000\n", "dev\nx\n1000\n/home/dev", "dev\n1000\n1000\n\n"] {
            assert_eq!(guest_of(text), None);
        }
        for name in ["", "-l", "dev ProxyCommand=x", "dev\rProxyCommand x", "\"dev", "%h", "a#b"] {
            assert_eq!(guest_of(&format!("{name}\n1000\n1000\n/home/dev\n")), None, "{name:?}");
        }
    }
}
