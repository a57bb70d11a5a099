//! Containerfiles as far as steps and messages need them: instructions with their lines and stages.
//!
//! What an instruction does is Podman's business.

use std::iter::Peekable;
use std::str::Lines;

/// Everything that Podman 4 understands.
const KEYWORDS: &[&str] = &[
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];
/// A file that needs more was not written by a person.
const MOST: usize = 2000;

/// One instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Instruction {
    /// From 1: where it begins.
    pub(super) line: usize,
    /// From 1; 0 for what stands before the first FROM.
    pub(super) stage: usize,
    /// In capital letters.
    pub(super) keyword: String,
    /// The whole of it on one line.
    pub(super) text: String,
}

/// A line that will not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BadLine {
    pub(super) line: usize,
    /// What is wrong, for "line 3 of the Containerfile: ...".
    pub(super) message: String,
    pub(super) hint: String,
}

/// The instructions of a Containerfile, at least one FROM among them.
pub(super) fn parse(text: &str) -> Result<Vec<Instruction>, BadLine> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.lines().enumerate_from_one();
    let escape = escape_of(text);
    let mut found: Vec<Instruction> = Vec::new();
    let mut stage = 0;
    while let Some((line, first)) = lines.next() {
        let first = first.trim();
        if first.is_empty() || first.starts_with('#') {
            continue;
        }
        let whole = lines.continued(first, escape);
        let (word, rest) = whole.split_once(char::is_whitespace).unwrap_or((&whole, ""));
        let keyword = word.to_ascii_uppercase();
        check(line, word, &keyword, rest, stage)?;
        if matches!(keyword.as_str(), "RUN" | "COPY" | "ADD") {
            lines.skip_documents(rest);
        }
        stage += usize::from(keyword == "FROM");
        found.push(Instruction { line, stage, keyword, text: whole });
        if found.len() > MOST {
            return Err(bad(
                line,
                format!("there are more than {MOST} instructions"),
                "Shorten it.",
            ));
        }
    }
    if stage == 0 {
        let hint = "Begin it with the image to build on, for example: FROM debian:12";
        return Err(bad(1, "there is no FROM".into(), hint));
    }
    Ok(found)
}

/// The place of a step among the instructions.
pub(super) fn position(
    all: &[Instruction],
    stage: usize,
    step: usize,
    keyword: &str,
) -> Option<usize> {
    let mut of_stage = all.iter().enumerate().filter(|(_, one)| one.stage == stage);
    let (index, found) = of_stage.nth(step.checked_sub(1)?)?;
    (found.keyword == keyword).then_some(index)
}

fn check(line: usize, word: &str, keyword: &str, rest: &str, stage: usize) -> Result<(), BadLine> {
    if !KEYWORDS.contains(&keyword) {
        let near = KEYWORDS.iter().find(|known| is_near(known, keyword));
        let hint = match near {
            Some(near) => format!("Did you mean {near}?"),
            None => "A line that goes on with the one above needs a \\ at that one's end.".into(),
        };
        return Err(bad(line, format!("\"{word}\" is no instruction"), hint));
    }
    if stage == 0 && keyword != "FROM" && keyword != "ARG" {
        let hint = "Put FROM with the image to build on above it.";
        return Err(bad(line, format!("{keyword} stands before the first FROM"), hint));
    }
    if rest.trim().is_empty() {
        return Err(bad(line, format!("{keyword} has nothing behind it"), "Complete the line."));
    }
    Ok(())
}

fn bad(line: usize, message: String, hint: impl Into<String>) -> BadLine {
    BadLine { line, message, hint: hint.into() }
}

/// Whether one slip of the finger makes one of the other.
fn is_near(known: &str, word: &str) -> bool {
    let longest = known.len().max(word.len());
    let same_start = known.bytes().zip(word.bytes()).take_while(|(a, b)| a == b).count();
    let same_end = known.bytes().rev().zip(word.bytes().rev()).take_while(|(a, b)| a == b).count();
    known.len().abs_diff(word.len()) <= 1 && same_start + same_end + 1 >= longest && longest > 2
}

/// The escape character; a directive at the very top may change it.
fn escape_of(text: &str) -> char {
    let directives = text.lines().map_while(|line| line.trim().strip_prefix('#'));
    for directive in directives {
        let Some((name, value)) = directive.split_once('=') else { break };
        if name.trim().eq_ignore_ascii_case("escape") && value.trim() == "`" {
            return '`';
        }
    }
    '\\'
}

struct Numbered<'a> {
    lines: Peekable<Lines<'a>>,
    number: usize,
}

trait EnumerateFromOne<'a> {
    fn enumerate_from_one(self) -> Numbered<'a>;
}

