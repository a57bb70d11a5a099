//! Every way to log in, alone and combined.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use backend_api::RemoteExec;
use model::{ErrorCode, Secret};
use ssh::AuthMethod;
use tests::keys::{make_key, make_key_with_passphrase};
use tests::sshd::{Sshd, SshdOptions};
use tests::unix_user::UnixUser;

use super::setup::{Script, connect, failure, key_file, link, options, run, until};

/// A real ssh-agent.
pub(super) struct Agent {
    socket: PathBuf,
    child: Child,
}

impl Agent {
    pub(super) fn start(folder: &Path) -> Self {
        let socket = folder.join("agent");
        let child = Command::new("ssh-agent")
            .arg("-D")
            .arg("-a")
            .arg(&socket)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Self { socket, child }
    }

    pub(super) async fn add(&self, key: &Path) {
        until(Duration::from_secs(5), || self.socket.exists()).await;
        let added = Command::new("ssh-add")
            .arg(key)
            .env("SSH_AUTH_SOCK", &self.socket)
            .stderr(Stdio::null())
            .status();
        assert!(added.unwrap().success());
    }

    pub(super) fn socket(&self) -> &Path {
        &self.socket
    }

    pub(super) fn method(&self) -> AuthMethod {
        AuthMethod::Agent { socket: Some(self.socket.clone()) }
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const PAM: &[&str] = &["UsePAM yes", "PasswordAuthentication yes"];
const PROMPTS: &[&str] = &["UsePAM yes", "KbdInteractiveAuthentication yes"];

fn server(config: &[&str]) -> Sshd {
    Sshd::start(&SshdOptions::with_config(config)).unwrap()
}

#[test]
fn keys_of_every_kind_let_in() {
    run(async {
        let sshd = server(&[]);
        for kind in ["ed25519", "ecdsa", "rsa"] {
            let key = sshd.dir.join(format!("key_{kind}"));
            make_key(kind, &key).unwrap();
            sshd.authorize(&key.with_extension("pub")).unwrap();
            let mut options = options(&[&sshd]);
            options.hops[0].auth = vec![key_file(&key)];
            let link = connect(options, &Script::silent()).await.unwrap();
            let output = link.run(&["id", "-un"]).await.unwrap();
            assert_eq!((output.exit_code, output.stdout), (Some(0), b"root\n".to_vec()), "{kind}");
        }
    });
}

#[test]
fn a_passphrase_is_asked_for_until_it_opens_the_key() {
    run(async {
        let sshd = server(&[]);
        let key = sshd.dir.join("locked");
        make_key_with_passphrase("ed25519", &key, "open sesame").unwrap();
        sshd.authorize(&key.with_extension("pub")).unwrap();
        let mut wanted = options(&[&sshd]);
        wanted.hops[0].auth = vec![key_file(&key)];
        let asker = Script::credentials(&["wrong", "open sesame"]);
        connect(wanted.clone(), &asker).await.unwrap();
        {
            let asked = asker.asked.lock().unwrap();
            assert_eq!(asked.len(), 2);
            assert_eq!((asked[0].hop, asked[0].method, asked[0].can_remember), (0, 0, true));
            assert!(asked[0].title.contains("locked") && asked[0].refused.is_none());
            assert!(asked[1].refused.as_deref().unwrap().contains("passphrase"));
        }
        let stored = Some(Secret::new("open sesame".to_owned()));
        wanted.hops[0].auth = vec![AuthMethod::KeyFile { path: key, passphrase: stored }];
        connect(wanted.clone(), &Script::silent()).await.unwrap();
        wanted.hops[0].auth = vec![key_file(&sshd.dir.join("locked"))];
        assert_eq!(failure(wanted, &Script::silent()).await.code, ErrorCode::Cancelled);
    });
}

#[test]
fn an_agent_signs_with_the_key_the_server_knows() {
    run(async {
        let sshd = server(&[]);
        let agent = Agent::start(&sshd.dir);
        let stranger = sshd.dir.join("stranger");
        make_key("ed25519", &stranger).unwrap();
        agent.add(&stranger).await;
        let rsa = sshd.dir.join("agent_rsa");
        make_key("rsa", &rsa).unwrap();
        sshd.authorize(&rsa.with_extension("pub")).unwrap();
        agent.add(&rsa).await;
        let mut wanted = options(&[&sshd]);
        wanted.hops[0].auth = vec![agent.method()];
        let link = connect(wanted, &Script::silent()).await.unwrap();
        assert_eq!(link.run(&["true"]).await.unwrap().exit_code, Some(0));
    });
}

#[test]
fn an_agent_that_is_missing_or_empty_is_named() {
    run(async {
        let sshd = server(&[]);
        let mut wanted = options(&[&sshd]);
        let nowhere = sshd.dir.join("no-agent");
        wanted.hops[0].auth = vec![AuthMethod::Agent { socket: Some(nowhere.clone()) }];
        let failed = failure(wanted.clone(), &Script::silent()).await;
        assert!(failed.message.contains(nowhere.to_str().unwrap()), "{failed:?}");
        let agent = Agent::start(&sshd.dir);
        until(Duration::from_secs(5), || agent.socket.exists()).await;
        wanted.hops[0].auth = vec![agent.method()];
        let failed = failure(wanted, &Script::silent()).await;
        assert_eq!(failed.message, "the SSH agent holds no keys");
        assert!(failed.hint.is_some());
    });
}

#[test]
fn a_password_is_asked_for_and_asked_for_again() {
    run(async {
        let sshd = server(PAM);
        let user = UnixUser::create("a", "correct horse").unwrap();
        let mut wanted = options(&[&sshd]);
        wanted.hops[0].user = user.name.clone();
        wanted.hops[0].auth = vec![AuthMethod::Password { password: None }];
        let asker = Script::credentials(&["wrong", "correct horse"]);
        let link = connect(wanted.clone(), &asker).await.unwrap();
        let whoami = link.run(&["id", "-un"]).await.unwrap().stdout;
        assert_eq!(String::from_utf8(whoami).unwrap().trim(), user.name);
        {
            let asked = asker.asked.lock().unwrap();
            assert_eq!(asked[0].title, format!("Password for {}@hop-0", user.name));
            assert!(asked[1].refused.is_some());
        }
        let stored = Some(Secret::new("correct horse".to_owned()));
        wanted.hops[0].auth = vec![AuthMethod::Password { password: stored }];
        connect(wanted, &Script::silent()).await.unwrap();
    });
}

#[test]
fn prompts_are_passed_on_and_a_stored_password_answers_them() {
    run(async {
        let sshd = server(PROMPTS);
        let user = UnixUser::create("b", "correct horse").unwrap();
        let mut wanted = options(&[&sshd]);
        wanted.hops[0].user = user.name.clone();
        wanted.hops[0].auth = vec![AuthMethod::KeyboardInteractive];
        let asker = Script::credentials(&["wrong", "correct horse"]);
        connect(wanted.clone(), &asker).await.unwrap();
        {
            let asked = asker.asked.lock().unwrap();
            assert!(asked[0].prompts[0].label.contains("Password"), "{:?}", asked[0]);
            assert!(!asked[0].prompts[0].is_echoed && !asked[0].can_remember);
            assert!(asked[1].refused.is_some());
        }
        let stored = Some(Secret::new("correct horse".to_owned()));
        wanted.hops[0].auth = vec![AuthMethod::Password { password: stored }];
        connect(wanted, &Script::silent()).await.unwrap();
    });
}

#[test]
fn a_server_that_wants_two_methods_gets_two() {
    run(async {
        let mut config = PAM.to_vec();
        config.push("AuthenticationMethods publickey,password");
        let sshd = server(&config);
        let user = UnixUser::create("c", "correct horse").unwrap();
        let mut wanted = options(&[&sshd]);
        wanted.hops[0].user = user.name.clone();
        // The password comes first in the list, but the server does not want it first.
        wanted.hops[0].auth =
            vec![AuthMethod::Password { password: None }, key_file(&sshd.client_key)];
        let asker = Script::credentials(&["correct horse"]);
        connect(wanted.clone(), &asker).await.unwrap();
        wanted.hops[0].auth = vec![key_file(&sshd.client_key)];
        let failed = failure(wanted, &Script::silent()).await;
        assert_eq!(failed.code, ErrorCode::Unauthorized);
        let detail = failed.detail.unwrap();
        assert!(detail.contains("not enough") && detail.contains("accepts: password"), "{detail}");
    });
}

#[test]
fn a_further_connection_asks_nothing() {
    run(async {
        let sshd = server(PAM);
        let user = UnixUser::create("d", "correct horse").unwrap();
        let mut wanted = options(&[&sshd]);
        wanted.hops[0].user = user.name.clone();
        wanted.hops[0].auth = vec![AuthMethod::Password { password: None }];
        let asker = Script::credentials(&["correct horse"]);
        let link = connect(wanted, &asker).await.unwrap();
        link.spawn_bulk(&["cat"]).await.unwrap();
        assert_eq!(asker.asked.lock().unwrap().len(), 1);
        let logins = sshd.log().matches("Accepted password").count();
        assert_eq!(logins, 2, "{}", sshd.log());
    });
}

#[test]
fn what_does_not_work_is_said_in_words() {
    run(async {
        let sshd = server(&[]);
        let refused = |auth| {
            let mut wanted = options(&[&sshd]);
            wanted.hops[0].auth = vec![auth];
            async { failure(wanted, &Script::silent()).await }
        };
        let missing = refused(key_file(Path::new("/no/such/key"))).await;
        assert_eq!(missing.message, "the key file /no/such/key does not exist");
        assert_eq!(missing.code, ErrorCode::NotFound);
        let public = refused(key_file(&sshd.client_key.with_extension("pub"))).await;
        assert!(public.message.ends_with("client.pub is a public key"), "{public:?}");
        assert!(public.hint.unwrap().contains("without .pub"));
        let garbage = refused(key_file(Path::new("/etc/passwd"))).await;
        assert_eq!(garbage.message, "/etc/passwd is not a private key");
        let stranger = sshd.dir.join("stranger");
        make_key("ed25519", &stranger).unwrap();
        let unknown = refused(key_file(&stranger)).await;
        assert_eq!(unknown.message, "hop-0 does not let root in");
        assert_eq!(unknown.code, ErrorCode::Unauthorized);
        let detail = unknown.detail.unwrap();
        assert!(detail.contains("stranger: refused") && detail.contains("publickey"), "{detail}");
        let not_offered = refused(AuthMethod::KeyboardInteractive).await;
        assert!(not_offered.hint.unwrap().contains("publickey"));
        let mut nobody = options(&[&sshd]);
        nobody.hops[0].user = "no-such-user".into();
        let failed = failure(nobody, &Script::silent()).await;
        assert_eq!(failed.message, "hop-0 does not let no-such-user in");
        // The server is none the worse for it.
        link(&sshd).await;
    });
}

#[test]
fn too_many_keys_are_explained() {
    run(async {
        let sshd = server(&["MaxAuthTries 2"]);
        let agent = Agent::start(&sshd.dir);
        for index in 0..4 {
            let key = sshd.dir.join(format!("stranger{index}"));
            make_key("ed25519", &key).unwrap();
            agent.add(&key).await;
        }
        let mut wanted = options(&[&sshd]);
        wanted.hops[0].auth = vec![agent.method()];
        let failed = failure(wanted, &Script::silent()).await;
        assert_eq!(failed.code, ErrorCode::Unauthorized);
        assert!(failed.hint.unwrap().contains("fewer keys"));
    });
}
