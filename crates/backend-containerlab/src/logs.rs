//! Logs of nodes, whole or followed. The newer server follows in JSON lines, the older in plain text.

use async_trait::async_trait;
use backend_api::{BackendError, Cx, LogOptions, Logs};
use futures::StreamExt;
use futures::stream::{self, BoxStream as BoxItems};
use https::Call;
use model::{LogLine, LogStream, TimestampMs, WorkspaceId};
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::api::escape;
use crate::lines::Lines;
use crate::session::{ClabSession, console_parts};
use crate::wire::NodeLogs;

const MOST: usize = 64 * 1024 * 1024;

#[async_trait]
impl Logs for ClabSession {
    async fn logs(
        &self,
        id: &WorkspaceId,
        options: LogOptions,
        cx: &Cx,
    ) -> Result<BoxItems<'static, Result<LogLine, BackendError>>, BackendError> {
        let (lab, container) = console_parts(id)?;
        let subject = format!("node \"{container}\"");
        let attempt = self.api.attempt("read the log of", &subject);
        let mut path = format!("api/v1/labs/{}/nodes/{}/logs?", escape(lab), escape(container));
        if let Some(tail) = options.tail {
            path.push_str(&format!("tail={tail}&"));
        }
        let is_new = move |line: &LogLine| match (options.since, line.at) {
            (Some(since), Some(at)) => at > since,
            _ => true,
        };
        if !options.is_followed {
            let reply =
                attempt.check(self.api.send(Call::get(path).at_most(MOST).bulk(), cx).await?)?;
            let text = String::from_utf8_lossy(&reply.body).into_owned();
            let text = match serde_json::from_slice::<NodeLogs>(&reply.body) {
                Ok(logs) if self.found.is_modern() => logs.logs,
                _ => text,
            };
            let lines: Vec<LogLine> = text.lines().filter_map(plain).filter(is_new).collect();
            return Ok(stream::iter(lines).map(Ok).boxed());
        }
        path.push_str("follow=true");
        let streaming = match self.api.stream(Call::get(path).bulk(), cx).await? {
            Ok(streaming) => streaming,
            Err(reply) => return Err(attempt.refused(&reply)),
        };
        let read = if self.found.is_modern() { wrapped } else { plain };
        let body = streaming.body.take_until(self.closing.clone().cancelled_owned());
        let lines = body.scan(Lines::default(), move |lines, came| {
            let items: Vec<Result<LogLine, BackendError>> = match came {
                Ok(bytes) => {
                    let lines = lines.push(&bytes);
                    lines.iter().filter_map(|line| read(line)).filter(is_new).map(Ok).collect()
                }
                Err(error) => vec![Err(error)],
            };
            std::future::ready(Some(stream::iter(items)))
        });
        Ok(lines.flatten().boxed())
    }
}

/// A line with the time in front, where it is one.
fn plain(line: &str) -> Option<LogLine> {
    let line = line.trim_end_matches('\r');
    if line.is_empty() {
        return None;
    }
    let (at, text) = match line.split_once(' ') {
        Some((first, rest)) => match moment(first) {
            Some(at) => (Some(at), rest),
            None => (None, line),
        },
        None => (moment(line), if moment(line).is_some() { "" } else { line }),
    };
    Some(LogLine { at, stream: LogStream::Stdout, text: text.to_owned() })
}

/// A line inside JSON; whatever is not JSON is a line itself.
fn wrapped(line: &str) -> Option<LogLine> {
    let Ok(value) = serde_json::from_str::<Value>(line) else { return plain(line) };
    let text = ["line", "log", "message", "data"].iter().find_map(|key| value.get(key)?.as_str());
    let shown = plain(text?.trim_end_matches('\n'))?;
    let is_error = value.get("stream").and_then(Value::as_str) == Some("stderr");
    let stream = if is_error { LogStream::Stderr } else { LogStream::Stdout };
    Some(LogLine { stream, ..shown })
}

fn moment(text: &str) -> Option<TimestampMs> {
    let read = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    TimestampMs::try_from(read.unix_timestamp_nanos() / 1_000_000).ok()
}

#[cfg(test)]
mod tests {
    use model::LogStream;
    use proptest::prelude::*;

    use super::{plain, wrapped};

    #[test]
    fn lines_of_both_servers_are_read() {
        let recorded = plain("2026-11-21T11:30:32.961045549Z Started watchfrr.").unwrap();
        assert_eq!(
            (recorded.at, recorded.text.as_str()),
            (Some(1_795_260_632_961), "Started watchfrr.")
        );
        assert_eq!(plain("no time here").unwrap().text, "no time here");
        assert_eq!(plain(""), None);
        let json = wrapped(r#"{"line":"oh","stream":"stderr"}"#).unwrap();
        assert_eq!((json.stream, json.text.as_str()), (LogStream::Stderr, "oh"));
    }

    proptest! {
        #[test]
        fn any_line_is_read(text in "\\PC{0,100}") {
            let _ = plain(&text);
            let _ = wrapped(&text);
        }
    }
}
