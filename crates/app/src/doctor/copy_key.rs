//! Lets a public key in on a server that knows only the password yet, as ssh-copy-id does.
//!
//! One line is appended to the login's `authorized_keys`, over a link of its own that logs in by password.
//! What is asked for is used once and not kept.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use backend_api::RemoteExec as _;
use model::{ErrorCode, Failure, HostKeyQuestion, KeyCopied, Secret, SshAuth, SshHost, SshHostId};
use ssh::{Asker, CredentialsRequest, HostKeyAnswer, Link};

use super::{DoctorSubject, target::Target};
use crate::{
    Core,
    questions::{LinkAsker, ToldBy},
    sessions,
};

/// Where it goes, below the home folder of the login.
pub(super) const FILE: &str = "~/.ssh/authorized_keys";
/// A person types a password meanwhile.
const LONGEST: Duration = Duration::from_secs(5 * 60);
/// `$1` is algorithm and key, `$2` the whole line. Says whether there was anything to do.
const APPEND: &str = r#"umask 077
cd && mkdir -p .ssh && touch .ssh/authorized_keys || exit 1
file=.ssh/authorized_keys
if grep -v '^[[:space:]]*#' "$file" | grep -qF -- "$1"; then echo same; exit 0; fi
[ -z "$(tail -c 1 "$file")" ] || echo >>"$file" || exit 1
printf '%s\n' "$2" >>"$file" || exit 1
if command -v restorecon >/dev/null 2>&1; then restorecon -F .ssh "$file" 2>/dev/null; fi
echo added"#;

impl Core {
    /// Appends a public key to `~/.ssh/authorized_keys` of the login at machine `hop` of a connection that
    /// is tested. `agreed` says that the person saw the line, the file and the server.
    ///
    /// # Errors
    /// `Invalid` without consent and for what is no public key; whatever logging in by password fails with;
    /// `Cancelled` when the person does not answer; `Rejected` when the file cannot be written.
    pub async fn doctor_copy_key(
        &self,
        subject: DoctorSubject,
        hop: u32,
        line: &str,
        agreed: bool,
    ) -> Result<KeyCopied, Failure> {
        if !agreed {
            return Err(Failure::new(
                ErrorCode::Invalid,
                "a key is copied only when you agree to it",
            )
            .with_hint("Read what goes where, then agree.")
            .with_field("agreed"));
        }
        let (key, line) = taken_apart(line).ok_or_else(|| {
            Failure::new(ErrorCode::Invalid, "this is no public key")
                .with_hint("Test the connection again and copy the key it shows.")
        })?;
        let target = self.doctor_target(subject).await?;
        let server = target.name_of(hop)?;
        let link = tokio::time::timeout(LONGEST, self.by_password(&target, hop)).await;
        let link = link.map_err(|_| not_within(&server))??;
        let appended = tokio::time::timeout(LONGEST, append(&link, &server, &key, &line)).await;
        link.close().await;
        let is_new = appended.map_err(|_| not_within(&server))??;
        Ok(KeyCopied { server, file: FILE.into(), is_new })
    }

    /// A link to the machine that logs in there by password, and before it as always.
    async fn by_password(&self, target: &Target, hop: u32) -> Result<Link, Failure> {
        let last = usize::try_from(hop).unwrap_or(usize::MAX);
        let mut hosts: Vec<SshHost> =
            target.hosts.iter().take(last.saturating_add(1)).cloned().collect();
        if let Some(host) = hosts.last_mut() {
            host.auth = vec![password_of(host)];
            // What is remembered for this host belongs to its own ways to log in.
            host.id = SshHostId::generate();
        }
        let name = &target.connection.name;
        let options = sessions::link_options(&self.shared, name, &hosts, &target.given).await?;
        let asker = LinkAsker::new(Arc::clone(&self.shared), name.clone(), ToldBy::Nobody, hosts);
        let asker: Arc<dyn Asker> = Arc::new(Once(asker));
        Ok(Link::connect(options, asker, self.shared.cancel.child_token()).await?)
    }
}

