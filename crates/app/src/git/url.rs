//! A clone of a URL on this computer, with the person's own credentials, for as long as it is needed.
//!
//! The workspace never sees those credentials.

use std::path::Path;

use backend_api::Cx;
use model::{ErrorCode, Failure};

use super::{
    program::Git,
    scratch::Scratch,
    source::{BRANCH, unreadable},
};

/// A bare clone. Dropping it removes it.
pub(super) struct UrlClone {
    folder: Scratch,
    url: String,
}

impl UrlClone {
    /// Clones next to a file of ours.
    pub(super) async fn make(url: &str, beside: &Path, cx: &Cx) -> Result<Self, Failure> {
        let folder = Scratch::clone_beside(beside);
        let path = folder.path().display().to_string();
        let clone = Self { folder, url: url.to_owned() };
        let args = ["clone", "--bare", "--progress", "--", url, &path];
        let printed = Git::default().carry(&args, cx).await?;
        if printed.is_success { Ok(clone) } else { Err(unreadable(url, &printed.words)) }
    }

    pub(super) fn git(&self) -> Git {
        Git::inside(self.folder.path())
    }

    /// The branch that was asked for, else the one that is checked out there.
    pub(super) async fn branch(&self, wanted: Option<&str>, cx: &Cx) -> Result<String, Failure> {
        let git = self.git();
        let branch = match wanted {
            Some(wanted) => wanted.to_owned(),
            None => git.tell(&["symbolic-ref", "--short", "HEAD"], cx).await?,
        };
        let name = format!("refs/heads/{branch}");
        if git.ask(&["rev-parse", "--verify", "-q", &name], cx).await?.is_success {
            return Ok(branch);
        }
        let message = format!("{} has no branch {branch} with a commit", self.url);
        Err(Failure::new(ErrorCode::Invalid, message)
            .with_field(BRANCH)
            .with_hint("Choose one of its branches, or push a first commit there."))
    }
}
