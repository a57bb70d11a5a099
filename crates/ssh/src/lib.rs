//! SSH sessions, authentication, host trust, jumps, channels, SFTP: the only crate that knows russh.
//!
//! Owns: `Link` (one SSH host, reached), which implements `Dial`, `RemoteExec` and `RemoteFiles`.
//! Deliberately not here: pooling, reconnecting (only its delays), storing secrets, asking a person.

mod algorithms;
mod ask;
mod auth;
mod authority;
mod backoff;
mod channel;
mod connect;
mod connection;
mod dial;
mod exec;
mod guard;
mod hops;
mod interview;
mod judge;
mod lanes;
mod link;
mod listen;
mod options;
mod quote;
mod rotate;
mod sftp;
mod ssh_config;
mod terminal;
mod transport;
mod trust;
mod vitals;
mod watch;

pub use ask::{Asker, CredentialsRequest, HostKeyAnswer, Progress};
pub use authority::{CERTIFICATE_LIFE, KeyError, OwnKey, check_host_certificate};
pub use backoff::Backoff;
pub use hops::HopHealth;
pub use link::{Link, Negotiated};
pub use listen::{Incoming, RemoteListen, RemoteListener};
pub use options::{AuthMethod, Hop, LinkOptions, TrustFiles};
pub use sftp::Sftp;
pub use ssh_config::{
    ConfigFiles, ConfigForward, ConfigNote, HostConfig, NamedHost, OpenSsh, OpenSshError,
    RouteProblem, SshConfig,
};
