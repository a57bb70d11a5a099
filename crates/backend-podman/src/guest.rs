//! Who works in a container: its user, home and shell, read from its `/etc/passwd`.

use backend_api::{BackendError, Cx};

use crate::convert::LABEL_USER;
use crate::http::{Call, escape};
use crate::session::PodmanSession;
use crate::wire::Inspected;

/// The user id that dev images give their user.
const DEV_UID: &str = "1000";

/// The user a terminal runs as. Empty fields are left to Podman.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Guest {
    /// For `User` of an exec session; none means the container's own.
    pub(crate) user: Option<String>,
    pub(crate) home: Option<String>,
    pub(crate) shell: Option<String>,
}

impl Guest {
    /// What says to a program whom it runs as.
    pub(crate) fn environment(&self, found: &Inspected) -> Vec<String> {
        let mut env = Vec::new();
        if let Some(home) = &self.home {
            env.push(format!("HOME={home}"));
        }
        if let Some(user) = &self.user {
            env.extend([format!("USER={user}"), format!("LOGNAME={user}")]);
        }
        if let Some(shell) = &self.shell {
            env.push(format!("SHELL={shell}"));
        }
        if !found.config.env.iter().any(|pair| pair.starts_with("LANG=")) {
            env.push("LANG=C.UTF-8".to_owned());
        }
        env
    }
}

impl PodmanSession {
    /// Whom a terminal should run as: who was asked for, the label's user, whom it was adopted with, the container's own user when it
    /// has one, the dev user of the image, and else whoever the container runs as.
    pub(crate) async fn guest(
        &self,
        found: &Inspected,
        asked: Option<&str>,
        cx: &Cx,
    ) -> Result<Guest, BackendError> {
        let passwd = self.file_of(&found.id, "/etc/passwd", cx).await?.unwrap_or_default();
        let passwd = String::from_utf8_lossy(&passwd).into_owned();
        let label = found.config.labels.get(LABEL_USER).map(String::as_str);
        let adopted = self.adoption(&found.id).and_then(|adopted| adopted.user);
        let own = Some(found.config.user.as_str()).filter(|user| !user.is_empty());
        Ok(choose(&passwd, asked.or(label).or(adopted.as_deref()).or(own)))
    }

    /// Whether a folder is there.
    pub(crate) async fn has_path(&self, id: &str, path: &str, cx: &Cx) -> bool {
        let call = Call::head(format!("containers/{}/archive?path={}", escape(id), escape(path)));
        self.client.send(call, cx).await.is_ok_and(|reply| reply.status.is_success())
    }

    /// A small file of a container; none when it is not there.
    pub(crate) async fn file_of(
        &self,
        id: &str,
        path: &str,
        cx: &Cx,
    ) -> Result<Option<Vec<u8>>, BackendError> {
        let path = format!("containers/{}/archive?path={}", escape(id), escape(path));
        let call = Call::get(path).bulk();
        let reply = self.client.send(call, cx).await?;
        Ok(if reply.status.is_success() {
            first_file(&reply.body).map(<[u8]>::to_vec)
        } else {
            None
        })
    }
}

/// The contents of the first regular file of a tar archive.
fn first_file(tar: &[u8]) -> Option<&[u8]> {
    let header = tar.get(..512)?;
    let kind = *header.get(156)?;
    if kind != b'0' && kind != 0 {
        return None;
    }
    let size = std::str::from_utf8(header.get(124..136)?).ok()?;
    let size = usize::from_str_radix(size.trim_matches(['\0', ' ']), 8).ok()?;
    tar.get(512..512usize.checked_add(size)?)
}

fn choose(passwd: &str, wanted: Option<&str>) -> Guest {
    let entries: Vec<Vec<&str>> = passwd.lines().map(|line| line.split(':').collect()).collect();
    let by = |index: usize, value: &str| {
        entries.iter().find(|entry| entry.get(index).is_some_and(|field| *field == value))
    };
    let wanted = wanted.map(|user| user.split(':').next().unwrap_or(user));
    let entry = match wanted {
        Some(user) => by(0, user).or_else(|| by(2, user)),
        None => by(2, DEV_UID).or_else(|| by(2, "0")),
    };
    let filled = |index: usize| {
        let field = entry?.get(index)?.trim();
        (!field.is_empty()).then(|| field.to_owned())
    };
    let user = match wanted {
        Some(user) => Some(filled(0).unwrap_or_else(|| user.to_owned())),
        None => filled(0).filter(|name| name != "root"),
    };
    let shell =
        filled(6).filter(|shell| !shell.ends_with("/nologin") && !shell.ends_with("/false"));
    Guest { user, home: filled(5), shell }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{choose, first_file};

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\nsshd:x:100:65534::/run/sshd:/usr/sbin/nologin\ndev:x:1000:1000:dev:/home/dev:/bin/zsh\n";

    #[test]
    fn the_dev_user_is_chosen() {
        let guest = choose(PASSWD, None);
        assert_eq!(guest.user.as_deref(), Some("dev"));
        assert_eq!(guest.home.as_deref(), Some("/home/dev"));
        assert_eq!(guest.shell.as_deref(), Some("/bin/zsh"));
    }

    #[test]
    fn without_a_dev_user_podman_decides() {
        let guest = choose("root:x:0:0:root:/root:/bin/sh\n", None);
        assert_eq!(guest.user, None);
        assert_eq!(guest.shell.as_deref(), Some("/bin/sh"));
    }

    #[test]
    fn a_user_who_cannot_log_in_has_no_shell() {
        let guest = choose(PASSWD, Some("sshd"));
        assert_eq!((guest.user.as_deref(), guest.shell), (Some("sshd"), None));
    }

    #[test]
    fn a_number_with_a_group_is_found() {
        assert_eq!(choose(PASSWD, Some("1000:1000")).user.as_deref(), Some("dev"));
    }

    proptest! {
        #[test]
        fn no_file_panics(text in ".{0,300}", tar in proptest::collection::vec(any::<u8>(), 0..1200)) {
            let _ = choose(&text, Some("x"));
            let _ = first_file(&tar);
        }
    }
}
