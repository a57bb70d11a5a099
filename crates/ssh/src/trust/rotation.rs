//! New host keys that a server announces while its old one is still trusted. Only Moorline's own file
//! changes, only for a host whose present key stands there as a plain line, and no authority is made.

use std::collections::BTreeMap;
use std::io;

use model::HostAddress;
use russh::keys::ssh_key::known_hosts::Marker;
use russh::keys::{Algorithm, PublicKey};

use super::files::{self, KnownLine};
use super::{own, pattern};
use crate::TrustFiles;

/// No server has more.
const MAX_KEYS: usize = 16;

/// What an announcement changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Rotation {
    /// Keys to add once the server has proven that it holds them.
    pub(crate) add: Vec<PublicKey>,
    /// Keys that the server does not have any more.
    pub(crate) remove: Vec<PublicKey>,
}

impl Rotation {
    /// What to do about the keys a server announces while `in_use` is the one it has just proven. Nothing
    /// when the announcement makes no sense. Blocks on the disk.
    pub(crate) fn plan(
        files: &TrustFiles,
        address: &HostAddress,
        in_use: &PublicKey,
        announced: &[PublicKey],
    ) -> Self {
        let known = files::lines_about(files, &pattern::written_name(address));
        plan(&known, &own::plain_keys(files, address), in_use, announced)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.add.is_empty() && self.remove.is_empty()
    }

    /// Writes it. The file may have changed in the meantime, so what is no longer true is left out.
    /// Blocks on the disk.
    ///
    /// # Errors
    /// Whatever the disk says; the file is then as it was.
    pub(crate) fn apply(&self, files: &TrustFiles, address: &HostAddress) -> io::Result<()> {
        own::change(&files.own, address, &self.add, &self.remove)
    }
}

fn plan(
    known: &[KnownLine],
    own: &[PublicKey],
    in_use: &PublicKey,
    announced: &[PublicKey],
) -> Rotation {
    let is_own = own.iter().any(|key| key.key_data() == in_use.key_data());
    let is_announced = announced.iter().any(|key| key.key_data() == in_use.key_data());
    let mut kinds = BTreeMap::new();
    for key in announced {
        *kinds.entry(key.key_data().clone()).or_insert(0) += 1;
    }
    let is_odd = announced.len() > MAX_KEYS || kinds.values().any(|times| *times > 1);
    if !is_own || !is_announced || is_odd {
        return Rotation::default();
    }
    let is_revoked = |key: &PublicKey| {
        known.iter().any(|line| {
            line.marker == Some(Marker::Revoked) && line.key.key_data() == key.key_data()
        })
    };
    let lacks = |keys: &[PublicKey], key: &PublicKey| {
        !keys.iter().any(|known| known.key_data() == key.key_data())
    };
    let is_new = |key: &&PublicKey| lacks(own, key) && is_used(key) && !is_revoked(key);
    Rotation {
        add: announced.iter().filter(is_new).cloned().collect(),
        remove: own.iter().filter(|key| lacks(announced, key)).cloned().collect(),
    }
}

/// Whether a key is of a kind that is offered to servers at all.
fn is_used(key: &PublicKey) -> bool {
    matches!(key.algorithm(), Algorithm::Ed25519 | Algorithm::Ecdsa { .. } | Algorithm::Rsa { .. })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use model::HostAddress;
    use russh::keys::PublicKey;

    use super::Rotation;
    use crate::TrustFiles;

    const KEYS: [&str; 3] = [
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB9dG4kjRhQTtWTVzd2t27+t0DEHBPW7iOD23TUiYLio",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILagOJFgwaMNhBWQINinKOXmqS4Gh5NgxgriXwdOoINJ",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ",
    ];

    fn key(index: usize) -> PublicKey {
        KEYS[index].parse().unwrap()
    }

    struct Place {
        folder: tempfile::TempDir,
        files: TrustFiles,
        address: HostAddress,
    }

    fn place(own: &str, user: &str) -> Place {
        let folder = tempfile::tempdir().unwrap();
        let (own_file, user_file) = (folder.path().join("own"), folder.path().join("user"));
        fs::write(&own_file, own).unwrap();
        fs::write(&user_file, user).unwrap();
        let files = TrustFiles { own: own_file, user: vec![user_file], global: Vec::new() };
        Place { folder, files, address: HostAddress { host: "forge".into(), port: 22 } }
    }

    fn plan(place: &Place, in_use: usize, announced: &[usize]) -> (usize, usize) {
        let announced: Vec<PublicKey> = announced.iter().map(|index| key(*index)).collect();
        let plan = Rotation::plan(&place.files, &place.address, &key(in_use), &announced);
        (plan.add.len(), plan.remove.len())
    }

    #[test]
    fn only_a_host_that_we_know_by_a_plain_line_learns_new_keys() {
        let line = |hosts: &str, index: usize| format!("{hosts} {}\n", KEYS[index]);
        let own = line("forge", 0);
        assert_eq!(plan(&place(&own, ""), 0, &[0, 1]), (1, 0));
        assert_eq!(plan(&place("", &own), 0, &[0, 1]), (0, 0), "the person's file is theirs");
        assert_eq!(plan(&place(&line("forge*", 0), ""), 0, &[0, 1]), (0, 0), "a pattern");
        assert_eq!(plan(&place(&line("forge,other", 0), ""), 0, &[0, 1]), (0, 0), "a list");
        let authority = line("@cert-authority forge", 0);
        assert_eq!(plan(&place(&authority, ""), 0, &[0, 1]), (0, 0));
        assert_eq!(plan(&place(&line("other", 0), ""), 0, &[0, 1]), (0, 0));
        let revoked = line("@revoked *", 1);
        assert_eq!(plan(&place(&own, &revoked), 0, &[0, 1, 2]), (1, 0), "revoked stays out");
    }

    #[test]
    fn keys_that_are_not_announced_go_unless_the_announcement_is_odd() {
        let own = format!("forge {}\nforge {}\n", KEYS[0], KEYS[1]);
        assert_eq!(plan(&place(&own, ""), 0, &[0]), (0, 1));
        assert_eq!(plan(&place(&own, ""), 0, &[0, 2]), (1, 1));
        assert_eq!(plan(&place(&own, ""), 0, &[1, 2]), (0, 0), "without the one in use");
        assert_eq!(plan(&place(&own, ""), 0, &[0, 2, 2]), (0, 0), "twice the same");
        assert_eq!(plan(&place(&own, ""), 0, &[]), (0, 0));
    }

    #[test]
    fn what_is_written_leaves_everybody_else_alone() {
        let others = format!("# mine\nother {0}\n@revoked forge {0}\nforge* {0}\n", KEYS[1]);
        let place = place(&format!("{others}forge {}\nforge {}\n", KEYS[0], KEYS[1]), "");
        let announced = [key(0), key(2)];
        let plan = Rotation::plan(&place.files, &place.address, &key(0), &announced);
        plan.apply(&place.files, &place.address).unwrap();
        let text = fs::read_to_string(&place.files.own).unwrap();
        assert_eq!(text, format!("{others}forge {}\nforge {}\n", KEYS[0], KEYS[2]));
        plan.apply(&place.files, &place.address).unwrap();
        assert_eq!(fs::read_to_string(&place.files.own).unwrap(), text, "once is enough");
        // Forgotten in the meantime: nothing comes back.
        fs::write(&place.files.own, "").unwrap();
        plan.apply(&place.files, &place.address).unwrap();
        assert_eq!(fs::read_to_string(&place.files.own).unwrap(), "");
        drop(place.folder);
    }
}
