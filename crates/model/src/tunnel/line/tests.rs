//! Lines as people type and paste them.

use proptest::prelude::*;

use super::{TunnelLine, TypedWay, quoted, words};
use crate::{
    ExportHop, HostAddress, SshHostId, Tunnel, TunnelId, TunnelOptions, TunnelPoint, TunnelRoute,
};

/// What a line means: "local 127.0.0.1:8080 -> db:5432 via jump-1".
fn check(line: &str, expected: &str) {
    let read = TunnelLine::read(line, "jump-1").unwrap_or_else(|wrong| panic!("{line}: {wrong:?}"));
    let read = read.unwrap_or_else(|| panic!("{line} is not empty"));
    let kind = match &read.route {
        TunnelRoute::Local { .. } => "local",
        TunnelRoute::Remote { .. } => "remote",
        TunnelRoute::Dynamic { .. } => "socks",
    };
    let target = read.route.target().map(|target| format!(" -> {target}")).unwrap_or_default();
    let jumps: String = read.way.jumps.iter().map(|jump| format!(" after {jump}")).collect();
    let said = format!("{kind} {}{target} via {}{jumps}", read.route.listen(), read.way.name);
    assert_eq!(said, expected, "{line}");
}

#[test]
fn typed_lines_are_read() {
    for (line, expected) in [
        ("8080:db:5432 via jump-1", "local 127.0.0.1:8080 -> db:5432 via jump-1"),
        ("  8080:db:5432   VIA  my lab ", "local 127.0.0.1:8080 -> db:5432 via my lab"),
        ("5432 via x", "local 127.0.0.1:5432 -> localhost:5432 via x"),
        ("db:5432 via x", "local 127.0.0.1:5432 -> db:5432 via x"),
        ("8080:80 via x", "local 127.0.0.1:8080 -> localhost:80 via x"),
        ("0:db:80 via x", "local 127.0.0.1:0 -> db:80 via x"),
        ("127.77.0.3:3000:grafana:3000 via ops", "local 127.77.0.3:3000 -> grafana:3000 via ops"),
        ("127.77.0.3:3000:8080 via ops", "local 127.77.0.3:3000 -> localhost:8080 via ops"),
        ("[::1]:8080:[fe80::1]:80 via x", "local [::1]:8080 -> [fe80::1]:80 via x"),
        ("[fe80::1]:80 via x", "local 127.0.0.1:80 -> [fe80::1]:80 via x"),
        ("*:8080:db:80 via x", "local 0.0.0.0:8080 -> db:80 via x"),
        ("/tmp/x.sock:/run/docker.sock via x", "local /tmp/x.sock -> /run/docker.sock via x"),
        ("8080:/run/x.sock via x", "local 127.0.0.1:8080 -> /run/x.sock via x"),
        ("localhost:8080:/run/x.sock via x", "local localhost:8080 -> /run/x.sock via x"),
        ("/tmp/x.sock:db:80 via x", "local /tmp/x.sock -> db:80 via x"),
        (r"/tmp/a\ b\:c:/run/x via x", "local /tmp/a b:c -> /run/x via x"),
        ("-L 8080:db:80 via x", "local 127.0.0.1:8080 -> db:80 via x"),
        ("-L8080:db:80 via x", "local 127.0.0.1:8080 -> db:80 via x"),
        ("remote 9000:localhost:3000 via x", "remote localhost:9000 -> localhost:3000 via x"),
        ("-R 0.0.0.0:9000:localhost:3000 via x", "remote 0.0.0.0:9000 -> localhost:3000 via x"),
        ("remote 9000 via x", "remote localhost:9000 -> localhost:9000 via x"),
        ("socks 1080 via x", "socks 127.0.0.1:1080 via x"),
        ("socks via x", "socks 127.0.0.1:1080 via x"),
        ("-D [::1]:1081 via x", "socks [::1]:1081 via x"),
    ] {
        check(line, expected);
    }
    assert_eq!(TunnelLine::read(" \t", "x"), Ok(None));
}

