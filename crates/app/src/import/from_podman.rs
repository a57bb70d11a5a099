//! Podman's own list of remote servers: `podman system connection list`, from the files behind it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use model::{FormValues, ImportSource};
use serde::Deserialize;
use ssh::SshConfig;

use super::{
    found::{Found, Server},
    hosts::{Given, way},
    places::Places,
    uri,
};

/// `containers.conf`: only what names servers.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Containers {
    engine: Engine,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Engine {
    active_service: String,
    service_destinations: BTreeMap<String, Destination>,
}

/// `podman-connections.json`.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Connections {
    connection: Named,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Named {
    default: String,
    connections: BTreeMap<String, Destination>,
}

#[derive(Default, Clone, Deserialize)]
#[serde(default)]
struct Destination {
    #[serde(alias = "URI")]
    uri: String,
    #[serde(alias = "Identity")]
    identity: String,
    #[serde(alias = "IsMachine")]
    is_machine: bool,
}

/// Every connection that Podman knows; of two with one name the later place wins, as in Podman.
pub(super) fn find(config: &SshConfig, places: &Places<'_>) -> Found {
    let mut found = Found::new(ImportSource::Podman);
    let mut known: BTreeMap<String, (Destination, PathBuf)> = BTreeMap::new();
    let mut active = String::new();
    for path in containers_conf(places) {
        let Some(Containers { engine }) = parsed(&path, &mut found, places, |text| {
            toml::from_str(text).map_err(|e| e.message().to_owned())
        }) else {
            continue;
        };
        take(engine.service_destinations, &path, &mut known, &mut found, places);
        active = if engine.active_service.is_empty() { active } else { engine.active_service };
    }
    let path = connections_json(places);
    let read =
        |text: &str| serde_json::from_str(text).map_err(|e: serde_json::Error| e.to_string());
    if let Some(Connections { connection }) = parsed(&path, &mut found, places, read) {
        take(connection.connections, &path, &mut known, &mut found, places);
        active = if connection.default.is_empty() { active } else { connection.default };
    }
    for (name, (destination, path)) in known {
        add(&mut found, &name, &destination, &places.shown(&path), name == active, config, places);
    }
    found
}

fn take(
    destinations: BTreeMap<String, Destination>,
    path: &Path,
    known: &mut BTreeMap<String, (Destination, PathBuf)>,
    found: &mut Found,
    places: &Places<'_>,
) {
    if destinations.is_empty() {
        return;
    }
    found.files.push(places.shown(path));
    known.extend(destinations.into_iter().map(|(name, one)| (name, (one, path.to_owned()))));
}

fn add(
    found: &mut Found,
    name: &str,
    destination: &Destination,
    place: &str,
    is_active: bool,
    config: &SshConfig,
    places: &Places<'_>,
) {
    if destination.is_machine {
        let why = "it is a virtual machine on this computer; Moorline drives servers only";
        return found.leave_out(name, place, why);
    }
    let uri = match uri::read(&destination.uri) {
        Ok(uri) => uri,
        Err(why) => return found.leave_out(name, place, why),
    };
    let given = Given {
        user: uri.user.as_deref(),
        port: uri.port,
        key: Some(destination.identity.as_str()).filter(|path| !path.is_empty()),
    };
    let mut way = match way(&uri.host, &given, config, places) {
        Ok(way) => way,
        Err(problem) => {
            return found.leave_out(name, place, format!("by your SSH config, {problem}"));
        }
    };
    if uri.has_password {
        way.remarks.push("The password in its address is left there; you are asked for it.".into());
    }
    if config.names(&uri.host) {
        way.remarks.push(format!("Its way is that of {} in your SSH config.", uri.host));
    }
    if is_active {
        way.remarks.push("Podman's default connection.".into());
    }
    let socket = uri.socket.map(|socket| ("socket".to_owned(), socket));
    found.servers.push(Server {
        id: format!("podman:{name}"),
        found_as: name.to_owned(),
        place: place.to_owned(),
        name: name.to_owned(),
        host: way.host,
        jumps: way.jumps,
        fields: socket.into_iter().collect::<FormValues>(),
        remarks: way.remarks,
        is_suggested: true,
    });
}

/// Reads and parses a file; a file that is not there is not an error, a broken one is left out.
fn parsed<T>(
    path: &Path,
    found: &mut Found,
    places: &Places<'_>,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Option<T> {
    let why = match places.files.read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(error) => format!("it cannot be read: {error}"),
        Ok(text) if text.trim().is_empty() => return None,
        Ok(text) => match parse(text.trim_start_matches('\u{feff}')) {
            Ok(value) => return Some(value),
            Err(problem) => format!("it is broken: {}", problem.lines().next().unwrap_or_default()),
        },
    };
    let place = places.shown(path);
    found.leave_out(&place, &place, why);
    None
}

/// All places Podman reads, those that win last.
fn containers_conf(places: &Places<'_>) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    if let Some(only) = &places.named.containers_conf {
        paths.push(only.clone());
    } else {
        paths.push("/usr/share/containers/containers.conf".into());
        for folder in [PathBuf::from("/etc"), places.config_folder()] {
            let file = folder.join("containers/containers.conf");
            let parts = places.files.list(&folder.join("containers/containers.conf.d"));
            let is_part = |path: &PathBuf| path.extension().is_some_and(|end| end == "conf");
            paths.push(file);
            paths.extend(parts.into_iter().filter(is_part));
        }
    }
    paths.extend(places.named.containers_conf_override.clone());
    paths
}

fn connections_json(places: &Places<'_>) -> PathBuf {
    let usual = || places.config_folder().join("containers/podman-connections.json");
    places.named.podman_connections.clone().unwrap_or_else(usual)
}
