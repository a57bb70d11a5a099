//! The reader against files of every form, broken ones, and noise.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use proptest::prelude::*;

use super::{ConfigFiles, RouteProblem, SshConfig, pattern::fits, words::split};

struct MapFiles(BTreeMap<PathBuf, String>);

impl ConfigFiles for MapFiles {
    fn read(&self, path: &Path) -> io::Result<String> {
        self.0.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn list(&self, folder: &Path) -> Vec<PathBuf> {
        self.0.keys().filter(|path| path.parent() == Some(folder)).cloned().collect()
    }

    fn is_file(&self, path: &Path) -> bool {
        self.0.contains_key(path)
    }
}

fn read(files: &[(&str, &str)]) -> SshConfig {
    let entry = |(name, text): &(&str, &str)| (Path::new("/home/alice").join(name), (*text).into());
    let files = MapFiles(files.iter().map(entry).collect());
    SshConfig::read(&files, Path::new("/home/alice/.ssh/config"), Path::new("/home/alice"))
}

fn one(text: &str) -> SshConfig {
    read(&[(".ssh/config", text)])
}

fn aliases(config: &SshConfig) -> Vec<&str> {
    config.hosts().iter().map(|host| host.alias.as_str()).collect()
}

fn whys(config: &SshConfig) -> Vec<String> {
    config.notes().iter().map(|note| format!("{}: {}", note.line, note.why)).collect()
}

fn way(config: &SshConfig, alias: &str) -> Result<Vec<String>, RouteProblem> {
    let hops = config.route(alias)?;
    Ok(hops.iter().map(|hop| format!("{}:{}", hop.host_name, hop.port.unwrap_or(22))).collect())
}

#[test]
fn the_first_value_wins_and_identities_add_up() {
    let config = one("Host forge-*\n  User early\n  IdentityFile ~/.ssh/a\n\
         Host forge-1 other\n\tHostName=10.0.0.4\n  Port 2222\n  User late\n  IdentityFile \"~/.ssh/b c\" # mine\n\
         Host *\n  HostName never\n  IdentitiesOnly yes\n");
    assert_eq!(aliases(&config), ["forge-1", "other"]);
    let found = config.lookup("forge-1");
    assert_eq!(found.host_name, "10.0.0.4");
    assert_eq!((found.user.as_deref(), found.port), (Some("early"), Some(2222)));
    assert_eq!(found.identity_files, ["~/.ssh/a", "~/.ssh/b c"]);
    assert!(found.identities_only);
    assert_eq!(config.lookup("other").user.as_deref(), Some("late"));
}

#[test]
fn lines_before_any_host_are_for_all_and_negation_excludes() {
    let config =
        one("User everyone\nHost * !attic\n  Port 2200\nHost attic\n  HostName %h.example.org\n");
    let attic = config.lookup("attic");
    assert_eq!((attic.user.as_deref(), attic.port), (Some("everyone"), None));
    assert_eq!(attic.host_name, "attic.example.org");
    assert_eq!(config.lookup("forge").port, Some(2200));
    assert_eq!(aliases(&config), ["attic"]);
}

#[test]
fn includes_are_found_by_pattern_and_keep_their_condition() {
    let config = read(&[
        (".ssh/config", "Host work-*\n  Include work\nInclude conf.d/*.conf ~/more\nHost last\n"),
        (".ssh/work", "User worker\nHost work-1\n  Port 1\nHost home-1\n  Port 2\n"),
        (".ssh/conf.d/20-b.conf", "Host b\n"),
        (".ssh/conf.d/10-a.conf", "Host a\n"),
        (".ssh/conf.d/.hidden.conf", "Host hidden\n"),
        (".ssh/conf.d/readme.txt", "Host text\n"),
        ("more", "Host more\n"),
    ]);
    // `Include conf.d` stands below `Host work-*`, as OpenSSH sees it too.
    assert_eq!(aliases(&config), ["work-1", "last"]);
    assert_eq!(config.lookup("work-1").user.as_deref(), Some("worker"));
    assert_eq!(config.lookup("home-1").user, None);
    assert_eq!(config.lookup("home-1").port, None);
    let config = read(&[
        (".ssh/config", "Include conf.d/*.conf ~/more missing\nHost last\n"),
        (".ssh/conf.d/20-b.conf", "Host b\n"),
        (".ssh/conf.d/10-a.conf", "Host a\n"),
        ("more", "Host more\n"),
    ]);
    assert_eq!(aliases(&config), ["a", "b", "more", "last"]);
    assert_eq!(config.hosts()[1].file, Path::new("/home/alice/.ssh/conf.d/20-b.conf"));
    assert_eq!(whys(&config), Vec::<String>::new());
}

#[test]
fn includes_that_lead_back_end() {
    let config = read(&[
        (".ssh/config", "Include a\nHost end\n"),
        (".ssh/a", "Include b\nHost in-a\n"),
        (".ssh/b", "Include config\nInclude a\nHost in-b\n"),
    ]);
    assert_eq!(aliases(&config), ["in-b", "in-a", "end"]);
    assert_eq!(config.notes().len(), 2, "{:?}", config.notes());
    let doubling: Vec<(String, String)> = (0..15)
        .map(|n| (format!(".ssh/f{n}"), format!("Include f{0} f{0}\nHost h{n}\n", n + 1)))
        .chain([(".ssh/config".into(), "Include f0 f0\n".into())])
        .collect();
    let borrowed: Vec<(&str, &str)> =
        doubling.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert!(read(&borrowed).files().len() <= 512);
}

#[test]
fn match_is_refused_and_said_so() {
    let config = one(
        "Host a\n  Port 1\nMatch exec \"rm -rf /\"\n  User evil\n  ProxyCommand evil\nHost b\n  Port 2\nMatch all\n  User all\n",
    );
    assert_eq!(config.lookup("a").user.as_deref(), Some("all"));
    assert_eq!(config.lookup("a").proxy_command, None);
    assert_eq!(config.lookup("b").port, Some(2));
    let [note] = config.notes() else { panic!("{:?}", config.notes()) };
    assert_eq!((note.line, note.what.as_str()), (3, "Match exec \"rm -rf /\""));
    assert!(note.why.contains("does not evaluate Match"), "{}", note.why);
}

#[test]
fn jumps_are_followed_to_the_nearest() {
    let config = one("Host target\n  ProxyJump near,far\n\
         Host near\n  HostName 10.0.0.1\n  ProxyJump door@gate:2200\n\
         Host far\n  HostName 10.0.0.2\n  ProxyJump elsewhere\n\
         Host old\n  ProxyCommand ssh -q -W %h:%p far\n\
         Host six\n  ProxyJump ssh://bob@[fe80::1]:2022\n\
         Host direct\n  ProxyJump none\n\
         Host odd\n  ProxyCommand nc %h %p\n\
         Host bad\n  ProxyJump host:port\n");
    // Of several jumps only the first one's own is followed.
    assert_eq!(
        way(&config, "target").unwrap(),
        ["gate:2200", "10.0.0.1:22", "10.0.0.2:22", "target:22"]
    );
    assert_eq!(config.route("target").unwrap()[0].user.as_deref(), Some("door"));
    assert_eq!(way(&config, "old").unwrap(), ["elsewhere:22", "10.0.0.2:22", "old:22"]);
    assert_eq!(way(&config, "six").unwrap(), ["fe80::1:2022", "six:22"]);
    assert_eq!(way(&config, "direct").unwrap(), ["direct:22"]);
    assert_eq!(way(&config, "odd"), Err(RouteProblem::Command("nc %h %p".into())));
    assert_eq!(way(&config, "bad"), Err(RouteProblem::BadJump("host:port".into())));
}

#[test]
fn jumps_in_a_circle_are_named() {
    let config = one(
        "Host a\n  ProxyJump b\nHost b\n  ProxyJump c\nHost c\n  ProxyJump a\nHost self\n  ProxyJump self\n",
    );
    assert_eq!(way(&config, "a"), Err(RouteProblem::Loop("a".into())));
    assert_eq!(way(&config, "self"), Err(RouteProblem::Loop("self".into())));
    let long: String = (0..12).map(|n| format!("Host h{n}\n  ProxyJump h{}\n", n + 1)).collect();
    assert_eq!(way(&one(&long), "h0"), Err(RouteProblem::TooLong));
}

#[test]
fn what_is_not_carried_over_is_listed() {
    let config = one("Host a\n  LocalForward 1 b:2\n  LocalForward 3 b:4\n  DynamicForward 5\n\
         ForwardAgent yes\n  HostKeyAlias x\n  Ciphers none\n  StrictHostKeyChecking accept-new\n  Port 70000\n");
    let found = config.lookup("a");
    assert_eq!(found.unused.iter().copied().collect::<Vec<_>>(), ["ForwardAgent", "HostKeyAlias"]);
    assert!(found.is_lax);
    assert_eq!(found.problems, ["\"70000\" is not a port"]);
}

#[test]
fn forwards_know_where_they_stand() {
    let config = read(&[
        (
            ".ssh/config",
            "LocalForward 1 b:2\nHost a\n  DynamicForward 5  # proxy\n  Include more\nHost a*\n  RemoteForward 6\n",
        ),
        (".ssh/more", "  LocalForward 3 /run/b\n"),
    ]);
    let found: Vec<_> = config.lookup("a").forwards;
    let places: Vec<_> = found
        .iter()
        .map(|forward| {
            let file = forward.file.file_name().unwrap().to_str().unwrap();
            (file, forward.line, forward.text.as_str(), forward.is_shared, forward.route.is_ok())
        })
        .collect();
    assert_eq!(
        places,
        [
            ("config", 1, "LocalForward 1 b:2", true, true),
            ("config", 3, "DynamicForward 5  # proxy", false, true),
            ("more", 1, "LocalForward 3 /run/b", false, true),
            ("config", 6, "RemoteForward 6", true, false),
        ]
    );
    assert_eq!(config.lookup("b").forwards.len(), 1);
}

#[test]
fn broken_lines_are_noted_and_the_rest_counts() {
    let config = one("\u{feff}Host a\nUser \"open\nPort\n\nHost b\r\n  Port 7\r\n");
    assert_eq!(aliases(&config), ["a", "b"]);
    assert_eq!(config.lookup("b").port, Some(7));
    assert_eq!(whys(&config), ["2: a quote is not closed", "3: nothing follows the keyword"]);
    assert_eq!(aliases(&read(&[])), Vec::<&str>::new());
}

#[test]
fn words_are_split_as_openssh_does() {
    assert_eq!(
        split(r#"a "b c"d 'e "f' g\ h C:\Users\x # no"#).unwrap(),
        ["a", "b cd", "e \"f", "g h", r"C:\Users\x"]
    );
}

#[test]
fn patterns_fit_without_running_away() {
    assert!(fits("*a*a*a*a*a*a*a*a*b", &"a".repeat(5000)).eq(&false));
    assert!(fits("f?rge-*", "Forge-12") && fits("*", "") && !fits("?", "") && fits("", ""));
}

fn anything() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("Host "),
        Just("Match "),
        Just("Include "),
        Just("ProxyJump "),
        Just("ProxyCommand ssh -W %h:%p "),
        Just("a"),
        Just("b"),
        Just("config"),
        Just("*"),
        Just("!"),
        Just(","),
        Just("@"),
        Just(":"),
        Just("["),
        Just("]"),
        Just("\""),
        Just("'"),
        Just("\\"),
        Just("#"),
        Just("="),
        Just(" "),
        Just("\n"),
        Just("${X}"),
        Just("é"),
    ];
    let made = prop::collection::vec(word, 0..80).prop_map(|words| words.concat());
    prop_oneof![made, any::<String>()]
}

