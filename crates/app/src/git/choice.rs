//! Which branch a workspace begins with, and in words what is done after its container stands. Pure.

use model::{FieldProblem, GitHead, GitSource, PlanStep};

use super::{
    access::PROJECT,
    naming,
    source::{BRANCH, Place, Source, problem},
};

/// The branch of the workspace, and what is pushed to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) branch: String,
    /// A ref or a commit; none while there is no commit.
    pub(super) from: Option<String>,
}

/// Chooses the branch to begin with.
///
/// # Errors
/// A problem of the branch field.
pub(super) fn choose(looked: &GitSource, wanted: Option<&str>) -> Result<Chosen, FieldProblem> {
    let own =
        |name: &str| Chosen { branch: name.to_owned(), from: Some(format!("refs/heads/{name}")) };
    let has = |name: &str| looked.branches.iter().any(|branch| branch == name);
    match (&looked.head, wanted) {
        (GitHead::Branch { name, .. }, None) => Ok(own(name)),
        (_, Some(wanted)) if has(wanted) => Ok(own(wanted)),
        (GitHead::Detached { commit }, Some(wanted)) => {
            Ok(Chosen { branch: wanted.to_owned(), from: Some(commit.clone()) })
        }
        (GitHead::Detached { commit }, None) => {
            let short: String = commit.chars().take(7).collect();
            Err(FieldProblem {
                suggestion: Some(format!("detached-{short}")),
                ..problem(
                    BRANCH,
                    format!(
                        "HEAD is detached at {short}: choose a branch, or name a new one for this commit"
                    ),
                )
            })
        }
        (GitHead::Unborn { name }, None) => Ok(Chosen { branch: name.clone(), from: None }),
        (GitHead::Unborn { .. }, Some(wanted)) if looked.branches.is_empty() => {
            Ok(Chosen { branch: wanted.to_owned(), from: None })
        }
        (head, Some(wanted)) => Err(FieldProblem {
            suggestion: head.branch().map(str::to_owned),
            ..problem(BRANCH, format!("{} has no branch {wanted}", looked.repository))
        }),
    }
}

/// The steps that follow the container's own; their number depends on the kind of place only.
pub(super) fn steps(
    source: &Source,
    name: &str,
    looked: Option<(&GitSource, &Chosen)>,
) -> Vec<PlanStep> {
    let step = |name: &str, summary: String| PlanStep { name: name.into(), summary };
    let branch = looked.map(|(_, chosen)| chosen.branch.as_str()).or(source.branch.as_deref());
    let branch_words = branch.map_or_else(|| "its default branch".to_owned(), str::to_owned);
    let mut repository = format!("Make {PROJECT} for {branch_words}");
    if source.copies_identity {
        repository.push_str(", with your git name and e-mail");
    }
    if let Some(folder) = &source.dotfiles {
        repository.push_str(&format!(", and copy the dotfiles of {}", folder.display()));
    }
    let push = match (&source.place, looked) {
        (Place::Url(url), _) => format!("Clone {url} on this computer and push {branch_words}"),
        (Place::Folder(_), Some((_, Chosen { from: None, branch }))) => {
            format!("Push nothing: {branch} has no commit yet")
        }
        (Place::Folder(folder), _) => format!("Push {branch_words} from {}", folder.display()),
    };
    let access = format!("Make a host key in {name}, sign it, let your SSH keys in, log in once");
    let mut steps =
        vec![step("Access", access), step("Repository", repository), step("Push", push)];
    if let Place::Folder(folder) = &source.place {
        let remote = naming::remote_name(name);
        steps.push(step("Remote", format!("Add the remote {remote} to {}", folder.display())));
    }
    steps
}

#[cfg(test)]
mod tests {
    use model::{GitHead, GitSource};

    use super::{Chosen, choose};

    fn looked(head: GitHead, branches: &[&str]) -> GitSource {
        GitSource {
            folder: Some("/src/atlas".into()),
            repository: "atlas".into(),
            suggested_name: "dev-atlas-000000".into(),
            head,
            branches: branches.iter().map(|name| (*name).to_owned()).collect(),
            changed_files: 0,
            has_submodules: false,
            identity: None,
        }
    }

    #[test]
    fn a_branch_is_chosen_or_the_field_says_why_not() {
        let commit = "3fa9c1d2e3f4a5b6".to_owned();
        let on_main = looked(
            GitHead::Branch { name: "main".into(), commit: commit.clone() },
            &["main", "feat/x"],
        );
        let from = |branch: &str| Some(format!("refs/heads/{branch}"));
        assert_eq!(choose(&on_main, None).unwrap().from, from("main"));
        assert_eq!(choose(&on_main, Some("feat/x")).unwrap().from, from("feat/x"));
        let missing = choose(&on_main, Some("nope")).unwrap_err();
        assert_eq!(missing.suggestion.as_deref(), Some("main"));
        let detached = looked(GitHead::Detached { commit: commit.clone() }, &["main"]);
        let asked = choose(&detached, None).unwrap_err();
        assert_eq!(asked.suggestion.as_deref(), Some("detached-3fa9c1d"));
        let named = choose(&detached, Some("try")).unwrap();
        assert_eq!(named, Chosen { branch: "try".into(), from: Some(commit) });
        let unborn = looked(GitHead::Unborn { name: "main".into() }, &[]);
        assert_eq!(choose(&unborn, None).unwrap(), Chosen { branch: "main".into(), from: None });
    }
}
