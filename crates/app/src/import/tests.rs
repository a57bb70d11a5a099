//! Recorded files of every form, broken ones, and noise, through the whole of reading and comparing.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use model::{
    Connection, ConnectionId, ConnectionState, ConnectionView, HostAddress, ImportFound,
    ImportItem, ImportSource, Kind, SshAuth, SshHost, SshHostId,
};
use proptest::prelude::*;
use ssh::ConfigFiles;

use super::{ConfigPlaces, compare::compare, find, places::Places, uri, yaml};

struct MapFiles(BTreeMap<PathBuf, String>);

impl ConfigFiles for MapFiles {
    fn read(&self, path: &Path) -> io::Result<String> {
        self.0.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn list(&self, folder: &Path) -> Vec<PathBuf> {
        self.0.keys().filter(|path| path.parent() == Some(folder)).cloned().collect()
    }

    fn is_file(&self, path: &Path) -> bool {
        self.0.contains_key(path)
    }
}

/// A home with a key, and these files in it; a name with a slash first is absolute.
fn look_with(
    files: &[(&str, &str)],
    named: &ConfigPlaces,
    stored: &[ConnectionView],
) -> Vec<ImportFound> {
    let home = Path::new("/home/alice");
    let mut map: BTreeMap<PathBuf, String> =
        files.iter().map(|(name, text)| (home.join(name), (*text).to_owned())).collect();
    map.insert(home.join(".ssh/id_ed25519"), String::new());
    let files = MapFiles(map);
    let data_folder = Path::new("/home/alice/.local/share/moorline");
    compare(find(&Places { home, data_folder, named, files: &files }), stored)
}

fn look(files: &[(&str, &str)]) -> Vec<ImportFound> {
    look_with(files, &ConfigPlaces::default(), &[])
}

fn items(found: &[ImportFound]) -> Vec<&ImportItem> {
    found.iter().flat_map(|found| &found.items).collect()
}

fn item<'a>(found: &'a [ImportFound], id: &str) -> &'a ImportItem {
    items(found).into_iter().find(|item| item.id == id).unwrap_or_else(|| panic!("{found:#?}"))
}

fn at(item: &ImportItem) -> String {
    let addresses: Vec<String> = item.host.addresses.iter().map(ToString::to_string).collect();
    let jumps = item.jumps.iter().map(|jump| format!("{}@{}", jump.user, jump.addresses[0]));
    let way: Vec<String> =
        jumps.chain([format!("{}@{}", item.host.user, addresses.join("|"))]).collect();
    way.join(" > ")
}

fn left_out(found: &[ImportFound]) -> Vec<(&str, &str)> {
    let all = found.iter().flat_map(|found| &found.left_out);
    all.map(|one| (one.what.as_str(), one.why.as_str())).collect()
}

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

const CONTAINERS: &str = r#"
[containers]
log_size_max = -1
[engine]
active_service = "forge"
[engine.service_destinations.forge]
uri = "ssh://alice@forge:2222/run/user/1000/podman/podman.sock"
identity = "/home/alice/.ssh/id_ed25519"
[engine.service_destinations.root]
uri = "ssh://root:hunter2@10.0.0.7/run%2Fpodman/podman.sock?secure=True"
[engine.service_destinations.here]
uri = "unix:///run/user/1000/podman/podman.sock"
[engine.service_destinations.open]
uri = "tcp://10.0.0.7:2375"
[engine.service_destinations.vm]
uri = "ssh://core@127.0.0.1:51234/run/user/501/podman/podman.sock"
is_machine = true
"#;

