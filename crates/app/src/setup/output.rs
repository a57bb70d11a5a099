//! What the script says: lines for a person, and lines that begin with `::` for us.

use std::io;

use backend_api::{BoxStream, LogSink, StepSink};
use model::{ErrorCode, Failure, LogStream};
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, BufReader};

/// Longer lines are left out.
const LINE: usize = 64 * 1024;

/// How a script that went well ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    Changed,
    /// Nothing was to be done.
    Same,
}

/// One line of the script.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Said<'a> {
    /// Steps are counted from 1.
    Step(usize),
    Same(usize),
    Fail(&'a str),
    Done(Ended),
    Words(&'a str),
}

fn parse(line: &str) -> Said<'_> {
    let words = Said::Words(line);
    let Some((command, rest)) = line.strip_prefix("::").and_then(|line| line.split_once(' '))
    else {
        return words;
    };
    let number = || rest.parse().ok().filter(|number| *number > 0);
    match (command, rest) {
        ("step", _) => number().map_or(words, Said::Step),
        ("same", _) => number().map_or(words, Said::Same),
        ("fail", _) => Said::Fail(rest),
        ("done", "changed") => Said::Done(Ended::Changed),
        ("done", "same") => Said::Done(Ended::Same),
        _ => words,
    }
}

/// What stands between two ends of lines.
#[derive(Debug, PartialEq, Eq)]
enum Line {
    /// Bytes that are no text are replaced.
    Text(String),
    TooLong,
}

/// The next line; none at the end. What the script's programs print may be anything.
async fn next_line(reader: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Line>> {
    let mut line = Vec::new();
    let (mut has_some, mut is_too_long) = (false, false);
    loop {
        let chunk = reader.fill_buf().await?;
        if chunk.is_empty() && !has_some {
            return Ok(None);
        }
        let end = chunk.iter().position(|byte| *byte == b'\n');
        let is_over = end.is_some() || chunk.is_empty();
        let (part, _) = chunk.split_at(end.unwrap_or(chunk.len()));
        is_too_long |= line.len() + part.len() > LINE;
        if !is_too_long {
            line.extend_from_slice(part);
        }
        has_some = true;
        let taken = part.len() + usize::from(end.is_some());
        reader.consume(taken);
        if is_over {
            let text = line.strip_suffix(b"\r").unwrap_or(&line);
            let text = || Line::Text(String::from_utf8_lossy(text).into_owned());
            return Ok(Some(if is_too_long { Line::TooLong } else { text() }));
        }
    }
}

/// Reads to the end, telling steps and lines as they come.
pub(super) async fn follow<S: LogSink + StepSink>(
    stream: BoxStream,
    run: &S,
    server: &str,
) -> Result<Ended, Failure> {
    let mut reader = BufReader::new(stream);
    let mut ended = None;
    let mut broken = None;
    loop {
        let line = match next_line(&mut reader).await {
            Ok(Some(Line::Text(line))) => line,
            Ok(Some(Line::TooLong)) => {
                run.line(LogStream::Note, "a line that is too long was left out");
                continue;
            }
            Ok(None) => break,
            Err(error) => {
                broken = Some(error.to_string());
                break;
            }
        };
        match parse(&line) {
            Said::Step(number) => run.begin(number - 1),
            Said::Same(number) => run.skip(number - 1),
            Said::Done(how) => ended = Some(how),
            Said::Words(words) => run.line(LogStream::Stdout, words),
            Said::Fail(words) => {
                run.line(LogStream::Stderr, words);
                return Err(Failure::new(ErrorCode::Rejected, words)
                    .with_hint("Mend that on the server, then run the set-up again."));
            }
        }
    }
    ended.ok_or_else(|| {
        let failure = Failure::new(
            ErrorCode::Rejected,
            format!("the set-up of {server} stopped before its end"),
        )
        .with_hint("The log says where. Run it again: it does only what is missing.");
        match broken {
            Some(detail) => failure.with_detail(detail),
            None => failure,
        }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Ended, LINE, Line, Said, next_line, parse};

    /// Reads in small pieces, as they come from a server.
    async fn lines(bytes: &[u8]) -> Vec<Line> {
        let mut reader = tokio::io::BufReader::with_capacity(7, bytes);
        let mut found = Vec::new();
        while let Some(line) = next_line(&mut reader).await.unwrap() {
            found.push(line);
        }
        found
    }

    #[tokio::test]
    async fn neither_a_long_line_nor_one_that_is_no_text_ends_the_reading() {
        let mut bytes = vec![b'x'; LINE + 1];
        bytes.extend(b"\n\xff\xfe apt\r\n\n::done changed");
        let text = |text: &str| Line::Text(text.into());
        let expected =
            [Line::TooLong, text("\u{fffd}\u{fffd} apt"), text(""), text("::done changed")];
        assert_eq!(lines(&bytes).await, expected);
    }

    #[test]
    fn lines_for_us_are_told_from_lines_for_a_person() {
        assert_eq!(parse("::step 3"), Said::Step(3));
        assert_eq!(parse("::same 3"), Said::Same(3));
        assert_eq!(parse("::fail no such user"), Said::Fail("no such user"));
        assert_eq!(parse("::done same"), Said::Done(Ended::Same));
        for words in ["::step 0", "::step x", "::done", "::done well", "installing podman", ""] {
            assert_eq!(parse(words), Said::Words(words));
        }
    }

    proptest! {
        #[test]
        fn lines_are_those_of_the_bytes(bytes in proptest::collection::vec(
            prop_oneof![Just(b'\n'), any::<u8>()], 0..60,
        )) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let found = runtime.block_on(lines(&bytes));
            let text = String::from_utf8_lossy(&bytes);
            let mut expected: Vec<&str> = text.split('\n').collect();
            if expected.last() == Some(&"") {
                expected.pop();
            }
            let one = |line: &str| Line::Text(line.strip_suffix('\r').unwrap_or(line).to_owned());
            prop_assert_eq!(found, expected.into_iter().map(one).collect::<Vec<_>>());
        }

        #[test]
        fn no_line_upsets(line in "(::(step|same|done|fail) ?)?\\PC{0,40}") {
            let said = parse(&line);
            prop_assert!(!matches!(said, Said::Step(0) | Said::Same(0)));
        }
    }
}
