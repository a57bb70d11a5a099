//! What the main programs of nodes printed, by Docker on the SSH host.

use async_trait::async_trait;
use backend_api::{BackendError, BoxStream, Cx, LogOptions, Logs};
use futures::StreamExt;
use futures::stream::BoxStream as BoxItems;
use model::{LogLine, LogStream, TimestampMs, WorkspaceId};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio_util::codec::{FramedRead, LinesCodec, LinesCodecError};

use crate::console::{Way, way};
use crate::inside;
use crate::session::NetlabSession;

/// Longest line of a log.
const MAX_LINE: usize = 64 * 1024;

#[async_trait]
impl Logs for NetlabSession {
    async fn logs(
        &self,
        id: &WorkspaceId,
        options: LogOptions,
        cx: &Cx,
    ) -> Result<BoxItems<'static, Result<LogLine, BackendError>>, BackendError> {
        let node = self.node(id, cx).await?;
        let Way::Container(container) = way(&node)? else {
            return Err(BackendError::unsupported(format!("{} has no log", node.name))
                .with_hint("Only nodes in containers have one."));
        };
        let asked = ["--timestamps".to_owned()]
            .into_iter()
            .chain(options.is_followed.then(|| "--follow".into()))
            .chain(options.tail.map(|tail| format!("--tail={tail}")))
            .chain(options.since.map(|since| format!("--since={}", since.div_euclid(1000))));
        let words = inside::logs(asked, &container);
        let argv: Vec<&str> = words.iter().map(String::as_str).collect();
        let stream = cx.until_cancelled(cx.exec.spawn_bulk(&argv)).await?;
        Ok(lines(stream, node.name, &self.closing))
    }
}

fn lines(
    stream: BoxStream,
    node: String,
    closing: &tokio_util::sync::CancellationToken,
) -> BoxItems<'static, Result<LogLine, BackendError>> {
    let lines = FramedRead::new(stream, LinesCodec::new_with_max_length(MAX_LINE));
    let line = move |line: Result<String, LinesCodecError>| match line {
        Ok(text) => Some(Ok(log_line(&text))),
        // A longer line is left out; what follows is not.
        Err(LinesCodecError::MaxLineLengthExceeded) => None,
        Err(LinesCodecError::Io(error)) => {
            Some(Err(BackendError::unreachable(format!("the log of {node} broke off"))
                .with_hint("Check that the node is there and that this login may use Docker.")
                .with_detail(error.to_string())))
        }
    };
    let closed = closing.clone().cancelled_owned();
    lines.filter_map(move |one| std::future::ready(line(one))).take_until(closed).boxed()
}

fn log_line(text: &str) -> LogLine {
    let text = text.trim_end_matches('\r');
    let (at, text) = match text.split_once(' ') {
        Some((stamp, rest)) if moment(stamp).is_some() => (moment(stamp), rest),
        _ => (None, text),
    };
    LogLine { at, stream: LogStream::Stdout, text: text.to_owned() }
}

fn moment(text: &str) -> Option<TimestampMs> {
    let time = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    TimestampMs::try_from(time.unix_timestamp_nanos() / 1_000_000).ok()
}

#[cfg(test)]
mod tests {
    use super::log_line;

    #[test]
    fn a_line_of_a_log_has_its_time() {
        let line = log_line("2026-11-21T13:39:22.5Z hello\r");
        assert_eq!((line.at, line.text.as_str()), (Some(1_795_268_362_500), "hello"));
        assert_eq!(log_line("hello there").text, "hello there");
    }
}