#[test]
fn podmans_connections_are_found_and_local_ones_refused() {
    let config = "Host forge\n  HostName 10.0.0.4\n  Port 22\n  ProxyJump bob@gate\n";
    let files = [(".config/containers/containers.conf", CONTAINERS), (".ssh/config", config)];
    let found = look(&files);
    let forge = item(&found, "podman:forge");
    assert_eq!(at(forge), "bob@gate:22 > alice@10.0.0.4:2222");
    assert!(forge.remarks.iter().any(|remark| remark.contains("Podman's default")), "{forge:?}");
    let root = item(&found, "podman:root");
    assert_eq!(root.fields["socket"], "/run/podman/podman.sock");
    assert!(!format!("{found:?}").contains("hunter2"), "a password never leaves its file");
    let reasons = left_out(&found);
    assert_eq!(reasons.iter().map(|(what, _)| *what).collect::<Vec<_>>(), ["here", "open", "vm"]);
    assert!(reasons[0].1.contains("does not drive") && reasons[2].1.contains("virtual machine"));
}

#[test]
fn every_place_of_podman_is_read_and_the_later_wins() {
    let one = |host: &str| {
        format!(
            "[engine.service_destinations.a]\nuri = \"ssh://u@{host}/s\"\n[engine.service_destinations.{host}]\nuri = \"ssh://u@{host}/s\"\n"
        )
    };
    let (usr, etc, own, part) = (one("usr"), one("etc"), one("own"), one("part"));
    let json = r#"{"Connection":{"Default":"a","Connections":{"a":{"URI":"ssh://u@json:2200/s","Identity":"/home/alice/.ssh/id_ed25519"}}},"Farm":{}}"#;
    let files = [
        ("/usr/share/containers/containers.conf", usr.as_str()),
        ("/etc/containers/containers.conf", &etc),
        (".config/containers/containers.conf", &own),
        (".config/containers/containers.conf.d/10.conf", &part),
        (".config/containers/containers.conf.d/readme", "no toml at all"),
        (".config/containers/podman-connections.json", json),
    ];
    let found = look(&files);
    assert_eq!(at(item(&found, "podman:a")), "u@json:2200");
    assert_eq!(items(&found).len(), 5);
    assert_eq!(left_out(&found), []);
    let named = ConfigPlaces {
        config_folder: Some("/elsewhere".into()),
        containers_conf: Some("/only.conf".into()),
        containers_conf_override: Some("/over.conf".into()),
        podman_connections: Some("/named.json".into()),
    };
    let (only, over) = (one("only"), one("over"));
    let files = [
        ("/only.conf", only.as_str()),
        ("/over.conf", &over),
        ("/named.json", "{\"Connection\":{\"Connections\":{\"n\":{\"URI\":\"ssh://u@n/s\"}}}}"),
        ("/etc/containers/containers.conf", &etc),
        ("/elsewhere/containers/podman-connections.json", json),
    ];
    let found = look_with(&files, &named, &[]);
    let ids: Vec<&str> = items(&found).iter().map(|item| item.id.as_str()).collect();
    assert_eq!(ids, ["podman:a", "podman:n", "podman:only", "podman:over"]);
    assert_eq!(at(item(&found, "podman:a")), "u@over:22");
}

#[test]
fn broken_podman_files_are_said_and_the_others_count() {
    let found = look(&[
        (".config/containers/containers.conf", "[engine\nx"),
        (".config/containers/podman-connections.json", "{\"Connection\": 3"),
        ("/etc/containers/containers.conf", CONTAINERS),
    ]);
    let reasons = left_out(&found);
    assert!(reasons[0].1.starts_with("it is broken: "), "{reasons:?}");
    assert!(items(&found).iter().any(|item| item.id == "podman:root"));
}

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

fn stored(name: &str, host: &str, user: &str, socket: &str) -> ConnectionView {
    let id = SshHostId::generate();
    ConnectionView {
        connection: Connection {
            id: ConnectionId::generate(),
            kind: Kind::new("podman"),
            name: name.into(),
            fields: [("socket".to_owned(), socket.to_owned())].into(),
            secrets: BTreeMap::new(),
            ssh_host_id: Some(id.clone()),
            connect_at_start: true,
            created_at: 0,
        },
        ssh_host: Some(SshHost {
            id,
            addresses: vec![HostAddress { host: host.into(), port: 22 }],
            user: user.into(),
            auth: Vec::new(),
            jumps: Vec::new(),
        }),
        jumps: Vec::new(),
        state: ConnectionState::Disconnected,
        server: None,
        abilities: None,
        workspace_count: 0,
    }
}

