//! Folders as people have them, and repositories that real git makes.

use std::{fs, path::Path, sync::Arc};

use backend_api::{Clock, LabFiles as _};
use model::{ErrorCode, TimestampMs, TopologyKind};
use proptest::prelude::*;

use crate::{Digests, Place};

const NETLAB: &str = "defaults.device: frr\nprovider: clab\nnodes: [r1, r2]\nlinks: [r1-r2]\n";
const CLAB: &str = "name: two\ntopology:\n  nodes:\n    a: { kind: linux, image: alpine }\n";

pub(crate) fn write(root: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let place = root.join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, text).unwrap();
    }
}

/// A repository of labs as one finds them.
fn labs() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    write(
        root.path(),
        &[
            ("README.md", "# labs"),
            ("ospf.yml", NETLAB),
            ("two.clab.yaml", CLAB),
            ("broken.yml", "nodes: [r1\nlinks:\n"),
            ("docker-compose.yml", "services: {}\n"),
            ("topology-defaults.yml", "device: frr\ngroups: {}\nlinks: []\n"),
            ("banner/frr.j2", "banner motd {{ name }}\n"),
            ("plugins/mine.py", "pass\n"),
            (".git/config", "[core]\n"),
            (".github/topology.yml", NETLAB),
            (".gitignore", "x\n"),
            ("bgp/topology.yml", &format!("name: bgp-lab\n{NETLAB}")),
            ("bgp/templates/deep/x.j2", "x\n"),
            ("bgp/more/topology.yaml", CLAB),
            ("bgp/extra.yml", NETLAB),
            ("files/topology.yml", NETLAB),
            ("bgp/host_vars/topology.yml", NETLAB),
        ],
    );
    root
}

fn files(root: &Path, topology: &str) -> Vec<String> {
    let set = Place::folder(root).files(topology, &mut Digests::default()).unwrap();
    set.entries().iter().map(|entry| entry.path.clone()).collect()
}

fn refused(root: &Path, topology: &str) -> String {
    Place::folder(root).files(topology, &mut Digests::default()).unwrap_err().message
}

#[test]
fn topologies_of_a_repository_are_found() {
    let root = labs();
    let index = Place::folder(root.path()).index(7).unwrap();
    let found: Vec<_> = index
        .topologies
        .iter()
        .map(|t| (t.path.as_str(), t.name.as_str(), t.kind, t.nodes))
        .collect();
    let (netlab, clab) = (Some(TopologyKind::Netlab), Some(TopologyKind::Containerlab));
    assert_eq!(
        found,
        [
            ("bgp/more/topology.yaml", "two", clab, 1),
            ("bgp/topology.yml", "bgp-lab", netlab, 2),
            ("broken.yml", "broken", None, 0),
            ("ospf.yml", "ospf", netlab, 2),
            ("two.clab.yaml", "two", clab, 1),
        ]
    );
    assert_eq!(index.remarks, ["Left out as no topologies: docker-compose.yml."]);
    assert_eq!(index.looked_at, 7);
    let none = Place::folder(root.path().join("nowhere")).index(0).unwrap_err();
    assert_eq!(none.code, ErrorCode::NotFound);
}

#[test]
fn a_topology_brings_what_is_there_for_it() {
    let root = labs();
    assert_eq!(
        files(root.path(), "bgp/topology.yml"),
        ["extra.yml", "templates/deep/x.j2", "topology.yml"]
    );
    assert_eq!(
        files(root.path(), "ospf.yml"),
        [
            "README.md",
            "banner/frr.j2",
            "docker-compose.yml",
            "ospf.yml",
            "plugins/mine.py",
            "topology-defaults.yml"
        ]
    );
    let alone = Place::file(&root.path().join("ospf.yml")).unwrap();
    let set = alone.files("ospf.yml", &mut Digests::default()).unwrap();
    assert_eq!((set.entries().len(), set.topology()), (1, "ospf.yml"));
    assert_eq!(alone.index(0).unwrap().topologies.len(), 1);
}

#[test]
fn what_an_earlier_run_left_stays_here() {
    let root = labs();
    write(
        root.path(),
        &[
            ("bgp/netlab.lock", ""),
            ("bgp/netlab.snapshot.pickle", "x"),
            ("bgp/clab.yml", "x"),
            ("bgp/node_files/r1/initial", "x"),
            ("bgp/clab-bgp/topology-data.json", "{}"),
            ("bgp/clab-bgp/.tls/ca.key", "secret"),
            ("bgp/clab-notes/readme", "mine"),
        ],
    );
    assert_eq!(
        files(root.path(), "bgp/topology.yml"),
        ["clab-notes/readme", "extra.yml", "templates/deep/x.j2", "topology.yml"]
    );
}

