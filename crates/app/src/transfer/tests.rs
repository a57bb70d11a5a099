//! Whatever a person has, the file brings it back: nothing lost, nothing changed, no secret in it.

use std::collections::BTreeMap;

use model::{
    ColorScheme, Connection, ConnectionId, HostAddress, Kind, SecretRef, Settings, SshAuth,
    SshHost, SshHostId, Template, TemplateId, TemplateSource, TransferChange, TransferKind, Tunnel,
    TunnelCheckKind, TunnelId, TunnelOptions, TunnelPoint, TunnelRoute, WorkspaceId, WorkspaceRef,
};
use proptest::{collection, option, prelude::*};

use super::{
    compare::{Judge, compare},
    file::{ConnectionEntry, File, HostEntry, Parts},
    templates::TemplateEntry,
    tunnels::TunnelEntry,
};

/// Takes everything.
struct Any;

impl Judge for Any {
    fn settings(&self, _: &Settings) -> Option<String> {
        None
    }

    fn host(&self, _: &HostEntry) -> Option<String> {
        None
    }

    fn connection(&self, _: &ConnectionEntry, _: Option<&HostEntry>) -> Option<String> {
        None
    }

    fn tunnel(&self, _: &TunnelEntry) -> Option<String> {
        None
    }

    fn template(&self, _: &TemplateEntry) -> Option<String> {
        None
    }
}

fn auth() -> impl Strategy<Value = SshAuth> {
    prop_oneof![
        option::of("\\PC{0,12}").prop_map(|socket| SshAuth::Agent { socket }),
        "\\PC{1,20}".prop_map(|path| SshAuth::KeyFile {
            path,
            passphrase: Some(SecretRef::from_raw("canary-passphrase")),
        }),
        Just(SshAuth::Password { secret: Some(SecretRef::from_raw("canary-password")) }),
        Just(SshAuth::KeyboardInteractive),
    ]
}

fn host(index: usize) -> impl Strategy<Value = SshHost> {
    let address =
        ("[a-z0-9.:-]{1,20}", 1..=u16::MAX).prop_map(|(host, port)| HostAddress { host, port });
    let addresses = collection::vec(address, 1..3);
    (addresses, "\\PC{1,10}", collection::vec(auth(), 0..4)).prop_map(
        move |(addresses, user, auth)| SshHost {
            id: SshHostId::from_raw(format!("host-{index}")),
            addresses,
            user,
            auth,
            // The later half goes through the earlier one.
            jumps: (index >= 2).then(|| SshHostId::from_raw("host-0")).into_iter().collect(),
        },
    )
}

fn connection(index: usize) -> impl Strategy<Value = Connection> {
    let fields = collection::btree_map("[a-z_]{1,8}", "(?s).{0,30}", 0..4);
    ("\\PC{1,12}", fields, any::<bool>(), 0..4_usize, any::<i64>()).prop_map(
        move |(name, fields, connect_at_start, host, created_at)| Connection {
            id: ConnectionId::from_raw(format!("connection-{index}")),
            kind: Kind::new("fake"),
            name: format!("{name}{index}"),
            fields,
            secrets: BTreeMap::from([("token".into(), SecretRef::from_raw("canary-token"))]),
            ssh_host_id: Some(SshHostId::from_raw(format!("host-{host}"))),
            connect_at_start,
            created_at,
        },
    )
}

fn tunnel(index: usize) -> impl Strategy<Value = Tunnel> {
    let point = || {
        prop_oneof![
            ("[a-z0-9.:]{1,12}", any::<u16>())
                .prop_map(|(host, port)| TunnelPoint::Tcp { host, port }),
            "/\\PC{0,12}".prop_map(|path| TunnelPoint::Unix { path }),
        ]
    };
    let route = (point(), point(), 0..3_u8).prop_map(|(listen, target, kind)| match kind {
        0 => TunnelRoute::Local { listen, target },
        1 => TunnelRoute::Remote { listen, target },
        _ => TunnelRoute::Dynamic { listen },
    });
    let checks = prop_oneof![
        Just(TunnelCheckKind::Connect),
        "/[a-z]{0,8}".prop_map(|path| TunnelCheckKind::Http { path }),
    ];
    (route, checks, any::<bool>()).prop_map(move |(route, check, is_favourite)| Tunnel {
        id: TunnelId::from_raw(format!("tunnel-{index}")),
        name: format!("tunnel {index}"),
        route,
        ssh_host_id: SshHostId::from_raw(format!("host-{index}")),
        options: TunnelOptions { check, is_favourite, ..TunnelOptions::default() },
        created_at: 7,
    })
}

fn template() -> impl Strategy<Value = Template> {
    let source = prop_oneof![
        ("\\PC{0,20}", option::of("[a-z/]{1,8}"), "[a-z/]{0,8}")
            .prop_map(|(url, reference, path)| TemplateSource::Git { url, reference, path }),
        "\\PC{0,20}".prop_map(|path| TemplateSource::Folder { path }),
        "\\PC{0,20}".prop_map(|path| TemplateSource::File { path }),
    ];
    ("\\PC{1,12}", source).prop_map(|(name, source)| Template {
        id: TemplateId::from_raw("template-0"),
        name,
        source,
        created_at: 7,
    })
}

