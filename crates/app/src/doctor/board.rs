//! The board of a test: every stage as it stands, told to whoever looks at each change.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Instant,
};

use backend_api::{CheckSink, Outcome};
use model::{Diagnosis, Failure, Fix, HostAddress, Stage, StageStatus, TimestampMs};
use tokio::sync::watch;

use super::remedy;

/// A stage by its id and the machine it is about.
type Key = (String, Option<u32>);

/// The stages of one test.
pub(super) struct Board {
    state: watch::Sender<Diagnosis>,
    begun: Mutex<BTreeMap<Key, Instant>>,
    /// Public keys that were offered, by machine.
    pub(super) offered: Mutex<Vec<(usize, String)>>,
    /// Addresses that did not answer, by machine.
    pub(super) failed: Mutex<Vec<(usize, HostAddress, Failure)>>,
}

/// How a stage ended.
pub(super) struct Ending {
    pub(super) status: StageStatus,
    pub(super) summary: Option<String>,
    pub(super) failure: Option<Failure>,
    pub(super) fixes: Vec<Fix>,
}

impl Board {
    pub(super) fn new(first: Diagnosis) -> Self {
        Self {
            state: watch::Sender::new(first),
            begun: Mutex::default(),
            offered: Mutex::default(),
            failed: Mutex::default(),
        }
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<Diagnosis> {
        self.state.subscribe()
    }

    pub(super) fn snapshot(&self) -> Diagnosis {
        self.state.borrow().clone()
    }

    /// A stage begins, perhaps for the second time: another address is tried.
    pub(super) fn begin(&self, id: &str, hop: Option<u32>) {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        begun.entry((id.to_owned(), hop)).or_insert_with(Instant::now);
        drop(begun);
        self.change(id, hop, |stage| {
            stage.status = StageStatus::Running;
            stage.summary = None;
        });
    }

    /// Words about a stage that goes on.
    pub(super) fn say(&self, words: &str) {
        self.state.send_modify(|state| {
            let running = state.stages.iter_mut().find(|s| s.status == StageStatus::Running);
            if let Some(stage) = running {
                stage.summary = Some(words.to_owned());
            }
        });
    }

    pub(super) fn pass(&self, id: &str, hop: Option<u32>, summary: impl Into<String>) {
        let (summary, failure) = (Some(summary.into()), None);
        let status = StageStatus::Passed;
        self.finish(id, hop, Ending { status, summary, failure, fixes: Vec::new() });
    }

    pub(super) fn skip(&self, id: &str, hop: Option<u32>, summary: impl Into<String>) {
        let (summary, failure) = (Some(summary.into()), None);
        let status = StageStatus::Skipped;
        self.finish(id, hop, Ending { status, summary, failure, fixes: Vec::new() });
    }

    pub(super) fn finish(&self, id: &str, hop: Option<u32>, ending: Ending) {
        let begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        let took = begun.get(&(id.to_owned(), hop)).map(Instant::elapsed);
        drop(begun);
        self.change(id, hop, |stage| {
            stage.status = ending.status;
            stage.summary = ending.summary;
            stage.failure = ending.failure;
            stage.fixes = ending.fixes;
            stage.duration_ms =
                took.map(|took| u32::try_from(took.as_millis()).unwrap_or(u32::MAX));
        });
    }

    /// The stage that goes on, or else the first that waits, failed.
    pub(super) fn fail(&self, failure: Failure) {
        let state = self.snapshot();
        let at = |status| state.stages.iter().find(|stage| stage.status == status);
        let Some(stage) = at(StageStatus::Running).or_else(|| at(StageStatus::Waiting)) else {
            return;
        };
        let offered = self.offered.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let fixes = remedy::fixes(&state, stage, &failure, &offered);
        let (status, failure) = (StageStatus::Failed, Some(failure));
        self.finish(&stage.id, stage.hop, Ending { status, summary: None, failure, fixes });
    }

    /// Nothing more comes: what was not reached is skipped.
    pub(super) fn end(&self, now: TimestampMs) {
        self.state.send_modify(|state| {
            for stage in &mut state.stages {
                if matches!(stage.status, StageStatus::Waiting | StageStatus::Running) {
                    stage.status = StageStatus::Skipped;
                }
            }
            state.ended_at = Some(now);
        });
    }

    fn change(&self, id: &str, hop: Option<u32>, change: impl FnOnce(&mut Stage)) {
        self.state.send_modify(|state| {
            let found = state.stages.iter_mut().find(|stage| stage.id == id && stage.hop == hop);
            if let Some(stage) = found {
                change(stage);
            }
        });
    }
}

impl CheckSink for Board {
    fn begin(&self, id: &str) {
        Self::begin(self, id, None);
    }

    fn end(&self, id: &str, outcome: Outcome) {
        let ending = match outcome {
            Outcome::Passed(summary) => return self.pass(id, None, summary),
            Outcome::Skipped(reason) => return self.skip(id, None, reason),
            Outcome::Warned { summary, failure, fixes } => Ending {
                status: StageStatus::Warned,
                summary: Some(summary),
                failure: Some(failure),
                fixes,
            },
            Outcome::Failed { failure, fixes } => {
                Ending { status: StageStatus::Failed, summary: None, failure: Some(failure), fixes }
            }
        };
        self.finish(id, None, ending);
    }
}
