//! What the form may send, and what it is told otherwise.

use model::{TunnelId, TunnelOptions, TunnelThrough};

use super::*;

fn tcp(host: &str, port: u16) -> TunnelPoint {
    TunnelPoint::Tcp { host: host.into(), port }
}

fn input(change: impl FnOnce(&mut TunnelInput)) -> TunnelInput {
    let mut input = TunnelInput {
        name: "db".into(),
        route: TunnelRoute::Local { listen: tcp("127.0.0.1", 5432), target: tcp("db", 5432) },
        through: TunnelThrough::Alias { alias: "a".into() },
        options: TunnelOptions::default(),
    };
    change(&mut input);
    input
}

fn stored(input: &TunnelInput) -> Tunnel {
    Tunnel {
        id: TunnelId::generate(),
        name: input.name.clone(),
        route: input.route.clone(),
        ssh_host_id: SshHostId::from_raw("h"),
        options: input.options.clone(),
        created_at: 0,
    }
}

#[test]
fn the_field_at_fault_is_named() {
    let local = |listen: TunnelPoint, target: TunnelPoint| {
        input(|input| input.route = TunnelRoute::Local { listen, target })
    };
    let unix = |path: &str| TunnelPoint::Unix { path: path.into() };
    let http = |path: &str| TunnelCheckKind::Http { path: path.into() };
    let cases = [
        (input(|input| input.name = "x".repeat(65)), "name"),
        (local(tcp("", 1), tcp("db", 1)), "listen.host"),
        (local(tcp("0.0.0.0", 1), tcp("db", 1)), "listen.host"),
        (local(tcp("*", 1), tcp("db", 1)), "listen.host"),
        (local(tcp("127.0.0.1", 1), tcp("d b", 1)), "target.host"),
        (local(tcp("127.0.0.1", 1), tcp("db", 0)), "target.port"),
        (local(unix("run/x"), tcp("db", 1)), "listen.path"),
        (local(tcp("127.0.0.1", 1), unix("")), "target.path"),
        (input(|input| input.options.when_down = WhenDown::Hold { seconds: 0 }), "when_down"),
        (input(|input| input.options.check = http("health")), "check"),
        (input(|input| input.options.check = http("/a\r\nb")), "check"),
    ];
    for (input, field) in cases {
        assert_eq!(check(&input).unwrap_err().field.as_deref(), Some(field), "{input:?}");
    }
    for fine in [
        input(|_| {}),
        local(tcp("127.0.0.1", 0), unix("/run/x.sock")),
        local(tcp("::1", 80), tcp("fd00::1", 80)),
        input(|input| {
            input.route = TunnelRoute::Dynamic { listen: tcp("0.0.0.0", 1080) };
            input.options.may_be_exposed = true;
        }),
    ] {
        assert_eq!(check(&fine), Ok(()), "{fine:?}");
    }
}

#[test]
fn two_tunnels_never_want_the_same_place_or_name() {
    let host = SshHostId::from_raw("h");
    let one = stored(&input(|_| {}));
    let judge = |input: &TunnelInput, host: &SshHostId| {
        check_others(input, host, std::iter::once(&one)).err().and_then(|failure| failure.field)
    };
    assert_eq!(judge(&input(|input| input.name = "DB".into()), &host).as_deref(), Some("name"));
    let same_port = input(|input| input.name = "other".into());
    assert_eq!(judge(&same_port, &host).as_deref(), Some("listen.port"));
    let far = input(|input| {
        input.name = "far".into();
        input.route =
            TunnelRoute::Remote { listen: tcp("127.0.0.1", 5432), target: tcp("db", 5432) };
    });
    assert_eq!(judge(&far, &host), None, "the SSH host has ports of its own");
    let remote = stored(&far);
    let again = |host: &str| {
        let input = TunnelInput { name: "more".into(), ..far.clone() };
        check_others(&input, &SshHostId::from_raw(host), std::iter::once(&remote)).is_err()
    };
    assert!(again("h") && !again("other"));
}

#[test]
fn a_tunnel_without_a_name_is_called_after_its_target() {
    let route = input(|_| {}).route;
    let mut one = stored(&input(|input| input.name = "DB:5432".into()));
    assert_eq!(name(&route, std::iter::empty()), "db:5432");
    assert_eq!(name(&route, std::iter::once(&one)), "db:5432 2");
    one.name = "db:5432 2".into();
    assert_eq!(name(&route, std::iter::once(&one)), "db:5432");
    let proxy = TunnelRoute::Dynamic { listen: tcp("127.0.0.1", 1080) };
    assert_eq!(name(&proxy, std::iter::empty()), "SOCKS proxy");
}
