//! How to log in to a container by SSH: its published port, its user, its host keys.
//!
//! Everything read from inside a container is what its programs put there, so it is taken only in the form
//! it has to have.

use async_trait::async_trait;
use backend_api::{BackendError, Cx, DialTarget, SshAccess, SshTarget};
use model::WorkspaceId;

use crate::convert::SSH_PORT;
use crate::session::PodmanSession;

/// Where the work is, best first; else the user's home.
const FOLDERS: [&str; 2] = ["/workspace/project", "/workspace"];
/// Kinds of host key that OpenSSH makes, best first.
const KINDS: [&str; 3] = ["ed25519", "ecdsa", "rsa"];
const ROOT: &str = "root";

#[async_trait]
impl SshAccess for PodmanSession {
    async fn ssh_target(&self, id: &WorkspaceId, cx: &Cx) -> Result<SshTarget, BackendError> {
        let found = self.inspected(id, cx).await?;
        let Some(DialTarget::Tcp { host, port }) = self.published(id, SSH_PORT) else {
            return Err(BackendError::not_found(format!(
                "\"{}\" publishes no SSH port on \"{}\"",
                found.name,
                self.server_name()
            ))
            .with_hint(
                "Make the workspace again with port 22, from an image with an SSH server.",
            ));
        };
        let guest = self.guest(&found, None, cx).await?;
        let user = guest.user.filter(|user| is_login(user)).unwrap_or_else(|| ROOT.to_owned());
        let mut folder = guest.home.filter(|home| home.starts_with('/'));
        for path in FOLDERS {
            if self.has_path(&found.id, path, cx).await {
                folder = Some(path.to_owned());
                break;
            }
        }
        let mut host_keys = Vec::new();
        for kind in KINDS {
            let path = format!("/etc/ssh/ssh_host_{kind}_key.pub");
            let file = self.file_of(&found.id, &path, cx).await?;
            host_keys.extend(file.as_deref().and_then(public_key));
        }
        let folder = folder.unwrap_or_else(|| "/".to_owned());
        Ok(SshTarget { host, port, user, folder, host_keys })
    }
}

/// A name that is nothing but a name.
fn is_login(user: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    !user.is_empty() && user.len() <= 64 && !user.starts_with('-') && user.chars().all(is_part)
}

/// Algorithm and key of the first line of a `.pub` file, without its comment.
fn public_key(file: &[u8]) -> Option<String> {
    let line = std::str::from_utf8(file).ok()?.lines().next()?;
    let mut words = line.split(' ');
    let (algorithm, key) = (words.next()?, words.next()?);
    let is_algorithm = |c: char| c.is_ascii_alphanumeric() || "-@.".contains(c);
    let is_key = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
    let is_well_formed = algorithm.starts_with(|c: char| c.is_ascii_alphabetic())
        && algorithm.chars().all(is_algorithm)
        && key.len() > 16
        && key.chars().all(is_key);
    is_well_formed.then(|| format!("{algorithm} {key}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{is_login, public_key};

    const KEY: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB9dG4kjRhQTtWTVzd2t27+t0DEHBPW7iOD23TUiYLio";

    #[test]
    fn a_key_loses_its_comment() {
        assert_eq!(public_key(format!("{KEY} root@box\n").as_bytes()).as_deref(), Some(KEY));
    }

    #[test]
    fn a_line_that_would_say_more_is_no_key() {
        assert_eq!(public_key(format!("@cert-authority * {KEY}").as_bytes()), None);
        assert_eq!(public_key(b"ssh-ed25519 short"), None);
    }

    proptest! {
        #[test]
        fn what_is_taken_is_one_line_of_two_words(file in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Some(key) = public_key(&file) {
                prop_assert_eq!(key.split_whitespace().count(), 2);
                prop_assert!(!key.starts_with('@') && !key.contains(['\n', '\r', '\t']));
            }
        }

        #[test]
        fn a_login_is_one_word(user in ".{0,80}") {
            prop_assert!(!is_login(&user) || !user.contains(|c: char| c.is_whitespace() || c == '"'));
        }
    }
}
