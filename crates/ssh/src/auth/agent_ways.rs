//! Where agents answer on this system: a unix socket; on Windows a named pipe, or Pageant.
//!
//! Deliberately not here: what is asked of an agent.

use std::fmt;
use std::path::{Path, PathBuf};

use russh::keys::Error;
use russh::keys::agent::client::{AgentClient, AgentStream};

pub(super) type Agent = AgentClient<Box<dyn AgentStream + Send + Unpin>>;

/// Windows' own OpenSSH and most password managers answer there.
#[cfg(windows)]
const OPENSSH_PIPE: &str = r"\\.\pipe\openssh-ssh-agent";

/// One place where an agent may answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way {
    /// A unix socket, on Windows a named pipe.
    Path(PathBuf),
    /// The agent of PuTTY, and of programs that speak like it.
    #[cfg(windows)]
    Pageant,
}

/// The places to ask in their order: the named one alone, or the usual ones of this system.
pub(super) fn ways(socket: Option<&Path>) -> Vec<Way> {
    match socket {
        Some(path) => vec![Way::Path(path.to_owned())],
        None => usual(),
    }
}

#[cfg(windows)]
fn usual() -> Vec<Way> {
    vec![Way::Path(PathBuf::from(OPENSSH_PIPE)), Way::Pageant]
}

/// Elsewhere only the environment knows.
#[cfg(not(windows))]
fn usual() -> Vec<Way> {
    Vec::new()
}

impl Way {
    /// Connects. On Windows this waits for as long as a pipe is busy.
    #[cfg(windows)]
    pub(super) async fn connect(&self) -> Result<Agent, Error> {
        Ok(match self {
            Self::Path(pipe) => AgentClient::connect_named_pipe(pipe).await?.dynamic(),
            Self::Pageant => AgentClient::connect_pageant().await?.dynamic(),
        })
    }

    /// Connects.
    #[cfg(unix)]
    pub(super) async fn connect(&self) -> Result<Agent, Error> {
        let Self::Path(socket) = self;
        Ok(AgentClient::connect_uds(socket).await?.dynamic())
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => write!(f, "{}", path.display()),
            #[cfg(windows)]
            Self::Pageant => f.write_str("Pageant"),
        }
    }
}