impl<'a> EnumerateFromOne<'a> for Lines<'a> {
    fn enumerate_from_one(self) -> Numbered<'a> {
        Numbered { lines: self.peekable(), number: 0 }
    }
}

impl<'a> Numbered<'a> {
    fn next(&mut self) -> Option<(usize, &'a str)> {
        self.number += 1;
        self.lines.next().map(|line| (self.number, line))
    }

    /// The instruction with the lines that continue it; comments between them do not belong to it.
    fn continued(&mut self, first: &str, escape: char) -> String {
        let mut whole = String::new();
        let mut part = first;
        loop {
            let Some(going_on) = part.trim_end().strip_suffix(escape) else {
                whole.push_str(part);
                return whole.trim().to_owned();
            };
            whole.push_str(going_on.trim_end());
            whole.push(' ');
            part = loop {
                match self.next() {
                    None => return whole.trim().to_owned(),
                    Some((_, line)) if is_blank(line) => {}
                    Some((_, line)) => break line.trim(),
                }
            };
        }
    }

    /// Lines up to the ends of `<<NAME` documents are no instructions.
    fn skip_documents(&mut self, rest: &str) {
        for word in rest.split_whitespace().filter_map(|word| word.strip_prefix("<<")) {
            let name = word.trim_start_matches('-').trim_matches(['"', '\'']);
            if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                continue;
            }
            while let Some((_, line)) = self.next() {
                if line.trim_start_matches('\t') == name {
                    break;
                }
            }
        }
    }
}

fn is_blank(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Instruction, KEYWORDS, parse, position};

    fn short(text: &str) -> Vec<(usize, usize, String)> {
        parse(text).unwrap().into_iter().map(|one| (one.line, one.stage, one.text)).collect()
    }

    #[test]
    fn lines_stages_and_continuations() {
        let text = "# syntax=x\nARG BASE=debian:12\n\nfrom ${BASE} AS build\nRUN a && \\\n  # why\n\n  b\nFROM scratch\nCOPY --from=build /a /a\n";
        assert_eq!(
            short(text),
            [
                (2, 0, "ARG BASE=debian:12".to_owned()),
                (4, 1, "from ${BASE} AS build".to_owned()),
                (5, 1, "RUN a && b".to_owned()),
                (9, 2, "FROM scratch".to_owned()),
                (10, 2, "COPY --from=build /a /a".to_owned()),
            ]
        );
    }

    #[test]
    fn documents_and_other_escapes() {
        let text = "# escape=`\nFROM a\nRUN <<EOF\nFROMM b\nEOF\nRUN x `\n y\n";
        let lines: Vec<usize> = parse(text).unwrap().iter().map(|one| one.line).collect();
        assert_eq!(lines, [2, 3, 6]);
    }

    #[test]
    fn bad_lines_are_pointed_at() {
        let bad = |text: &str| {
            let bad = parse(text).unwrap_err();
            (bad.line, bad.message, bad.hint)
        };
        assert_eq!(
            bad("FROM a\nRUNN x\n"),
            (2, "\"RUNN\" is no instruction".into(), "Did you mean RUN?".into())
        );
        assert_eq!(bad("RUN x\nFROM a").1, "RUN stands before the first FROM");
        assert_eq!(bad("FROM a\n\nCOPY").0, 3);
        assert_eq!(bad("# nothing").1, "there is no FROM");
    }

    #[test]
    fn a_step_finds_its_instruction() {
        let all = parse("ARG A=1\nFROM a\nRUN x\nFROM b\nRUN y\n").unwrap();
        assert_eq!(position(&all, 2, 2, "RUN"), Some(4));
        assert_eq!(position(&all, 1, 1, "FROM"), Some(1));
        assert_eq!(position(&all, 2, 3, "LABEL"), None, "Podman adds steps of its own");
        assert_eq!(position(&all, 1, 0, "FROM"), None);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "([A-Za-z#\\\\<`\"' \t=]{0,12}\n?){0,12}") {
            let _ = parse(&text);
        }

        #[test]
        fn every_instruction_is_found_on_its_line(
            words in proptest::collection::vec((0..KEYWORDS.len(), "[a-z]{1,8}", 0usize..3), 0..20),
        ) {
            let mut text = String::from("FROM base\n");
            let mut expected = vec![(1, "FROM base".to_owned())];
            for (keyword, rest, blank) in words {
                text.push_str(&"\n".repeat(blank));
                let keyword = KEYWORDS[keyword];
                expected.push((text.lines().count() + 1, format!("{keyword} {rest}")));
                text.push_str(&format!("{keyword} {rest}\n"));
            }
            let found: Vec<(usize, String)> =
                parse(&text).unwrap().into_iter().map(|Instruction { line, text, .. }| (line, text)).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
