//! SSH hosts: where they are, who logs in, how, and through which others.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Secret, SecretRef, SshHostId};

/// One address of an SSH host.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub struct HostAddress {
    /// Host name, IPv4 or IPv6 address, without brackets.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

impl std::fmt::Display for HostAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

/// One way to prove who logs in. A host has an ordered list of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "method", rename_all = "snake_case")]
pub enum SshAuth {
    /// Keys held by an agent; `socket` overrides the agent that the environment names.
    Agent { socket: Option<String> },
    /// A private key file; the passphrase is asked for, and kept only when the person says so.
    KeyFile { path: String, passphrase: Option<SecretRef> },
    /// A password; without a reference it is asked for at each connect.
    Password { secret: Option<SecretRef> },
    /// The server asks, the person answers.
    KeyboardInteractive,
}

/// A way to log in as a form sends it. Secrets travel inwards only.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "method", rename_all = "snake_case")]
pub enum SshAuthInput {
    Agent {
        socket: Option<String>,
    },
    KeyFile {
        path: String,
        /// Leave out to keep the stored one, or to be asked.
        #[ts(type = "string | null")]
        passphrase: Option<Secret<String>>,
    },
    Password {
        /// Leave out to keep the stored one, or to be asked.
        #[ts(type = "string | null")]
        password: Option<Secret<String>>,
    },
    KeyboardInteractive,
}

/// A machine reached by SSH.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SshHost {
    pub id: SshHostId,
    /// Where it answers; tried in order.
    pub addresses: Vec<HostAddress>,
    /// Login name.
    pub user: String,
    /// Ways to log in, in the order they are tried.
    pub auth: Vec<SshAuth>,
    /// Hosts to go through, nearest to this computer first.
    pub jumps: Vec<SshHostId>,
}
