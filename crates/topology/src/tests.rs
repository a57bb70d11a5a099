//! Every fixture is what its second line says; nothing that comes from outside breaks the reading.

use std::{collections::HashSet, fs, path::Path};

use model::GraphLinkKind;
use proptest::prelude::*;

use super::*;

fn fixtures() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut found: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.path()))
        .filter(|(name, _)| name.ends_with(".yml"))
        .map(|(name, path)| (name, fs::read_to_string(path).unwrap()))
        .collect();
    found.sort();
    assert!(found.len() >= 20);
    found
}

/// What a fixture says of itself, and what was read.
fn told(parsed: &Parsed) -> String {
    let links = |kind| parsed.graph.links.iter().filter(|link| link.kind == kind).count();
    let mut told = vec![format!("{} nodes", parsed.graph.nodes.len())];
    let counts = [
        (links(GraphLinkKind::PointToPoint), "p2p"),
        (links(GraphLinkKind::Lan), "lan"),
        (links(GraphLinkKind::Stub), "stub"),
        (links(GraphLinkKind::Outside), "outside"),
        (parsed.images.len(), "images"),
        (parsed.graph.remarks.len(), "remarks"),
        (parsed.problems.len(), "problems"),
    ];
    told.extend(counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")));
    let kind = match parsed.kind {
        TopologyKind::Netlab => "netlab",
        TopologyKind::Containerlab => {
            let variables = parsed.variables.len();
            told.extend((variables > 0).then(|| format!("{variables} variables")));
            "containerlab"
        }
    };
    format!("{kind}: {}", told.join(", "))
}

#[track_caller]
fn holds_together(graph: &TopologyGraph) {
    let names: HashSet<&str> = graph.nodes.iter().map(|node| node.name.as_str()).collect();
    assert_eq!(names.len(), graph.nodes.len());
    let ids: HashSet<&str> = graph.links.iter().map(|link| link.id.as_str()).collect();
    assert_eq!(ids.len(), graph.links.len());
    for link in &graph.links {
        assert!(link.ends.iter().all(|end| names.contains(end.node.as_str())), "{link:?}");
        let ends = link.ends.len();
        assert!(match link.kind {
            GraphLinkKind::PointToPoint => ends == 2,
            GraphLinkKind::Lan => ends > 2,
            GraphLinkKind::Stub | GraphLinkKind::Outside => ends == 1,
        });
    }
}

#[test]
fn fixtures_are_what_they_say() {
    for (name, text) in fixtures() {
        let says = text.lines().find_map(|line| line.strip_prefix("# is ")).unwrap();
        let Ok(parsed) = read(&text) else {
            assert_eq!(says, "none", "{name}");
            continue;
        };
        assert_eq!(told(&parsed), says, "{name}: {:#?} {:#?}", parsed.graph, parsed.problems);
        holds_together(&parsed.graph);
        assert_eq!(read(&text).unwrap(), parsed, "{name} reads the same twice");
    }
}

fn fixture(name: &str) -> Parsed {
    let (_, text) = fixtures().into_iter().find(|(file, _)| file == name).unwrap();
    read(&text).unwrap()
}

fn kinds(parsed: &Parsed) -> Vec<(&str, &str, Option<&str>)> {
    let nodes = parsed.graph.nodes.iter();
    nodes.map(|node| (node.name.as_str(), node.kind.as_str(), node.role.as_deref())).collect()
}

#[test]
fn what_a_node_is_comes_from_its_groups_too() {
    assert_eq!(
        kinds(&fixture("netlab-groups.yml")),
        [
            ("s1", "eos", Some("spines")),
            ("s2", "eos", Some("spines")),
            ("l1", "frr", Some("leaves")),
            ("l2", "frr", Some("leaves")),
            ("l3", "frr", Some("leaves")),
            ("h1", "linux", Some("hosts")),
        ]
    );
    assert_eq!(
        kinds(&fixture("clab-inherit.clab.yml")),
        [
            ("s1", "nokia_srlinux", Some("spine")),
            ("s2", "nokia_srlinux", Some("spine")),
            ("l1", "arista_ceos", Some("leaf")),
            ("h1", "linux", None),
            ("h2", "linux", Some("probe")),
        ]
    );
}

#[test]
fn images_name_their_nodes() {
    let parsed = fixture("clab-inherit.clab.yml");
    let of = |image: &str| parsed.images.iter().find(|(name, _)| name == image).unwrap().1.clone();
    assert_eq!(of("ghcr.io/nokia/srlinux:24.10"), ["s1", "s2"]);
    assert_eq!(of("nicolaka/netshoot:v0.13"), ["h2"]);
    assert_eq!(
        fixture("netlab-vendors.yml").images[1],
        ("cisco/csr1000v".into(), vec!["cisco".into()])
    );
}

#[test]
fn files_beside_a_topology_are_named() {
    let all = || vec!["a".to_owned(), "b".into(), "c".into()];
    assert_eq!(
        fixture("clab-files.clab.yml").files,
        [
            ("a.env".into(), vec!["a".to_owned()]),
            ("a/hosts".into(), vec!["a".into()]),
            ("configs/a.cfg".into(), vec!["a".into()]),
            ("shared".into(), all()),
        ]
    );
}

#[test]
fn ids_stay_when_other_links_come_and_go() {
    let ids = |parsed: Parsed| -> Vec<String> {
        parsed.graph.links.into_iter().map(|link| link.id).collect()
    };
    let nodes = "nodes: [a, b, c]\ndefaults.device: frr\nlinks: ";
    let all = ids(netlab_yaml(&format!("{nodes}[a-b, b-c, b-a]")).unwrap());
    assert_eq!(all, ["a - b", "b - c", "a - b (2)"]);
    assert_eq!(ids(netlab_yaml(&format!("{nodes}[b-c, a-b]")).unwrap()), ["b - c", "a - b"]);
    let clab = ids(fixture("clab-short-outside.clab.yml"));
    assert_eq!(clab[0], "gw-eth1 of the server - gw:eth1");
}

#[test]
fn a_problem_names_its_line_and_the_fix() {
    let said: Vec<String> =
        fixture("netlab-wrong-names.yml").problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        said[0],
        "line 7: netlab takes no node called \"no good!\". Use up to 16 letters, digits and \
         underscores, beginning with a letter."
    );
    assert!(said[1].starts_with("line 11: this link names \"r3\""), "{said:?}");
    for (text, line, word) in [
        ("nodes: [a\nlinks: {", Some(2), "no YAML"),
        ("nodes:\n  a:\n  b:\n  a:\n", Some(4), "second time"),
        ("nodes:\n\t- a", Some(2), "no YAML"),
        ("- a\n- b", None, "no topology"),
        ("nodes: [a]\n---\nnodes: [b]", Some(2), "second document"),
        ("? [a, b]\n: c", Some(1), "no word"),
    ] {
        let problem = read(text).unwrap_err();
        assert_eq!(problem.line, line, "{text}: {problem}");
        assert!(problem.message.contains(word), "{problem}");
    }
}