impl Target {
    fn name_of(&self, hop: u32) -> Result<String, Failure> {
        let index = usize::try_from(hop).unwrap_or(usize::MAX);
        let host = self.hosts.get(index).ok_or_else(|| {
            Failure::new(ErrorCode::NotFound, "this connection goes over no such machine any more")
                .with_hint("Test the connection again.")
        })?;
        if index + 1 == self.hosts.len() {
            return Ok(self.connection.name.clone());
        }
        Ok(host.addresses.first().map_or_else(String::new, |address| address.host.clone()))
    }
}

/// The host's own way with a password, so that a stored one is used; else one that asks.
fn password_of(host: &SshHost) -> SshAuth {
    let is_password = |auth: &&SshAuth| matches!(auth, SshAuth::Password { .. });
    host.auth.iter().find(is_password).cloned().unwrap_or(SshAuth::Password { secret: None })
}

/// Asks as usual, and keeps nothing of what is answered.
struct Once(LinkAsker);

#[async_trait]
impl Asker for Once {
    async fn host_key(&self, question: HostKeyQuestion) -> HostKeyAnswer {
        self.0.host_key(question).await
    }

    async fn credentials(&self, request: CredentialsRequest) -> Option<Vec<Secret<String>>> {
        self.0.credentials(CredentialsRequest { can_remember: false, ..request }).await
    }

    fn stage(&self, _stage: &str) {}
}

/// True when the line was not there before.
async fn append(link: &Link, server: &str, key: &str, line: &str) -> Result<bool, Failure> {
    let output = link.run(&["sh", "-c", APPEND, "sh", key, line]).await?;
    match (output.exit_code, String::from_utf8_lossy(&output.stdout).trim()) {
        (Some(0), "added") => Ok(true),
        (Some(0), "same") => Ok(false),
        _ => {
            let message = format!("the key cannot be written to {FILE} on {server}");
            let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            Err(Failure::new(ErrorCode::Rejected, message)
                .with_hint(
                    "Check the home folder of this login there: its rights, and its free space.",
                )
                .with_detail(words))
        }
    }
}

fn not_within(server: &str) -> Failure {
    Failure::new(ErrorCode::Unreachable, format!("{server} did not take the key within 5 minutes"))
        .with_hint("Try again.")
}

/// Algorithm with key, and the whole line as it is written.
fn taken_apart(line: &str) -> Option<(String, String)> {
    let line = line.trim();
    let mut words = line.split(' ');
    let (algorithm, key) = (words.next()?, words.next()?);
    let is_algorithm = |c: char| c.is_ascii_alphanumeric() || "-@.".contains(c);
    let is_key = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
    let is_known = ["ssh-", "ecdsa-", "sk-"].iter().any(|kind| algorithm.starts_with(kind));
    let is_well_formed = is_known
        && algorithm.chars().all(is_algorithm)
        && key.len() > 16
        && key.chars().all(is_key)
        && !line.chars().any(char::is_control);
    is_well_formed.then(|| (format!("{algorithm} {key}"), line.to_owned()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::taken_apart;

    const KEY: &str = "AAAAC3NzaC1lZDI1NTE5AAAAIB9dG4kjRhQTtWTVzd2t27";

    #[test]
    fn a_line_of_authorized_keys_that_says_nothing_else() {
        let line = format!("ssh-ed25519 {KEY} ada@laptop");
        let (key, whole) = taken_apart(&line).unwrap();
        assert_eq!((key, whole), (format!("ssh-ed25519 {KEY}"), line));
        for line in [
            format!("command=\"sh\" ssh-ed25519 {KEY}"),
            format!("ssh-ed25519 {KEY}\nssh-rsa {KEY}"),
            "ssh-ed25519".to_owned(),
            "-----BEGIN OPENSSH PRIVATE KEY-----".to_owned(),
        ] {
            assert_eq!(taken_apart(&line), None, "{line}");
        }
    }

    proptest! {
        #[test]
        fn no_text_becomes_two_lines(text in ".{0,120}") {
            if let Some((key, line)) = taken_apart(&text) {
                prop_assert!(!line.contains(['\n', '\r']) && line.starts_with(&key));
            }
        }
    }
}
