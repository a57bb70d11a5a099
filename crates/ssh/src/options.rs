//! What a link is made from: hops, ways to log in, known-hosts files, time limits.
//!
//! Everything comes from the caller; this crate reads no environment and no home folder by itself.

use std::path::PathBuf;
use std::time::Duration;

use model::{HostAddress, Secret};

/// One way to prove who logs in. A hop has an ordered list of them.
#[derive(Debug, Clone)]
pub enum AuthMethod {
    /// Keys held by an agent. `socket` is a unix socket, on Windows a named pipe; without one, unix
    /// has no agent and Windows tries OpenSSH's own pipe, then Pageant.
    Agent { socket: Option<PathBuf> },
    /// A private key file; an encrypted one needs a passphrase, which is asked for when absent.
    KeyFile { path: PathBuf, passphrase: Option<Secret<String>> },
    /// A password; asked for when absent.
    Password { password: Option<Secret<String>> },
    /// The server asks, the person answers.
    KeyboardInteractive,
}

/// One machine on the way.
#[derive(Debug, Clone)]
pub struct Hop {
    /// What messages call it, for example "forge-1".
    pub name: String,
    /// Where it answers, as seen from the hop before; tried in order, each a moment after the one before.
    /// The first that shows the right host key is used.
    pub addresses: Vec<HostAddress>,
    /// Login name.
    pub user: String,
    /// Ways to log in, in the order they are tried.
    pub auth: Vec<AuthMethod>,
}

/// The known-hosts files. A file that does not exist is an empty one.
#[derive(Debug, Clone, Default)]
pub struct TrustFiles {
    /// Moorline's own file, the only one that is ever written.
    pub own: PathBuf,
    /// The person's files, for example `~/.ssh/known_hosts`.
    pub user: Vec<PathBuf>,
    /// The machine's files, for example `/etc/ssh/ssh_known_hosts`.
    pub global: Vec<PathBuf>,
}

/// Everything a link needs to know.
#[derive(Debug, Clone)]
pub struct LinkOptions {
    /// Machines to pass, nearest to this computer first; the last one is the target.
    pub hops: Vec<Hop>,
    pub trust: TrustFiles,
    /// How often a silent server is asked for a sign of life; three missed answers end the link.
    pub keepalive: Duration,
    /// How long each address may take to answer, and each server to finish its handshake. Time a
    /// person needs to answer questions does not count.
    pub connect_timeout: Duration,
}
