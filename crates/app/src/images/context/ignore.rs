//! `.containerignore` and `.dockerignore`: which files of a folder a build is not sent.
//!
//! The rules are Docker's: one pattern a line, `*` and `?` within a name, `**` over any number of folders,
//! `!` brings back, the last pattern that matches decides, and a folder stands for what is in it.

/// A file's patterns, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ignore {
    rules: Vec<Rule>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    is_exception: bool,
    parts: Vec<Part>,
}

/// One part of a path pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// Any number of folders.
    Folders,
    Name(Vec<Glyph>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Glyph {
    Any,
    One,
    Exactly(char),
    OneOf { is_negated: bool, ranges: Vec<(char, char)> },
}

impl Ignore {
    /// Reads an ignore file. Every text is one; a pattern that cannot match is left out.
    pub(crate) fn parse(text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let rules = text.lines().filter(|line| !line.starts_with('#')).filter_map(rule);
        Self { rules: rules.collect() }
    }

    /// Whether a path below the folder, written with slashes, is left out.
    pub(crate) fn leaves_out(&self, path: &str) -> bool {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let decides = self.rules.iter().rev().find(|rule| rule.is_match(&parts));
        decides.is_some_and(|rule| !rule.is_exception)
    }

    /// Whether something below a folder that is left out may be brought back.
    pub(crate) fn has_exceptions(&self) -> bool {
        self.rules.iter().any(|rule| rule.is_exception)
    }
}

fn rule(line: &str) -> Option<Rule> {
    let line = line.trim();
    let (is_exception, pattern) = match line.strip_prefix('!') {
        Some(rest) => (true, rest.trim()),
        None => (false, line),
    };
    let mut parts: Vec<Part> = Vec::new();
    for part in pattern.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            "**" => parts.push(Part::Folders),
            name => parts.push(Part::Name(glyphs(name))),
        }
    }
    (!parts.is_empty()).then_some(Rule { is_exception, parts })
}

fn glyphs(name: &str) -> Vec<Glyph> {
    let mut glyphs = Vec::new();
    let mut chars = name.chars();
    while let Some(c) = chars.next() {
        match c {
            '*' if glyphs.last() == Some(&Glyph::Any) => {}
            '*' => glyphs.push(Glyph::Any),
            '?' => glyphs.push(Glyph::One),
            '\\' => glyphs.push(Glyph::Exactly(chars.next().unwrap_or('\\'))),
            '[' => match class(chars.as_str()) {
                Some((found, rest)) => {
                    glyphs.push(found);
                    chars = rest.chars();
                }
                None => glyphs.push(Glyph::Exactly('[')),
            },
            other => glyphs.push(Glyph::Exactly(other)),
        }
    }
    glyphs
}

/// What stands behind `[`, up to its `]`.
fn class(text: &str) -> Option<(Glyph, &str)> {
    let (inner, rest) = text.split_once(']').filter(|(inner, _)| !inner.is_empty())?;
    let (is_negated, inner) = match inner.strip_prefix(['^', '!']) {
        Some(inner) => (true, inner),
        None => (false, inner),
    };
    let chars: Vec<char> = inner.chars().collect();
    let mut ranges = Vec::new();
    let mut rest_of = chars.as_slice();
    while let Some((first, more)) = rest_of.split_first() {
        rest_of = match more {
            ['-', last, more @ ..] => {
                ranges.push((*first, *last));
                more
            }
            more => {
                ranges.push((*first, *first));
                more
            }
        };
    }
    Some((Glyph::OneOf { is_negated, ranges }, rest))
}

impl Rule {
    /// Matches the path or a folder that it lies in.
    fn is_match(&self, path: &[&str]) -> bool {
        (1..=path.len()).any(|length| path.get(..length).is_some_and(|path| self.is_whole(path)))
    }

    fn is_whole(&self, path: &[&str]) -> bool {
        // reached[n]: the pattern so far can match the first n parts of the path.
        let mut reached: Vec<bool> = (0..=path.len()).map(|n| n == 0).collect();
        for (index, part) in self.parts.iter().enumerate() {
            reached = match part {
                Part::Folders => {
                    // At the end it stands for what is in the folder, not for the folder.
                    let is_last = index > 0 && index + 1 == self.parts.len();
                    let mut was_reached = false;
                    let spread = reached.iter().map(|now| {
                        let before = was_reached;
                        was_reached |= *now;
                        if is_last { before } else { was_reached }
                    });
                    spread.collect()
                }
                Part::Name(glyphs) => {
                    let next =
                        reached.iter().zip(path).map(|(now, name)| *now && fits(glyphs, name));
                    std::iter::once(false).chain(next).collect()
                }
            };
        }
        reached.last().copied().unwrap_or(false)
    }
}

fn fits(glyphs: &[Glyph], name: &str) -> bool {
    let length = name.chars().count();
    let mut reached: Vec<bool> = (0..=length).map(|n| n == 0).collect();
    for glyph in glyphs {
        reached = match glyph {
            Glyph::Any => {
                let mut was_reached = false;
                let spread = reached.iter().map(|now| {
                    was_reached |= *now;
                    was_reached
                });
                spread.collect()
            }
            one => {
                let next = reached.iter().zip(name.chars()).map(|(now, c)| *now && takes(one, c));
                std::iter::once(false).chain(next).collect()
            }
        };
    }
    reached.last().copied().unwrap_or(false)
}

fn takes(glyph: &Glyph, c: char) -> bool {
    match glyph {
        Glyph::Any | Glyph::One => true,
        Glyph::Exactly(wanted) => *wanted == c,
        Glyph::OneOf { is_negated, ranges } => {
            ranges.iter().any(|(first, last)| (*first..=*last).contains(&c)) != *is_negated
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Ignore;

    fn left_out(patterns: &str, path: &str) -> bool {
        Ignore::parse(patterns).leaves_out(path)
    }

    #[test]
    fn names_folders_and_depth() {
        assert!(left_out("target", "target"));
        assert!(left_out("target/", "target/debug/x"));
        assert!(left_out("/target", "target/x"));
        assert!(!left_out("target", "crates/a/target/x"), "only at the top");
        assert!(left_out("**/target", "crates/a/target/x"));
        assert!(left_out("**/target", "target"));
        assert!(left_out("*.log", "a.log"));
        assert!(!left_out("*.log", "logs/a.log"));
        assert!(left_out("*/*.log", "logs/a.log"));
        assert!(left_out("./a/../b", "b/c"));
    }

    #[test]
    fn two_stars_classes_and_escapes() {
        assert!(left_out("a/**/z", "a/z"));
        assert!(left_out("a/**/z", "a/b/c/z"));
        assert!(left_out("a/**", "a/b"));
        assert!(!left_out("a/**", "a"));
        assert!(left_out("**", "anything/at/all"));
        assert!(left_out("f[0-9]?", "f7x"));
        assert!(!left_out("f[^0-9]", "f7"));
        assert!(left_out("\\#x", "#x"));
        assert!(!left_out("# x", "x"));
    }

    #[test]
    fn the_last_match_decides() {
        let patterns = "*\n!keep\n!src/**\nsrc/*.tmp\n";
        assert!(left_out(patterns, "other"));
        assert!(!left_out(patterns, "keep/x"));
        assert!(!left_out(patterns, "src/deep/a"));
        assert!(left_out(patterns, "src/a.tmp"));
        assert!(Ignore::parse(patterns).has_exceptions());
    }
}
