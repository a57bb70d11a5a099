//! Lines that make no sense among lines that do.

use std::io;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::{ConfigFiles, SshConfig};

struct One(String);

impl ConfigFiles for One {
    fn read(&self, _: &Path) -> io::Result<String> {
        Ok(self.0.clone())
    }

    fn list(&self, _: &Path) -> Vec<PathBuf> {
        Vec::new()
    }

    fn is_file(&self, _: &Path) -> bool {
        false
    }
}

/// A line that is none of those that decide about other lines.
fn noise() -> impl Strategy<Value = String> {
    "[ -~é\t]{0,40}".prop_filter("it would decide about other lines", |line| {
        let line = line.trim_start().to_lowercase();
        let words = ["host", "match", "include", "user", "port", "localforward"];
        !words.iter().any(|word| line.starts_with(word))
    })
}

fn host() -> impl Strategy<Value = (String, String, u16)> {
    ("[a-z][a-z0-9-]{0,12}", "[a-z][a-z0-9]{0,8}", 1_u16..)
}

proptest! {
    #[test]
    fn a_bad_line_takes_no_other_along(hosts in prop::collection::vec(host(), 1..4), noise in noise()) {
        let mut text = format!("{noise}\n");
        for (alias, user, port) in &hosts {
            text += &format!("Host {alias}\n{noise}\n  User {user}\n{noise}\n  Port {port}\n");
            text += &format!("  LocalForward {port} db:5432\n{noise}\n");
        }
        let config = SshConfig::read(&One(text), Path::new("/home/a/.ssh/config"), Path::new("/home/a"));
        for (alias, ..) in &hosts {
            let found = config.lookup(alias);
            let (_, first_user, first_port) = hosts.iter().find(|host| host.0 == *alias).unwrap();
            prop_assert_eq!(found.user.as_ref(), Some(first_user));
            prop_assert_eq!(found.port, Some(*first_port));
            prop_assert!(found.forwards.iter().any(|forward| forward.route.is_ok()));
        }
    }
}