#[test]
fn open_values_are_offered() {
    let offered = |text: &str| -> Vec<String> {
        netlab_yaml(text).unwrap().variables.into_iter().map(|open| open.name).collect()
    };
    assert_eq!(offered("nodes: [a]"), ["device", "provider"]);
    assert_eq!(offered("defaults.device: frr\nnodes: [a]\nprovider: clab"), [""; 0]);
    assert_eq!(offered("nodes:\n  a: { device: frr }\ndefaults: { provider: clab }"), [""; 0]);
    let variables = fixture("clab-variables.clab.yml").variables;
    let open: Vec<_> = variables.iter().map(|v| (v.name.as_str(), v.default.as_deref())).collect();
    assert_eq!(open, [("LAB", Some("vars")), ("REGISTRY", Some("docker.io")), ("FRR", None)]);
}

#[test]
fn a_variable_without_a_value_is_named() {
    let (_, text) = fixtures().into_iter().find(|(name, _)| name.contains("variables")).unwrap();
    let error = containerlab_expand(&text, &[].into()).unwrap_err();
    assert_eq!(error.message, "no value for FRR");
    let filled = containerlab_expand(&text, &[("FRR".into(), "10".into())].into()).unwrap();
    assert!(filled.contains("image: frr:10\n") && filled.contains("echo $HOSTNAME"));
    assert!(filled.contains("name: vars\n") && filled.contains("5$$"));
}

#[test]
fn two_hundred_nodes_are_no_trouble() {
    let names: Vec<String> = (1..=200).map(|n| format!("r{n}")).collect();
    let links: Vec<String> =
        names.iter().zip(names.iter().cycle().skip(1)).map(|(a, b)| format!("{a}-{b}")).collect();
    let text =
        format!("defaults.device: frr\nnodes: [{}]\nlinks: [{}]", names.join(","), links.join(","));
    let parsed = netlab_yaml(&text).unwrap();
    assert_eq!((parsed.graph.nodes.len(), parsed.graph.links.len()), (200, 200));
    assert_eq!(parsed.problems, []);
    let many: String = (0..3000).map(|n| format!("r{n},")).collect();
    assert!(netlab_yaml(&format!("nodes: [{many}]")).unwrap().problems[0].message.contains("3000"));
}