#[test]
fn what_is_here_already_is_recognised_and_names_stay_free() {
    let config = "Host forge\n  HostName 10.0.0.4\n  User alice\nHost other\n  HostName 10.0.0.5\n  User alice\nHost behind\n  HostName 10.0.0.4\n  User alice\n  ProxyJump other\n";
    let conf = "[engine.service_destinations.other]\nuri = \"ssh://alice@10.0.0.5/run/p.sock\"\n[engine.service_destinations.forge]\nuri = \"ssh://alice@10.0.0.4/run/second.sock\"\n";
    let stored = [stored("Forge", "10.0.0.4", "alice", "/run/first.sock")];
    let files = [(".ssh/config", config), (".config/containers/containers.conf", conf)];
    let found = look_with(&files, &ConfigPlaces::default(), &stored);
    let forge = item(&found, "ssh:forge");
    assert_eq!(forge.known.as_ref().unwrap().name, "Forge");
    assert!(!forge.is_suggested);
    // Another socket of the same login is another Podman, and the address behind a jump another machine.
    let second = item(&found, "podman:forge");
    assert_eq!((second.known.as_ref(), second.name.as_str()), (None, "forge-2"));
    assert_eq!(item(&found, "ssh:behind").known, None);
    let other = item(&found, "ssh:other");
    assert_eq!((other.same_as.as_deref(), other.name.as_str()), (Some("podman:other"), "other-2"));
    assert_eq!(
        found.iter().map(|f| f.source).collect::<Vec<_>>(),
        [ImportSource::SshConfig, ImportSource::Podman]
    );
}

#[test]
fn what_moorline_wrote_itself_is_not_found() {
    let found = look(&[
        (".ssh/config", "Include ~/.local/share/moorline/ssh/config\nHost a\n"),
        (".local/share/moorline/ssh/config", "Host atlas-api\n  Port 2200\n"),
    ]);
    assert_eq!(items(&found).len(), 1);
    assert_eq!(found[0].files, ["~/.ssh/config"]);
    assert_eq!(look(&[]), []);
}

fn noise() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("Host "),
        Just("remote_host: "),
        Just("remote_user: "),
        Just("connections:"),
        Just("hosts:\n  "),
        Just("a"),
        Just("b: "),
        Just("\n"),
        Just("  "),
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just("&x "),
        Just("*x"),
        Just("\""),
        Just("ssh://"),
        Just("@"),
        Just(":"),
        Just("/"),
        Just("%"),
        Just("22"),
        Just("[engine.service_destinations.x]\nuri = "),
        Just("ProxyJump "),
        Just("- "),
        Just("? "),
        Just("é"),
    ];
    let made = prop::collection::vec(word, 0..60).prop_map(|words| words.concat());
    prop_oneof![3 => made, 1 => any::<String>()]
}

proptest! {
    #[test]
    fn no_file_makes_reading_panic(text in noise()) {
        let found = look(&[
            (".ssh/config", &text),
            (".l8s/config.yaml", &text),
            (".config/containers/containers.conf", &text),
            (".config/containers/podman-connections.json", &text),
        ]);
        let mut names: Vec<String> = Vec::new();
        for item in items(&found) {
            prop_assert!(!item.host.addresses.is_empty() && !item.host.auth.is_empty());
            prop_assert!(item.name.chars().count() <= 64 && !item.name.is_empty());
            names.push(item.name.to_lowercase());
        }
        names.sort();
        let count = names.len();
        names.dedup();
        prop_assert_eq!(names.len(), count, "no name is given twice");
    }

    #[test]
    fn no_address_makes_reading_panic(text in "\\PC{0,40}", start in prop_oneof![Just("ssh://"), Just("")]) {
        if let Ok(uri) = uri::read(&format!("{start}{text}")) {
            prop_assert!(!uri.host.is_empty() && uri.port != Some(0));
        }
        drop(yaml::read(&text));
    }
}
