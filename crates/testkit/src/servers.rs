//! Where real servers are, for test programs that run on another system than the servers do.
//!
//! Deliberately not here: starting them; `cargo xtask platforms` does.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Names the file with the addresses.
pub const SERVERS_VARIABLE: &str = "MOORLINE_SERVERS";

/// Addresses on loopback, and what is needed to log in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Servers {
    pub ssh_port: u16,
    /// Login name.
    pub user: String,
    /// A private key without passphrase that may log in; relative to the file with the addresses.
    pub client_key: PathBuf,
    /// Another one, encrypted.
    pub locked_key: PathBuf,
    pub passphrase: String,
    /// Lines of a known-hosts file.
    pub known_hosts: String,
    /// Carries to an agent that holds another key that may log in.
    pub agent_port: u16,
    /// Podman's socket on the server.
    pub podman_socket: String,
    /// A small image that is there.
    pub podman_image: String,
}

impl Servers {
    /// Reads the file that the environment names.
    ///
    /// # Errors
    /// When there is none, or it cannot be read; in words.
    pub fn from_environment() -> Result<Self, String> {
        let file = std::env::var_os(SERVERS_VARIABLE).map(PathBuf::from).ok_or_else(|| {
            format!("{SERVERS_VARIABLE} names no file: `cargo xtask platforms` starts the servers")
        })?;
        let text = std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let mut servers: Self = serde_json::from_slice(&text)
            .map_err(|error| format!("{}: {error}", file.display()))?;
        for key in [&mut servers.client_key, &mut servers.locked_key] {
            *key = file.with_file_name(&*key);
        }
        Ok(servers)
    }
}
