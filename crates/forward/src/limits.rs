//! How many connections the system lets this process have.

/// Raises the number of files this process may have open to what the system allows, because a thousand
/// connections are two thousand files and many systems begin with 1024. Fine to call again.
#[cfg(unix)]
pub(crate) fn allow_many() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    /// Enough for 10,000 connections; macOS takes no more than this.
    const ENOUGH: u64 = if cfg!(target_os = "macos") { 10_240 } else { 32_768 };
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.unwrap_or(ENOUGH).min(ENOUGH);
    if current.is_some_and(|current| current < wanted) {
        let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum });
        tracing::debug!(?current, wanted, ?raised, "files this process may have open");
    }
}

/// There is no such limit here.
#[cfg(not(unix))]
pub(crate) fn allow_many() {}