#[test]
fn pasted_commands_are_read() {
    for (line, expected) in [
        ("ssh -N -L 8080:db:5432 me@lab", "local 127.0.0.1:8080 -> db:5432 via me@lab"),
        (
            "ssh -fNTL8080:db:5432 -J a@j1,ssh://j2:2222 -p 2200 lab -l me",
            "local 127.0.0.1:8080 -> db:5432 via me@lab:2200 after a@j1 after j2:2222",
        ),
        (
            "ssh ssh://me@lab:2200/ -R 9000:localhost:3000 &",
            "remote localhost:9000 -> localhost:3000 via me@lab:2200",
        ),
        ("/usr/bin/ssh -o ServerAliveInterval=5 -D 1080 lab -N", "socks 127.0.0.1:1080 via lab"),
        (
            "ssh -o 'LocalForward 8080 db:80' -oPort=2200 fe80::1",
            "local 127.0.0.1:8080 -> db:80 via [fe80::1]:2200",
        ),
        ("ssh \\\n  -L \"/tmp/a b:/run/x\" lab", "local /tmp/a b -> /run/x via lab"),
    ] {
        // In a command, a space in a path is the shell's business; between colons it wants a backslash.
        let line = line.replace("/tmp/a b", r"/tmp/a\\ b");
        check(&line, expected);
    }
}

#[test]
fn what_is_missing_is_said_with_a_line_that_would_work() {
    for (line, field, words, suggestion) in [
        ("8080:db:5432", "through", "add \"via\"", Some("8080:db:5432 via jump-1")),
        ("8080:db:5432 via", "through", "add \"via\"", Some("8080:db:5432 via jump-1")),
        ("via x", "target", "before \"via\"", Some("8080:localhost:80 via x")),
        ("db via x", "target.port", "\"db\"", Some("8080:db:80 via x")),
        ("8080:db via x", "target.port", "\"db\"", Some("8080:db:8080 via x")),
        ("/run/x via x", "listen", "port or a socket", Some("8080:/run/x via x")),
        ("70000:db:80 via x", "listen.port", "\"70000\"", None),
        ("80:db:http via x", "target.port", "\"http\"", None),
        ("80:db:0 via x", "target.port", "port 0", None),
        ("80::80 via x", "target.host", "not a name", None),
        ("[::1:80 via x", "target", "not closed", None),
        ("8080:fe80::1:2:80 via x", "target", "brackets", Some("8080:[fe80::1]:80 via x")),
        ("80 db:80 via x", "target", "a space", None),
        ("socks /run/x via x", "listen", "a port", Some("socks 1080 via x")),
        ("ssh -N lab", "target", "no forward", Some("8080:localhost:80 via lab")),
        ("ssh -L 80:db:80", "through", "which host", None),
        ("ssh -L 80:db:80 -i key -A lab", "target", "-i key, -A", Some("80:db:80 via lab")),
        (
            "ssh -oProxyCommand=x -L 80:db:80 lab",
            "target",
            "-o ProxyCommand=x",
            Some("80:db:80 via lab"),
        ),
        ("ssh -L 80:db:80 -L 81:db:81 lab", "target", "has 2", Some("80:db:80 via lab")),
        ("ssh -L 80:db:80 lab sleep 9", "target", "\"sleep 9\"", Some("80:db:80 via lab")),
        ("ssh -R 1080 lab", "target", "SOCKS proxy on the SSH host", None),
        ("ssh -L 80:db:80 lab; rm x", "target", "\";\" is for a shell", None),
        ("ssh -L", "target", "nothing behind -L", None),
    ] {
        let wrong = TunnelLine::read(line, "jump-1").expect_err(line);
        assert_eq!(wrong.field, field, "{line}: {wrong:?}");
        assert!(wrong.message.contains(words), "{line}: {}", wrong.message);
        assert_eq!(wrong.suggestion.as_deref(), suggestion, "{line}");
    }
}

