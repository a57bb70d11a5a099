//! A run that is going on: its record, its log, its cancellation. Backends write to it from any thread.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use backend_api::{Clock as _, LogSink, StepSink, SystemClock};
use model::{
    Failure, LabId, LogLine, LogStream, Run, RunStatus, RunStep, StepProgress, StepStatus,
    TimestampMs, WorkspaceId,
};
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

/// Lines that may wait to be stored; beyond this a flood is thinned out and counted.
const PENDING: usize = 20_000;
/// Longer lines are cut.
const LINE: usize = 16 * 1024;

/// How much of the log is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Written {
    pub(crate) lines: u64,
    pub(crate) is_over: bool,
}

#[derive(Default)]
struct Pending {
    lines: VecDeque<LogLine>,
    skipped: u64,
}

/// A run that is going on.
pub(crate) struct LiveRun {
    run: Mutex<Run>,
    pending: Mutex<Pending>,
    /// Something changed; it is stored soon.
    pub(crate) touched: Notify,
    /// Something exists now that a crash would leave behind; it is stored at once.
    pub(crate) urgent: Notify,
    pub(crate) cancel: CancellationToken,
    /// Fires when nothing more comes and the rest has to be stored.
    pub(crate) over: CancellationToken,
    pub(crate) written: watch::Sender<Written>,
}

impl LiveRun {
    pub(crate) fn new(run: Run, cancel: CancellationToken) -> Self {
        Self {
            run: Mutex::new(run),
            pending: Mutex::default(),
            touched: Notify::new(),
            urgent: Notify::new(),
            cancel,
            over: CancellationToken::new(),
            written: watch::Sender::new(Written::default()),
        }
    }

    /// The record as it is now.
    pub(crate) fn snapshot(&self) -> Run {
        self.lock().clone()
    }

    /// The workspace that exists by now, if any.
    pub(crate) fn workspace_id(&self) -> Option<WorkspaceId> {
        self.lock().subject.workspace_id.clone()
    }

    /// Something was made that a crash would leave behind.
    pub(crate) fn made(&self, id: WorkspaceId) {
        self.lock().subject.workspace_id = Some(id);
        self.urgent.notify_one();
    }

    /// The lab it is about has this id.
    pub(crate) fn made_lab(&self, id: LabId) {
        self.lock().subject.lab_id = Some(id);
        self.urgent.notify_one();
    }

    /// Takes the lines that wait to be stored, and counts them.
    pub(crate) fn take_lines(&self) -> Vec<LogLine> {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let mut lines: Vec<LogLine> = pending.lines.drain(..).collect();
        let skipped = std::mem::take(&mut pending.skipped);
        drop(pending);
        if skipped > 0 {
            let text =
                format!("{skipped} lines were skipped: they came faster than they are stored");
            lines.push(LogLine { at: Some(SystemClock.now()), stream: LogStream::Note, text });
        }
        self.lock().log_lines += lines.len() as u64;
        lines
    }

    /// The run can be cancelled no longer.
    pub(crate) fn cancel_was_asked(&self) {
        self.lock().cancel_means = None;
        self.line(LogStream::Note, "cancelling");
        self.touched.notify_one();
    }

    /// From here on cancelling means something else.
    pub(crate) fn cancel_means(&self, words: String) {
        if let Some(means) = &mut self.lock().cancel_means {
            *means = words;
        }
        self.touched.notify_one();
    }

    /// Writes down how it ended.
    pub(crate) fn end(&self, result: Result<(), Failure>, leftover: Option<WorkspaceId>) {
        let now = SystemClock.now();
        let mut run = self.lock();
        let (status, step) = match &result {
            Ok(()) => (RunStatus::Succeeded, StepStatus::Succeeded),
            Err(failure) if failure.code == model::ErrorCode::Cancelled => {
                (RunStatus::Cancelled, StepStatus::Failed)
            }
            Err(_) => (RunStatus::Failed, StepStatus::Failed),
        };
        run.status = status;
        run.ended_at = Some(now);
        run.cancel_means = None;
        run.leftover = leftover;
        run.error = result.err();
        end_steps(&mut run.steps, step, now);
    }

    fn lock(&self) -> MutexGuard<'_, Run> {
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the steps of a run that ended: the running one as `status`, those not reached as skipped.
pub(crate) fn end_steps(steps: &mut [RunStep], status: StepStatus, now: TimestampMs) {
    for step in steps {
        match step.status {
            StepStatus::Running => {
                step.status = status;
                step.ended_at = Some(now);
            }
            StepStatus::Waiting => step.status = StepStatus::Skipped,
            StepStatus::Succeeded | StepStatus::Failed | StepStatus::Skipped => {}
        }
    }
}

impl LogSink for LiveRun {
    fn line(&self, stream: LogStream, text: &str) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        if pending.lines.len() >= PENDING {
            pending.skipped += 1;
            return;
        }
        let text = text.get(..text.floor_char_boundary(LINE)).unwrap_or(text).to_owned();
        pending.lines.push_back(LogLine { at: Some(SystemClock.now()), stream, text });
        drop(pending);
        self.touched.notify_one();
    }
}

impl StepSink for LiveRun {
    fn begin(&self, index: usize) {
        let now = SystemClock.now();
        let mut run = self.lock();
        for (position, step) in run.steps.iter_mut().enumerate() {
            if position < index && step.status == StepStatus::Running {
                step.status = StepStatus::Succeeded;
                step.ended_at = Some(now);
            } else if position < index && step.status == StepStatus::Waiting {
                step.status = StepStatus::Skipped;
            } else if position == index && step.status != StepStatus::Running {
                // One that is taken up again goes on.
                step.status = StepStatus::Running;
                step.started_at = Some(now);
                step.ended_at = None;
            }
        }
        drop(run);
        self.touched.notify_one();
    }

    fn skip(&self, index: usize) {
        if let Some(step) = self.lock().steps.get_mut(index) {
            step.status = StepStatus::Skipped;
        }
        self.touched.notify_one();
    }

    fn progress(&self, index: usize, progress: StepProgress) {
        let mut run = self.lock();
        let Some(step) = run.steps.get_mut(index) else { return };
        if step.progress != Some(progress) {
            step.progress = Some(progress);
            drop(run);
            self.touched.notify_one();
        }
    }
}
