//! Files of a server in memory, with netlab's own status file among them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use backend_api::{BackendError, FileSession, RemoteEntry, RemoteFiles};

use crate::fake::Fake;

const HOME: &str = "/home/netops";

/// Content and time by path.
type Contents = BTreeMap<String, (Vec<u8>, u32)>;

#[derive(Clone)]
pub(crate) struct Memory {
    files: Arc<Mutex<Contents>>,
    writes_left: Arc<Mutex<usize>>,
    is_slow: Arc<AtomicBool>,
    fake: Fake,
}

impl Memory {
    pub(crate) fn new(fake: Fake) -> Self {
        let writes_left = Arc::new(Mutex::new(usize::MAX));
        Self { files: Arc::default(), writes_left, is_slow: Arc::default(), fake }
    }

    pub(crate) fn put(&self, path: &str, content: &[u8]) {
        let mut files = self.files.lock().unwrap();
        let time = u32::try_from(files.len()).unwrap() + 1_795_000_000;
        files.insert(path.to_owned(), (content.to_vec(), time));
        if let Some(folder) = path.strip_suffix("/topology-defaults.yml") {
            self.fake.number(folder, &String::from_utf8_lossy(content));
        }
    }

    /// From now on it takes long to read a manifest.
    pub(crate) fn slow_down(&self) {
        self.is_slow.store(true, Ordering::Relaxed);
    }

    /// What the files have whose paths have this in them.
    pub(crate) fn contents(&self, part: &str) -> Vec<String> {
        let files = self.files.lock().unwrap();
        let found = files.iter().filter(|(path, _)| path.contains(part));
        found.map(|(_, (content, _))| String::from_utf8_lossy(content).into_owned()).collect()
    }

    fn step(&self) -> Result<(), BackendError> {
        let mut left = self.writes_left.lock().unwrap();
        if *left == 0 {
            return Err(BackendError::unreachable("the link broke"));
        }
        *left -= 1;
        Ok(())
    }

    /// The link breaks after this many writes and renames.
    pub(crate) fn break_after(&self, writes: usize) {
        *self.writes_left.lock().unwrap() = writes;
    }

    pub(crate) fn has(&self, part: &str) -> bool {
        self.files.lock().unwrap().keys().any(|path| path.contains(part))
    }
}

#[async_trait]
impl RemoteFiles for Memory {
    async fn open(&self) -> Result<Box<dyn FileSession>, BackendError> {
        Ok(Box::new(self.clone()))
    }
}

fn absent(path: &str) -> BackendError {
    BackendError::not_found(format!("there is no {path}"))
}

#[async_trait]
impl FileSession for Memory {
    async fn home(&self) -> Result<String, BackendError> {
        Ok(HOME.to_owned())
    }

    async fn read(&self, path: &str, _most: u64) -> Result<Vec<u8>, BackendError> {
        if self.is_slow.load(Ordering::Relaxed) && path.ends_with(".moorline-sync.json") {
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
        if path == format!("{HOME}/.netlab/status.yaml") {
            return Ok(self.fake.status_file().into_bytes());
        }
        let files = self.files.lock().unwrap();
        files.get(path).map(|(content, _)| content.clone()).ok_or_else(|| absent(path))
    }

    async fn write(&self, path: &str, data: &[u8], _mode: u32) -> Result<(), BackendError> {
        self.step()?;
        let is_in_the_way = |other: &String| {
            other.starts_with(&format!("{path}/")) || path.starts_with(&format!("{other}/"))
        };
        let in_the_way = self.files.lock().unwrap().keys().find(|one| is_in_the_way(one)).cloned();
        if let Some(other) = in_the_way {
            return Err(BackendError::rejected(format!("{other} is in the way of {path}")));
        }
        self.put(path, data);
        Ok(())
    }

    async fn list(&self, path: &str) -> Result<Vec<RemoteEntry>, BackendError> {
        let files = self.files.lock().unwrap();
        let mut entries = BTreeMap::new();
        for (file, (content, time)) in files.iter() {
            let Some(below) = file.strip_prefix(&format!("{}/", path.trim_end_matches('/'))) else {
                continue;
            };
            let (name, is_folder) = match below.split_once('/') {
                Some((name, _)) => (name, true),
                None => (below, false),
            };
            let (size, modified_at) = (content.len() as u64, Some(*time));
            let entry =
                RemoteEntry { name: name.to_owned(), is_folder, is_link: false, size, modified_at };
            entries.insert(name.to_owned(), entry);
        }
        if entries.is_empty() { Err(absent(path)) } else { Ok(entries.into_values().collect()) }
    }

    async fn stat(&self, paths: &[String]) -> Result<Vec<Option<RemoteEntry>>, BackendError> {
        let files = self.files.lock().unwrap();
        let entry = |path: &String| {
            let (content, time) = files.get(path)?;
            let name = path.rsplit('/').next().unwrap().to_owned();
            let (size, modified_at) = (content.len() as u64, Some(*time));
            Some(RemoteEntry { name, is_folder: false, is_link: false, size, modified_at })
        };
        Ok(paths.iter().map(entry).collect())
    }

    async fn make_folder(&self, _path: &str, _mode: u32) -> Result<(), BackendError> {
        Ok(())
    }

    async fn rename(&self, from: &str, to: &str) -> Result<(), BackendError> {
        self.step()?;
        let mut files = self.files.lock().unwrap();
        let file = files.remove(from).ok_or_else(|| absent(from))?;
        files.insert(to.to_owned(), file);
        Ok(())
    }

    async fn remove(&self, path: &str) -> Result<(), BackendError> {
        self.files.lock().unwrap().remove(path);
        Ok(())
    }

    async fn remove_folder(&self, _path: &str) -> Result<(), BackendError> {
        Ok(())
    }
}