fn host() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z][a-z0-9.-]{0,12}",
        "[0-9]{1,3}(\\.[0-9]{1,3}){3}",
        "[0-9a-f:]{1,4}::[0-9a-f]{1,4}",
        "[0-9]{1,5}"
    ]
}

fn tcp(ports: std::ops::RangeInclusive<u16>) -> impl Strategy<Value = TunnelPoint> {
    (host(), ports).prop_map(|(host, port)| TunnelPoint::Tcp { host, port })
}

fn unix() -> impl Strategy<Value = TunnelPoint> {
    "/([a-z/ :\\\\'\"\\[\\]é~$-]| via ?){0,20}".prop_map(|path| TunnelPoint::Unix { path })
}

fn route() -> impl Strategy<Value = TunnelRoute> {
    let ends = || (prop_oneof![tcp(0..=65535), unix()], prop_oneof![tcp(1..=65535), unix()]);
    prop_oneof![
        ends().prop_map(|(listen, target)| TunnelRoute::Local { listen, target }),
        ends().prop_map(|(listen, target)| TunnelRoute::Remote { listen, target }),
        tcp(0..=65535).prop_map(|listen| TunnelRoute::Dynamic { listen }),
    ]
}

fn tunnel(route: TunnelRoute) -> Tunnel {
    Tunnel {
        id: TunnelId::from_raw("t"),
        name: "t".into(),
        route,
        ssh_host_id: SshHostId::from_raw("h"),
        options: TunnelOptions::default(),
        created_at: 0,
    }
}

fn hop() -> impl Strategy<Value = ExportHop> {
    ("[a-z][a-z0-9._-]{0,8}", "[a-z][a-z0-9.-]{0,12}", prop_oneof![Just(22_u16), 1_u16..])
        .prop_map(|(user, host, port)| ExportHop { user, address: HostAddress { host, port } })
}

proptest! {
    #[test]
    fn noise_never_panics(line in "\\PC{0,60}", near in "((ssh|via|-[LRDJpo]|remote|socks|[0-9]{0,6}|/x|[a:\\[\\]\\\\ '\"*.-]|é) ?){0,12}") {
        let _ = TunnelLine::read(&line, "x");
        let _ = TunnelLine::read(&near, "x");
        let _ = TunnelLine::read(&format!("ssh {near}"), "x");
    }

    #[test]
    fn what_is_written_reads_the_same(route in route(), name in "[a-z@.:-]([a-z @.:-]{0,12}[a-z@.:-])?") {
        let line = TunnelLine { route, way: TypedWay { name, jumps: Vec::new() } };
        prop_assert_eq!(TunnelLine::read(&line.to_string(), "x"), Ok(Some(line)));
    }

    #[test]
    fn a_suggestion_would_work(line in "((remote|socks|-L|[0-9]{1,6}|/x|[a:\\[\\]]|\\\\ ?| via ) ?){0,6}( via x)?") {
        if let Err(wrong) = TunnelLine::read(&line, "x")
            && let Some(suggestion) = wrong.suggestion
        {
            prop_assert!(TunnelLine::read(&suggestion, "x").is_ok_and(|read| read.is_some()), "{}", suggestion);
        }
    }

    #[test]
    fn an_exported_command_reads_the_same(route in route(), hops in prop::collection::vec(hop(), 1..4)) {
        let command = tunnel(route.clone()).ssh_command(&hops);
        let read = TunnelLine::read(&command, "x").unwrap().unwrap();
        prop_assert_eq!(&read.route, &route, "{}", command);
        let last = hops.last().unwrap();
        let port = if last.address.port == 22 { String::new() } else { format!(":{}", last.address.port) };
        prop_assert_eq!(read.way.name, format!("{}@{}{port}", last.user, last.address.host));
        prop_assert_eq!(read.way.jumps.len(), hops.len() - 1);
    }

    #[test]
    fn quoted_words_are_split_as_they_were(all in prop::collection::vec("[a-z '\"\\\\$`;&|#é*?~\n-]{0,9}", 0..5)) {
        let line = all.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
        prop_assert_eq!(words::split(&line), Ok(all));
    }
}
