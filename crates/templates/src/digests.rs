//! SHA-256 of files, remembered while size and time of a file stay the same.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use backend_api::{Clock, SystemClock};
use sha2::{Digest as _, Sha256};

/// A file that changed this recently may change again without its time showing it.
const SETTLED: Duration = Duration::from_secs(3);
/// Files that are remembered.
const MOST: usize = 100_000;

/// What is known of files. Keep one for as long as files are looked at again.
pub struct Digests {
    known: HashMap<PathBuf, Known>,
    clock: Arc<dyn Clock>,
}

struct Known {
    size: u64,
    modified: SystemTime,
    digest: [u8; 32],
}

impl Default for Digests {
    fn default() -> Self {
        Self::new(Arc::new(SystemClock))
    }
}

impl Digests {
    /// Nothing is known yet.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { known: HashMap::new(), clock }
    }

    /// The digest of a file of this size and time.
    pub(crate) fn of(
        &mut self,
        place: &Path,
        size: u64,
        modified: Option<SystemTime>,
    ) -> io::Result<[u8; 32]> {
        if let (Some(known), Some(modified)) = (self.known.get(place), modified)
            && (known.size, known.modified) == (size, modified)
        {
            return Ok(known.digest);
        }
        let digest = digest_of(place)?;
        match modified.filter(|modified| self.is_settled(*modified)) {
            Some(modified) => {
                if self.known.len() >= MOST {
                    self.known.clear();
                }
                self.known.insert(place.to_owned(), Known { size, modified, digest });
            }
            None => {
                self.known.remove(place);
            }
        }
        Ok(digest)
    }

    fn is_settled(&self, modified: SystemTime) -> bool {
        let now = u64::try_from(self.clock.now()).unwrap_or_default();
        let now = UNIX_EPOCH + Duration::from_millis(now);
        now.duration_since(modified).is_ok_and(|age| age > SETTLED)
    }
}

fn digest_of(place: &Path) -> io::Result<[u8; 32]> {
    let mut file = File::open(place)?;
    let mut hasher = Sha256::new();
    let mut chunk = vec![0; 64 * 1024];
    loop {
        let length = file.read(&mut chunk)?;
        if length == 0 {
            return Ok(hasher.finalize().into());
        }
        hasher.update(chunk.get(..length).unwrap_or_default());
    }
}
