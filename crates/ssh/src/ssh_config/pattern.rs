//! Which hosts a part of the configuration is for.

/// The condition that a `Host` line, or what stands for one, puts on the lines below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Scope {
    /// Some pattern fits, and none of the negated ones does.
    Host(Vec<Pattern>),
    /// A condition that is not evaluated: nothing below it counts.
    Never,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    text: String,
    is_negated: bool,
}

impl Scope {
    pub(super) fn of_host_line(arguments: &[String]) -> Self {
        // OpenSSH takes commas inside one argument of `Match`, not of `Host`.
        let pattern = |word: &String| match word.strip_prefix('!') {
            Some(text) => Pattern { text: text.to_owned(), is_negated: true },
            None => Pattern { text: word.clone(), is_negated: false },
        };
        Self::Host(arguments.iter().map(pattern).collect())
    }

    /// The hosts of a `Match` line, as far as it names some: its words are lists with commas.
    pub(super) fn of_match_line(arguments: &[String]) -> Option<Self> {
        let is_host = |word: &String| {
            word.eq_ignore_ascii_case("host") || word.eq_ignore_ascii_case("originalhost")
        };
        let at = arguments.iter().position(is_host)?;
        let words: Vec<String> = arguments.get(at + 1)?.split(',').map(str::to_owned).collect();
        Some(Self::of_host_line(&words))
    }

    /// Whether it fits, and by more than a pattern for every host.
    pub(super) fn means(&self, alias: &str) -> bool {
        let Self::Host(patterns) = self else { return false };
        let is_own = |pattern: &Pattern| {
            !pattern.is_negated
                && pattern.text.contains(|c: char| c != '*')
                && fits(&pattern.text, alias)
        };
        self.fits(alias) && patterns.iter().any(is_own)
    }

    /// Whether it names this host, without wildcards.
    pub(super) fn names(&self, alias: &str) -> bool {
        let Self::Host(patterns) = self else { return false };
        patterns.iter().any(|pattern| is_literal(&pattern.text) && fits(&pattern.text, alias))
    }

    pub(super) fn fits(&self, alias: &str) -> bool {
        match self {
            Self::Never => false,
            Self::Host(patterns) => {
                let fitting: Vec<&Pattern> =
                    patterns.iter().filter(|pattern| fits(&pattern.text, alias)).collect();
                !fitting.is_empty() && !fitting.iter().any(|pattern| pattern.is_negated)
            }
        }
    }
}

/// Whether a word of a `Host` line is one host and not a pattern.
pub(super) fn is_literal(word: &str) -> bool {
    !word.is_empty() && !word.contains(['*', '?', '!'])
}

/// Whether `text` fits a pattern of `*` and `?`, whatever the case of ASCII letters: host names are
/// compared in lower case. Takes time in proportion to both lengths, whatever the pattern.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.to_ascii_lowercase().chars().collect();
    let text: Vec<char> = text.to_ascii_lowercase().chars().collect();
    let (mut at, mut from) = (0, 0);
    // Where the last star stood, and how much of the text it has taken.
    let mut star: Option<(usize, usize)> = None;
    while let Some(wanted) = text.get(from) {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, from));
                at += 1;
            }
            Some(c) if *c == '?' || c == wanted => {
                at += 1;
                from += 1;
            }
            _ => {
                let Some((star_at, taken)) = star else { return false };
                star = Some((star_at, taken + 1));
                at = star_at + 1;
                from = taken + 1;
            }
        }
    }
    pattern.get(at..).is_none_or(|rest| rest.iter().all(|c| *c == '*'))
}
