//! A server that changes its host keys while the old one is still trusted is followed, in our own file.

use std::fs;
use std::time::Duration;

use model::ErrorCode;
use ssh::{HostKeyAnswer, LinkOptions};
use tests::keys::{make_key, public_key};
use tests::sshd::{Sshd, SshdOptions};

use super::setup::{Script, connect, failure, options, run, until};

fn server() -> Sshd {
    let host_keys = ["ed25519", "ecdsa", "rsa"].map(String::from).to_vec();
    Sshd::start(&SshdOptions { host_keys, ..SshdOptions::default() }).unwrap()
}

/// Known to nobody yet.
fn unknown(sshd: &Sshd) -> LinkOptions {
    let wanted = options(&[sshd]);
    fs::write(&wanted.trust.user[0], "").unwrap();
    wanted
}

fn line(sshd: &Sshd, kind: &str) -> String {
    let (algorithm, body) = public_key(&sshd.host_key(kind)).unwrap();
    format!("[127.0.0.1]:{} {algorithm} {body}\n", sshd.port)
}

fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}

fn holds(wanted: &LinkOptions, lines: &str) -> bool {
    fs::read_to_string(&wanted.trust.own).is_ok_and(|text| sorted(&text) == sorted(lines))
}

#[test]
fn a_server_that_rotates_its_key_is_followed_without_a_question() {
    run(async {
        let mut sshd = server();
        let wanted = unknown(&sshd);
        let link = connect(wanted.clone(), &Script::host_key(HostKeyAnswer::Trust)).await.unwrap();
        // Accepted was one key; the others were announced and proven.
        until(Duration::from_secs(10), || holds(&wanted, &sshd.known_hosts)).await;
        link.close().await;
        // The key that was accepted is replaced.
        let old = line(&sshd, "ed25519");
        let path = sshd.host_key("ed25519");
        fs::remove_file(&path).unwrap();
        make_key("ed25519", &path).unwrap();
        sshd.start_again().unwrap();
        // Without a word before, the new key is a stranger, as it is to OpenSSH.
        let failed = failure(wanted.clone(), &Script::silent()).await;
        assert_eq!(failed.code, ErrorCode::HostKeyChanged);
        // First the old one goes, then the new one comes.
        let config = fs::read_to_string(sshd.dir.join("sshd_config")).unwrap();
        let without = config.replace(&format!("HostKey {}\n", path.display()), "");
        fs::write(sshd.dir.join("sshd_config"), &without).unwrap();
        sshd.start_again().unwrap();
        let link = connect(wanted.clone(), &Script::silent()).await.unwrap();
        let left = line(&sshd, "ecdsa") + &line(&sshd, "rsa");
        until(Duration::from_secs(10), || holds(&wanted, &left)).await;
        link.close().await;
        assert!(!fs::read_to_string(&wanted.trust.own).unwrap().contains(old.trim_end()));
        // The new one is served again: learned by proof alone.
        fs::write(sshd.dir.join("sshd_config"), &config).unwrap();
        sshd.start_again().unwrap();
        let link = connect(wanted.clone(), &Script::silent()).await.unwrap();
        let all = left + &line(&sshd, "ed25519");
        until(Duration::from_secs(10), || holds(&wanted, &all)).await;
        drop(link);
    });
}

#[test]
fn a_host_known_from_the_persons_own_file_is_left_to_them() {
    run(async {
        let sshd = server();
        let wanted = options(&[&sshd]);
        let theirs = line(&sshd, "ed25519");
        fs::write(&wanted.trust.user[0], &theirs).unwrap();
        let link = connect(wanted.clone(), &Script::silent()).await.unwrap();
        for _ in 0..20 {
            link.round_trip().await.unwrap();
        }
        link.close().await;
        assert!(!wanted.trust.own.exists());
        assert_eq!(fs::read_to_string(&wanted.trust.user[0]).unwrap(), theirs);
    });
}
