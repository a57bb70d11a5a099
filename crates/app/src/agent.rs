//! Which SSH agent the environment names. Deliberately not here: talking to it.

use std::path::PathBuf;

/// What `SSH_AUTH_SOCK` names, where programs of this system can use it.
#[must_use]
pub fn agent_of_environment() -> Option<PathBuf> {
    let named = std::env::var_os("SSH_AUTH_SOCK").filter(|value| !value.is_empty())?;
    // Git's shell on Windows names a socket that only its own programs understand.
    (!cfg!(windows) || is_pipe(&named.to_string_lossy())).then(|| PathBuf::from(named))
}

fn is_pipe(path: &str) -> bool {
    path.replace('/', r"\").to_lowercase().starts_with(r"\\.\pipe\")
}

#[cfg(test)]
mod tests {
    use super::is_pipe;

    #[test]
    fn pipes_are_told_from_sockets() {
        assert!(is_pipe(r"\\.\pipe\openssh-ssh-agent") && is_pipe("//./PIPE/1password"));
        assert!(!is_pipe("/tmp/ssh-3f/agent.12") && !is_pipe(r"C:\agent"));
    }
}
