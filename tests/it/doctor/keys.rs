//! A server that knows only the password lets a key in: offered by the test of the connection, shown, agreed
//! to, appended once.

use serde_json::{Value, json};
use tests::keys::make_key;
use tests::sshd::{Sshd, SshdOptions};
use tests::unix_user::UnixUser;

use super::machine::{answer, question};
use super::rig::{Bench, fixes, input};

const PASSWORD: &str = "correct horse";

struct Case {
    bench: Bench,
    user: UnixUser,
    subject: Value,
    line: String,
    _sshd: Sshd,
}

/// A person with a key that the server does not know.
async fn case(suffix: &str) -> Case {
    let sshd = Sshd::start(&SshdOptions::with_config(&[
        "UsePAM yes",
        "PasswordAuthentication yes",
        "AuthorizedKeysFile .ssh/authorized_keys",
        "SetEnv LANG=C",
    ]))
    .unwrap();
    let user = UnixUser::create(suffix, PASSWORD).unwrap();
    let bench = Bench::knowing(&[&sshd]).await;
    let key = bench.folder.path().join("own");
    make_key("ed25519", &key).unwrap();
    let mut input = input(&sshd, "/nowhere/podman.sock");
    input["ssh_host"]["user"] = json!(user.name);
    input["ssh_host"]["auth"] = json!([{"method": "key_file", "path": key, "passphrase": null}]);
    let line = std::fs::read_to_string(key.with_extension("pub")).unwrap().trim().to_owned();
    let subject = json!({"connection_id": null, "input": input});
    Case { bench, user, subject, line, _sshd: sshd }
}

impl Case {
    /// Copies the line, answering the question for the password.
    async fn copy(&self, line: &str, password: &str) -> anyhow::Result<Value> {
        let args = json!({"subject": self.subject, "hop": 0, "line": line, "agreed": true});
        let copying = self.bench.core.call("doctor_copy_key", args);
        let person = async {
            let asked = question(&self.bench).await;
            assert_eq!(asked["question"]["can_remember"], false, "{asked}");
            let title = asked["question"]["title"].as_str().unwrap().to_owned();
            assert!(title.contains(&self.user.name), "{asked}");
            let values = json!({"answer": "credentials", "values": [password], "remember": false});
            answer(&self.bench, &asked, values).await;
        };
        tokio::join!(copying, person).0
    }

    fn authorized(&self) -> String {
        std::fs::read_to_string(self.user.home().join(".ssh/authorized_keys")).unwrap_or_default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_the_server_does_not_know_is_let_in_by_the_password_once() {
    let case = case("k").await;
    let report = case.bench.test_subject(case.subject.clone(), false).await;
    let stage = report.fails_at("login", Some(0));
    assert_eq!(fixes(stage)[0], "copy_key", "{}", report.text());
    let fix = &stage["fixes"][0];
    assert_eq!(fix["line"], json!(case.line));
    assert_eq!(fix["file"], "~/.ssh/authorized_keys");

    let args = json!({"subject": case.subject, "hop": 0, "line": case.line, "agreed": false});
    let refused = case.bench.core.call("doctor_copy_key", args).await.unwrap_err().to_string();
    assert!(refused.contains("agree"), "{refused}");
    let odd = format!("command=\"sh\" {}", case.line);
    let args = json!({"subject": case.subject, "hop": 0, "line": odd, "agreed": true});
    let refused = case.bench.core.call("doctor_copy_key", args).await.unwrap_err().to_string();
    assert!(refused.contains("no public key"), "{refused}");
    assert_eq!(case.authorized(), "", "nothing is written before the person agreed");

    let copied = case.copy(&case.line, PASSWORD).await.unwrap();
    let expected = json!({"server": "forge-1", "file": "~/.ssh/authorized_keys", "is_new": true});
    assert_eq!(copied, expected);
    assert_eq!(case.authorized(), format!("{}\n", case.line));
    let report = case.bench.test_subject(case.subject.clone(), false).await;
    assert_eq!(report.stage("login", Some(0))["status"], "passed", "{}", report.text());

    let copied = case.copy(&case.line, PASSWORD).await.unwrap();
    assert_eq!(copied["is_new"], false, "nothing was to be done");
    assert_eq!(case.authorized(), format!("{}\n", case.line));
    case.bench.core.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_in_the_file_stays_and_a_person_may_decline() {
    let case = case("l").await;
    let ssh = case.user.home().join(".ssh");
    std::fs::create_dir(&ssh).unwrap();
    // Without an end of line, and with the key commented out.
    let before = format!("ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB old\n# {}", case.line);
    std::fs::write(ssh.join("authorized_keys"), &before).unwrap();
    let owner = format!("{0}:{0}", case.user.name);
    let chown = std::process::Command::new("chown").args(["-R", &owner]).arg(&ssh).status();
    assert!(chown.unwrap().success());

    let args = json!({"subject": case.subject, "hop": 0, "line": case.line, "agreed": true});
    let copying = case.bench.core.call("doctor_copy_key", args);
    let person = async {
        let asked = question(&case.bench).await;
        answer(&case.bench, &asked, json!({"answer": "refuse"})).await;
    };
    let declined = tokio::join!(copying, person).0;
    assert!(declined.is_err());
    assert_eq!(case.authorized(), before);

    let copied = case.copy(&case.line, PASSWORD).await.unwrap();
    assert_eq!(copied["is_new"], true);
    assert_eq!(case.authorized(), format!("{before}\n{}\n", case.line));
    case.bench.core.shutdown().await;
}
