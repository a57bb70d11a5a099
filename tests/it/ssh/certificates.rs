//! Certificates of people: beside a key file and held by an agent, for a server that trusts only their
//! authority.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use backend_api::RemoteExec;
use model::ErrorCode;
use ssh::LinkOptions;
use tests::keys::make_key;
use tests::sshd::{Sshd, SshdOptions};

use super::auth::Agent;
use super::setup::{Script, connect, failure, key_file, options, run};

/// A server that trusts an authority, and knows no key of anybody.
struct Place {
    sshd: Sshd,
    authority: PathBuf,
    _folder: tempfile::TempDir,
}

fn place() -> Place {
    let folder = tempfile::tempdir().unwrap();
    let authority = folder.path().join("authority");
    make_key("ed25519", &authority).unwrap();
    let line = format!("TrustedUserCAKeys {}", authority.with_extension("pub").display());
    let sshd = Sshd::start(&SshdOptions::with_config(&[&line])).unwrap();
    std::fs::write(sshd.dir.join("authorized_keys"), "").unwrap();
    Place { sshd, authority, _folder: folder }
}

impl Place {
    /// A key of this kind with a certificate beside it, made with these arguments.
    fn signed(&self, name: &str, kind: &str, arguments: &[&str]) -> PathBuf {
        let key = self.sshd.dir.join(name);
        make_key(kind, &key).unwrap();
        let mut command = Command::new("ssh-keygen");
        command.args(["-q", "-I", name, "-s"]).arg(&self.authority).args(arguments);
        let signed = command.arg(key.with_extension("pub")).stderr(Stdio::null()).status();
        assert!(signed.unwrap().success());
        key
    }

    fn with_key(&self, key: &Path) -> LinkOptions {
        let mut wanted = options(&[&self.sshd]);
        wanted.hops[0].auth = vec![key_file(key)];
        wanted
    }

    fn let_in_by_certificate(&self, name: &str) -> bool {
        let log = self.sshd.log();
        log.lines().any(|line| line.contains("Accepted publickey") && line.contains(name))
    }
}

#[test]
fn a_certificate_beside_the_key_lets_in() {
    run(async {
        let place = place();
        for kind in ["ed25519", "ecdsa", "rsa"] {
            let key = place.signed(&format!("cert_{kind}"), kind, &["-n", "root"]);
            let link = connect(place.with_key(&key), &Script::silent()).await.unwrap();
            assert_eq!(link.run(&["true"]).await.unwrap().exit_code, Some(0));
            assert!(place.let_in_by_certificate(&format!("cert_{kind}")), "{}", place.sshd.log());
        }
    });
}

#[test]
fn a_certificate_that_proves_nothing_leaves_the_key_itself() {
    run(async {
        let place = place();
        for (name, arguments) in [
            ("elsewhere", vec!["-n", "somebody"]),
            ("expired", vec!["-n", "root", "-V", "20200101:20200102"]),
        ] {
            let key = place.signed(name, "ed25519", &arguments);
            let failed = failure(place.with_key(&key), &Script::silent()).await;
            assert_eq!(failed.code, ErrorCode::Unauthorized, "{name}");
            place.sshd.authorize(&key.with_extension("pub")).unwrap();
            connect(place.with_key(&key), &Script::silent()).await.unwrap();
        }
        // Nor does a file beside the key that is no certificate.
        let key = place.sshd.dir.join("plain");
        make_key("ed25519", &key).unwrap();
        std::fs::write(place.sshd.dir.join("plain-cert.pub"), "noise\n").unwrap();
        place.sshd.authorize(&key.with_extension("pub")).unwrap();
        connect(place.with_key(&key), &Script::silent()).await.unwrap();
    });
}

#[test]
fn a_certificate_of_the_agent_lets_in() {
    run(async {
        let place = place();
        for kind in ["ed25519", "rsa"] {
            let folder = tempfile::tempdir().unwrap();
            let agent = Agent::start(folder.path());
            let name = format!("held_{kind}");
            // Added along with its key, from the file beside it.
            agent.add(&place.signed(&name, kind, &["-n", "root"])).await;
            let mut wanted = options(&[&place.sshd]);
            wanted.hops[0].auth = vec![agent.method()];
            connect(wanted, &Script::silent()).await.unwrap();
            assert!(place.let_in_by_certificate(&name), "{}", place.sshd.log());
        }
    });
}

#[test]
fn a_certificate_of_a_stranger_does_not_let_in() {
    run(async {
        let (place, other) = (place(), place());
        let key = other.signed("theirs", "ed25519", &["-n", "root"]);
        let failed = failure(place.with_key(&key), &Script::silent()).await;
        assert_eq!(failed.code, ErrorCode::Unauthorized);
    });
}
