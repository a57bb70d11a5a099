//! What a pull and a build say while they go on: one JSON object a line.

use serde::Deserialize;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Message {
    /// Output, in whatever pieces it came.
    Output(String),
    /// A layer of a pull; bytes are known while it is on its way.
    Layer { id: String, status: String, done: u64, total: u64 },
    /// The last word: it failed.
    Failed(String),
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Line {
    stream: Option<String>,
    error: Option<String>,
    #[serde(rename = "errorDetail")]
    error_detail: Option<Detail>,
    status: Option<String>,
    id: Option<String>,
    #[serde(rename = "progressDetail")]
    progress: Option<Progress>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Detail {
    message: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Progress {
    current: u64,
    total: u64,
}

/// What a line means; none for what says nothing. A line that is no JSON is output of its own.
pub(super) fn parse(line: &[u8]) -> Option<Message> {
    let Ok(read) = serde_json::from_slice::<Line>(line) else {
        let text = String::from_utf8_lossy(line);
        return (!text.trim().is_empty()).then(|| Message::Output(format!("{text}\n")));
    };
    let error = read.error.filter(|words| !words.is_empty());
    let error = error.or_else(|| read.error_detail.map(|detail| detail.message));
    if let Some(words) = error.filter(|words| !words.is_empty()) {
        return Some(Message::Failed(words.trim().to_owned()));
    }
    if let Some(text) = read.stream.filter(|text| !text.is_empty()) {
        return Some(Message::Output(text));
    }
    let status = read.status.filter(|status| !status.is_empty())?;
    let Progress { current, total } = read.progress.unwrap_or_default();
    Some(Message::Layer { id: read.id.unwrap_or_default(), status, done: current, total })
}

/// `STEP 2/5: RUN make`, with the stage before it when there are several; as Buildah prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StepLine {
    /// From 1.
    pub(super) stage: usize,
    /// From 1, within the stage.
    pub(super) step: usize,
    /// The instruction, for example "RUN".
    pub(super) keyword: String,
}

/// Reads the heading of a step.
pub(super) fn step_line(line: &str) -> Option<StepLine> {
    let (stage, rest) = match line.strip_prefix('[') {
        Some(rest) => {
            let (stages, rest) = rest.split_once("] ")?;
            (stages.split_once('/')?.0.parse().ok()?, rest)
        }
        None => (1, line),
    };
    let (numbers, text) = rest.strip_prefix("STEP ")?.split_once(": ")?;
    let (step, _) = numbers.split_once('/')?;
    let keyword = text.split_whitespace().next()?.to_ascii_uppercase();
    Some(StepLine { stage, step: step.parse().ok()?, keyword })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Message, StepLine, parse, step_line};

    #[test]
    fn podmans_lines_are_read() {
        let read = |text: &str| parse(text.as_bytes());
        assert_eq!(read(r#"{"stream":"hello\n"}"#), Some(Message::Output("hello\n".into())));
        assert_eq!(
            read(r#"{"errorDetail":{"message":"no\n"},"error":"no\n"}"#),
            Some(Message::Failed("no".into()))
        );
        assert_eq!(
            read(
                r#"{"status":"Downloading","progressDetail":{"current":3,"total":6},"id":"aa2e"}"#
            ),
            Some(Message::Layer {
                id: "aa2e".into(),
                status: "Downloading".into(),
                done: 3,
                total: 6
            })
        );
        assert_eq!(read(r#"{"images":["81"],"id":"81"}"#), None);
        assert_eq!(read("half a li"), Some(Message::Output("half a li\n".into())));
    }

    #[test]
    fn headings_of_steps_are_read() {
        let step =
            |stage, step, keyword: &str| Some(StepLine { stage, step, keyword: keyword.into() });
        assert_eq!(step_line("STEP 2/5: RUN make"), step(1, 2, "RUN"));
        assert_eq!(step_line("[2/2] STEP 1/3: FROM a AS b"), step(2, 1, "FROM"));
        assert_eq!(step_line("STEP by step"), None);
        assert_eq!(step_line("--> b456b93d705"), None);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in ".{0,80}") {
            let _ = parse(&bytes);
            let _ = step_line(&text);
        }

        #[test]
        fn output_survives(text in "\\PC{1,80}\n?") {
            let line = serde_json::json!({ "stream": text }).to_string();
            prop_assert_eq!(parse(line.as_bytes()), Some(Message::Output(text)));
        }

        #[test]
        fn a_heading_survives(stage in 1usize..9, step in 1usize..99, keyword in "[A-Z]{2,9}", rest in "\\PC{0,20}") {
            let line = format!("[{stage}/9] STEP {step}/99: {keyword} {rest}");
            prop_assert_eq!(step_line(&line), Some(StepLine { stage, step, keyword }));
        }
    }
}
