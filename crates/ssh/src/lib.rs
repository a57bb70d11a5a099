//! SSH sessions, authentication, host trust, jumps, channels, SFTP: the only crate that knows russh.
//!
//! Owns: `Link` (one SSH host, reached), which implements `Dial` and `RemoteExec`.
//! Deliberately not here: pooling, reconnecting (only its delays), storing secrets, asking a person.

mod ask;
mod backoff;
mod link;
mod options;
mod sftp;

pub use ask::{Asker, CredentialsRequest, HostKeyAnswer};
pub use backoff::Backoff;
pub use link::{Link, Negotiated};
pub use options::{AuthMethod, Hop, LinkOptions, TrustFiles};
pub use sftp::{FileEntry, Sftp};