#[test]
fn a_preview_shows_text_graph_files_and_what_is_wrong() {
    let root = labs();
    let preview = Place::of_commit(root.path(), "abc").preview("bgp/topology.yml").unwrap();
    assert_eq!((preview.graph.nodes.len(), preview.graph.links.len()), (2, 1));
    assert_eq!((preview.commit.as_deref(), preview.problems.len()), (Some("abc"), 0));
    assert!(preview.text.starts_with("name: bgp-lab"));
    assert!(preview.files.iter().any(|file| file.path == "templates/deep/x.j2" && file.bytes == 2));
    let broken = Place::folder(root.path()).preview("broken.yml").unwrap();
    assert!(broken.problems[0].starts_with("line 2: this is no YAML"), "{:?}", broken.problems);
    for path in ["../x.yml", "/etc/passwd", "bgp/../ospf.yml", ""] {
        assert_eq!(Place::folder(root.path()).preview(path).unwrap_err().code, ErrorCode::Invalid);
    }
    assert_eq!(Place::folder(root.path()).preview("no.yml").unwrap_err().code, ErrorCode::NotFound);
    fs::write(root.path().join("large.yml"), vec![b' '; 1024 * 1024 + 1]).unwrap();
    let large = Place::folder(root.path()).preview("large.yml").unwrap_err();
    assert!(large.detail.unwrap().contains("1 MiB"));
}

#[test]
fn a_file_that_a_node_needs_must_travel() {
    let root = labs();
    let text =
        format!("{CLAB}    b: {{ kind: linux, startup-config: conf/b.cfg, binds: [conf:/c] }}\n");
    write(root.path(), &[("needs.yml", &text), ("conf/b.cfg", "x")]);
    let problems = |place: Place| place.preview("needs.yml").unwrap().problems;
    assert_eq!(problems(Place::folder(root.path())), [""; 0]);
    let alone = problems(Place::file(&root.path().join("needs.yml")).unwrap());
    assert!(alone.len() == 2 && alone[1].starts_with("conf/b.cfg, which b needs"), "{alone:?}");
}

#[test]
fn a_file_that_is_too_much_is_named() {
    let root = labs();
    let big = fs::File::create(root.path().join("bgp/big.bin")).unwrap();
    big.set_len(17 * 1024 * 1024).unwrap();
    assert_eq!(refused(root.path(), "bgp/topology.yml"), "big.bin is larger than 16 MiB");
    let preview = Place::folder(root.path()).preview("bgp/topology.yml").unwrap();
    assert!(preview.problems[0].starts_with("big.bin is larger than 16 MiB. "));
    fs::remove_file(root.path().join("bgp/big.bin")).unwrap();
    for n in 0..5 {
        let part = fs::File::create(root.path().join(format!("bgp/part{n}.bin"))).unwrap();
        part.set_len(14 * 1024 * 1024).unwrap();
    }
    let message = refused(root.path(), "bgp/topology.yml");
    assert_eq!(message, "part4.bin brings the files of the topology to more than 64 MiB");
}

#[test]
fn five_thousand_files_may_travel_and_no_more() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), &[("lab/topology.yml", NETLAB)]);
    for n in 0..4_999 {
        fs::write(root.path().join(format!("lab/f{n:04}")), "").unwrap();
    }
    assert_eq!(files(root.path(), "lab/topology.yml").len(), 5_000);
    fs::write(root.path().join("lab/zz"), "").unwrap();
    let message = refused(root.path(), "lab/topology.yml");
    assert_eq!(message, "zz is one file more than the 5000 that may travel");
}

#[test]
fn a_file_that_changes_meanwhile_is_a_conflict() {
    let root = labs();
    let set =
        Place::folder(root.path()).files("bgp/topology.yml", &mut Digests::default()).unwrap();
    assert_eq!(&set.read("templates/deep/x.j2").unwrap()[..], b"x\n");
    fs::write(root.path().join("bgp/templates/deep/x.j2"), "y\n").unwrap();
    let error = model::Failure::from(set.read("templates/deep/x.j2").unwrap_err());
    assert_eq!(error.code, ErrorCode::Conflict);
    let error = model::Failure::from(set.read("../ospf.yml").unwrap_err());
    assert_eq!(error.code, ErrorCode::NotFound);
}

struct At(TimestampMs);

impl Clock for At {
    fn now(&self) -> TimestampMs {
        self.0
    }
}

