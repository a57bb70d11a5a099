//! Takes what the program logs into the journal: the message first, then the fields.

use std::fmt::Write as _;

use backend_api::{Clock as _, SystemClock};
use model::LogLevel;
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{Layer, layer::Context};

use super::journal::{Journal, Record};

/// A longer line is cut.
const LONGEST: usize = 4096;

/// Collects lines for a journal.
pub struct JournalLayer {
    journal: Journal,
}

impl JournalLayer {
    pub(super) fn new(journal: Journal) -> Self {
        Self { journal }
    }
}

impl<S: Subscriber> Layer<S> for JournalLayer {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut words = Words::default();
        event.record(&mut words);
        let metadata = event.metadata();
        self.journal.push(Record {
            at: SystemClock.now(),
            level: level(*metadata.level()),
            target: metadata.target().to_owned(),
            text: words.line(),
        });
    }
}

fn level(level: Level) -> LogLevel {
    match level {
        Level::ERROR => LogLevel::Error,
        Level::WARN => LogLevel::Warn,
        Level::INFO => LogLevel::Info,
        _ => LogLevel::Debug,
    }
}

#[derive(Default)]
struct Words {
    message: String,
    fields: String,
}

impl Words {
    fn line(self) -> String {
        let mut text = self.message + &self.fields;
        if text.len() > LONGEST {
            let end = (0..=LONGEST).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
            text.truncate(end);
            text.push('…');
        }
        text.replace(['\n', '\r'], " ")
    }
}

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        // Writing to a string cannot fail.
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let _ = match field.name() {
            "message" => write!(self.message, "{value}"),
            name => write!(self.fields, " {name}={value}"),
        };
    }
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    #[test]
    fn a_line_has_its_level_its_message_and_its_fields() {
        let journal = Journal::default();
        let subscriber = tracing_subscriber::registry().with(journal.layer());
        tracing::subscriber::with_default(subscriber, || {
            tracing::warn!(count = 3, name = "a\nb", "lists are late");
        });
        let text = journal.text(LogLevel::Warn);
        assert!(text.contains("WARN"), "{text}");
        assert!(text.trim_end().ends_with("lists are late count=3 name=a b"), "{text}");
        assert_eq!(journal.text(LogLevel::Error), "");
    }
}
