//! SSH into a workspace that can be trusted: a host key made in it, a certificate for that key, the
//! person's keys let in, and a login that proves all of it before anyone is told to connect.

use std::{fs, io::Read as _, path::Path, time::Duration};

use backend_api::Cx;
use bytes::Bytes;
use futures::StreamExt as _;
use model::{ErrorCode, Failure, LogStream, TimestampMs};

use super::{
    inside::{Guest, Inside},
    tar::{Archive, Owner},
};
use crate::{ca::OwnKeys, ssh_config::host_key_alias};

/// Where the work tree is, by l8s's rule.
pub(super) const PROJECT: &str = "/workspace/project";
const HOST_KEY: &str = "/etc/ssh/moorline_host_key";
const SETTINGS: &str = "/etc/ssh/sshd_config.d/20-moorline.conf";
/// Makes the key when it is not there, and prints its public half. `$1` is the key, `$2` its comment.
const MAKE_KEY: &str = "umask 077; mkdir -p /etc/ssh/sshd_config.d; [ -s \"$1\" ] || ssh-keygen -q -t ed25519 -N '' -C \"$2\" -f \"$1\"; ssh-keygen -y -f \"$1\"";
/// The image's own host keys, which go on being shown to those who know them.
const OTHER_KEYS: &str = "ls /etc/ssh/ssh_host_*_key 2>/dev/null || true";
const AUTHORIZED: &str = "cat \"$HOME/.ssh/authorized_keys\" 2>/dev/null || true";
/// Prints the certificate, then the public half of the key that the server shows; nothing when one is missing.
const PROOF: &str = "[ -s \"$1\" ] && [ -s \"$1-cert.pub\" ] && [ -s \"$2\" ] && cat \"$1-cert.pub\" && ssh-keygen -y -f \"$1\" || true";
/// Checks the settings, then has the server read them anew. One that is still starting is waited for: it may
/// have read its settings already.
const RELOAD: &str = r#"sshd=$(command -v sshd || echo /usr/sbin/sshd)
mkdir -p /run/sshd
"$sshd" -t || exit 1
tries=0
while [ ! -s /run/sshd.pid ] && [ "$tries" -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
if [ -s /run/sshd.pid ]; then kill -HUP "$(cat /run/sshd.pid)"; else pkill -HUP -o -x sshd || true; fi"#;

/// A file of more bytes is no public key.
const LONGEST_KEY: u64 = 64 * 1024;

/// What was put into the workspace.
pub(super) struct Access {
    pub(super) guest: Guest,
    pub(super) certificate_until: TimestampMs,
}

/// Puts everything in with one upload. `dotfiles` is unpacked in the user's home.
pub(super) async fn set_up(
    inside: &Inside<'_>,
    keys: &OwnKeys,
    home_folder: &Path,
    dotfiles: Option<&Path>,
    cx: &Cx,
) -> Result<Access, Failure> {
    inside.check_programs(cx).await?;
    let guest = inside.guest(cx).await?;
    let alias = host_key_alias(inside.id);
    let make = ["sh", "-c", MAKE_KEY, "sh", HOST_KEY, &alias];
    let host_key = inside.tell_as_root(&make, cx).await?;
    let certificate = keys.authority.certify_host(&host_key, &alias).map_err(|error| {
        Failure::new(
            ErrorCode::Protocol,
            format!("the host key of {} cannot be signed", inside.name),
        )
        .with_hint("Use an image whose ssh-keygen makes Ed25519 keys.")
        .with_detail(error.to_string())
    })?;
    let others = inside.tell_as_root(&["sh", "-c", OTHER_KEYS], cx).await?;
    let authorized = inside.tell(&["sh", "-c", AUTHORIZED], cx).await?;
    let home = home_folder.to_owned();
    let own = tokio::task::spawn_blocking(move || own_lines(&home)).await.unwrap_or_default();
    for (name, _) in &own {
        cx.log.line(LogStream::Stdout, &format!("lets {name} in"));
    }
    let lines = own.iter().map(|(_, line)| line.as_str()).chain([keys.access_line.as_str()]);
    let authorized = merged(&authorized, lines);
    let (owner, dotfiles) = (guest.clone(), dotfiles.map(Path::to_owned));
    let (settings, certificate) = (settings(&others), format!("{certificate}\n"));
    let pack = move || {
        let mut archive = Archive::new();
        let guest = Owner::Guest(&owner);
        archive.file(
            &format!("{HOST_KEY}-cert.pub"),
            0o644,
            Owner::Root,
            certificate.as_bytes(),
        )?;
        archive.file(SETTINGS, 0o644, Owner::Root, settings.as_bytes())?;
        archive.folder(&format!("{}/.ssh", owner.home), 0o700, guest)?;
        let path = format!("{}/.ssh/authorized_keys", owner.home);
        archive.file(&path, 0o600, guest, authorized.as_bytes())?;
        archive.folder(PROJECT, 0o755, guest)?;
        let count = dotfiles.map_or(Ok(0), |folder| archive.dotfiles(&folder, &owner))?;
        Ok::<_, std::io::Error>((archive.finish()?, count))
    };
    let packed = tokio::task::spawn_blocking(pack).await;
    let packed = packed.unwrap_or_else(|error| Err(std::io::Error::other(error)));
    let (archive, count) = packed.map_err(|error| {
        Failure::new(ErrorCode::Invalid, format!("the dotfiles cannot be read: {error}"))
            .with_field(super::source::DOTFILES)
            .with_hint("Choose another folder, or make the workspace without dotfiles.")
    })?;
    if count > 0 {
        cx.log.line(LogStream::Stdout, &format!("{count} dotfiles"));
    }
    upload(inside, archive, cx).await?;
    inside.tell_as_root(&["sh", "-c", RELOAD], cx).await?;
    cx.log.line(LogStream::Stdout, &format!("host certificate for {alias}"));
    Ok(Access { guest, certificate_until: until(cx) })
}

/// Whether the host key that is in the workspace still has a certificate of ours for its name.
pub(super) async fn is_proven(
    inside: &Inside<'_>,
    keys: &OwnKeys,
    cx: &Cx,
) -> Result<bool, Failure> {
    let said = inside.tell_as_root(&["sh", "-c", PROOF, "sh", HOST_KEY, SETTINGS], cx).await?;
    let mut lines = said.lines();
    let (Some(certificate), Some(host_key)) = (lines.next(), lines.next()) else {
        return Ok(false);
    };
    let authority = keys.authority.public_line();
    let alias = host_key_alias(inside.id);
    Ok(authority.is_ok_and(|authority| {
        ssh::check_host_certificate(certificate, host_key, &authority, &alias).is_ok()
    }))
}

async fn upload(inside: &Inside<'_>, archive: Vec<u8>, cx: &Cx) -> Result<(), Failure> {
    let files = inside.live.session.files().ok_or_else(|| inside.live.cannot("take files"))?;
    let stream = futures::stream::iter([Ok(Bytes::from(archive))]).boxed();
    Ok(files.put(inside.id, "/", stream, cx).await?)
}

fn until(cx: &Cx) -> TimestampMs {
    let life = TimestampMs::try_from(ssh::CERTIFICATE_LIFE.as_millis()).unwrap_or_default();
    cx.clock.now().saturating_add(life)
}

/// Whether a certificate has to be renewed before it is relied on.
pub(super) fn is_expiring(certificate_until: TimestampMs, now: TimestampMs) -> bool {
    let margin = Duration::from_secs(30 * 24 * 3600).as_millis();
    now.saturating_add(TimestampMs::try_from(margin).unwrap_or_default()) > certificate_until
}

fn settings(others: &str) -> String {
    let others: Vec<String> = others
        .lines()
        .filter(|path| {
            path.starts_with("/etc/ssh/ssh_host_") && !path.contains(char::is_whitespace)
        })
        .map(|path| format!("HostKey {path}\n"))
        .collect();
    format!(
        "# Written by Moorline: the key and the certificate that prove which workspace this is.\n\
         HostKey {HOST_KEY}\nHostCertificate {HOST_KEY}-cert.pub\n{}",
        others.concat()
    )
}

/// The person's own public keys, by file name. No other file is opened, and of these only files.
fn own_lines(home_folder: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(home_folder.join(".ssh")).into_iter().flatten().flatten();
    let mut found: Vec<(String, String)> = entries
        .filter_map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_own =
                name.starts_with("id_") && name.ends_with(".pub") && !name.contains("-cert");
            let line = is_own.then(|| first_line(&entry.path()))??;
            is_public_key(&line).then_some((name, line))
        })
        .collect();
    found.sort();
    found
}

