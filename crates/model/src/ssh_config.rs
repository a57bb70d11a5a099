//! What Moorline writes for the person's own SSH client.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The managed SSH config, and whether the person's own reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SshConfigView {
    /// The person's own config.
    pub user_file: String,
    /// The line that goes to its top, and the only one that is ever added.
    pub line: String,
    /// The file of Moorline's that the line names.
    pub managed_file: String,
    /// Where theirs is copied to before it is changed.
    pub backup_file: String,
    /// The line is there, where it counts.
    pub is_included: bool,
    /// Names that `ssh` knows through it, as a person would type them.
    pub aliases: Vec<String>,
}

/// How one workspace is reached by a plain SSH client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WorkspaceSsh {
    /// What a person types after `ssh`.
    pub alias: String,
    /// The name under which its host key or certificate is known.
    pub host_key_alias: String,
    pub user: String,
    /// Where the work is: an absolute path.
    pub folder: String,
    /// Moorline's file, for `ssh -F`.
    pub managed_file: String,
    /// Whether plain `ssh` reads that file.
    pub is_included: bool,
}
