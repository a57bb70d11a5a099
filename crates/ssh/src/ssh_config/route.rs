//! The way to a host through `ProxyJump`, and through the one `ProxyCommand` that means the same.

use super::{HostConfig, SshConfig, words::split};

/// Longer ways are taken for a mistake.
pub(super) const MAX_HOPS: usize = 8;

/// Why there is no way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RouteProblem {
    /// The jumps come back to a host that is already on the way.
    #[error("its ProxyJump leads back to {0}")]
    Loop(String),
    #[error("its ProxyJump goes through more than {MAX_HOPS} hosts")]
    TooLong,
    #[error("its ProxyJump has a jump \"{0}\" that is not of the form user@host:port")]
    BadJump(String),
    /// Any other program in between.
    #[error("it is reached by a program (ProxyCommand {0}), which Moorline does not run")]
    Command(String),
}

impl SshConfig {
    /// The hosts to go through, nearest to this computer first, and the host itself last. As with
    /// OpenSSH, of several jumps only the first one's own `ProxyJump` counts.
    ///
    /// # Errors
    /// When the jumps loop, are too many or make no sense, or when a program is in between.
    pub fn route(&self, alias: &str) -> Result<Vec<HostConfig>, RouteProblem> {
        let mut hops = vec![self.lookup(alias)];
        let mut on_the_way = vec![alias.to_owned()];
        while let Some(jumps) = hops.first().map(jumps_of).transpose()?.filter(|j| !j.is_empty()) {
            let mut before = Vec::new();
            for jump in &jumps {
                if on_the_way.contains(&jump.host) {
                    return Err(RouteProblem::Loop(jump.host.clone()));
                }
                on_the_way.push(jump.host.clone());
                before.push(self.jump(jump));
            }
            before.append(&mut hops);
            hops = before;
            if hops.len() > MAX_HOPS + 1 {
                return Err(RouteProblem::TooLong);
            }
        }
        Ok(hops)
    }

    fn jump(&self, jump: &Jump) -> HostConfig {
        let mut found = self.lookup(&jump.host);
        found.user = jump.user.clone().or(found.user);
        found.port = jump.port.or(found.port);
        found
    }
}

/// One word of `ProxyJump`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Jump {
    user: Option<String>,
    pub(super) host: String,
    port: Option<u16>,
}

pub(super) fn jumps_of(host: &HostConfig) -> Result<Vec<Jump>, RouteProblem> {
    if let Some(words) = &host.proxy_jump {
        return words.split(',').map(|word| jump(word.trim())).collect();
    }
    match &host.proxy_command {
        None => Ok(Vec::new()),
        Some(command) => match jump_of_command(command) {
            Some(word) => Ok(vec![jump(&word)?]),
            None => Err(RouteProblem::Command(command.chars().take(40).collect())),
        },
    }
}

/// `ssh -W %h:%p jump`, as people wrote before there was `ProxyJump`.
fn jump_of_command(command: &str) -> Option<String> {
    let words = split(command).ok()?;
    let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| *word != "-q").collect();
    match words.as_slice() {
        ["ssh" | "/usr/bin/ssh", "-W", "%h:%p" | "[%h]:%p", jump]
        | ["ssh" | "/usr/bin/ssh", jump, "-W", "%h:%p" | "[%h]:%p"] => Some((*jump).to_owned()),
        _ => None,
    }
    .filter(|jump| !jump.starts_with('-'))
}

fn jump(word: &str) -> Result<Jump, RouteProblem> {
    let bad = || RouteProblem::BadJump(word.chars().take(60).collect());
    let rest = word.strip_prefix("ssh://").unwrap_or(word);
    let (user, rest) = match rest.rsplit_once('@') {
        Some((user, rest)) => (Some(user.to_owned()), rest),
        None => (None, rest),
    };
    let (host, port) = match rest.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']').ok_or_else(bad)?;
            (host, port.strip_prefix(':'))
        }
        None if rest.matches(':').count() > 1 => (rest, None),
        None => rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port))),
    };
    let port = port.map(|port| port.parse().ok().filter(|port| *port > 0).ok_or_else(bad));
    if host.is_empty() || host.starts_with('-') || user.as_deref() == Some("") {
        return Err(bad());
    }
    Ok(Jump { user, host: host.to_owned(), port: port.transpose()? })
}