fn parts() -> impl Strategy<Value = Parts> {
    let hosts = (host(0), host(1), host(2), host(3));
    let connections = (connection(0), connection(1), connection(2));
    let favourites = collection::vec((0..3_usize, "[0-9a-f]{1,64}"), 0..4);
    let tunnels = (tunnel(0), tunnel(1));
    let kept = (tunnels, template());
    (hosts, connections, favourites, kept, 9..=24_u8, any::<bool>()).prop_map(
        |(hosts, connections, favourites, (tunnels, template), terminal_font_size, is_dark)| {
            Parts {
                version: "0.1.0".into(),
                settings: Settings {
                    terminal_font_size,
                    color_scheme: if is_dark { ColorScheme::Dark } else { ColorScheme::System },
                    ..Settings::default()
                },
                tunnels: vec![tunnels.0, tunnels.1],
                templates: vec![template],
                ssh_hosts: vec![hosts.0, hosts.1, hosts.2, hosts.3],
                connections: vec![connections.0, connections.1, connections.2],
                favourites: favourites
                    .into_iter()
                    .map(|(connection, workspace)| WorkspaceRef {
                        connection_id: ConnectionId::from_raw(format!("connection-{connection}")),
                        workspace_id: WorkspaceId::from_raw(workspace),
                    })
                    .collect(),
            }
        },
    )
}

fn empty() -> File {
    let mut file = File::from(Parts {
        version: String::new(),
        settings: Settings::default(),
        ssh_hosts: Vec::new(),
        connections: Vec::new(),
        favourites: Vec::new(),
        tunnels: Vec::new(),
        templates: Vec::new(),
    });
    file.settings = None;
    file
}

proptest! {
    #[test]
    fn what_goes_out_comes_back_and_no_secret_is_in_it(parts in parts()) {
        let file = File::from(parts);
        let text = file.to_text().unwrap();
        prop_assert!(!text.contains("canary"), "{}", text);
        prop_assert_eq!(File::parse(&text).unwrap(), file);
    }

    #[test]
    fn on_the_same_computer_nothing_differs(parts in parts()) {
        let file = File::from(parts);
        for item in compare(&file, &file, &Any).items {
            prop_assert_eq!(&item.change, &TransferChange::Same, "{:?}", item);
        }
    }

    #[test]
    fn on_an_empty_computer_everything_is_new(parts in parts()) {
        let file = File::from(parts);
        let items = compare(&file, &empty(), &Any).items;
        let count = file.ssh_hosts.len() + file.connections.len() + file.favourites.len();
        prop_assert_eq!(items.len(), count + file.tunnels.len() + 1);
        for item in items {
            prop_assert_eq!(&item.change, &TransferChange::New, "{:?}", item);
        }
    }

    #[test]
    fn text_that_is_no_export_is_refused_without_a_crash(text in "(?s).{0,400}") {
        prop_assert!(File::parse(&text).is_err());
    }

    #[test]
    fn a_file_that_was_cut_or_changed_never_crashes(parts in parts(), at in any::<proptest::sample::Index>(), other in any::<char>()) {
        let mut text: Vec<char> = File::from(parts).to_text().unwrap().chars().collect();
        let at = at.index(text.len());
        text[at] = other;
        let text: String = text.into_iter().collect();
        if let Ok(file) = File::parse(&text) {
            compare(&file, &empty(), &Any);
        }
    }
}

#[test]
fn a_newer_file_is_refused_by_its_format() {
    let text = empty().to_text().unwrap().replace("format = 1", "format = 2");
    assert_eq!(File::parse(&text).unwrap_err().code, model::ErrorCode::Unsupported);
}

#[test]
fn a_name_that_is_taken_gets_another() {
    let mut file = empty();
    let entry = ConnectionEntry {
        id: ConnectionId::from_raw("theirs"),
        name: "forge-1".into(),
        kind: Kind::new("fake"),
        ssh_host: None,
        connect_at_start: true,
        created_at: 0,
        fields: BTreeMap::new(),
    };
    file.connections.push(entry.clone());
    let mut here = empty();
    here.connections.push(ConnectionEntry {
        id: ConnectionId::from_raw("ours"),
        name: "Forge-1".into(),
        ..entry.clone()
    });
    let found = compare(&file, &here, &Any);
    assert_eq!(
        (found.items[0].name.as_str(), &found.items[0].change),
        ("forge-1-2", &TransferChange::New)
    );
    assert_eq!(found.items[0].kind, TransferKind::Connection);
    // The same server under the same name is no second one.
    here.connections[0].name = "forge-1".into();
    assert_eq!(compare(&file, &here, &Any).items[0].change, TransferChange::Same);
}
