//! The person's own `ssh_config`, read and never written: which hosts it names and what it says of each.
//!
//! Owns: OpenSSH's syntax, `Include`, `Host` patterns, first value wins, the way through `ProxyJump`.
//! `Match` can run programs: our own reading leaves such blocks out and says so, OpenSSH is asked where
//! there is one. Deliberately not here: which files are keys, and what becomes of a host.

mod files;
mod forward;
mod lookup;
#[cfg(test)]
mod noise_tests;
mod openssh;
mod parse;
mod pattern;
mod route;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use files::ConfigFiles;
pub use forward::ConfigForward;
pub use lookup::HostConfig;
pub use openssh::{OpenSsh, OpenSshError};
pub use route::RouteProblem;

use parse::Directive;
use pattern::Scope;

/// A configuration with everything it includes.
#[derive(Debug, Clone, Default)]
pub struct SshConfig {
    directives: Vec<Directive>,
    names: Vec<NamedHost>,
    notes: Vec<ConfigNote>,
    files: Vec<PathBuf>,
    claims: Vec<Claim>,
    /// What OpenSSH itself said of hosts.
    answers: BTreeMap<String, HostConfig>,
}

/// What one `Host` or `Match` line takes for itself.
#[derive(Debug, Clone)]
struct Claim {
    file: PathBuf,
    /// All of them must fit.
    scopes: Arc<Vec<Scope>>,
}

/// A host that a `Host` line names without wildcards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedHost {
    pub alias: String,
    pub file: PathBuf,
    /// Counted from 1.
    pub line: usize,
}

/// Something in the files that is not followed, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigNote {
    pub file: PathBuf,
    /// Counted from 1.
    pub line: usize,
    /// What stands there, shortened.
    pub what: String,
    /// A sentence without its full stop.
    pub why: String,
}

impl SshConfig {
    /// Hosts named without wildcards, in the order of the files, each once.
    #[must_use]
    pub fn hosts(&self) -> &[NamedHost] {
        &self.names
    }

    /// What is not followed: `Match` blocks, includes that loop or cannot be read, lines that make no
    /// sense.
    #[must_use]
    pub fn notes(&self) -> &[ConfigNote] {
        &self.notes
    }

    /// The files that were read, the first one first.
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// Whether a `Host` line names it without wildcards.
    #[must_use]
    pub fn names(&self, alias: &str) -> bool {
        self.names.iter().any(|host| host.alias == alias)
    }

    /// Whether a line means this name in particular, by itself or by a pattern, so that giving the name to
    /// something else would take it away. Lines for every host do not; files below `except` do not count.
    #[must_use]
    pub fn claims(&self, alias: &str, except: &Path) -> bool {
        self.claims.iter().filter(|claim| !claim.file.starts_with(except)).any(|claim| {
            claim.scopes.iter().all(|scope| scope.fits(alias))
                && claim.scopes.iter().any(|scope| scope.means(alias))
        })
    }
}
