//! What Moorline put into a lab's folder, kept beside it: so that only changes travel, and what others changed
//! is seen.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::is_inside;

/// The file's name in the lab's folder.
pub(crate) const MANIFEST: &str = ".moorline-sync.json";
/// Bytes; hundred thousand files fit.
pub(crate) const MANIFEST_LIMIT: u64 = 16 * 1024 * 1024;
const VERSION: u32 = 1;

/// What is known of a lab's folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    version: u32,
    /// The lab's name.
    pub(crate) name: String,
    /// Its number, as long as it has one.
    pub(crate) instance: Option<u16>,
    /// Its topology, relative to the folder.
    pub(crate) topology: String,
    pub(crate) files: BTreeMap<String, Put>,
    /// Being written when this was: what is found there is ours, whichever of the two it is.
    #[serde(default)]
    pub(crate) writing: BTreeSet<String>,
}

/// A file as it was put there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Put {
    /// Hexadecimal.
    pub(crate) sha256: String,
    pub(crate) size: u64,
    /// Seconds since 1970, by the server's clock.
    pub(crate) modified_at: Option<u32>,
    #[serde(default)]
    pub(crate) is_executable: bool,
}

impl Manifest {
    pub(crate) fn new(name: &str, topology: &str) -> Self {
        let (name, topology) = (name.to_owned(), topology.to_owned());
        Self { version: VERSION, name, topology, ..Self::default() }
    }

    /// Reads one; none for anything that this version did not write. Paths that lead out of the folder are
    /// left out, whoever wrote them.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let mut manifest: Self = serde_json::from_slice(bytes).ok()?;
        if manifest.version != VERSION || !is_inside(&manifest.topology) {
            return None;
        }
        manifest.files.retain(|path, _| is_inside(path) && path != MANIFEST);
        manifest.writing.retain(|path| is_inside(path) && path != MANIFEST);
        Some(manifest)
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Manifest, Put};

    fn put() -> impl Strategy<Value = Put> {
        ("[0-9a-f]{64}", any::<u64>(), any::<Option<u32>>(), any::<bool>()).prop_map(
            |(sha256, size, modified_at, is_executable)| Put {
                sha256,
                size,
                modified_at,
                is_executable,
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            name in "[a-z]{1,9}",
            instance in any::<Option<u16>>(),
            files in proptest::collection::btree_map("[a-z]{1,4}(/[a-z]{1,4}){0,2}", put(), 0..8),
        ) {
            let manifest = Manifest { instance, files, ..Manifest::new(&name, "topology.yml") };
            prop_assert_eq!(Manifest::read(&manifest.bytes()), Some(manifest));
        }

        #[test]
        fn a_file_of_anybody_leads_nowhere(path in "(\\.\\./|/|\\./)[a-z/.]{0,12}") {
            let put = Put { sha256: "0".repeat(64), size: 1, modified_at: None, is_executable: false };
            let mut manifest = Manifest::new("lab", "topology.yml");
            manifest.files.insert(path.clone(), put);
            manifest.writing.insert(path);
            let read = Manifest::read(&manifest.bytes()).unwrap();
            prop_assert!(read.files.is_empty() && read.writing.is_empty());
        }

        #[test]
        fn anything_is_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Manifest::read(&bytes);
        }
    }

    #[test]
    fn another_version_is_not_guessed_at() {
        let mut manifest = Manifest::new("lab", "topology.yml");
        manifest.version = 2;
        assert_eq!(Manifest::read(&manifest.bytes()), None);
    }
}
