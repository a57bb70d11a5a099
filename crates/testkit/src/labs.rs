//! What a test gives a lab backend and hears from it: files in memory, lines, steps.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use backend_api::{BackendError, LabFile, LabFiles, LabMaterial, LabSink, LogSink, StepSink};
use bytes::Bytes;
use model::{LabId, LogStream};
use sha2::{Digest, Sha256};

/// Files of a lab in memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryFiles {
    files: BTreeMap<String, Bytes>,
    entries: Vec<LabFile>,
}

impl MemoryFiles {
    #[must_use]
    pub fn new(files: &[(&str, &str)]) -> Self {
        let files: BTreeMap<String, Bytes> = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), Bytes::copy_from_slice(text.as_bytes())))
            .collect();
        let entries = files.iter().map(|(path, content)| LabFile {
            path: path.clone(),
            size: content.len() as u64,
            sha256: Sha256::digest(content).into(),
            is_executable: false,
        });
        Self { entries: entries.collect(), files }
    }

    /// These files, the first of which is the topology.
    #[must_use]
    pub fn material(files: &[(&str, &str)]) -> LabMaterial {
        LabMaterial {
            files: Arc::new(Self::new(files)),
            topology: files.first().map_or("", |(path, _)| path).to_owned(),
            variables: BTreeMap::new(),
        }
    }
}

impl LabFiles for MemoryFiles {
    fn entries(&self) -> &[LabFile] {
        &self.entries
    }

    fn read(&self, path: &str) -> Result<Bytes, BackendError> {
        let file = self.files.get(path).cloned();
        file.ok_or_else(|| BackendError::not_found(format!("there is no file {path}")))
    }
}

/// One thing that a lab backend told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    Lab(LabId, Option<u16>),
    Job(String),
    CancelMeans(String),
    Begin(usize),
    Skip(usize),
}

/// Keeps everything that is told and logged.
#[derive(Default)]
pub struct Notebook {
    told: Mutex<Vec<Told>>,
    lines: tokio::sync::watch::Sender<Vec<String>>,
}

impl Notebook {
    #[must_use]
    pub fn told(&self) -> Vec<Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.lines.borrow().clone()
    }

    /// Waits until a line with this text is logged.
    pub async fn until_line(&self, text: &str) {
        let has = |lines: &Vec<String>| lines.iter().any(|line| line.contains(text));
        let _ = self.lines.subscribe().wait_for(has).await;
    }

    fn tell(&self, told: Told) {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).push(told);
    }
}

impl LogSink for Notebook {
    fn line(&self, _stream: LogStream, text: &str) {
        self.lines.send_modify(|lines| lines.push(text.to_owned()));
    }
}

impl StepSink for Notebook {
    fn begin(&self, index: usize) {
        self.tell(Told::Begin(index));
    }

    fn skip(&self, index: usize) {
        self.tell(Told::Skip(index));
    }
}

impl LabSink for Notebook {
    fn lab(&self, id: &LabId, instance: Option<u16>) {
        self.tell(Told::Lab(id.clone(), instance));
    }

    fn job(&self, job: &str) {
        self.tell(Told::Job(job.to_owned()));
    }

    fn cancel_means(&self, sentence: &str) {
        self.tell(Told::CancelMeans(sentence.to_owned()));
    }
}