#[test]
fn a_digest_is_remembered_only_for_a_file_that_rests() {
    let root = labs();
    let place = root.path().join("ospf.yml");
    let set_time = |seconds| {
        let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        fs::File::options().write(true).open(&place).unwrap().set_modified(time).unwrap();
    };
    let digest = |digests: &mut Digests| {
        Place::file(&place).unwrap().files("ospf.yml", digests).unwrap().entries()[0].sha256
    };
    for (age, is_remembered) in [(1, false), (60, true)] {
        let mut digests = Digests::new(Arc::new(At(1_000_000_000 + age * 1000)));
        fs::write(&place, NETLAB).unwrap();
        set_time(1_000_000);
        let before = digest(&mut digests);
        fs::write(&place, NETLAB.replace("r1-r2", "r2-r1")).unwrap();
        set_time(1_000_000);
        assert_eq!(digest(&mut digests) == before, is_remembered, "{age}");
        // Another time is another file.
        set_time(1_000_001);
        assert_ne!(digest(&mut digests), before);
    }
}

#[cfg(unix)]
#[test]
fn links_devices_and_sockets_do_not_travel() {
    use std::os::unix::{fs::symlink, net::UnixListener};
    let root = labs();
    let lab = root.path().join("bgp");
    symlink("templates/deep/x.j2", lab.join("inside.j2")).unwrap();
    let set =
        Place::folder(root.path()).files("bgp/topology.yml", &mut Digests::default()).unwrap();
    assert_eq!(&set.read("inside.j2").unwrap()[..], b"x\n");
    for (target, why) in [
        ("../ospf.yml", "leads out"),
        ("/etc/passwd", "leads out"),
        ("gone", "not there"),
        ("templates", "to a folder"),
    ] {
        symlink(target, lab.join("a-link")).unwrap();
        let message = refused(root.path(), "bgp/topology.yml");
        assert!(message.starts_with("a-link is a link") && message.contains(why), "{message}");
        fs::remove_file(lab.join("a-link")).unwrap();
    }
    let socket = UnixListener::bind(lab.join("a.sock")).unwrap();
    let message = refused(root.path(), "bgp/topology.yml");
    assert_eq!(message, "a.sock is neither a file nor a folder");
    drop(socket);
    // A link in the place of a topology or on the way to it is not followed.
    symlink(&lab, root.path().join("linked")).unwrap();
    symlink("ospf.yml", root.path().join("also.yml")).unwrap();
    let place = Place::folder(root.path());
    assert_eq!(place.preview("linked/topology.yml").unwrap_err().code, ErrorCode::Invalid);
    let index = place.index(0).unwrap();
    assert!(index.topologies.iter().all(|t| !t.path.starts_with("linked") && t.path != "also.yml"));
    assert_eq!(index.remarks[1], "Left out as links, which are not followed: also.yml.");
}

#[cfg(unix)]
#[test]
fn what_can_be_run_stays_so() {
    use std::os::unix::fs::PermissionsExt as _;
    let root = labs();
    let script = root.path().join("bgp/run.sh");
    fs::write(&script, "#!/bin/sh\n").unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let set =
        Place::folder(root.path()).files("bgp/topology.yml", &mut Digests::default()).unwrap();
    let of: std::collections::HashMap<&str, bool> =
        set.entries().iter().map(|entry| (entry.path.as_str(), entry.is_executable)).collect();
    assert!(of["run.sh"] && !of["topology.yml"]);
}

#[test]
fn at_most_two_thousand_topologies_are_listed() {
    let root = tempfile::tempdir().unwrap();
    for n in 0..2_003 {
        write(root.path(), &[(&format!("l{n:04}/topology.yml"), "nodes: [a]\n")]);
    }
    let index = Place::folder(root.path()).index(0).unwrap();
    assert_eq!(index.topologies.len(), 2_000);
    assert_eq!(index.remarks, ["Only the first 2000 topologies are listed."]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_in_a_folder_it_is_looked_through(
        files in prop::collection::vec(("[a-c.]{1,3}(/[a-c]{1,2}){0,2}(/topology.yml|[.]yml|)", "[a-z:\\n \\[\\]{}-]{0,40}"), 0..12)
    ) {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in &files {
            if path.split('/').all(|part| !matches!(part, "." | "..")) {
                let place = root.path().join(path);
                let _ = fs::create_dir_all(place.parent().unwrap()).and_then(|()| fs::write(&place, text));
            }
        }
        let place = Place::folder(root.path());
        for topology in place.index(0).unwrap().topologies {
            let preview = place.preview(&topology.path).unwrap();
            prop_assert_eq!(&preview.topology, &topology);
            if let Ok(set) = place.files(&topology.path, &mut Digests::default()) {
                prop_assert!(set.entries().iter().any(|entry| entry.path == set.topology()));
                prop_assert!(set.entries().is_sorted_by(|one, other| one.path < other.path));
                for entry in set.entries() {
                    prop_assert_eq!(set.read(&entry.path).unwrap().len() as u64, entry.size);
                }
            }
        }
    }
}
