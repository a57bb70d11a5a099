//! Through other hosts: each is logged in to and its key judged as if it were the target.

use std::path::Path;
use std::process::{Command, Stdio};

use backend_api::RemoteExec;
use model::{ErrorCode, Failure};
use ssh::HostKeyAnswer;
use tests::sshd::{Sshd, SshdOptions};

use super::setup::{Script, connect, failure, options, run};

fn servers() -> [Sshd; 3] {
    [(); 3].map(|()| Sshd::start(&SshdOptions::default()).unwrap())
}

#[test]
fn two_jumps_lead_to_the_target() {
    run(async {
        let [first, second, target] = servers();
        let asker = Script::silent();
        let link = connect(options(&[&first, &second, &target]), &asker).await.unwrap();
        let output = link.run(&["printenv", "SSH_CONNECTION"]).await.unwrap();
        let port = String::from_utf8(output.stdout).unwrap();
        assert_eq!(port.split_whitespace().last().unwrap(), target.port.to_string());
        assert!(first.log().contains("Accepted publickey"));
        assert!(second.log().contains("Accepted publickey"));
        let stages = asker.stages.lock().unwrap().join("\n");
        for stage in
            ["reaching hop-0", "checking the host key of hop-1", "logging in to hop-2 as root"]
        {
            assert!(stages.contains(stage), "{stages}");
        }
        // A lane takes the same way again.
        drop(link.spawn_bulk(&["cat"]).await.unwrap());
        assert_eq!(target.log().matches("Accepted publickey").count(), 2);
    });
}

#[test]
fn the_key_of_a_jump_host_is_judged_too() {
    run(async {
        let [first, second, target] = servers();
        let wanted = options(&[&first, &second, &target]);
        std::fs::write(&wanted.trust.user[0], first.known_hosts.clone() + &target.known_hosts)
            .unwrap();
        let failed = failure(wanted.clone(), &Script::silent()).await;
        assert_eq!(failed.code, ErrorCode::HostKeyUnknown);
        assert!(failed.message.contains("hop-1"), "{failed:?}");
        connect(wanted.clone(), &Script::host_key(HostKeyAnswer::Trust)).await.unwrap();
        assert_eq!(std::fs::read_to_string(&wanted.trust.own).unwrap(), second.known_hosts);
    });
}

#[test]
fn a_jump_that_leads_nowhere_is_named() {
    run(async {
        let [first, second, target] = servers();
        let mut wanted = options(&[&first, &second, &target]);
        wanted.hops[1].addresses[0].port = 1;
        let failed = failure(wanted.clone(), &Script::silent()).await;
        assert_eq!(failed.code, ErrorCode::Unreachable);
        assert_eq!(failed.message, "cannot reach hop-1 (127.0.0.1:1) through a jump host");
        assert!(failed.detail.unwrap().contains("on hop-0"));
        // The second address is tried when the first does not answer.
        wanted.hops[1].addresses.push(super::setup::address(second.port));
        connect(wanted, &Script::silent()).await.unwrap();
    });
}

/// Whether OpenSSH gets through a gate to a target with this known-hosts file.
fn openssh_gets_through(gate: &Sshd, target: &Sshd, known: &Path) -> bool {
    let common = format!(
        "UserKnownHostsFile {}\nGlobalKnownHostsFile /dev/null\nIdentitiesOnly yes\nBatchMode yes\n\
         StrictHostKeyChecking yes\nUpdateHostKeys no\nUser root\nHostName 127.0.0.1\n",
        known.display()
    );
    let host = |name: &str, sshd: &Sshd, more: &str| {
        let key = sshd.client_key.display();
        format!("Host {name}\nPort {}\nIdentityFile {key}\n{more}{common}", sshd.port)
    };
    let config = gate.dir.join("through_config");
    let text = host("gate", gate, "") + &host("target", target, "ProxyJump gate\n");
    std::fs::write(&config, text).unwrap();
    let mut command = Command::new("ssh");
    command.arg("-F").arg(&config).args(["target", "true"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().unwrap().success()
}

#[test]
fn verdicts_on_the_way_are_those_of_openssh() {
    run(async {
        let [gate, target, stranger] = servers();
        let stolen = |sshd: &Sshd| {
            let port = sshd.port.to_string();
            stranger.known_hosts.replace(&stranger.port.to_string(), &port)
        };
        let both = gate.known_hosts.clone() + &target.known_hosts;
        let cases = [
            ("both known", both.clone(), None),
            ("only the target", target.known_hosts.clone(), Some(ErrorCode::HostKeyUnknown)),
            ("only the gate", gate.known_hosts.clone(), Some(ErrorCode::HostKeyUnknown)),
            (
                "the gate has changed",
                stolen(&gate) + &target.known_hosts,
                Some(ErrorCode::HostKeyChanged),
            ),
            (
                "the target has changed",
                gate.known_hosts.clone() + &stolen(&target),
                Some(ErrorCode::HostKeyChanged),
            ),
            (
                "the gate is revoked",
                both.clone() + &format!("@revoked {}", gate.known_hosts),
                Some(ErrorCode::HostKeyRevoked),
            ),
            (
                "the target is revoked",
                both + &format!("@revoked {}", target.known_hosts),
                Some(ErrorCode::HostKeyRevoked),
            ),
        ];
        for (name, known, expected) in cases {
            let wanted = options(&[&gate, &target]);
            std::fs::write(&wanted.trust.user[0], known).unwrap();
            let theirs = openssh_gets_through(&gate, &target, &wanted.trust.user[0]);
            let verdict = connect(wanted, &Script::silent()).await.err();
            assert_eq!(verdict.map(|error| Failure::from(error).code), expected, "{name}");
            assert_eq!(theirs, expected.is_none(), "OpenSSH disagrees: {name}");
        }
    });
}
