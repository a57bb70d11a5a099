//! What `ssh -G` says of a host: OpenSSH's own reading, which follows `Match` as well.
//!
//! `ssh -G` connects nowhere, but it may run the programs that `Match exec` names, as every `ssh` of the
//! person does. Deliberately not here: whether there is an `ssh`.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::process::Command;

use super::forward;
use super::route::{MAX_HOPS, jumps_of};
use super::{ConfigForward, HostConfig, SshConfig};

const LIMIT: Duration = Duration::from_secs(5);
const MAX_OUTPUT_BYTES: u64 = 1024 * 1024;
/// A configuration that says nothing, so that what is left of an answer is what somebody wrote.
const EMPTY: &str = if cfg!(windows) { "NUL" } else { "/dev/null" };

/// Why OpenSSH gives no answer.
#[derive(Debug, thiserror::Error)]
pub enum OpenSshError {
    /// `ssh` would take it for something else.
    #[error("\"{0}\" is not the name of a host")]
    BadName(String),
    #[error("ssh cannot be run: {0}")]
    NotRun(#[from] std::io::Error),
    #[error("ssh did not answer in {} s", LIMIT.as_secs())]
    Slow,
    /// Its own words.
    #[error("ssh does not accept the configuration: {0}")]
    Refused(String),
}

/// An `ssh` to ask.
#[derive(Debug, Clone)]
pub struct OpenSsh {
    program: PathBuf,
    config: Option<PathBuf>,
}

impl OpenSsh {
    /// An `ssh` that reads this configuration; without one, the person's and the machine's.
    #[must_use]
    pub fn new(program: impl Into<PathBuf>, config: Option<PathBuf>) -> Self {
        Self { program: program.into(), config }
    }

    /// What OpenSSH makes of the configuration for one host. Forwards get their place in the files from
    /// `ours`, where it knows them. Dropping the future ends the process.
    ///
    /// # Errors
    /// See `OpenSshError`; a name that begins with a dash is never handed to `ssh`.
    pub async fn lookup(&self, alias: &str, ours: &SshConfig) -> Result<HostConfig, OpenSshError> {
        let is_odd = |c: char| c.is_whitespace() || c.is_control();
        if alias.is_empty() || alias.starts_with('-') || alias.contains(is_odd) {
            return Err(OpenSshError::BadName(alias.chars().take(60).collect()));
        }
        let (said, usual) = tokio::try_join!(
            self.ask(self.config.as_deref(), alias),
            self.ask(Some(Path::new(EMPTY)), alias),
        )?;
        Ok(read(alias, &said, &usual, ours))
    }