fn first_line(path: &Path) -> Option<String> {
    // Opening a pipe would wait for somebody to write to it.
    fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    let mut text = String::new();
    fs::File::open(path).ok()?.take(LONGEST_KEY).read_to_string(&mut text).ok()?;
    text.lines().next().map(|line| line.trim().to_owned())
}

fn is_public_key(line: &str) -> bool {
    let kind = line.split(' ').next().unwrap_or_default();
    let is_known =
        kind.starts_with("ssh-") || kind.starts_with("ecdsa-") || kind.starts_with("sk-");
    is_known && line.split(' ').count() >= 2 && !line.chars().any(char::is_control)
}

/// What is there stays; new lines follow.
fn merged<'a>(there: &str, new: impl Iterator<Item = &'a str>) -> String {
    let mut lines: Vec<&str> = there.lines().collect();
    let key = |line: &str| line.split(' ').nth(1).map(str::to_owned);
    let mut is_marked = false;
    for line in new {
        if lines.iter().any(|there| *there == line || key(there) == key(line)) {
            continue;
        }
        if !is_marked {
            lines.push("# Managed by Moorline");
            is_marked = true;
        }
        lines.push(line);
    }
    format!("{}\n", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::{is_expiring, is_public_key, merged, settings};

    #[test]
    fn keys_that_are_there_stay_and_none_is_added_twice() {
        let there = "# Managed by l8s\nssh-ed25519 AAAA ada@laptop\n";
        let new = ["ssh-ed25519 AAAA ada@other", "ssh-ed25519 BBBB moorline"];
        let text = merged(there, new.into_iter());
        assert_eq!(
            text,
            "# Managed by l8s\nssh-ed25519 AAAA ada@laptop\n# Managed by Moorline\nssh-ed25519 BBBB moorline\n"
        );
        assert_eq!(merged(&text, new.into_iter()), text);
        assert_eq!(merged("", ["ssh-rsa A x"].into_iter()), "# Managed by Moorline\nssh-rsa A x\n");
    }

    #[test]
    fn only_public_keys_are_let_in() {
        assert!(is_public_key("sk-ssh-ed25519@openssh.com AAAA ada"));
        for line in
            ["", "ssh-ed25519", "-----BEGIN OPENSSH PRIVATE KEY-----", "command=\"x\" ssh-rsa A"]
        {
            assert!(!is_public_key(line), "{line}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn only_files_with_public_keys_are_opened() {
        let home = tempfile::tempdir().unwrap();
        let ssh = home.path().join(".ssh");
        std::fs::create_dir(&ssh).unwrap();
        std::fs::write(ssh.join("id_rsa"), "ssh-rsa PRIVATE").unwrap();
        std::fs::write(ssh.join("id_ed25519.pub"), "ssh-ed25519 AAAA ada\n").unwrap();
        // Whoever opens a pipe waits for ever.
        for name in ["id_pipe", "id_pipe.pub", "config"] {
            let made = std::process::Command::new("mkfifo").arg(ssh.join(name)).status();
            assert!(made.unwrap().success());
        }
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || sender.send(super::own_lines(home.path())));
        let found = receiver.recv_timeout(std::time::Duration::from_secs(20)).unwrap();
        assert_eq!(found, [("id_ed25519.pub".to_owned(), "ssh-ed25519 AAAA ada".to_owned())]);
    }

    #[test]
    fn settings_name_only_host_keys() {
        let text = settings("/etc/ssh/ssh_host_rsa_key\nls: cannot access\n/etc/passwd\n");
        assert_eq!(text.lines().filter(|line| line.starts_with("HostKey ")).count(), 2);
        assert!(text.contains("HostCertificate /etc/ssh/moorline_host_key-cert.pub\n"));
    }

    #[test]
    fn a_certificate_is_renewed_in_time() {
        let day = 24 * 3600 * 1000;
        assert!(!is_expiring(100 * day, 69 * day));
        assert!(is_expiring(100 * day, 71 * day));
    }
}
