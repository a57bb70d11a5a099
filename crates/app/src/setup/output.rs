//! What the script says: lines for a person, and lines that begin with `::` for us.

use backend_api::{BoxStream, LogSink, StepSink};
use futures::StreamExt as _;
use model::{ErrorCode, Failure, LogStream};
use tokio_util::codec::{FramedRead, LinesCodec, LinesCodecError};

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

/// Reads to the end, telling steps and lines as they come.
pub(super) async fn follow<S: LogSink + StepSink>(
    stream: BoxStream,
    run: &S,
    server: &str,
) -> Result<Ended, Failure> {
    let mut lines = FramedRead::new(stream, LinesCodec::new_with_max_length(LINE));
    let mut ended = None;
    let mut broken = None;
    while let Some(line) = lines.next().await {
        let line = match line {
            Ok(line) => line,
            Err(LinesCodecError::MaxLineLengthExceeded) => {
                run.line(LogStream::Note, "a line that is too long was left out");
                continue;
            }
            Err(LinesCodecError::Io(error)) => {
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

    use super::{Ended, Said, parse};

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
        fn no_line_upsets(line in "(::(step|same|done|fail) ?)?\\PC{0,40}") {
            let said = parse(&line);
            prop_assert!(!matches!(said, Said::Step(0) | Said::Same(0)));
        }
    }
}
