//! Whatever stands in a file: reading it never panics, and what comes out can be used.

use proptest::prelude::*;

use super::{
    super::{uri, yaml},
    *,
};

fn noise() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("Host "),
        Just("remote_host: "),
        Just("remote_user: "),
        Just("connections:"),
        Just("hosts:\n  "),
        Just("a"),
        Just("b: "),
        Just("\n"),
        Just("  "),
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just("&x "),
        Just("*x"),
        Just("\""),
        Just("ssh://"),
        Just("@"),
        Just(":"),
        Just("/"),
        Just("%"),
        Just("22"),
        Just("[engine.service_destinations.x]\nuri = "),
        Just("ProxyJump "),
        Just("- "),
        Just("? "),
        Just("é"),
    ];
    let made = prop::collection::vec(word, 0..60).prop_map(|words| words.concat());
    prop_oneof![3 => made, 1 => any::<String>()]
}

proptest! {
    #[test]
    fn no_file_makes_reading_panic(text in noise()) {
        let found = look(&[
            (".ssh/config", &text),
            (".l8s/config.yaml", &text),
            (".config/containers/containers.conf", &text),
            (".config/containers/podman-connections.json", &text),
        ]);
        let mut names: Vec<String> = Vec::new();
        for item in items(&found) {
            prop_assert!(!item.host.addresses.is_empty() && !item.host.auth.is_empty());
            prop_assert!(item.name.chars().count() <= 64 && !item.name.is_empty());
            names.push(item.name.to_lowercase());
        }
        names.sort();
        let count = names.len();
        names.dedup();
        prop_assert_eq!(names.len(), count, "no name is given twice");
    }

    #[test]
    fn no_address_makes_reading_panic(text in "\\PC{0,40}", start in prop_oneof![Just("ssh://"), Just("")]) {
        if let Ok(uri) = uri::read(&format!("{start}{text}")) {
            prop_assert!(!uri.host.is_empty() && uri.port != Some(0));
        }
        drop(yaml::read(&text));
    }
}
