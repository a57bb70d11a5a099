//! What a container's main program printed, as lines with their time.
//!
//! Recorded from Podman 4.3.1: every line is one frame, terminals included; a line longer than 8 KiB comes
//! as several frames without line end, each with its own timestamp; an answer that is followed has no
//! header before its first line, so it is waited for inside the stream.

use async_trait::async_trait;
use backend_api::{BackendError, Cx, LogOptions, Logs};
use futures::stream::{self, BoxStream, StreamExt};
use model::{LogLine, LogStream, WorkspaceId};

use crate::convert::timestamp;
use crate::frames::{FrameParser, Piece};
use crate::http::{Call, Client, Streaming, escape};
use crate::lines::{CutLine, LineCutter};
use crate::session::PodmanSession;
use crate::watch::next_bytes;

/// Longest line kept.
const MAX_LINE: usize = 64 * 1024;
/// Longest timestamp before a line, its space included.
const MAX_STAMP: usize = 40;

#[async_trait]
impl Logs for PodmanSession {
    async fn logs(
        &self,
        id: &WorkspaceId,
        options: LogOptions,
        cx: &Cx,
    ) -> Result<BoxStream<'static, Result<LogLine, BackendError>>, BackendError> {
        let found = self.inspected(id, cx).await?;
        let mut path = format!(
            "containers/{}/logs?stdout=true&stderr=true&timestamps=true&follow={}",
            escape(&found.id),
            options.is_followed && found.state.running
        );
        if let Some(tail) = options.tail {
            path = format!("{path}&tail={tail}");
        }
        if let Some(since) = options.since {
            path = format!("{path}&since={}", since.div_euclid(1000));
        }
        let client = self.client.clone();
        let (name, cx) = (found.name, cx.clone());
        let opened = async move {
            let streaming = match client.stream_later(Call::get(path).bulk(), &cx).await? {
                Ok(streaming) => streaming,
                Err(reply) => {
                    let server = &client.server;
                    let attempt =
                        crate::error::Attempt { server, verb: "read the log of", subject: &name };
                    return Err(attempt.refused(&reply));
                }
            };
            Ok(lines(streaming, client))
        };
        let stream = stream::once(opened).flat_map(|opened| match opened {
            Ok(lines) => lines,
            Err(error) => stream::once(async { Err(error) }).boxed(),
        });
        Ok(stream.boxed())
    }
}

fn lines(
    streaming: Streaming,
    client: Client,
) -> BoxStream<'static, Result<LogLine, BackendError>> {
    let state = Some((streaming, Assembler::default(), client));
    stream::try_unfold(state, |state| async {
        let Some((mut streaming, mut assembler, client)) = state else { return Ok(None) };
        match next_bytes(&mut streaming, &client).await? {
            Some(bytes) => {
                let lines = assembler.push(&bytes);
                Ok(Some((stream::iter(lines), Some((streaming, assembler, client)))))
            }
            None => Ok::<_, BackendError>(Some((stream::iter(assembler.finish()), None))),
        }
    })
    .flat_map(|lines| match lines {
        Ok(lines) => lines.map(Ok).boxed(),
        Err(error) => stream::once(async { Err(error) }).boxed(),
    })
    .boxed()
}

/// Puts frames together to lines. Bytes that are no frames are one plain stream.
#[derive(Default)]
struct Assembler {
    frames: FrameParser,
    is_plain: bool,
    stdout: Half,
    stderr: Half,
}

impl Assembler {
    fn push(&mut self, bytes: &[u8]) -> Vec<LogLine> {
        if !self.is_plain {
            match self.frames.push(bytes) {
                Ok(pieces) => return pieces.iter().flat_map(|piece| self.piece(piece)).collect(),
                Err(_) => self.is_plain = true,
            }
        }
        self.stdout.plain(bytes)
    }

    fn piece(&mut self, piece: &Piece) -> Vec<LogLine> {
        match piece.fd {
            2 | 3 => self.stderr.piece(piece, LogStream::Stderr),
            _ => self.stdout.piece(piece, LogStream::Stdout),
        }
    }

    fn finish(&mut self) -> Vec<LogLine> {
        let mut last = self.stdout.finish(LogStream::Stdout);
        last.extend(self.stderr.finish(LogStream::Stderr));
        last
    }
}

/// One of the two streams of a log.
struct Half {
    cutter: LineCutter,
    /// The beginning of a frame while its timestamp is not complete.
    stamp: Option<Vec<u8>>,
    at: Option<i64>,
}

