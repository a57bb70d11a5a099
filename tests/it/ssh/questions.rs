//! Host keys that nobody vouches for: what is asked, what is written, what is asked for.

use std::path::Path;

use model::{ErrorCode, HostKeyVerdict};
use ssh::HostKeyAnswer;
use tests::keys::public_key;
use tests::sshd::{Sshd, SshdOptions};

use super::setup::{Script, connect, failure, run};
use super::trust::{authority, with_files};

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
