//! Git on both sides of a workspace: what it is made from, what it is tied to, how both sides stand.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Failure, TimestampMs};

/// A repository that a workspace can be made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GitSource {
    /// The root of the work tree; none for a URL.
    pub folder: Option<String>,
    /// Its last part without `.git`, for people.
    pub repository: String,
    /// A free-standing name by l8s's rule: prefix, repository, six characters of a hash.
    pub suggested_name: String,
    pub head: GitHead,
    /// Other branches to choose from.
    pub branches: Vec<String>,
    /// Files with changes that are not committed, and so not pushed.
    pub changed_files: u32,
    pub has_submodules: bool,
    /// `user.name` and `user.email` as git on this computer has them for this repository.
    pub identity: Option<GitIdentity>,
}

/// Who commits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GitIdentity {
    pub name: String,
    pub email: String,
}

/// What is checked out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum GitHead {
    Branch {
        name: String,
        commit: String,
    },
    /// A branch without a commit yet.
    Unborn {
        name: String,
    },
    Detached {
        commit: String,
    },
}

impl GitHead {
    /// The branch, when one is checked out.
    #[must_use]
    pub fn branch(&self) -> Option<&str> {
        match self {
            Self::Branch { name, .. } | Self::Unborn { name } => Some(name),
            Self::Detached { .. } => None,
        }
    }

    /// The full id of the commit, when there is one.
    #[must_use]
    pub fn commit(&self) -> Option<&str> {
        match self {
            Self::Branch { commit, .. } | Self::Detached { commit } => Some(commit),
            Self::Unborn { .. } => None,
        }
    }
}

/// How a file differs from what is committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum GitChange {
    Added,
    Modified,
    Deleted,
    Renamed,
    Untracked,
    Conflicted,
}

/// A file with changes that are not committed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GitFile {
    /// Below the root; bytes that are no UTF-8 are replaced.
    pub path: String,
    /// What a renamed file was called.
    pub from: Option<String>,
    pub change: GitChange,
}

/// One side: a work tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GitSide {
    pub path: String,
    pub head: GitHead,
    /// The first files with changes.
    pub files: Vec<GitFile>,
    /// How many there are in all.
    pub file_count: u32,
    pub stash_count: u32,
}

/// What ties a workspace to a folder of this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GitLink {
    /// The work tree on this computer; none when the workspace came from a URL.
    pub folder: Option<String>,
    /// The remote's name in that repository.
    pub remote: Option<String>,
    /// Whom SSH logs in as.
    pub user: String,
    /// The work tree in the workspace.
    pub path: String,
    /// Until when the host certificate holds.
    pub certificate_until: TimestampMs,
}

/// How both sides stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GitState {
    pub link: Option<GitLink>,
    pub here: Option<GitSide>,
    /// Why `here` is not known.
    pub here_problem: Option<Failure>,
    pub there: Option<GitSide>,
    /// Why `there` is not known.
    pub there_problem: Option<Failure>,
    /// Commits here that the workspace lacks, on the branch that is checked out here; none when a fetch
    /// has to tell first.
    pub ahead: Option<u32>,
    /// Commits there that this computer lacks.
    pub behind: Option<u32>,
}

/// What is done with changes in the workspace that are not committed, before it gets or gives commits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum GitDirty {
    /// Nothing: a push that would touch them is refused, a pull leaves them out.
    Leave,
    /// They are committed on the branch that is checked out.
    Commit { message: String },
    /// They are put aside on the stash.
    Stash,
    /// They are committed on a branch of their own, which is then left.
    Branch { name: String },
}
