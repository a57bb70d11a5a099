//! Adds up how many tests ran, from the closing lines of cargo's and vitest's output.

/// Tests by how they ended.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Counts {
    /// Adds what this line of a test runner reports, if it reports anything.
    pub(crate) fn read_line(&mut self, line: &str) {
        let plain = without_colours(line);
        let text = plain.trim();
        // cargo: "test result: ok. 3 passed; 0 failed; 1 ignored; …"; vitest: "Tests  1 failed | 3 passed (4)"
        let Some(report) =
            text.strip_prefix("test result:").or_else(|| text.strip_prefix("Tests  "))
        else {
            return;
        };
        let words: Vec<&str> =
            report.split([' ', ';', '|']).filter(|word| !word.is_empty()).collect();
        for pair in words.windows(2) {
            let [number, outcome] = pair else { continue };
            let Ok(number) = number.parse::<u64>() else { continue };
            match *outcome {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                // cargo's ignored tests run in a step of their own.
                "skipped" => self.skipped += number,
                _ => {}
            }
        }
    }

    /// The closing line that any reader of the log understands.
    pub(crate) fn summary(self) -> String {
        let Self { passed, failed, skipped } = self;
        let rest = if skipped > 0 { format!(", {skipped} skipped") } else { String::new() };
        format!("{passed} passed, {failed} failed{rest}")
    }
}

fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            // An escape sequence ends with its first letter.
            for character in characters.by_ref() {
                if character.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_cargo_and_vitest() {
        let mut counts = Counts::default();
        counts.read_line(
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out",
        );
        counts.read_line("\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[31m1 failed\u{1b}[39m | \u{1b}[32m3 passed\u{1b}[39m (4)");
        counts.read_line("running 12 tests");
        assert_eq!(counts, Counts { passed: 15, failed: 1, skipped: 0 });
        assert_eq!(counts.summary(), "15 passed, 1 failed");
    }
}
