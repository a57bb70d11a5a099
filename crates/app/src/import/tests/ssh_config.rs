//! Hosts of an ssh config.

use super::*;

const SSH: &str = "Host gate\n  HostName gate.example.org\n  User door\n\
Host forge-1 f1\n  HostName 10.0.0.4\n  User alice\n  ProxyJump gate\n  IdentityFile ~/.ssh/id_work\n  LocalForward 8080 localhost:80\n\
Host github.com\n  User git\n\
Host dev-atlas-1\n  HostName 10.0.0.4\n  Port 2201\n  UserKnownHostsFile ~/.config/l8s/known_hosts\n\
Host loop\n  ProxyJump loop\n\
Host *.lab\n  User lab\n\
Match user bob\n  Port 1\n\
Host plain\n";

#[test]
fn hosts_of_the_ssh_config_become_connections_with_their_way() {
    let found = look(&[(".ssh/config", SSH), (".ssh/id_work", "")]);
    let forge = item(&found, "ssh:forge-1");
    assert_eq!(at(forge), "door@gate.example.org:22 > alice@10.0.0.4:22");
    assert_eq!(forge.place, "~/.ssh/config, line 4");
    assert_eq!(
        forge.host.auth,
        [
            SshAuth::Agent { socket: None },
            SshAuth::KeyFile { path: "~/.ssh/id_work".into(), passphrase: None },
        ]
    );
    assert!(forge.remarks[0].starts_with("1 port forward stay"), "{forge:?}");
    assert!(forge.is_suggested && !item(&found, "ssh:gate").is_suggested);
    assert_eq!(item(&found, "ssh:f1").same_as.as_deref(), Some("ssh:forge-1"));
    assert_eq!(at(item(&found, "ssh:plain")), "alice@plain:22");
    let names: Vec<&str> = left_out(&found).iter().map(|(what, _)| *what).collect();
    assert_eq!(names, ["github.com", "dev-atlas-1", "loop", "Match user bob"]);
}

#[test]
fn a_key_that_is_missing_and_options_that_stay_behind_are_said() {
    let config = "Host a\n  IdentityFile ~/.ssh/gone\n  IdentitiesOnly yes\n  StrictHostKeyChecking no\n  ForwardAgent yes\n  User bob\n";
    let found = look(&[(".ssh/config", config)]);
    let a = item(&found, "ssh:a");
    let all = a.remarks.join("\n");
    for part in
        ["~/.ssh/gone is not there", "StrictHostKeyChecking", "Not carried over: ForwardAgent"]
    {
        assert!(all.contains(part), "{all}");
    }
    assert_eq!(a.host.auth, [SshAuth::Agent { socket: None }, SshAuth::Password { secret: None }]);
}
