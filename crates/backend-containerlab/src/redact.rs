//! Leaves passwords out of configurations before anybody sees or keeps them.

/// After these a value follows that nobody should read, also at the end of a longer word.
const ENDINGS: &[&str] = &[
    "password",
    "passwd",
    "passcode",
    "secret",
    "passphrase",
    "community",
    "credential",
    "credentials",
    "key-string",
    "authentication-key",
    "pre-shared-key",
    "message-digest-key",
    "encryption-key",
    "private-key",
    "shared-key",
    "secret-key",
    "api-key",
    "auth-key",
    "priv-key",
    "psk",
    "token",
];
/// The same as whole words: `crypto isakmp key`, `tacacs-server key`, `snmp-server user … auth sha … priv aes`.
const WHOLE: &[&str] =
    &["key", "auth", "priv", "md5", "keystring", "pwd", "ascii-text", "hexadecimal"];
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
    // Only ASCII changes, so that places stay the same.
    let lower = line.to_ascii_lowercase();
    let mut ends: Vec<usize> = ENDINGS.iter().flat_map(|word| ends(&lower, word)).collect();
    ends.extend(WHOLE.iter().flat_map(|word| ends_of_whole(&lower, word)));
    ends.sort_unstable();
    ends.into_iter().find_map(|at| without_value(line, at)).unwrap_or_else(|| line.to_owned())
}

/// The line without the value that follows this place; none when no value does.
fn without_value(line: &str, at: usize) -> Option<String> {
    let (before, after) = line.split_at_checked(at)?;
    let gap = after.len() - after.trim_start_matches([' ', '\t', ':', '=', '"', '\'']).len();
    let (gap, value) = after.split_at_checked(gap)?;
    // A word at the end of a line, or part of a longer one, has no value.
    if value.trim().is_empty() || gap.is_empty() {
        return None;
    }
    let end: String =
        value.trim_end().chars().rev().take_while(|c| "\"',}]".contains(*c)).collect();
    let end: String = end.chars().rev().collect();
    Some(format!("{before}{gap}{LEFT_OUT}{end}"))
}

/// Every place where the word ends in the line.
fn ends(line: &str, word: &str) -> Vec<usize> {
    line.match_indices(word).map(|(at, _)| at + word.len()).collect()
}

/// Where the word is one of its own. A key chain is a name, and its keys have numbers.
fn ends_of_whole(line: &str, word: &str) -> Vec<usize> {
    let is_alone = |at: usize| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        before.is_none_or(|c| c.is_whitespace() || "\"'{[,;".contains(c))
    };
    let is_chain =
        |at: usize| line.get(at..).is_some_and(|text| text.trim_start().starts_with("chain"));
    let places = line.match_indices(word).filter(|(at, _)| is_alone(*at));
    places.map(|(at, _)| at + word.len()).filter(|at| !is_chain(*at)).collect()
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
            (
                "neighbor x password-type md5x secret hunter2",
                "neighbor x password-type md5x secret <left out>",
            ),
            (
                "service password-encryption password hunter2",
                "service password-encryption password <left out>",
            ),
            ("crypto isakmp key hunter2 address 10.0.0.1", "crypto isakmp key <left out>"),
            ("tacacs-server key 7 0822455D0A16", "tacacs-server key <left out>"),
            (
                "snmp-server user ada ops v3 auth sha hunter2 priv aes 128 hunter3",
                "snmp-server user ada ops v3 auth <left out>",
            ),
            ("key chain ospf", "key chain ospf"),
            ("monkey business", "monkey business"),
            ("privilege exec level 7", "privilege exec level 7"),
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
        fn a_password_never_stays(word in "(password|secret|Community|password-type x secret|crypto isakmp key|auth sha)", gap in "( |: |=)", value in "[a-z0-9]{6,12}") {
            let line = format!("{word}{gap}{value}");
            prop_assert!(!redacted(&line).contains(&value) || word.to_lowercase().contains(&value));
        }
    }
}
