//! Texts made the same on every run, for snapshots.

/// Replaces what differs from run to run: hexadecimal ids become `<id>`, RFC 3339 times become `<time>`.
#[must_use]
pub fn normalise(text: &str) -> String {
    let mut out = String::new();
    let mut word = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, ':' | '.' | '-' | '+') {
            word.push(c);
        } else {
            out.push_str(&normal_word(&word));
            word.clear();
            out.push(c);
        }
    }
    out.push_str(&normal_word(&word));
    out
}

fn normal_word(word: &str) -> String {
    let core = word.trim_end_matches(['.', ':']);
    let tail = word.get(core.len()..).unwrap_or_default();
    let is_hex = core.chars().all(|c| c.is_ascii_hexdigit() && !c.is_ascii_uppercase());
    let has_digit = core.chars().any(|c| c.is_ascii_digit());
    if matches!(core.len(), 12 | 32 | 64) && is_hex && has_digit {
        return format!("<id>{tail}");
    }
    let mut parts = core.split('T');
    let (date, time) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if date.len() == 10 && date.matches('-').count() == 2 && time.matches(':').count() >= 2 {
        return format!("<time>{tail}");
    }
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::normalise;

    #[test]
    fn ids_and_times_are_replaced_and_the_rest_is_kept() {
        let id = "3ac6be346574954bad5a2a2d1804212e550f8c7f9f2e29e329125597f894dd02";
        let text = format!("in use by {id}. at 2026-11-21T13:38:41.714127591Z port 3100 atlas-api");
        assert_eq!(normalise(&text), "in use by <id>. at <time> port 3100 atlas-api");
    }
}
