//! Host keys: our verdict next to OpenSSH's own on the same files.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use model::ErrorCode;
use ssh::LinkOptions;
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
    /// Why we refuse what OpenSSH accepts.
    stricter_because: Option<&'static str>,
}

fn case(name: &'static str, user: String, expected: Expected) -> Case {
    Case { name, user, global: String::new(), expected, stricter_because: None }
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
    match case.stricter_because {
        None => assert_eq!(theirs, case.expected.is_none(), "OpenSSH disagrees: {}", case.name),
        Some(reason) => {
            assert!(case.expected.is_some() && theirs, "{}, {reason}", case.name);
        }
    }
}

pub(super) fn with_files(sshd: &Sshd, host: &str, user: &Path, global: &Path) -> LinkOptions {
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
        let ecdsa_path = sshd.dir.join("other_ecdsa");
        make_key("ecdsa", &ecdsa_path).unwrap();
        let (ecdsa_kind, ecdsa_body) = public_key(&ecdsa_path).unwrap();
        let ecdsa = format!("{ecdsa_kind} {ecdsa_body}");
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
            case("several keys, one right", line(&host, &other) + &line("*", &key), TRUSTED),
            case("several keys, none right", line(&host, &other) + &line("*", &other), CHANGED),
            case("of another kind only", line(&host, &ecdsa), CHANGED),
            case("of another kind as well", line(&host, &ecdsa) + &line(&host, &key), TRUSTED),
            case("port in the pattern", line("[localhost]:*", &key), TRUSTED),
            case("port without brackets", line(&format!("localhost:{port}"), &key), UNKNOWN),
            case("port as a second name", line(&format!("{host},localhost"), &key), TRUSTED),
            case(
                "negated before the pattern",
                line(&format!("!{host},!localhost,*"), &key),
                UNKNOWN,
            ),
            case("hashed without port", hashed(&line("localhost", &key), &sshd.dir), TRUSTED),
            case("hashed of another host", hashed(&line("elsewhere", &key), &sshd.dir), UNKNOWN),
            case(
                "revoked, hashed",
                line(&host, &key) + &format!("@revoked {}", hashed(&line(&host, &key), &sshd.dir)),
                REVOKED,
            ),
            case(
                "revoked at another port",
                line(&host, &key) + &line("@revoked [localhost]:1", &key),
                TRUSTED,
            ),
            Case {
                stricter_because: Some("a key that is revoked for a host is revoked at its ports"),
                ..case(
                    "revoked without port",
                    line(&host, &key) + &line("@revoked localhost", &key),
                    REVOKED,
                )
            },
            case("revoked and nothing else", line(&format!("@revoked {host}"), &key), REVOKED),
            case("another is revoked, this one unknown", line("@revoked *", &other), UNKNOWN),
            case("blanks", format!("  \n# c\n\t{host} \t {key}   a comment\n"), TRUSTED),
            case(
                "bad lines",
                format!("x\n@what {host} {key}\n{host} ssh-ed25519 AAAA\n{host} {key}\n"),
                TRUSTED,
            ),
        ];
        let global = |name, user: String, global: String, expected| Case {
            name,
            user,
            global,
            expected,
            stricter_because: None,
        };
        cases.push(global("known to all", String::new(), line(&host, &key), TRUSTED));
        cases.push(global("known to both", line(&host, &other), line(&host, &key), TRUSTED));
        let revoked = line(&format!("@revoked {host}"), &key);
        cases.push(global("revoked for all", line(&host, &key), revoked, REVOKED));
        for case in &cases {
            check(&sshd, "localhost", case).await;
        }
    });
}

pub(super) fn authority(folder: &Path, name: &str) -> (PathBuf, String) {
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
        let inner_key = format!("{kind} {body}");
        let lines_hashed =
            format!("@cert-authority {}", hashed(&format!("{host} {ca_key}"), folder.path()));
        let inner = lines("*", &ca_key) + &format!("@revoked * {kind} {body}\n");
        for case in [
            case("vouched for", lines(&host, &ca_key), TRUSTED),
            case("vouched for by pattern", lines("*", &ca_key), TRUSTED),
            case("vouched for elsewhere", lines("elsewhere", &ca_key), UNKNOWN),
            case("a stranger vouches", lines(&host, &stranger_key), UNKNOWN),
            case("a stranger vouches, but known", lines(&host, &stranger_key) + &plain, TRUSTED),
            case("the authority is revoked", both, REVOKED),
            case("the key is revoked", inner, REVOKED),
            case("vouched for at this port", lines("[localhost]:*", &ca_key), TRUSTED),
            case("vouched for without port", lines("localhost", &ca_key), TRUSTED),
            case("vouched for, hashed", lines_hashed, TRUSTED),
            case(
                "negated for this host",
                lines(&format!("*,!{host},!localhost"), &ca_key),
                UNKNOWN,
            ),
            case("two authorities", lines("*", &stranger_key) + &lines("*", &ca_key), TRUSTED),
            case("the authority as a plain key", format!("{host} {ca_key}\n"), CHANGED),
            case("the inner key as authority", lines(&host, &inner_key), UNKNOWN),
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
