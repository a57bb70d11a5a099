//! Copies of repositories on this computer that hold one commit's files, with the person's own credentials.

use std::path::Path;

use backend_api::Cx;
use model::{ErrorCode, Failure};

use super::{
    program::{Git, refused},
    refs,
    source::unreadable,
};

/// Whether this can be a branch, a tag or a commit.
pub(crate) fn is_reference(text: &str) -> bool {
    refs::is_branch(text)
}

/// Brings a copy to what the reference is now, or makes it; the commit. Files of ours alone: what is changed in
/// the copy is lost.
///
/// # Errors
/// `Invalid` when nothing can be read there, `Unsupported` without git, `Storage`.
pub(crate) async fn refresh_copy(
    url: &str,
    reference: Option<&str>,
    folder: &Path,
    cx: &Cx,
) -> Result<String, Failure> {
    tokio::fs::create_dir_all(folder).await.map_err(|error| {
        Failure::new(ErrorCode::Storage, format!("cannot write {}", folder.display()))
            .with_hint("Check the rights and the free space of the data folder.")
            .with_detail(error.to_string())
    })?;
    let git = Git::inside(folder);
    // Neither hooks of the person's templates nor those of another repository run here.
    git.tell(&["init", "--quiet", "--template=", "."], cx).await?;
    let wanted = reference.unwrap_or("HEAD");
    let fetch = ["fetch", "--quiet", "--depth", "1", "--no-tags", "--force", "--", url, wanted];
    let fetched = git.carry(&fetch, cx).await?;
    if !fetched.is_success {
        return Err(match reference {
            Some(reference) if fetched.words.contains("couldn't find remote ref") => {
                Failure::new(ErrorCode::Invalid, format!("{url} has no {reference}"))
                    .with_hint("Enter one of its branches or tags, or leave it empty.")
                    .with_field("reference")
            }
            _ => unreadable(url, &fetched.words).with_field("url"),
        });
    }
    let checkout =
        ["-c", "core.hooksPath=", "checkout", "--quiet", "--force", "--detach", "FETCH_HEAD"];
    let changed = git.carry(&checkout, cx).await?;
    if !changed.is_success {
        return Err(refused(&["checkout"], &changed.words));
    }
    git.tell(&["clean", "--quiet", "-ffdx"], cx).await?;
    git.tell(&["rev-parse", "HEAD"], cx).await
}

/// The commit whose files a copy holds; none while there is no whole one.
pub(crate) async fn commit_of_copy(folder: &Path, cx: &Cx) -> Option<String> {
    if !folder.join(".git").is_dir() {
        return None;
    }
    let printed =
        Git::inside(folder).ask(&["rev-parse", "--verify", "-q", "HEAD"], cx).await.ok()?;
    Some(printed.text()).filter(|commit| printed.is_success && !commit.is_empty())
}