proptest! {
    #[test]
    fn no_input_panics_and_every_way_ends(first in anything(), second in anything()) {
        let config = read(&[(".ssh/config", &first), (".ssh/a", &second), (".ssh/b", &first)]);
        for host in config.hosts() {
            let found = config.lookup(&host.alias);
            prop_assert!(!found.host_name.is_empty() || host.alias.is_empty());
            if let Ok(hops) = config.route(&host.alias) {
                prop_assert!(hops.len() <= 9);
                prop_assert_eq!(&hops.last().unwrap().alias, &host.alias);
                let mut names: Vec<_> = hops.iter().map(|hop| &hop.alias).collect();
                names.sort();
                names.dedup();
                prop_assert_eq!(names.len(), hops.len(), "nobody is visited twice");
            }
        }
    }
}

#[test]
fn a_name_is_claimed_by_words_patterns_and_includes_but_not_by_a_line_for_all() {
    let config = read(&[
        (
            ".ssh/config",
            "Include ours/config conf.d/*\nHost *-prod !web-prod\n User a\nHost * !x\n User b\n\
             Match originalhost db,cache-?\n User c\nMatch user host\n User d\n",
        ),
        (".ssh/conf.d/work", "Host Build\n HostName 10.0.0.9\n"),
        (".ssh/ours/config", "Host atlas-api\n Port 2222\n"),
    ]);
    let ours = Path::new("/home/alice/.ssh/ours");
    for name in ["api-prod", "build", "db", "cache-1"] {
        assert!(config.claims(name, ours), "{name}");
    }
    for name in ["web-prod", "atlas-api", "cache-10", "x", "user", "forge"] {
        assert!(!config.claims(name, ours), "{name}");
    }
    assert!(config.claims("atlas-api", Path::new("/elsewhere")));
}
