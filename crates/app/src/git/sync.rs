//! Single steps of git between this computer and a workspace: a repository, a remote, a push, a fetch.

use backend_api::Cx;
use model::{Failure, LogStream};

use super::{access::PROJECT, inside::Inside, naming, program::Git, refusal};

/// Makes the work tree where there is none. True when nothing was committed in it yet.
pub(super) async fn make_repository(
    inside: &Inside<'_>,
    branch: &str,
    cx: &Cx,
) -> Result<bool, Failure> {
    let own = ["git", "-C", PROJECT, "rev-parse", "--show-prefix"];
    let is_there = inside.ask(&own, cx).await?;
    let is_there = is_there.exit_code == Some(0) && is_there.stdout == b"\n";
    if !is_there {
        let head = format!("--initial-branch={branch}");
        inside.tell(&["git", "init", "-q", &head, PROJECT], cx).await?;
    }
    // A push brings the work tree along, and is refused when that would overwrite anything.
    let update = ["git", "-C", PROJECT, "config", "receive.denyCurrentBranch", "updateInstead"];
    inside.tell(&update, cx).await?;
    let commits = inside.ask(&["git", "-C", PROJECT, "rev-list", "-n", "1", "--all"], cx).await?;
    Ok(commits.stdout.is_empty())
}

/// Pushes one branch; never forced.
pub(super) async fn push(
    git: &Git,
    url: &str,
    from: &str,
    branch: &str,
    name: &str,
    cx: &Cx,
) -> Result<(), Failure> {
    let refs = format!("{from}:refs/heads/{branch}");
    // Their repositories are elsewhere, and not ours to push to.
    let alone = "--recurse-submodules=no";
    let printed = git.carry(&["push", "--porcelain", "--progress", alone, url, &refs], cx).await?;
    if printed.is_success {
        return Ok(());
    }
    Err(refusal::push(&printed, branch, name))
}

/// Adds the remote, or finds the one that is there, and fetches it. Gives its name.
pub(super) async fn add_remote(
    git: &Git,
    url: &str,
    name: &str,
    cx: &Cx,
) -> Result<String, Failure> {
    let own = format!("{name}:{PROJECT}");
    let remotes = git.tell(&["remote"], cx).await?;
    let mut found = None;
    for remote in remotes.lines() {
        let address = git.ask(&["remote", "get-url", "--", remote], cx).await?;
        if address.is_success && address.text() == own {
            found = Some(remote.to_owned());
        }
    }
    let remote = match found {
        Some(remote) => remote,
        None => {
            let is_taken = |name: &str| remotes.lines().any(|remote| remote == name);
            let remote = naming::free_name(&naming::remote_name(name), is_taken);
            git.tell(&["remote", "add", "--", &remote, &own], cx).await?;
            cx.log.line(LogStream::Stdout, &format!("remote {remote} is {own}"));
            remote
        }
    };
    fetch(git, url, &remote, name, cx).await?;
    Ok(remote)
}

/// Brings the workspace's branches to `refs/remotes/<remote>`.
pub(super) async fn fetch(
    git: &Git,
    url: &str,
    remote: &str,
    name: &str,
    cx: &Cx,
) -> Result<(), Failure> {
    let refs = format!("+refs/heads/*:refs/remotes/{remote}/*");
    let alone = "--recurse-submodules=no";
    let printed = git.carry(&["fetch", "--progress", "--no-tags", alone, url, &refs], cx).await?;
    if printed.is_success { Ok(()) } else { Err(refusal::fetch(&printed, name)) }
}
