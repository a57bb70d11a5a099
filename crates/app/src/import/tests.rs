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
use ssh::ConfigFiles;

use super::{ConfigPlaces, compare::compare, find, places::Places};

mod l8s;
mod noise;
mod podman;
mod ssh_config;

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
        labs: None,
        lab_count: 0,
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