    async fn ask(&self, config: Option<&Path>, alias: &str) -> Result<String, OpenSshError> {
        let mut command = Command::new(&self.program);
        if let Some(config) = config {
            command.arg("-F").arg(config);
        }
        command.args(["-G", "--", alias]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.kill_on_drop(true).spawn()?;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let answer = async {
            let (mut said, mut complaint) = (Vec::new(), Vec::new());
            let all = async {
                if let Some(stdout) = stdout {
                    stdout.take(MAX_OUTPUT_BYTES).read_to_end(&mut said).await?;
                }
                Ok::<_, std::io::Error>(())
            };
            let words = async {
                if let Some(stderr) = stderr {
                    stderr.take(MAX_OUTPUT_BYTES).read_to_end(&mut complaint).await?;
                }
                Ok(())
            };
            tokio::try_join!(all, words)?;
            let status = child.wait().await?;
            if status.success() {
                return Ok(String::from_utf8_lossy(&said).into_owned());
            }
            let words = String::from_utf8_lossy(&complaint);
            Err(OpenSshError::Refused(words.trim().chars().take(500).collect()))
        };
        tokio::time::timeout(LIMIT, answer).await.unwrap_or(Err(OpenSshError::Slow))
    }
}

impl SshConfig {
    /// Asks OpenSSH about a host and the jumps on its way. From then on `lookup` and `route` give its
    /// answers for them.
    ///
    /// # Errors
    /// As `OpenSsh::lookup`; what was answered before counts.
    pub async fn consult(&mut self, openssh: &OpenSsh, alias: &str) -> Result<(), OpenSshError> {
        let mut open = vec![alias.to_owned()];
        let mut asked = 0;
        while let Some(next) = open.pop() {
            if self.answers.contains_key(&next) || asked > MAX_HOPS {
                continue;
            }
            asked += 1;
            let answer = openssh.lookup(&next, self).await?;
            open.extend(jumps_of(&answer).unwrap_or_default().into_iter().map(|jump| jump.host));
            self.answers.insert(next, answer);
        }
        Ok(())
    }
}

/// Reads an answer. What an answer to an empty configuration says too was not written by anybody.
fn read(alias: &str, said: &str, usual: &str, ours: &SshConfig) -> HostConfig {
    let all = |text: &str, wanted: &str| -> Vec<String> {
        let lines = text.lines().filter_map(|line| line.split_once(' '));
        lines.filter(|(key, _)| *key == wanted).map(|(_, value)| value.to_owned()).collect()
    };
    let mut found = HostConfig { alias: alias.to_owned(), ..HostConfig::default() };
    let HostConfig { forwards: own, user: own_user, .. } = ours.lookup(alias);
    for line in said.lines() {
        let Some((keyword, value)) = line.split_once(' ') else { continue };
        let mut words: Vec<String> = value.split_whitespace().map(str::to_owned).collect();
        if keyword == "dynamicforward" && goes_to_a_socket(said, value) {
            continue;
        }
        if words.get(1).is_some_and(|target| target == "[socks]:0") {
            words.truncate(1);
        }
        if let Some(route) = forward::route(keyword, &words) {
            let known = own.iter().find(|known| known.route == route).cloned();
            found.forwards.push(known.unwrap_or_else(|| ConfigForward {
                file: ours.files().first().cloned().unwrap_or_default(),
                line: 0,
                text: line.to_owned(),
                is_shared: false,
                route,
            }));
        } else if all(said, keyword) == all(usual, keyword) {
            // Nobody wrote that.
        } else if keyword == "identityfile" {
            found.identity_files.push(value.to_owned());
        } else {
            found.set(keyword, value, &words, value);
        }
    }
    // Written, though it is what would be used anyway.
    found.user = found.user.or(own_user);
    if found.host_name.is_empty() {
        alias.clone_into(&mut found.host_name);
    }
    found
}

/// Whether a local forward from here leads to a unix socket: `ssh -G` lists such a one as a proxy as well.
fn goes_to_a_socket(said: &str, listen: &str) -> bool {
    let mut local = said.lines().filter_map(|line| line.strip_prefix("localforward "));
    local.any(|forward| {
        forward.split_once(' ').is_some_and(|(from, to)| from == listen && to.starts_with('/'))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{OpenSsh, OpenSshError, SshConfig, read};

    #[tokio::test]
    async fn what_ssh_would_take_for_an_option_is_not_handed_to_it() {
        let openssh = OpenSsh::new("/no/such/ssh", None);
        for name in ["", "-oProxyCommand=evil", "a b", "a\nb", "a\0"] {
            let asked = openssh.lookup(name, &SshConfig::default()).await;
            assert!(matches!(asked, Err(OpenSshError::BadName(_))), "{name:?}: {asked:?}");
        }
        let asked = openssh.lookup("forge", &SshConfig::default()).await;
        assert!(matches!(asked, Err(OpenSshError::NotRun(_))), "{asked:?}");
    }

    proptest! {
        #[test]
        fn no_answer_panics(said in "([a-z]{0,12} ?\\PC{0,20}\n){0,8}", usual in "\\PC{0,40}") {
            let _ = read("forge", &said, &usual, &SshConfig::default());
        }
    }
}
