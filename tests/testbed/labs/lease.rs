//! The lab server that tests of one process share, one at a time.
//!
//! Owns: who has it, and making it as if new for the next. Deliberately not here: the server itself. It is
//! never dropped: its sealed place ends by itself when the process does.

use std::{
    fs,
    ops::Deref,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use anyhow::{Context, Result};

use super::{HOME, LabServer, WORK_ROOT};

static SHARED: Mutex<Option<LabServer>> = Mutex::new(None);

/// The shared server while a test has it.
#[derive(Debug)]
pub struct LabLease(MutexGuard<'static, Option<LabServer>>);

impl LabLease {
    pub(super) fn take() -> Result<Self> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        match shared.as_ref() {
            Some(server) => server.clear()?,
            None => *shared = Some(LabServer::start()?),
        }
        Ok(Self(shared))
    }
}

impl Deref for LabLease {
    type Target = LabServer;

    fn deref(&self) -> &LabServer {
        self.0.as_ref().expect("a lease is of a server")
    }
}

impl LabServer {
    /// Ends all labs and forgets them, and starts the API again.
    fn clear(&self) -> Result<()> {
        self.kill_api();
        let all = self.docker(&["ps", "--all", "--quiet"])?;
        if !all.is_empty() {
            let words = ["rm", "--force", "--volumes"].into_iter().chain(all.lines());
            self.docker(&words.collect::<Vec<_>>())?;
        }
        self.docker(&["network", "prune", "--force"])?;
        let labs = self.outside(Path::new(WORK_ROOT));
        for entry in fs::read_dir(&labs).context("no work root")? {
            let path = entry?.path();
            if path.is_dir() { fs::remove_dir_all(path)? } else { fs::remove_file(path)? }
        }
        let status = self.outside(&Path::new(HOME).join(".netlab"));
        if status.exists() {
            fs::remove_dir_all(status)?;
        }
        self.restart_api()
    }
}
