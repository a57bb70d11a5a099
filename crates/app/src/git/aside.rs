//! What is not committed in a workspace, before something is pushed over it or pulled from it: put aside as
//! the person chose, and never thrown away.

use backend_api::Cx;
use model::{ErrorCode, Failure, GitDirty, LogStream};

use super::{inside::Inside, program::Git, refs};

/// A work tree in a workspace, and the git of this computer that knows who works on it.
pub(super) struct Aside<'a> {
    pub(super) inside: &'a Inside<'a>,
    pub(super) path: &'a str,
    pub(super) git: &'a Git,
}

impl Aside<'_> {
    /// Sees to it.
    pub(super) async fn put(&self, dirty: &GitDirty, cx: &Cx) -> Result<(), Failure> {
        let identity = self.identity(cx).await?;
        let run = async |args: &[&str]| self.run(&identity, args, cx).await;
        match dirty {
            GitDirty::Leave => Ok(()),
            GitDirty::Stash => {
                run(&["stash", "push", "--include-untracked", "-m", "put aside by Moorline"]).await
            }
            GitDirty::Commit { message } => {
                run(&["add", "-A"]).await?;
                run(&["commit", "-q", "-m", message]).await
            }
            GitDirty::Branch { name } => {
                if !refs::is_branch(name) {
                    return Err(no_branch(name));
                }
                run(&["switch", "-q", "-c", name]).await?;
                let committed = match run(&["add", "-A"]).await {
                    Ok(()) => run(&["commit", "-q", "-m", "Changes put aside by Moorline"]).await,
                    failed => failed,
                };
                if let Err(failure) = committed {
                    // Nothing is committed on it, so that going back takes every change along.
                    let back = match run(&["switch", "-q", "-"]).await {
                        Ok(()) => run(&["branch", "-q", "-d", name]).await,
                        failed => failed,
                    };
                    return Err(self.not_committed(failure, name, back.is_ok()));
                }
                run(&["switch", "-q", "-"]).await.map_err(|failure| self.not_back(failure, name))
            }
        }
    }

    async fn run(&self, identity: &[String], args: &[&str], cx: &Cx) -> Result<(), Failure> {
        let base = ["git", "-C", self.path].into_iter().chain(identity.iter().map(String::as_str));
        let argv: Vec<&str> = base.chain(args.iter().copied()).collect();
        let said = self.inside.tell(&argv, cx).await?;
        said.lines().for_each(|line| cx.log.line(LogStream::Stdout, line));
        Ok(())
    }

    fn not_committed(&self, failure: Failure, branch: &str, is_back: bool) -> Failure {
        let workspace = self.inside.name;
        let hint = if is_back {
            format!(
                "{workspace} is on its branch as before, with every change. Commit in a terminal there, or choose another way."
            )
        } else {
            format!(
                "{workspace} is on the new branch {branch} now, with every change. Commit or switch back in a terminal there."
            )
        };
        failure.with_hint(hint)
    }

    fn not_back(&self, failure: Failure, branch: &str) -> Failure {
        failure.with_hint(format!(
            "The changes are committed on {branch}, and {} is still on it. Switch back in a terminal there.",
            self.inside.name
        ))
    }

    /// Arguments that say who commits, where the workspace does not know.
    async fn identity(&self, cx: &Cx) -> Result<Vec<String>, Failure> {
        let known = ["git", "-C", self.path, "config", "--get", "user.email"];
        if self.inside.ask(&known, cx).await?.exit_code == Some(0) {
            return Ok(Vec::new());
        }
        let Some(identity) = super::identity(self.git, cx).await? else {
            return Err(Failure::new(ErrorCode::Conflict, "git knows nobody to commit as")
                .with_hint(
                    "Set user.name and user.email with git config, here or in the workspace.",
                ));
        };
        Ok(vec![
            "-c".into(),
            format!("user.name={}", identity.name),
            "-c".into(),
            format!("user.email={}", identity.email),
        ])
    }
}

fn no_branch(name: &str) -> Failure {
    Failure::new(ErrorCode::Invalid, format!("\"{name}\" will not do as the name of a branch"))
        .with_field("branch")
        .with_hint("Use letters, digits, hyphens and slashes.")
}
