//! l8s's configuration in its three forms: one flat server, several addresses of one server, several
//! servers. Its token is never read out, its files are never changed.

use std::path::Path;

use model::{FormValues, HostAddress, ImportSource};
use ssh::SshConfig;

use super::{
    found::{Found, Server},
    hosts::{Given, way},
    places::Places,
    uri::place_of,
    yaml::{self, Yaml},
};

/// Where the newest version keeps it, then the first one.
const FILES: [&str; 2] = [".config/l8s/config.yaml", ".l8s/config.yaml"];
const DEFAULT_SOCKET: &str = "/run/podman/podman.sock";
/// l8s tries this many ports above its first one.
const PORT_COUNT: u16 = 100;

/// Every server that an l8s configuration names.
pub(super) fn find(config: &SshConfig, places: &Places<'_>) -> Found {
    let mut found = Found::new(ImportSource::L8s);
    for file in FILES {
        let path = places.home.join(file);
        let text = match places.files.read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => Err(format!("it cannot be read: {error}")),
            Ok(text) => Ok(text),
        };
        let place = places.shown(&path);
        found.files.push(place.clone());
        let read = text.and_then(|text| {
            yaml::read(&text).map_err(|why| format!("it is not YAML that can be read: {why}"))
        });
        match read {
            Ok(Some(settings @ Yaml::Map(_))) => {
                Reading { found: &mut found, path: &path, place, config, places }
                    .servers(&settings);
            }
            Ok(_) => found.leave_out(&place, &place, "it is empty"),
            Err(why) => found.leave_out(&place, &place, why),
        }
    }
    found
}

struct Reading<'a> {
    found: &'a mut Found,
    path: &'a Path,
    place: String,
    config: &'a SshConfig,
    places: &'a Places<'a>,
}

/// One server as l8s describes it.
struct Described<'a> {
    /// Its name there; empty where there is only one.
    key: &'a str,
    addresses: Vec<&'a str>,
    /// Where user, socket and key stand.
    settings: &'a Yaml,
    is_active: bool,
    remarks: Vec<String>,
}

impl Reading<'_> {
    fn servers(&mut self, all: &Yaml) {
        if let Some(hosts) = all.map("hosts") {
            let active = all.text("active_host");
            for (key, settings) in hosts {
                let addresses = settings.text("remote_host").into_iter().collect();
                let is_active = active == Some(key);
                let remarks = Vec::new();
                self.server(all, Described { key, addresses, settings, is_active, remarks });
            }
        } else if let Some(connections) = all.map("connections") {
            self.addresses(all, connections);
        } else {
            let addresses = all.text("remote_host").into_iter().collect();
            let remarks = Vec::new();
            self.server(
                all,
                Described { key: "", addresses, settings: all, is_active: true, remarks },
            );
        }
    }

    /// Several ways to one server: the active one first.
    fn addresses(&mut self, all: &Yaml, connections: &[(String, Yaml)]) {
        let active = all.text("active_connection");
        let mut named: Vec<(&str, &str)> = Vec::new();
        for (key, connection) in connections {
            match connection.text("address") {
                Some(address) if Some(key.as_str()) == active => named.insert(0, (key, address)),
                Some(address) => named.push((key, address)),
                None => self.found.leave_out(key, &self.place, "it has no address"),
            }
        }
        let mut remarks = Vec::new();
        if let Some(missing) = active.filter(|key| !connections.iter().any(|(one, _)| one == key)) {
            remarks.push(format!("Its active connection {missing} is not among its connections."));
        }
        if named.len() > 1 {
            let names: Vec<&str> = named.iter().map(|(key, _)| *key).collect();
            remarks.push(format!(
                "{} become addresses of one server: the first that answers is used, without switching.",
                names.join(", ")
            ));
        }
        let key = if connections.len() == 1 {
            connections.first().map_or("", |(key, _)| key)
        } else {
            ""
        };
        let addresses = named.into_iter().map(|(_, address)| address).collect();
        self.server(all, Described { key, addresses, settings: all, is_active: true, remarks });
    }

    fn server(&mut self, all: &Yaml, server: Described<'_>) {
        let Described { key, addresses, settings, is_active, mut remarks } = server;
        let called = if key.is_empty() { "l8s" } else { key };
        let text = |name: &str| settings.text(name).or_else(|| all.text(name));
        let parsed: Vec<_> = addresses.iter().filter_map(|address| place_of(address)).collect();
        let (Some((first, port)), Some(user)) = (parsed.first(), text("remote_user")) else {
            let why = match text("remote_user") {
                None if !parsed.is_empty() => "it names no remote_user",
                _ => "it names no server that can be reached",
            };
            return self.found.leave_out(called, &self.place, why);
        };
        let given = Given { user: Some(user), port: *port, key: text("ssh_key_path") };
        let way = match way(first, &given, self.config, self.places) {
            Ok(way) => way,
            Err(problem) => {
                let why = format!("by your SSH config, {problem}");
                return self.found.leave_out(called, &self.place, why);
            }
        };
        let mut host = way.host;
        for (name, port) in parsed.iter().skip(1) {
            let said = self.config.lookup(name);
            let port = port.or(said.port).unwrap_or(22);
            host.addresses.push(HostAddress { host: said.host_name, port });
        }
        host.addresses.dedup();
        remarks.extend(way.remarks);
        if all.text("github_token").is_some() || settings.text("github_token").is_some() {
            remarks.push("Its GitHub token is not read and stays in l8s's file.".into());
        }
        self.found.servers.push(Server {
            id: format!("l8s:{}:{key}", self.places.shown(self.path)),
            found_as: called.to_owned(),
            place: self.place.clone(),
            name: if key.is_empty() { short(first) } else { key.to_owned() },
            host,
            jumps: way.jumps,
            fields: fields(&text),
            remarks,
            is_suggested: is_active,
        });
    }
}

/// Socket and ports as the connection's fields.
fn fields<'a>(text: &dyn Fn(&str) -> Option<&'a str>) -> FormValues {
    let mut fields = FormValues::new();
    let socket = text("remote_socket").filter(|socket| socket.starts_with('/'));
    fields.insert("socket".into(), socket.unwrap_or(DEFAULT_SOCKET).into());
    let port = |names: [&str; 2]| {
        let named = names.iter().find_map(|name| text(name))?;
        named.parse::<u16>().ok().filter(|port| (1024..=64_900).contains(port))
    };
    if let Some(first) = port(["ssh_port_start", "ssh_start_port"]) {
        fields.insert("port_range".into(), format!("{first}-{}", first + PORT_COUNT - 1));
    }
    if let Some(first) = port(["web_port_start", "web_start_port"]) {
        fields.insert("web_port_start".into(), first.to_string());
    }
    fields
}

/// The first label of a host's name; an IP address as it is.
fn short(host: &str) -> String {
    if host.contains(':') || host.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return host.to_owned();
    }
    host.split('.').next().unwrap_or(host).to_owned()
}