#[test]
fn bombs_are_refused() {
    let mut laughs = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for n in 1..12 {
        let one = format!("*a{}, ", n - 1);
        laughs.push_str(&format!("a{n}: &a{n} [{}]\n", one.repeat(9)));
    }
    let nodes = format!("{laughs}nodes: *a11");
    let deep = format!("nodes: {}", "[".repeat(5_000));
    let block: String = (0..200).map(|n| format!("{}a:\n", " ".repeat(n))).collect();
    let own = "a: &a [ *a ]\nnodes: [b]".to_owned();
    let dots = format!("{}a: 1\nnodes: [a]", "a.".repeat(400));
    for (text, is_refused) in
        [(nodes, true), (deep, true), (block, true), (own, true), (dots, false)]
    {
        let answer = read(&text);
        assert_eq!(answer.is_err(), is_refused, "{}", text.chars().take(60).collect::<String>());
        let _ = (containerlab_yaml(&text), kind_of(&text));
    }
    let large = " ".repeat(2 * 1024 * 1024);
    assert!(read(&large).unwrap_err().message.contains("1 MiB"));
}

#[test]
fn what_netlab_wrote_is_read_without_its_defaults() {
    let bytes = include_bytes!("../fixtures/netlab.topology.json");
    assert!(String::from_utf8_lossy(bytes).contains("secret-of-the-api"));
    let parsed = netlab_json(bytes).unwrap();
    assert_eq!(told(&parsed), "netlab: 5 nodes, 6 p2p, 1 lan, 3 stub, 3 images");
    assert!(!format!("{parsed:?}").contains("secret-of-the-api"));
    holds_together(&parsed.graph);
    let first = &parsed.graph.links[0];
    assert_eq!(first.id, "r1:eth1 - r2:eth1");
    assert_eq!(first.ends[0].address.as_deref(), Some("10.1.0.1/30"));
    assert_eq!(first.label.as_deref(), Some("10.1.0.0/30"));
    assert_eq!(parsed.name.as_deref(), Some("ml-7"));
}

/// Words of both languages, put together at random: nearly topologies.
fn nearly() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "nodes:",
        "links:",
        "topology:",
        "groups:",
        "members:",
        "interfaces:",
        "endpoints:",
        "r1",
        "r2",
        "r1-r2",
        "- r1-r2",
        "- [r1, r2]",
        "\"r1:e1\", ",
        "r1:",
        "{",
        "}",
        "[",
        "]",
        "*a",
        "&a",
        "<<: ",
        "\n",
        "\n  ",
        "\n    ",
        "- ",
        ": ",
        ", ",
        "type: lan",
        "kind: linux",
        "image: x",
        "$X",
        "${X:=",
        "defaults.device: frr",
        "'",
        "\"",
        "|",
        "#",
        "é",
        "\t",
        "...",
        "---",
        "lag:",
        "include: x",
        "? ",
        "!!binary",
        "prefix:",
        "device:",
        "_auto_create: yes",
        "\r\n",
        "network-mode: container:r1",
    ]);
    prop::collection::vec(word, 0..60).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn nearly_topologies_never_break_it(text in nearly()) {
        for parsed in [netlab_yaml(&text), containerlab_yaml(&text), read(&text)].into_iter().flatten() {
            holds_together(&parsed.graph);
        }
        let _ = containerlab_expand(&text, &[("X".into(), "y".into())].into());
    }

    #[test]
    fn no_text_breaks_it(text in "\\PC{0,200}|[ -~\n\t]{0,200}") {
        let _ = (netlab_yaml(&text), containerlab_yaml(&text), kind_of(&text));
        let _ = netlab_json(text.as_bytes());
    }

    #[test]
    fn no_bytes_break_it(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let text = String::from_utf8_lossy(&bytes);
        let _ = (netlab_yaml(&text), containerlab_yaml(&text), netlab_json(&bytes));
    }

    #[test]
    fn changed_fixtures_never_break_it(pick in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), with in nearly()) {
        let fixtures = fixtures();
        let (_, text) = &fixtures[pick.index(fixtures.len())];
        let mut chars: Vec<char> = text.chars().collect();
        let place = at.index(chars.len());
        chars.splice(place..(place + 3).min(chars.len()), with.chars().take(12));
        let text: String = chars.into_iter().collect();
        if let Ok(parsed) = read(&text) {
            holds_together(&parsed.graph);
        }
    }

    #[test]
    fn json_of_any_shape_never_breaks_it(
        node in "[a-z\"0-9{}\\[\\]:,]{0,12}", interface in "(null|1|\"x\"|\\{\\}|\\[\\]|true)",
    ) {
        let text = format!(
            r#"{{"nodes":{{"a":{{"id":{interface},"device":{interface}}},"b":{{}}}},
               "links":[{{"type":{interface},"prefix":{interface},"interfaces":[{{"node":"a","ifname":{interface}}},{{"node":{interface}}}]}}],"x":"{node}"}}"#
        );
        if let Ok(parsed) = netlab_json(text.as_bytes()) {
            holds_together(&parsed.graph);
        }
    }
}
