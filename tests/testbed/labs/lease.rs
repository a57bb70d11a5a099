//! The lab servers that tests of one process share, each of them one test at a time.
//!
//! Owns: who has which, and making one as if new for the next. Deliberately not here: the server itself. They
//! are never dropped: their sealed places end by themselves when the process does.

use std::{
    borrow::Borrow,
    fs,
    ops::Deref,
    path::Path,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

use anyhow::{Context, Result};

use super::{HOME, LabServer, WORK_ROOT};

/// As many as tests run at once where the suite has to be fast; more would only wait for the processor.
const MOST: usize = 2;

static POOL: Pool =
    Pool { servers: Mutex::new(Servers { idle: Vec::new(), made: 0 }), returned: Condvar::new() };

struct Pool {
    servers: Mutex<Servers>,
    returned: Condvar,
}

struct Servers {
    idle: Vec<LabServer>,
    made: usize,
}

/// A shared server while a test has it.
#[derive(Debug)]
pub struct LabLease(Option<LabServer>);

impl Pool {
    fn lock(&self) -> MutexGuard<'_, Servers> {
        self.servers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One that is idle; none when there may be another one.
    fn idle_or_room(&self) -> Option<LabServer> {
        let is_full = |servers: &mut Servers| servers.idle.is_empty() && servers.made >= MOST;
        let waited = self.returned.wait_while(self.lock(), is_full);
        let mut servers = waited.unwrap_or_else(PoisonError::into_inner);
        let idle = servers.idle.pop();
        servers.made += usize::from(idle.is_none());
        idle
    }

    fn give_back(&self, server: Option<LabServer>) {
        let mut servers = self.lock();
        match server {
            Some(server) => servers.idle.push(server),
            None => servers.made -= 1,
        }
        drop(servers);
        self.returned.notify_one();
    }
}

impl LabLease {
    pub(super) fn take() -> Result<Self> {
        if let Some(server) = POOL.idle_or_room() {
            let lease = Self(Some(server));
            lease.clear()?;
            return Ok(lease);
        }
        LabServer::start().map(|server| Self(Some(server))).inspect_err(|_| POOL.give_back(None))
    }
}

impl Drop for LabLease {
    fn drop(&mut self) {
        POOL.give_back(self.0.take());
    }
}

impl Deref for LabLease {
    type Target = LabServer;

    fn deref(&self) -> &LabServer {
        self.0.as_ref().expect("a lease is of a server")
    }
}

impl Borrow<LabServer> for LabLease {
    fn borrow(&self) -> &LabServer {
        self
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
