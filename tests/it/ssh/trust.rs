//! Host keys: our verdict next to OpenSSH's own on the same files, and what is asked and written.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use model::{ErrorCode, HostKeyVerdict};
use ssh::{HostKeyAnswer, LinkOptions};
use tests::keys::{make_key, public_key};
use tests::sshd::{Sshd, SshdOptions};

use super::setup::{Script, connect, failure, options, run};

/// What a case expects: None when the key is trusted.
type Expected = Option<ErrorCode>;
const TRUSTED: Expected = None;
const UNKNOWN: Expected = Some(ErrorCode::HostKeyUnknown);
const CHANGED: Expected = Some(ErrorCode::HostKeyChanged);
const REVOKED: Expected = Some(ErrorCode::HostKeyRevoked);

/// Whether OpenSSH connects with these known-hosts files.
fn openssh_connects(sshd: &Sshd, host: &str, user: &Path, global: &Path) -> bool {
    let mut command = Command::new("ssh");
    command.args(["-F", "/dev/null", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes"]);
    command.args(["-o", "UpdateHostKeys=no", "-o", "IdentitiesOnly=yes"]);
    command.arg("-o").arg(format!("UserKnownHostsFile={}", user.display()));
    command.arg("-o").arg(format!("GlobalKnownHostsFile={}", global.display()));
    command.arg("-p").arg(sshd.port.to_string()).arg("-i").arg(&sshd.client_key);
    command.arg(format!("root@{host}")).arg("true");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().unwrap().success()
}

struct Case {
    name: &'static str,
    user: String,
    global: String,
    expected: Expected,
}

fn case(name: &'static str, user: String, expected: Expected) -> Case {
    Case { name, user, global: String::new(), expected }
}

/// Judges the same files with Moorline and with OpenSSH.
async fn check(sshd: &Sshd, host: &str, case: &Case) {
    let (user, global) = (sshd.dir.join("case_user"), sshd.dir.join("case_global"));
    std::fs::write(&user, &case.user).unwrap();
    std::fs::write(&global, &case.global).unwrap();
    let wanted = with_files(sshd, host, &user, &global);
    let verdict = match connect(wanted, &Script::silent()).await {
        Ok(_) => None,
        Err(error) => Some(model::Failure::from(error).code),
    };
    assert_eq!(verdict, case.expected, "{}", case.name);
    let theirs = openssh_connects(sshd, host, &user, &global);
    assert_eq!(theirs, case.expected.is_none(), "OpenSSH disagrees: {}", case.name);
}

fn with_files(sshd: &Sshd, host: &str, user: &Path, global: &Path) -> LinkOptions {
    let mut wanted = options(&[sshd]);
    wanted.hops[0].addresses[0].host = host.into();
    wanted.trust.user = vec![user.to_owned()];
    wanted.trust.global = vec![global.to_owned()];
    wanted
}

/// The line as `ssh-keygen -H` hashes it.
fn hashed(line: &str, folder: &Path) -> String {
    let file = folder.join("to_hash");
    std::fs::write(&file, format!("{line}\n")).unwrap();
    let hashed = Command::new("ssh-keygen").arg("-H").arg("-f").arg(&file).output().unwrap();
    assert!(hashed.status.success());
    std::fs::read_to_string(file).unwrap()
}

#[test]
fn verdicts_are_those_of_openssh() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let port = sshd.port;
        let (kind, body) = public_key(&sshd.host_key("ed25519")).unwrap();
        let key = format!("{kind} {body}");
        let other_path = sshd.dir.join("other");
        make_key("ed25519", &other_path).unwrap();
        let (_, other_body) = public_key(&other_path).unwrap();
        let other = format!("ssh-ed25519 {other_body}");
        let host = format!("[localhost]:{port}");
        let line = |hosts: &str, key: &str| format!("{hosts} {key}\n");
        let mut cases = vec![
            case("nothing known", String::new(), UNKNOWN),
            case("known", line(&host, &key), TRUSTED),
            case("capitals", line(&format!("[LOCALHOST]:{port}"), &key), TRUSTED),
            case("changed", line(&host, &other), CHANGED),
            case("old and new", line(&host, &other) + &line(&host, &key), TRUSTED),
            case("another port", line("[localhost]:1", &key), UNKNOWN),
            case("without port", line("localhost", &key), TRUSTED),
            case("other key without port", line("localhost", &other), UNKNOWN),
            case("star", line(&format!("[local*]:{port}"), &key), TRUSTED),
            case("star for all", line("*", &key), TRUSTED),
            case("star with another key", line("*", &other), CHANGED),
            case("question marks", line(&format!("[l?calh?st]:{port}"), &key), TRUSTED),
            case("list", line(&format!("elsewhere,{host}"), &key), TRUSTED),
            case("negated", line(&format!("*,!{host},!localhost"), &key), UNKNOWN),
            case("negated with port only", line(&format!("*,!{host}"), &key), TRUSTED),
            case("only negated", line(&format!("!{host}"), &key), UNKNOWN),
            case(
                "negated elsewhere",
                line(&format!("*,!{host}"), &other) + &line(&host, &key),
                TRUSTED,
            ),
            case("hashed", hashed(&line(&host, &key), &sshd.dir), TRUSTED),
            case("hashed and changed", hashed(&line(&host, &other), &sshd.dir), CHANGED),
            case("revoked", line(&host, &key) + &line(&format!("@revoked {host}"), &key), REVOKED),
            case("revoked everywhere", line("@revoked *", &key) + &line(&host, &key), REVOKED),
            case("another is revoked", line("@revoked *", &other) + &line(&host, &key), TRUSTED),
            case("only an authority", line(&format!("@cert-authority {host}"), &key), UNKNOWN),
            case("blanks", format!("  \n# c\n\t{host} \t {key}   a comment\n"), TRUSTED),
            case(
                "bad lines",
                format!("x\n@what {host} {key}\n{host} ssh-ed25519 AAAA\n{host} {key}\n"),
                TRUSTED,
            ),
        ];
        let global =
            |name, user: String, global: String, expected| Case { name, user, global, expected };
        cases.push(global("known to all", String::new(), line(&host, &key), TRUSTED));
        cases.push(global("known to both", line(&host, &other), line(&host, &key), TRUSTED));
        let revoked = line(&format!("@revoked {host}"), &key);
        cases.push(global("revoked for all", line(&host, &key), revoked, REVOKED));
        for case in &cases {
            check(&sshd, "localhost", case).await;
        }
    });
}

