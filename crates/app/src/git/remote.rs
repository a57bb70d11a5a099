//! The remote that stands for a workspace in a repository of this computer: pointed elsewhere and removed,
//! but only while it says what Moorline wrote. Commits are never touched.

use backend_api::Cx;
use model::Failure;

use super::program::Git;

/// Addresses that Moorline wrote.
#[derive(Debug, Clone)]
pub(super) struct Written(pub(super) [String; 2]);

/// How the remote stands.
enum Standing {
    Ours,
    Gone,
    Changed,
}

/// Removes a remote of ours. Gives in words what was done.
pub(super) async fn remove(
    git: &Git,
    remote: &str,
    written: &Written,
    cx: &Cx,
) -> Result<String, Failure> {
    match standing(git, remote, written, cx).await? {
        Standing::Gone => return Ok(format!("the remote {remote} was removed already")),
        Standing::Changed => return Ok(changed(remote)),
        Standing::Ours => {}
    }
    let only_there = commits_of_no_other(git, remote, cx).await?;
    if only_there == "0" {
        git.tell(&["remote", "remove", remote], cx).await?;
        return Ok(format!("the remote {remote} is removed"));
    }
    // Removing the remote as git does it would take the names of these commits away, and in time the commits.
    git.tell(&["config", "--remove-section", &format!("remote.{remote}")], cx).await?;
    Ok(format!(
        "the remote {remote} is removed; commits that no branch of yours has ({only_there}) stay under refs/remotes/{remote}"
    ))
}

/// Lets a remote of ours point elsewhere. Gives in words what was done.
pub(super) async fn point(
    git: &Git,
    remote: &str,
    written: &Written,
    url: &str,
    cx: &Cx,
) -> Result<String, Failure> {
    match standing(git, remote, written, cx).await? {
        Standing::Gone => Ok(format!("there is no remote {remote} any more")),
        Standing::Changed => Ok(changed(remote)),
        Standing::Ours => {
            git.tell(&["config", &format!("remote.{remote}.url"), url], cx).await?;
            Ok(format!("the remote {remote} is {url}"))
        }
    }
}

fn changed(remote: &str) -> String {
    format!("the remote {remote} points elsewhere by now and is left alone")
}

/// What the remote says itself, without the person's rewriting of addresses.
async fn standing(
    git: &Git,
    remote: &str,
    written: &Written,
    cx: &Cx,
) -> Result<Standing, Failure> {
    // Also fails in words where the folder is no repository any more.
    let all = git.tell(&["remote"], cx).await?;
    if !all.lines().any(|one| one == remote) {
        return Ok(Standing::Gone);
    }
    let value = async |key: &str| {
        let key = format!("remote.{remote}.{key}");
        git.ask(&["config", "--local", "--get-all", &key], cx).await.map(|found| found.text())
    };
    let (url, push_url) = (value("url").await?, value("pushurl").await?);
    let is_ours = push_url.is_empty() && written.0.contains(&url);
    Ok(if is_ours { Standing::Ours } else { Standing::Changed })
}

/// How many commits only the branches fetched from the remote hold.
async fn commits_of_no_other(git: &Git, remote: &str, cx: &Cx) -> Result<String, Failure> {
    let (own, all_own) =
        (format!("--remotes={remote}"), format!("--exclude=refs/remotes/{remote}/*"));
    git.tell(&["rev-list", "--count", &own, "--not", &all_own, "--all"], cx).await
}
