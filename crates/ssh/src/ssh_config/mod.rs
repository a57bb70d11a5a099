//! The person's own `ssh_config`, read and never written: which hosts it names and what it says of each.
//!
//! Owns: OpenSSH's syntax, `Include`, `Host` patterns, first value wins, the way through `ProxyJump`.
//! Deliberately not here: `Match` (it can run programs; such blocks are left out and said so), which
//! files are keys, and what becomes of a host.

mod files;
mod lookup;
mod parse;
mod pattern;
mod route;
#[cfg(test)]
mod tests;
mod words;

use std::path::PathBuf;

pub use files::ConfigFiles;
pub use lookup::{Forwards, HostConfig};
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
}
