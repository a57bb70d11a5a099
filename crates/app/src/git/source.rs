//! What a workspace is made from: a folder or a URL with a branch, as typed and as git sees it.

use std::path::{Path, PathBuf};

use backend_api::Cx;
use model::{ErrorCode, Failure, FieldProblem, FormValues, GitHead, GitSource};

use super::{
    address::url_problem,
    naming::{repository_name, workspace_name},
    porcelain::{self, Status},
    program::Git,
    refs,
};
use crate::typed_path;

/// Fields of the form for a new workspace that are ours; the backend never sees them.
pub(super) const SOURCE: &str = "git_source";
pub(super) const FOLDER: &str = "git_folder";
pub(super) const URL: &str = "git_url";
pub(super) const BRANCH: &str = "git_branch";
pub(super) const DOTFILES: &str = "git_dotfiles";
pub(super) const IDENTITY: &str = "git_identity";
const OURS: &[&str] = &[SOURCE, FOLDER, URL, BRANCH, DOTFILES, IDENTITY];

/// Where the commits come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    Folder(PathBuf),
    Url(String),
}

/// A repository as it was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    pub(super) place: Place,
    pub(super) branch: Option<String>,
    pub(super) dotfiles: Option<PathBuf>,
    pub(super) copies_identity: bool,
}

/// Takes our fields out of an input; none when the workspace is not made from git.
pub(super) fn split(
    input: &FormValues,
    home: &Path,
) -> (Result<Option<Source>, FieldProblem>, FormValues) {
    let mut rest = input.clone();
    rest.retain(|name, _| !OURS.contains(&name.as_str()));
    (parse(input, home), rest)
}

