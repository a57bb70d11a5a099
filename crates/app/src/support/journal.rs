//! The last lines of Moorline's own log, in memory, for the log page and the support bundle.
//!
//! The files that a host writes are elsewhere; what is logged is everybody's own business.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use model::{LogLevel, LogLine, LogStream, TimestampMs};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use tokio::sync::watch;

use super::layer::JournalLayer;

/// Lines kept: some megabytes at most.
const KEPT: usize = 20_000;
/// Lines handed on at once.
const BATCH: usize = 512;

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) at: TimestampMs,
    pub(super) level: LogLevel,
    pub(super) target: String,
    pub(super) text: String,
}

#[derive(Default)]
struct Kept {
    records: VecDeque<Arc<Record>>,
    /// Lines there were before the oldest kept one.
    dropped: u64,
}

struct Inner {
    kept: Mutex<Kept>,
    /// Lines written so far.
    written: watch::Sender<u64>,
}

/// The last lines of the log; clones share them.
#[derive(Clone)]
pub struct Journal(Arc<Inner>);

impl Default for Journal {
    fn default() -> Self {
        Self(Arc::new(Inner { kept: Mutex::default(), written: watch::Sender::new(0) }))
    }
}

impl Journal {
    /// What collects the lines; add it to the program's subscriber.
    #[must_use]
    pub fn layer(&self) -> JournalLayer {
        JournalLayer::new(self.clone())
    }

    pub(super) fn push(&self, record: Record) {
        let mut kept = self.lock();
        if kept.records.len() >= KEPT {
            kept.records.pop_front();
            kept.dropped += 1;
        }
        kept.records.push_back(Arc::new(record));
        let written = kept.dropped + kept.records.len() as u64;
        drop(kept);
        self.0.written.send_replace(written);
    }

    pub(super) fn follow(&self, level: LogLevel) -> Follow {
        Follow { journal: self.clone(), written: self.0.written.subscribe(), position: 0, level }
    }

    /// The kept lines as they stand in a file.
    pub(super) fn text(&self, level: LogLevel) -> String {
        let kept = self.lock();
        kept.records.iter().filter(|r| r.level <= level).map(|record| record.plain()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One look at the journal.
pub(super) struct Follow {
    journal: Journal,
    written: watch::Receiver<u64>,
    position: u64,
    level: LogLevel,
}

impl Follow {
    /// The next lines, what is kept first. One who reads slower than the
    /// program logs misses the oldest lines, and is told so.
    pub(super) async fn next(&mut self) -> Option<Vec<LogLine>> {
        loop {
            let written = *self.written.borrow_and_update();
            if written > self.position {
                let lines = self.read();
                if !lines.is_empty() {
                    return Some(lines);
                }
            } else {
                self.written.changed().await.ok()?;
            }
        }
    }

    fn read(&mut self) -> Vec<LogLine> {
        let kept = self.journal.lock();
        let mut lines = Vec::new();
        if self.position > 0 && self.position < kept.dropped {
            let missed = kept.dropped - self.position;
            lines.push(LogLine {
                at: None,
                stream: LogStream::Note,
                text: format!("{missed} lines were skipped"),
            });
        }
        self.position = self.position.max(kept.dropped);
        let from = usize::try_from(self.position - kept.dropped).unwrap_or(usize::MAX);
        let batch: Vec<_> = kept.records.iter().skip(from).take(BATCH).cloned().collect();
        drop(kept);
        self.position += batch.len() as u64;
        let wanted = batch.iter().filter(|record| record.level <= self.level);
        lines.extend(wanted.map(|record| record.line()));
        lines
    }
}

impl Record {
    /// For the log page: the level in colour, as terminals show it.
    fn line(&self) -> LogLine {
        let (color, word) = match self.level {
            LogLevel::Error => (31, "ERROR"),
            LogLevel::Warn => (33, "WARN "),
            LogLevel::Info => (32, "INFO "),
            LogLevel::Debug => (36, "DEBUG"),
        };
        let (target, text) = (&self.target, &self.text);
        LogLine {
            at: Some(self.at),
            stream: LogStream::Stdout,
            text: format!("\u{1b}[{color}m{word}\u{1b}[0m \u{1b}[2m{target}\u{1b}[0m {text}"),
        }
    }

    fn plain(&self) -> String {
        let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.at) * 1_000_000)
            .ok()
            .and_then(|moment| moment.format(&Rfc3339).ok())
            .unwrap_or_default();
        let level = format!("{:?}", self.level).to_uppercase();
        format!("{moment} {level:5} {} {}\n", self.target, self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(number: usize, level: LogLevel) -> Record {
        Record { at: 0, level, target: "app".into(), text: format!("line {number}") }
    }

    #[tokio::test]
    async fn one_who_looks_sees_what_was_and_what_comes() {
        let journal = Journal::default();
        journal.push(record(1, LogLevel::Debug));
        journal.push(record(2, LogLevel::Warn));
        let mut follow = journal.follow(LogLevel::Info);
        let first = follow.next().await.unwrap();
        assert_eq!(first.len(), 1);
        assert!(first[0].text.ends_with("line 2"), "{first:?}");
        journal.push(record(3, LogLevel::Error));
        assert!(follow.next().await.unwrap()[0].text.ends_with("line 3"));
    }

    #[tokio::test]
    async fn the_oldest_lines_go_and_a_slow_looker_is_told() {
        let journal = Journal::default();
        journal.push(record(0, LogLevel::Info));
        let mut follow = journal.follow(LogLevel::Info);
        follow.next().await.unwrap();
        for number in 1..=KEPT + 10 {
            journal.push(record(number, LogLevel::Info));
        }
        let lines = follow.next().await.unwrap();
        assert_eq!(lines[0].text, "10 lines were skipped");
        assert!(lines[1].text.ends_with("line 11"), "{:?}", lines[1]);
        assert_eq!(journal.text(LogLevel::Info).lines().count(), KEPT);
    }
}
