//! Which of the servers found are here already, which are found twice, and what each is to be called.

use model::{
    ConnectionView, FormValues, ImportFound, ImportHost, ImportItem, ImportKnown, ImportSource,
    Kind,
};

use super::found::{Found, Server};

/// The kind of connection that everything found becomes.
pub(super) const KIND: &str = "podman";
/// Longer names are refused for connections.
const MAX_NAME: usize = 64;

/// What tells servers apart: where it is, who logs in, through whom, and which socket.
struct Identity {
    addresses: Vec<(String, u16)>,
    user: String,
    way: Vec<(String, u16)>,
    socket: String,
}

impl Identity {
    fn new(host: &ImportHost, jumps: &[ImportHost], fields: &FormValues) -> Self {
        let of = |host: &ImportHost| -> Vec<(String, u16)> {
            host.addresses.iter().map(|a| (a.host.to_lowercase(), a.port)).collect()
        };
        Self {
            addresses: of(host),
            user: host.user.clone(),
            way: jumps.iter().filter_map(|jump| of(jump).into_iter().next()).collect(),
            socket: fields.get("socket").map_or("", |socket| socket.trim()).to_owned(),
        }
    }

    /// Whether both are one server; a socket that is not named may be any.
    fn is_same(&self, other: &Self) -> bool {
        self.user == other.user
            && self.way == other.way
            && self.addresses.iter().any(|address| other.addresses.contains(address))
            && (self.socket == other.socket || self.socket.is_empty() || other.socket.is_empty())
    }
}

/// The offer: each server once suggested, with a name that is free.
pub(super) fn compare(found: Vec<Found>, stored: &[ConnectionView]) -> Vec<ImportFound> {
    let known: Vec<(Identity, ImportKnown)> = stored.iter().filter_map(stored_identity).collect();
    let mut taken: Vec<String> =
        stored.iter().map(|view| view.connection.name.to_lowercase()).collect();
    let mut seen: Vec<(Identity, String)> = Vec::new();
    // Those that say most come first: l8s knows ports, Podman knows sockets.
    let mut by_worth = found;
    by_worth.sort_by_key(|found| std::cmp::Reverse(found.source));
    let mut offers: Vec<ImportFound> = Vec::new();
    for found in by_worth {
        let mut items = Vec::new();
        for server in found.servers {
            let identity = Identity::new(&server.host, &server.jumps, &server.fields);
            let here = known.iter().find(|(other, _)| identity.is_same(other));
            let twin = seen.iter().find(|(other, _)| identity.is_same(other));
            let known = here.map(|(_, known)| known.clone());
            let same_as = twin.map(|(_, id)| id.clone());
            items.push(item(server, known, same_as, &mut taken));
            if let Some(last) = items.last() {
                seen.push((identity, last.id.clone()));
            }
        }
        let Found { source, files, left_out, .. } = found;
        offers.push(ImportFound { source, files, items, left_out });
    }
    offers.sort_by_key(|offer| offer.source);
    offers
}

fn item(
    server: Server,
    known: Option<ImportKnown>,
    same_as: Option<String>,
    taken: &mut Vec<String>,
) -> ImportItem {
    let is_suggested = server.is_suggested && known.is_none() && same_as.is_none();
    ImportItem {
        id: server.id,
        found_as: server.found_as,
        place: server.place,
        name: if known.is_some() { server.name } else { free_name(&server.name, taken) },
        kind: Kind::new(KIND),
        host: server.host,
        jumps: server.jumps,
        fields: server.fields,
        remarks: server.remarks,
        known,
        same_as,
        is_suggested,
    }
}

/// The name, or the first free one with a number behind it; taken from now on.
fn free_name(wanted: &str, taken: &mut Vec<String>) -> String {
    let clean: String = wanted.chars().filter(|c| !c.is_control()).collect();
    let clean = match clean.trim() {
        "" => "server",
        name => name,
    };
    let start: String = clean.chars().take(MAX_NAME - 5).collect();
    let mut name = start.clone();
    let mut number = 2_u32;
    while taken.contains(&name.to_lowercase()) {
        name = format!("{start}-{number}");
        number += 1;
    }
    taken.push(name.to_lowercase());
    name
}

fn stored_identity(view: &ConnectionView) -> Option<(Identity, ImportKnown)> {
    if view.connection.kind.as_str() != KIND {
        return None;
    }
    let of = |host: &model::SshHost| ImportHost {
        addresses: host.addresses.clone(),
        user: host.user.clone(),
        auth: Vec::new(),
    };
    let jumps: Vec<ImportHost> = view.jumps.iter().map(of).collect();
    let host = of(view.ssh_host.as_ref()?);
    let known = ImportKnown {
        connection_id: view.connection.id.clone(),
        name: view.connection.name.clone(),
    };
    Some((Identity::new(&host, &jumps, &view.connection.fields), known))
}

/// Only sources that hold something.
pub(super) fn filled(found: Vec<Found>) -> Vec<Found> {
    found.into_iter().filter(|found| !found.is_empty() || says_why(found)).collect()
}

/// An l8s configuration without a server is worth a line; an empty SSH config is not.
fn says_why(found: &Found) -> bool {
    found.source == ImportSource::L8s && !found.files.is_empty()
}