impl Default for Half {
    fn default() -> Self {
        Self { cutter: LineCutter::new(MAX_LINE), stamp: None, at: None }
    }
}

impl Half {
    fn piece(&mut self, piece: &Piece, stream: LogStream) -> Vec<LogLine> {
        if piece.is_first {
            self.stamp = Some(Vec::new());
        }
        let Some(stamp) = &mut self.stamp else { return self.text(&piece.bytes, stream) };
        stamp.extend_from_slice(&piece.bytes);
        if !stamp.contains(&b' ') && stamp.len() <= MAX_STAMP {
            return Vec::new();
        }
        let held = self.stamp.take().unwrap_or_default();
        let (at, rest) = split_stamp(&held);
        self.at = at.or(self.at);
        self.text(rest, stream)
    }

    fn text(&mut self, bytes: &[u8], stream: LogStream) -> Vec<LogLine> {
        let cut = self.cutter.push(bytes);
        cut.iter().map(|line| LogLine { at: self.at, stream, text: line.text() }).collect()
    }

    /// Bytes without frames: the timestamp begins each line.
    fn plain(&mut self, bytes: &[u8]) -> Vec<LogLine> {
        self.cutter.push(bytes).iter().map(plain_line).collect()
    }

    fn finish(&mut self, stream: LogStream) -> Vec<LogLine> {
        let held = self.stamp.take().unwrap_or_default();
        let mut lines = self.text(&held, stream);
        let last = self.cutter.finish();
        lines.extend(last.map(|line| LogLine { at: self.at, stream, text: line.text() }));
        lines
    }
}

fn plain_line(line: &CutLine) -> LogLine {
    let (at, rest) = split_stamp(&line.bytes);
    let text = CutLine { bytes: rest.to_vec(), dropped: line.dropped }.text();
    LogLine { at, stream: LogStream::Stdout, text }
}

/// Splits `2026-11-21T13:39:22Z text`; without a timestamp everything is text.
fn split_stamp(bytes: &[u8]) -> (Option<i64>, &[u8]) {
    let Some(end) = bytes.iter().take(MAX_STAMP).position(|byte| *byte == b' ') else {
        return (None, bytes);
    };
    let (stamp, rest) = bytes.split_at(end);
    match std::str::from_utf8(stamp).ok().and_then(timestamp) {
        Some(at) => (Some(at), rest.get(1..).unwrap_or_default()),
        None => (None, bytes),
    }
}

#[cfg(test)]
mod tests {
    use model::LogStream;
    use proptest::prelude::*;

    use super::Assembler;

    fn frame(fd: u8, payload: &[u8]) -> Vec<u8> {
        let mut bytes = vec![fd, 0, 0, 0];
        bytes.extend_from_slice(&u32::try_from(payload.len()).unwrap().to_be_bytes());
        bytes.extend_from_slice(payload);
        bytes
    }

    fn assembled(wire: &[u8], cut: usize) -> Vec<(LogStream, Option<i64>, String)> {
        let mut assembler = Assembler::default();
        let mut lines = Vec::new();
        for chunk in wire.chunks(cut) {
            lines.extend(assembler.push(chunk));
        }
        lines.extend(assembler.finish());
        lines.into_iter().map(|line| (line.stream, line.at, line.text)).collect()
    }

    #[test]
    fn a_long_line_in_several_frames_is_one_line() {
        let mut wire = frame(1, b"2026-11-21T13:39:22Z long ");
        wire.extend(frame(2, b"2026-11-21T13:39:22Z err\n"));
        wire.extend(frame(1, b"2026-11-21T13:39:23Z line\r\n"));
        for cut in 1..wire.len() {
            assert_eq!(
                assembled(&wire, cut),
                [
                    (LogStream::Stderr, Some(1_795_268_362_000), "err".to_owned()),
                    (LogStream::Stdout, Some(1_795_268_363_000), "long line".to_owned()),
                ]
            );
        }
    }

    #[test]
    fn plain_text_of_a_terminal_is_read_too() {
        let lines = assembled(b"2026-11-21T13:39:22Z one\r\ntwo without a time\n", 1000);
        assert_eq!(lines[0], (LogStream::Stdout, Some(1_795_268_362_000), "one".to_owned()));
        assert_eq!(lines[1].2, "two without a time");
    }

    proptest! {
        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400), cut in 1usize..64) {
            let _ = assembled(&bytes, cut);
        }
    }
}