fn parse(input: &FormValues, home: &Path) -> Result<Option<Source>, FieldProblem> {
    let folder = |field: &str, text: &str| {
        typed_path::folder(text, home).map_err(|message| problem(field, message))
    };
    let value = |name: &str| {
        input.get(name).map(|text| text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let place = match value(SOURCE).as_deref() {
        None => return Ok(None),
        Some("url") => {
            let url = value(URL).ok_or_else(|| problem(URL, "enter the repository's URL"))?;
            if let Some(message) = url_problem(&url) {
                return Err(problem(URL, message));
            }
            Place::Url(url)
        }
        Some(_) => {
            let typed = value(FOLDER).ok_or_else(|| problem(FOLDER, "choose a folder"))?;
            Place::Folder(folder(FOLDER, &typed)?)
        }
    };
    let branch = value(BRANCH);
    if let Some(branch) = branch.as_deref().filter(|branch| !refs::is_branch(branch)) {
        return Err(problem(BRANCH, format!("\"{branch}\" will not do as the name of a branch")));
    }
    let dotfiles = value(DOTFILES).map(|typed| folder(DOTFILES, &typed)).transpose()?;
    if let Some(folder) = dotfiles.as_deref().filter(|folder| !folder.is_dir()) {
        return Err(problem(DOTFILES, format!("{} is no folder", folder.display())));
    }
    let copies_identity = value(IDENTITY).as_deref() != Some("false");
    Ok(Some(Source { place, branch, dotfiles, copies_identity }))
}

pub(super) fn problem(field: &str, message: impl Into<String>) -> FieldProblem {
    FieldProblem { field: field.into(), message: message.into(), suggestion: None }
}

/// Looks at a folder of this computer.
///
/// # Errors
/// `Invalid` names the field when the folder is no work tree of git.
pub(super) async fn look_at_folder(folder: &Path, cx: &Cx) -> Result<GitSource, Failure> {
    let git = Git::inside(folder);
    let root = git.ask(&["rev-parse", "--show-toplevel"], cx).await?;
    if !root.is_success {
        return Err(no_repository(folder, &root.words));
    }
    let root = root.text();
    let git = Git::inside(&root);
    let status = status_of(&git, cx).await?;
    let branches =
        git.tell(&["for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads"], cx).await?;
    let origin = config(&git, "remote.origin.url", cx).await?;
    let repository = repository_name(origin.as_deref(), &root);
    let identity = super::identity(&git, cx).await?;
    Ok(GitSource {
        suggested_name: workspace_name(&repository, &root),
        repository,
        head: status.head,
        branches: branches.lines().map(str::to_owned).collect(),
        changed_files: u32::try_from(status.files.len()).unwrap_or(u32::MAX),
        has_submodules: Path::new(&root).join(".gitmodules").exists(),
        folder: Some(root),
        identity,
    })
}

/// Asks a URL for its branches, with the person's own credentials.
///
/// # Errors
/// `Invalid` names the field when nothing can be read there.
pub(super) async fn look_at_url(url: &str, cx: &Cx) -> Result<GitSource, Failure> {
    if let Some(message) = url_problem(url) {
        return Err(Failure::new(ErrorCode::Invalid, message)
            .with_field(URL)
            .with_hint("Correct the URL, or choose a folder of this computer."));
    }
    let git = Git::default();
    let asked = git.ask(&["ls-remote", "--symref", "--", url, "HEAD", "refs/heads/*"], cx).await?;
    if !asked.is_success {
        return Err(unreadable(url, &asked.words));
    }
    let listed = refs::remote(&asked.text());
    let repository = repository_name(Some(url), url);
    Ok(GitSource {
        folder: None,
        suggested_name: workspace_name(&repository, url),
        repository,
        head: listed.head.unwrap_or(GitHead::Unborn { name: "main".into() }),
        branches: listed.branches,
        changed_files: 0,
        has_submodules: false,
        identity: None,
    })
}

/// A URL that cannot be read.
pub(super) fn unreadable(url: &str, words: &str) -> Failure {
    Failure::new(ErrorCode::Invalid, format!("nothing can be read from {url}"))
        .with_field(URL)
        .with_hint("Check the URL, and that git on this computer can read it without asking.")
        .with_detail(words)
}

pub(super) async fn status_of(git: &Git, cx: &Cx) -> Result<Status, Failure> {
    let args =
        ["status", "--porcelain=v2", "--branch", "--show-stash", "-z", "--untracked-files=all"];
    let printed = git.ask(&args, cx).await?;
    if !printed.is_success {
        return Err(super::program::refused(&args, &printed.words));
    }
    porcelain::status(&printed.stdout).ok_or_else(|| {
        Failure::new(ErrorCode::Protocol, "git status printed something unknown")
            .with_hint("Install git 2.35 or newer.")
    })
}

async fn config(git: &Git, key: &str, cx: &Cx) -> Result<Option<String>, Failure> {
    let printed = git.ask(&["config", "--get", key], cx).await?;
    Ok(Some(printed.text()).filter(|value| printed.is_success && !value.is_empty()))
}

fn no_repository(folder: &Path, words: &str) -> Failure {
    let failure = if words.contains("dubious ownership") {
        Failure::new(ErrorCode::Invalid, format!("git does not trust {}", folder.display()))
            .with_hint("Another user owns it. Add it to git's safe.directory if you trust it.")
    } else if words.contains("must be run in a work tree") {
        Failure::new(ErrorCode::Invalid, format!("{} is a bare repository", folder.display()))
            .with_hint("Choose a work tree, or give its path as a URL.")
    } else {
        Failure::new(ErrorCode::Invalid, format!("{} is in no git repository", folder.display()))
            .with_hint("Choose a folder of a repository, or run git init there first.")
    };
    failure.with_field(FOLDER).with_detail(words)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::{Place, Source};
    use model::{FieldProblem, FormValues};

    fn split(input: &FormValues) -> (Result<Option<Source>, FieldProblem>, FormValues) {
        super::split(input, Path::new(if cfg!(windows) { "C:\\" } else { "/" }))
    }

    fn input(pairs: &[(&str, &str)]) -> FormValues {
        pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
    }

    #[test]
    fn our_fields_are_ours_alone() {
        let typed =
            input(&[("name", "atlas"), ("git_source", "url"), ("git_url", "git@host:a.git")]);
        let (source, rest) = split(&typed);
        assert_eq!(rest, input(&[("name", "atlas")]));
        assert_eq!(source.unwrap().unwrap().place, Place::Url("git@host:a.git".into()));
        let (none, same) = split(&rest);
        assert_eq!((none.unwrap(), same), (None, rest));
    }

    #[test]
    fn what_cannot_be_a_source_names_its_field() {
        for (pairs, field) in [
            (&[("git_source", "folder")][..], "git_folder"),
            (&[("git_source", "url")], "git_url"),
            (&[("git_source", "url"), ("git_url", "ext::sh -c id")], "git_url"),
            (&[("git_source", "url"), ("git_url", "https://token@host/a")], "git_url"),
            (&[("git_source", "url"), ("git_url", "--upload-pack=id")], "git_url"),
            (&[("git_source", "folder"), ("git_folder", "atlas")], "git_folder"),
            (&[("git_source", "folder"), ("git_folder", "~bob/atlas")], "git_folder"),
            (&[("git_source", "folder"), ("git_folder", "~"), ("git_branch", "-x")], "git_branch"),
            (
                &[("git_source", "folder"), ("git_folder", "~"), ("git_dotfiles", "~/no/such")],
                "git_dotfiles",
            ),
        ] {
            assert_eq!(split(&input(pairs)).0.unwrap_err().field, field);
        }
    }

    proptest! {
        #[test]
        fn no_input_panics(text in ".{0,60}", field in "git_(source|folder|url|branch|dotfiles)") {
            let _ = split(&input(&[("git_source", "url"), (&field, &text)]));
        }
    }
}
