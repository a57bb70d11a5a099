//! What runs of git do: one value per verb, with its words. Stored runs are read back for a retry.

use model::{FormValues, GitDirty, PlanStep};

/// What is done between both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Task {
    Push {
        dirty: GitDirty,
    },
    Pull {
        dirty: GitDirty,
    },
    Fetch,
    /// Puts SSH access and a repository into a workspace and ties it to a folder.
    Tie {
        folder: String,
    },
}

impl Task {
    pub(crate) fn verb(&self) -> &'static str {
        match self {
            Self::Push { .. } => "git push",
            Self::Pull { .. } => "git pull",
            Self::Fetch => "git fetch",
            Self::Tie { .. } => "git setup",
        }
    }

    pub(crate) fn input(&self) -> FormValues {
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        match self {
            Self::Push { dirty } | Self::Pull { dirty } => match dirty {
                GitDirty::Leave => FormValues::new(),
                GitDirty::Commit { message } => {
                    FormValues::from([pair("dirty", "commit"), pair("message", message)])
                }
                GitDirty::Stash => FormValues::from([pair("dirty", "stash")]),
                GitDirty::Branch { name } => {
                    FormValues::from([pair("dirty", "branch"), pair("branch", name)])
                }
            },
            Self::Fetch => FormValues::new(),
            Self::Tie { folder } => FormValues::from([pair("folder", folder)]),
        }
    }

    /// The task of a stored run.
    pub(crate) fn from_stored(verb: &str, input: &FormValues) -> Option<Self> {
        let dirty = || match input.get("dirty").map(String::as_str) {
            Some("commit") => Some(GitDirty::Commit { message: input.get("message")?.clone() }),
            Some("stash") => Some(GitDirty::Stash),
            Some("branch") => Some(GitDirty::Branch { name: input.get("branch")?.clone() }),
            _ => Some(GitDirty::Leave),
        };
        Some(match verb {
            "git push" => Self::Push { dirty: dirty()? },
            "git pull" => Self::Pull { dirty: dirty()? },
            "git fetch" => Self::Fetch,
            "git setup" => Self::Tie { folder: input.get("folder")?.clone() },
            _ => return None,
        })
    }

    pub(crate) fn steps(&self, name: &str) -> Vec<PlanStep> {
        let step = |name: &str, summary: String| PlanStep { name: name.into(), summary };
        let look = || step("Look", format!("Look at this computer and {name}"));
        let room = || step("Make room", format!("See to changes in {name} that are not committed"));
        match self {
            Self::Push { .. } => {
                vec![look(), room(), step("Push", format!("Push the branch to {name}"))]
            }
            Self::Pull { .. } => vec![
                look(),
                room(),
                step("Fetch", format!("Fetch the branches of {name}")),
                step("Merge", "Fast-forward the branch that is checked out here".into()),
            ],
            Self::Fetch => vec![look(), step("Fetch", format!("Fetch the branches of {name}"))],
            Self::Tie { folder } => vec![
                step("Access", format!("Make a host key in {name}, sign it, let your SSH keys in")),
                step("Repository", format!("Make a repository in {name} where there is none")),
                step("Remote", format!("Add {name} to the remotes of {folder}")),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use model::{FormValues, GitDirty};

    use super::Task;

    #[test]
    fn a_task_survives_being_stored() {
        let tasks = [
            Task::Push { dirty: GitDirty::Leave },
            Task::Push { dirty: GitDirty::Commit { message: "a\nb".into() } },
            Task::Pull { dirty: GitDirty::Branch { name: "wip".into() } },
            Task::Pull { dirty: GitDirty::Stash },
            Task::Fetch,
            Task::Tie { folder: "/src/a b".into() },
        ];
        for task in tasks {
            assert_eq!(Task::from_stored(task.verb(), &task.input()), Some(task));
        }
        assert_eq!(Task::from_stored("start", &FormValues::new()), None);
    }
}
