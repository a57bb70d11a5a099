//! The files of one topology as a backend takes them: whole, and only as long as they stay what they are.

use std::{fs::File, io::Read as _, path::PathBuf};

use backend_api::{BackendError, LabFile, LabFiles};
use bytes::Bytes;
use model::Failure;
use sha2::{Digest as _, Sha256};

use crate::{
    digests::Digests,
    path::unreadable,
    walk::{Found, MAX_FILE},
};

/// Files that travel with a topology, by their content when this was made.
#[derive(Debug, Clone)]
pub struct FileSet {
    entries: Vec<LabFile>,
    /// Where each is, in the same order.
    places: Vec<PathBuf>,
    topology: String,
}

impl FileSet {
    pub(crate) fn of(
        found: Vec<Found>,
        topology: String,
        digests: &mut Digests,
    ) -> Result<Self, Failure> {
        let mut entries = Vec::with_capacity(found.len());
        let mut places = Vec::with_capacity(found.len());
        for file in found {
            let sha256 = digests
                .of(&file.place, file.size, file.modified)
                .map_err(|error| unreadable(&file.path, &error))?;
            let is_executable = file.is_executable || is_script(&file);
            entries.push(LabFile { path: file.path, size: file.size, sha256, is_executable });
            places.push(file.place);
        }
        Ok(Self { entries, places, topology })
    }

    /// Which of the entries is the topology.
    #[must_use]
    pub fn topology(&self) -> &str {
        &self.topology
    }
}

impl LabFiles for FileSet {
    fn entries(&self) -> &[LabFile] {
        &self.entries
    }

    fn read(&self, path: &str) -> Result<Bytes, BackendError> {
        let found = self.entries.binary_search_by(|entry| entry.path.as_str().cmp(path)).ok();
        let (Some(entry), Some(place)) =
            (found.and_then(|at| self.entries.get(at)), found.and_then(|at| self.places.get(at)))
        else {
            return Err(BackendError::not_found(format!("{path} does not belong to the topology")));
        };
        let mut content = Vec::new();
        let read =
            File::open(place).and_then(|file| file.take(MAX_FILE + 1).read_to_end(&mut content));
        let is_same = read.is_ok()
            && u64::try_from(content.len()) == Ok(entry.size)
            && <[u8; 32]>::from(Sha256::digest(&content)) == entry.sha256;
        if is_same {
            return Ok(content.into());
        }
        let error = BackendError::conflict(format!("{path} changed here while it was sent"))
            .with_hint("Wait until nothing writes to the template, then try again.");
        Err(match read {
            Ok(_) => error,
            Err(cause) => error.with_detail(cause.to_string()),
        })
    }
}

/// Where files have no executable bit, a script says itself what runs it.
#[cfg(not(unix))]
fn is_script(file: &Found) -> bool {
    let mut first = [0; 2];
    File::open(&file.place).and_then(|mut file| file.read_exact(&mut first)).is_ok()
        && &first == b"#!"
}

#[cfg(unix)]
fn is_script(_file: &Found) -> bool {
    false
}
