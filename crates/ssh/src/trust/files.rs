//! Known-hosts files as lists of entries. A line that makes no sense is skipped, never fatal.

use std::path::{Path, PathBuf};

use russh::keys::PublicKey;
use russh::keys::ssh_key::known_hosts::{Entry, HostPatterns, Marker};

use super::pattern;
use crate::TrustFiles;

/// Known-hosts files beyond this size are not read.
const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;

/// One line that makes sense.
#[derive(Debug, Clone)]
pub(crate) struct KnownLine {
    pub(crate) file: PathBuf,
    /// Counted from 1.
    pub(crate) line: u32,
    pub(crate) marker: Option<Marker>,
    pub(crate) patterns: HostPatterns,
    pub(crate) key: PublicKey,
}

/// What a file says, line by line.
pub(crate) fn parse(file: &Path, text: &str) -> Vec<KnownLine> {
    text.lines()
        .zip(1_u32..)
        .filter_map(|(text, line)| {
            let entry = parse_line(text)?;
            Some(KnownLine {
                file: file.to_owned(),
                line,
                marker: entry.marker().copied(),
                patterns: entry.host_patterns().clone(),
                key: entry.public_key().clone(),
            })
        })
        .collect()
}

/// One line, with its blanks made single spaces as the parser wants them.
pub(crate) fn parse_line(text: &str) -> Option<Entry> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.first().is_none_or(|word| word.starts_with('#')) {
        return None;
    }
    words.join(" ").parse().ok()
}

/// Every line of every file that speaks of `name`: Moorline's own file, then the person's, then the
/// machine's. A file that cannot be read counts as empty.
pub(crate) fn lines_about(files: &TrustFiles, name: &str) -> Vec<KnownLine> {
    std::iter::once(&files.own)
        .chain(&files.user)
        .chain(&files.global)
        .flat_map(|file| parse(file, &read(file)))
        .filter(|line| pattern::covers(&line.patterns, name))
        .collect()
}

fn read(file: &Path) -> String {
    let is_small = std::fs::metadata(file).is_ok_and(|meta| meta.len() <= MAX_FILE_BYTES);
    if !is_small {
        return String::new();
    }
    std::fs::read(file).map_or_else(
        |error| {
            tracing::warn!(file = %file.display(), %error, "a known-hosts file cannot be read");
            String::new()
        },
        |bytes| String::from_utf8_lossy(&bytes).into_owned(),
    )
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::{parse, parse_line};

    const KEY: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB9dG4kjRhQTtWTVzd2t27+t0DEHBPW7iOD23TUiYLio";

    #[test]
    fn blanks_and_comments_are_forgiven() {
        let text = format!("# c\n\n  bad line\n\thost\t{KEY}  a comment\n@revoked  host   {KEY}\n");
        let lines: Vec<u32> = parse(Path::new("f"), &text).iter().map(|line| line.line).collect();
        assert_eq!(lines, [4, 5]);
    }

    proptest! {
        /// A line that makes no sense takes no other line along.
        #[test]
        fn good_lines_are_found_among_noise(
            noise in prop::collection::vec("[ -~é\t\u{0}]{0,60}", 3),
            cut in 0_usize..80,
        ) {
            let half: String = KEY.chars().take(cut).collect();
            let text = format!(
                "{}\none {KEY}\n{}\r\n@revoked two {KEY}\nthree {half}\n{}\nfour {KEY}",
                noise[0], noise[1], noise[2],
            );
            let lines = parse(Path::new("f"), &text);
            let numbers: Vec<u32> = lines.iter().map(|line| line.line).collect();
            for number in [2, 4, 7] {
                prop_assert!(numbers.contains(&number), "{} of {:?}", number, numbers);
            }
        }

        #[test]
        fn no_text_upsets_the_parser(text in "\\PC{0,120}") {
            parse(Path::new("f"), &text);
        }

        #[test]
        fn no_damage_to_a_good_line_upsets_the_parser(at in 0_usize..90, with in any::<char>()) {
            let mut line: Vec<char> = format!("@revoked |1|AAAA|BBBB {KEY}").chars().collect();
            let at = at.min(line.len() - 1);
            line[at] = with;
            let _ = parse_line(&line.into_iter().collect::<String>());
        }
    }
}