fn authority(folder: &Path, name: &str) -> (PathBuf, String) {
    let path = folder.join(name);
    make_key("ed25519", &path).unwrap();
    let (kind, body) = public_key(&path).unwrap();
    (path, format!("{kind} {body}"))
}

#[test]
fn certificates_are_believed_only_when_everything_fits() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let (ca, ca_key) = authority(folder.path(), "ca");
        let (_, stranger_key) = authority(folder.path(), "stranger");
        let signed = |arguments: &[&str]| {
            let arguments = arguments.iter().map(ToString::to_string).collect();
            let host_certificate = Some((ca.clone(), arguments));
            Sshd::start(&SshdOptions { host_certificate, ..SshdOptions::default() }).unwrap()
        };
        let lines = |hosts: &str, key: &str| format!("@cert-authority {hosts} {key}\n");
        let good = signed(&["-n", "localhost,other"]);
        let host = format!("[localhost]:{}", good.port);
        let (kind, body) = public_key(&good.host_key("ed25519")).unwrap();
        let plain = format!("{host} {kind} {body}\n");
        let both = lines("*", &ca_key) + &format!("@revoked * {ca_key}\n");
        let inner = lines("*", &ca_key) + &format!("@revoked * {kind} {body}\n");
        for case in [
            case("vouched for", lines(&host, &ca_key), TRUSTED),
            case("vouched for by pattern", lines("*", &ca_key), TRUSTED),
            case("vouched for elsewhere", lines("elsewhere", &ca_key), UNKNOWN),
            case("a stranger vouches", lines(&host, &stranger_key), UNKNOWN),
            case("a stranger vouches, but known", lines(&host, &stranger_key) + &plain, TRUSTED),
            case("the authority is revoked", both, REVOKED),
            case("the key is revoked", inner, REVOKED),
        ] {
            check(&good, "localhost", &case).await;
        }
        for (name, sshd) in [
            ("for another host", signed(&["-n", "elsewhere"])),
            ("out of date", signed(&["-n", "localhost", "-V", "20200101:20200102"])),
            ("not yet", signed(&["-n", "localhost", "-V", "20990101:20990102"])),
        ] {
            check(&sshd, "localhost", &case(name, lines("*", &ca_key), UNKNOWN)).await;
        }
    });
}

#[test]
fn a_certificate_without_names_proves_nothing() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let (ca, ca_key) = authority(folder.path(), "ca");
        let host_certificate = Some((ca, Vec::new()));
        let sshd =
            Sshd::start(&SshdOptions { host_certificate, ..SshdOptions::default() }).unwrap();
        let known = sshd.dir.join("known");
        std::fs::write(&known, format!("@cert-authority * {ca_key}\n")).unwrap();
        let wanted = with_files(&sshd, "localhost", &known, Path::new("/dev/null"));
        // Stricter than OpenSSH, which lets such a certificate stand for any host.
        assert_eq!(failure(wanted, &Script::silent()).await.code, ErrorCode::HostKeyUnknown);
    });
}

