//! Our reading of an ssh_config next to OpenSSH's own, on the same files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ssh::{ConfigFiles, HostConfig, OpenSsh, OpenSshError, SshConfig};

use super::setup::run;

struct Disk;

impl ConfigFiles for Disk {
    fn read(&self, path: &Path) -> io::Result<String> {
        fs::read_to_string(path)
    }

    fn list(&self, folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
        paths.sort();
        paths
    }

    fn is_file(&self, path: &Path) -> bool {
        path.is_file()
    }
}

struct Place {
    config: PathBuf,
    folder: tempfile::TempDir,
}

fn place(text: &str) -> Place {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config");
    fs::write(&config, text.replace("FOLDER", folder.path().to_str().unwrap())).unwrap();
    Place { config, folder }
}

impl Place {
    fn ours(&self) -> SshConfig {
        SshConfig::read(&Disk, &self.config, self.folder.path())
    }

    fn openssh(&self) -> OpenSsh {
        OpenSsh::new("ssh", Some(self.config.clone()))
    }
}

/// What is the same whether it is written or left out.
fn plain(mut found: HostConfig) -> HostConfig {
    found.port = found.port.filter(|port| *port != 22);
    found.forwards.iter_mut().for_each(|forward| {
        forward.file = PathBuf::new();
        (forward.line, forward.text, forward.is_shared) = (0, String::new(), false);
    });
    // OpenSSH lists them by kind.
    found.forwards.sort_by_key(|forward| format!("{:?}", forward.route));
    found
}

const CONFIGS: &[(&str, &str)] = &[
    (
        "first value wins",
        "Host forge*\n User early\nHost forge\n User late\n Port 2222\nHost *\n Port 1\n",
    ),
    ("lines for all", "User everyone\nHost forge\n HostName 10.0.0.4\n"),
    ("negation", "Host * !forge\n Port 2200\nHost forge\n HostName %h.example.org\n"),
    (
        "quotes and signs",
        "Host = forge\n\tUser=\"some body\"\n  IdentityFile \"/keys/b c\" # mine\n",
    ),
    (
        "identities",
        "Host forge\n IdentityFile /keys/a\n IdentityFile /keys/b\n IdentitiesOnly yes\n",
    ),
    ("jumps", "Host forge\n ProxyJump near,bob@far:2200\nHost near\n Port 2\n"),
    ("no jump", "Host forge\n ProxyJump none\nHost *\n ProxyJump gate\n"),
    ("program", "Host forge\n ProxyCommand nc %h %p\n"),
    ("lax", "Host forge\n StrictHostKeyChecking accept-new\n"),
    ("lax too", "Host forge\n StrictHostKeyChecking no\n UserKnownHostsFile /a /b\n"),
    ("not lax", "Host forge\n StrictHostKeyChecking yes\n"),
    ("unused", "Host forge\n ForwardAgent yes\n HostKeyAlias x\n RemoteCommand ls -l\n"),
    (
        "forwards",
        "Host forge\n LocalForward 8080 db:5432\n LocalForward [::1]:80 [fe80::1]:443\n\
         \x20LocalForward *:81 db:1\n LocalForward /tmp/a db:80\n LocalForward 82 /run/b\n\
         \x20DynamicForward 1080\n DynamicForward [::1]:1081\n RemoteForward 9000 localhost:9001\n\
         \x20RemoteForward 1090\n RemoteForward /run/r db:2\n",
    ),
    ("include", "Host forge\n Include FOLDER/more\n"),
    ("include by pattern", "Include FOLDER/conf.d/*.conf\nHost forge\n User late\n"),
    ("match all", "Host other\n User other\nMatch all\n User all\n"),
    ("an agent", "Host forge\n IdentityAgent none\n"),
];

#[test]
fn our_reading_is_that_of_openssh() {
    run(async {
        for (name, text) in CONFIGS {
            let place = place(text);
            fs::create_dir(place.folder.path().join("conf.d")).unwrap();
            fs::write(place.folder.path().join("more"), "User included\n").unwrap();
            let part = place.folder.path().join("conf.d/10.conf");
            fs::write(part, "Host f*\n User part\n Port 7\n").unwrap();
            let ours = place.ours();
            for alias in ["forge", "other", "near"] {
                let theirs = place.openssh().lookup(alias, &ours).await.unwrap();
                assert_eq!(plain(ours.lookup(alias)), plain(theirs), "{name}: {alias}");
            }
        }
    });
}

#[test]
fn match_is_followed_when_openssh_is_asked() {
    run(async {
        let place = place(
            "Match originalhost forge exec \"true\"\n ProxyJump gate\n LocalForward 8080 db:1\n\
             Match host gate\n User guard\nHost forge\n LocalForward 8081 db:2\n",
        );
        let mut config = place.ours();
        assert_eq!(config.lookup("forge").proxy_jump, None);
        assert_eq!(config.notes().len(), 2);
        config.consult(&place.openssh(), "forge").await.unwrap();
        let way = config.route("forge").unwrap();
        let names: Vec<_> =
            way.iter().map(|hop| (hop.alias.as_str(), hop.user.as_deref())).collect();
        assert_eq!(names, [("gate", Some("guard")), ("forge", None)]);
        let lines: Vec<_> = config.lookup("forge").forwards.iter().map(|one| one.line).collect();
        // The one below Match stands nowhere that we read.
        assert_eq!(lines, [0, 7]);
    });
}

#[test]
fn what_openssh_refuses_is_said_in_its_words_and_a_slow_program_has_an_end() {
    run(async {
        let wrong = place("Host forge\n NoSuchThing yes\n");
        let refused = wrong.openssh().lookup("forge", &wrong.ours()).await.unwrap_err();
        assert!(refused.to_string().to_lowercase().contains("nosuchthing"), "{refused}");
        let slow = place("Match exec \"sleep 20\"\n User late\n");
        let since = std::time::Instant::now();
        let asked = slow.openssh().lookup("forge", &slow.ours()).await;
        assert!(matches!(asked, Err(OpenSshError::Slow)), "{asked:?}");
        assert!(since.elapsed().as_secs() < 20);
    });
}
