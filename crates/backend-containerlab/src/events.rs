//! Lines of an operation's stream: what is logged, and how it ends.

use model::LogStream;
use serde::Deserialize;

use crate::lines::Lines;

/// One thing that a stream says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    Log(LogStream, String),
    /// The operation is done, the server says.
    Done(String),
    /// It failed, with these words; the status was 200 all the same.
    Failed(String),
}

#[derive(Deserialize)]
struct Line {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    line: String,
    #[serde(default)]
    stream: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    error: String,
}

/// Takes bytes in any cut, gives events. Empty lines are the server's sign of life.
#[derive(Debug, Default)]
pub(crate) struct Events {
    lines: Lines,
}

impl Events {
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Vec<Event> {
        self.lines.push(bytes).iter().filter_map(|line| event(line)).collect()
    }

    pub(crate) fn finish(&mut self) -> Option<Event> {
        self.lines.finish().as_deref().and_then(event)
    }
}

/// A line that is not understood is shown as it is.
fn event(text: &str) -> Option<Event> {
    if text.trim().is_empty() {
        return None;
    }
    let as_it_is = || Event::Log(LogStream::Stdout, text.to_owned());
    let Ok(line) = serde_json::from_str::<Line>(text) else { return Some(as_it_is()) };
    let stream = if line.stream == "stderr" { LogStream::Stderr } else { LogStream::Stdout };
    Some(match line.kind.as_str() {
        "log" => Event::Log(stream, line.line),
        "done" => Event::Done(line.message),
        "error" => Event::Failed(line.error),
        _ => as_it_is(),
    })
}

#[cfg(test)]
mod tests {
    use model::LogStream;
    use proptest::prelude::*;

    use super::{Event, Events};

    const WIRE: &str = "\n{\"type\":\"log\",\"line\":\"13:22:28 INFO Creating container name=é\",\"stream\":\"stdout\"}\n\n{\"type\":\"log\",\"line\":\"oh\",\"stream\":\"stderr\"}\nplain words\n{\"type\":\"done\",\"message\":\"fine\"}";

    proptest! {
        #[test]
        fn a_stream_cut_anywhere_says_the_same(cut in 1usize..60) {
            let mut events = Events::default();
            let mut got: Vec<Event> = Vec::new();
            for chunk in WIRE.as_bytes().chunks(cut) {
                got.extend(events.push(chunk));
            }
            got.extend(events.finish());
            prop_assert_eq!(got, vec![
                Event::Log(LogStream::Stdout, "13:22:28 INFO Creating container name=é".into()),
                Event::Log(LogStream::Stderr, "oh".into()),
                Event::Log(LogStream::Stdout, "plain words".into()),
                Event::Done("fine".into()),
            ]);
        }

        #[test]
        fn anything_is_read(bytes in proptest::collection::vec(any::<u8>(), 0..400), cut in 1usize..50) {
            let mut events = Events::default();
            for chunk in bytes.chunks(cut) {
                let _ = events.push(chunk);
            }
            let _ = events.finish();
        }

        #[test]
        fn an_error_is_an_error_whatever_it_says(words in "\\PC{0,60}") {
            let line = serde_json::json!({ "type": "error", "error": words }).to_string() + "\n";
            prop_assert_eq!(Events::default().push(line.as_bytes()), vec![Event::Failed(words)]);
        }
    }
}
