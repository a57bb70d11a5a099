//! Files that a server's program makes beside a topology. Where a person ran it here, they must not travel:
//! a lock or a snapshot of another run would be taken for this one's.

use std::collections::HashSet;

/// Written by netlab, always.
const NETLAB: &[&str] = &["netlab.lock", "netlab.snapshot.pickle", "netlab.snapshot.yml"];
/// Written by netlab too, but names that a person may use.
const MADE_BY_NETLAB: &[&str] =
    &["clab.yml", "hosts.yml", "ansible.cfg", "group_vars", "host_vars", "node_files"];
/// Git's own, and what file managers leave.
const NEVER: &[&str] = &[".gitignore", ".gitattributes", ".gitmodules", ".DS_Store", "Thumbs.db"];

/// What of one folder stays here.
pub(crate) struct Leftovers {
    is_netlabs: bool,
}

impl Leftovers {
    pub(crate) fn of(names: &HashSet<String>) -> Self {
        Self { is_netlabs: NETLAB.iter().any(|name| names.contains(*name)) }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        NEVER.contains(&name)
            || NETLAB.contains(&name)
            || (self.is_netlabs && MADE_BY_NETLAB.contains(&name))
            // A topology's backup and the key files of a lab that ran here.
            || (name.starts_with('.') && name.ends_with(".bak"))
    }
}

/// Whether a folder is what Containerlab keeps of a lab: certificates, configurations, inventories.
pub(crate) fn is_clabs(name: &str, inside: impl Fn(&str) -> bool) -> bool {
    name.starts_with("clab-")
        && ["topology-data.json", "ansible-inventory.yml"].into_iter().any(inside)
}
