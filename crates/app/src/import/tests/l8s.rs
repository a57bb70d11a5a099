//! The three forms of l8s, and files that are broken.

use super::*;

const CONNECTIONS_FORM: &str = "active_connection: vpn
connections:                # address only
  home:   {address: 192.168.1.100, description: \"LAN\"}
  vpn:    {address: 10.8.0.50}
  odd:    {description: none}
remote_user: podman         # required
remote_socket: /run/podman/podman.sock
ssh_key_path: \"\"
ca_private_key_path: ~/.config/l8s/ca/ca_key
ssh_port_start: 2300
web_port_start: 3100
audio_enabled: true
container_prefix: dev
github_token: github_pat_11SECRET
";

const HOSTS_FORM: &str = "active_host: forge
hosts:
  forge:
    remote_host: forge.example.org
    remote_user: alice
    remote_socket: /run/user/1000/podman/podman.sock
    ssh_key_path: ~/.ssh/id_ed25519
  attic:
    remote_host: 10.0.0.9:2222
    description: old
remote_user: root
ssh_port_start: 2200
";

#[test]
fn l8s_in_its_first_form_is_one_server() {
    let found = look(&[(
        ".l8s/config.yaml",
        "remote_host: big.example.org\nremote_user: alice\nbase_image: x\nlabels:\n  team: a\n",
    )]);
    let only = item(&found, "l8s:~/.l8s/config.yaml:");
    assert_eq!((only.name.as_str(), at(only).as_str()), ("big", "alice@big.example.org:22"));
    assert_eq!(only.fields["socket"], "/run/podman/podman.sock");
    assert_eq!(
        only.host.auth,
        [
            SshAuth::Agent { socket: None },
            SshAuth::KeyFile { path: "~/.ssh/id_ed25519".into(), passphrase: None },
        ]
    );
    assert!(only.is_suggested);
}

#[test]
fn l8s_connections_are_addresses_of_one_server() {
    let found = look(&[(".config/l8s/config.yaml", CONNECTIONS_FORM)]);
    let only = item(&found, "l8s:~/.config/l8s/config.yaml:");
    assert_eq!(at(only), "podman@10.8.0.50:22|192.168.1.100:22");
    assert_eq!(only.fields["port_range"], "2300-2399");
    assert_eq!(only.fields["web_port_start"], "3100");
    assert!(only.remarks.iter().any(|r| r.starts_with("vpn, home become addresses")), "{only:?}");
    assert_eq!(left_out(&found), [("odd", "it has no address")]);
    assert!(!format!("{found:?}").contains("SECRET"), "a token never leaves its file");
    assert!(only.remarks.iter().any(|remark| remark.contains("GitHub token")), "{only:?}");
}

#[test]
fn l8s_hosts_are_several_servers() {
    let found = look(&[(".config/l8s/config.yaml", HOSTS_FORM)]);
    let forge = item(&found, "l8s:~/.config/l8s/config.yaml:forge");
    assert_eq!((forge.name.as_str(), at(forge).as_str()), ("forge", "alice@forge.example.org:22"));
    assert_eq!(forge.fields["socket"], "/run/user/1000/podman/podman.sock");
    let attic = item(&found, "l8s:~/.config/l8s/config.yaml:attic");
    assert_eq!(at(attic), "root@10.0.0.9:2222");
    assert_eq!((forge.is_suggested, attic.is_suggested), (true, false));
}

#[test]
fn broken_l8s_files_say_what_is_wrong() {
    for (text, why) in [
        ("remote_host: [unclosed", "not YAML"),
        ("", "it is empty"),
        ("- a\n- b\n", "it is empty"),
        ("remote_user: alice\n", "names no server"),
        ("remote_host: big\n", "names no remote_user"),
        ("connections: {}\nremote_user: a\n", "names no server"),
        ("a: &x {b: c}\nd: *x\n", "refers to other parts"),
        (&format!("a: {}{}", "[".repeat(30), "]".repeat(30)), "nested too deeply"),
    ] {
        let found = look(&[(".config/l8s/config.yaml", text)]);
        assert!(left_out(&found)[0].1.contains(why), "{text:.40}: {found:?}");
        assert!(items(&found).is_empty());
    }
}
