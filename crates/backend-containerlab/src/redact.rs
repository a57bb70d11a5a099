//! Leaves passwords out of configurations before anybody sees or keeps them.

/// After these a value follows that nobody should read.
const WORDS: &[&str] = &[
    "password",
    "passwd",
    "secret",
    "passphrase",
    "community",
    "key-string",
    "authentication-key",
    "pre-shared-key",
    "message-digest-key",
    "private-key",
    "api-key",
    "token",
];
const LEFT_OUT: &str = "<left out>";

/// The text with every value left out that follows such a word on its line.
pub(crate) fn redacted(text: &str) -> String {
    let mut shown: Vec<String> = text.split('\n').map(line).collect();
    let mut is_key = false;
    for line in &mut shown {
        if line.contains("-----BEGIN") && line.contains("PRIVATE KEY") {
            is_key = true;
        } else if line.contains("-----END") {
            is_key = false;
        } else if is_key {
            LEFT_OUT.clone_into(line);
        }
    }
    shown.join("\n")
}

fn line(line: &str) -> String {
    let lower = line.to_ascii_lowercase();
    let word = WORDS.iter().filter_map(|word| Some((ends(&lower, word)?, word))).min();
    let Some((at, _)) = word else { return line.to_owned() };
    let (before, after) = line.split_at(at);
    let gap = after.len() - after.trim_start_matches([' ', '\t', ':', '=', '"', '\'']).len();
    let (gap, value) = after.split_at(gap);
    // A word at the end of a line, or part of a longer one, has no value.
    if value.trim().is_empty() || gap.is_empty() {
        return line.to_owned();
    }
    let end: String =
        value.trim_end().chars().rev().take_while(|c| "\"',}]".contains(*c)).collect();
    let end: String = end.chars().rev().collect();
    format!("{before}{gap}{LEFT_OUT}{end}")
}

/// Where the word ends in the line.
fn ends(line: &str, word: &str) -> Option<usize> {
    line.find(word).map(|at| at + word.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::redacted;

    #[test]
    fn values_go_and_the_rest_stays() {
        for (text, shown) in [
            (" enable secret 5 $1$abc", " enable secret <left out>"),
            ("password hunter2\nhostname r1", "password <left out>\nhostname r1"),
            ("  \"password\": \"hunter2\",", "  \"password\": \"<left out>\","),
            ("snmp-server community public ro", "snmp-server community <left out>"),
            ("service password-encryption", "service password-encryption"),
            ("no password", "no password"),
        ] {
            assert_eq!(redacted(text), shown);
        }
        let key = "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----";
        assert!(!redacted(key).contains("abc"));
    }

    proptest! {
        #[test]
        fn any_text_keeps_its_lines(text in "(?s).{0,200}") {
            prop_assert_eq!(redacted(&text).split('\n').count(), text.split('\n').count());
        }

        #[test]
        fn a_password_never_stays(word in "(password|secret|Community)", gap in "( |: |=)", value in "[a-z0-9]{6,12}") {
            let line = format!("{word}{gap}{value}");
            prop_assert!(!redacted(&line).contains(&value) || word.to_lowercase().contains(&value));
        }
    }
}
