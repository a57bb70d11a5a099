//! Podman's connections in all their places.

use super::*;

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