#[test]
fn the_kind_of_key_that_is_known_is_asked_for() {
    run(async {
        let host_keys = vec!["ed25519".into(), "ecdsa".into(), "rsa".into()];
        let sshd = Sshd::start(&SshdOptions { host_keys, ..SshdOptions::default() }).unwrap();
        for (known, expected) in [("rsa", "rsa-sha2-512"), ("ecdsa", "ecdsa-sha2-nistp256")] {
            let (kind, body) = public_key(&sshd.host_key(known)).unwrap();
            let file = sshd.dir.join("known");
            std::fs::write(&file, format!("[127.0.0.1]:{} {kind} {body}\n", sshd.port)).unwrap();
            let wanted = with_files(&sshd, "127.0.0.1", &file, Path::new("/dev/null"));
            let link = connect(wanted, &Script::silent()).await.unwrap();
            assert_eq!(link.algorithms().host_key, expected);
        }
    });
}

#[test]
fn an_unknown_key_is_asked_about_once_and_remembered() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let nothing = sshd.dir.join("nothing");
        let wanted = with_files(&sshd, "127.0.0.1", &nothing, &nothing);
        let refusing = Script::silent();
        let failed = failure(wanted.clone(), &refusing).await;
        assert_eq!(failed.code, ErrorCode::HostKeyUnknown);
        assert!(failed.detail.unwrap().contains(&sshd.host_key_fingerprints[0]));
        assert!(!wanted.trust.own.exists());
        let trusting = Script::host_key(HostKeyAnswer::Trust);
        connect(wanted.clone(), &trusting).await.unwrap();
        {
            let asked = trusting.host_keys_asked.lock().unwrap();
            assert_eq!(asked[0].verdict, HostKeyVerdict::Unknown);
            assert_eq!(asked[0].shown.fingerprint, sshd.host_key_fingerprints[0]);
            assert_eq!(asked[0].shown.algorithm, "ssh-ed25519");
        }
        connect(wanted.clone(), &Script::silent()).await.unwrap();
        assert_eq!(std::fs::read_to_string(&wanted.trust.own).unwrap(), sshd.known_hosts);
        assert!(!nothing.exists());
    });
}

#[test]
fn a_changed_key_needs_more_than_trust() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let (_, old) = authority(&sshd.dir, "old");
        let line = format!("[127.0.0.1]:{} {old}\n", sshd.port);
        let user = sshd.dir.join("known");
        std::fs::write(&user, &line).unwrap();
        let wanted = with_files(&sshd, "127.0.0.1", &user, Path::new("/dev/null"));
        std::fs::write(&wanted.trust.own, &line).unwrap();
        let trusting = Script::host_key(HostKeyAnswer::Trust);
        let failed = failure(wanted.clone(), &trusting).await;
        assert_eq!(failed.code, ErrorCode::HostKeyChanged);
        let known = trusting.host_keys_asked.lock().unwrap()[0].known.clone();
        assert_eq!(known.len(), 2);
        assert_eq!((known[1].file.as_str(), known[1].line), (user.to_str().unwrap(), 1));
        connect(wanted.clone(), &Script::host_key(HostKeyAnswer::Replace)).await.unwrap();
        assert_eq!(std::fs::read_to_string(&wanted.trust.own).unwrap(), sshd.known_hosts);
        assert_eq!(std::fs::read_to_string(&user).unwrap(), line);
        connect(wanted, &Script::silent()).await.unwrap();
    });
}

#[test]
fn a_revoked_key_is_not_even_asked_about() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let user = sshd.dir.join("known");
        std::fs::write(&user, format!("@revoked {}", sshd.known_hosts)).unwrap();
        let wanted = with_files(&sshd, "127.0.0.1", &user, Path::new("/dev/null"));
        let eager = Script::host_key(HostKeyAnswer::Replace);
        assert_eq!(failure(wanted, &eager).await.code, ErrorCode::HostKeyRevoked);
        assert!(eager.host_keys_asked.lock().unwrap().is_empty());
    });
}

#[test]
fn a_key_that_cannot_be_remembered_is_not_used() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let mut wanted = with_files(&sshd, "127.0.0.1", Path::new("/x"), Path::new("/x"));
        wanted.trust.own = "/proc/none/known_hosts".into();
        let failed = failure(wanted, &Script::host_key(HostKeyAnswer::Trust)).await;
        assert_eq!(failed.code, ErrorCode::Storage);
        assert!(failed.message.contains("/proc/none/known_hosts"));
    });
}
