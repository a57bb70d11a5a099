//! What each setting may be.

use model::{ErrorCode, Failure, Settings};

/// The longest language tag that anybody registered is shorter.
const LANGUAGE_LETTERS: usize = 35;

/// The first setting that will not do, if any.
pub(crate) fn check(settings: &Settings) -> Result<(), Failure> {
    in_range("terminal_font_size", settings.terminal_font_size.into(), 9, 24)?;
    in_range("terminal_scrollback", settings.terminal_scrollback, 100, 100_000)?;
    in_range("keepalive_seconds", settings.keepalive_seconds.into(), 5, 300)?;
    is_language(&settings.language)
}

fn in_range(field: &str, value: u32, least: u32, most: u32) -> Result<(), Failure> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    let name = field.replace('_', " ");
    Err(Failure::new(ErrorCode::Invalid, format!("{value} is out of range for {name}"))
        .with_hint(format!("Choose a value from {least} to {most}."))
        .with_field(field))
}

fn is_language(tag: &str) -> Result<(), Failure> {
    let is_tag = tag.len() <= LANGUAGE_LETTERS
        && tag.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    if is_tag {
        return Ok(());
    }
    Err(Failure::new(ErrorCode::Invalid, "the language is not a language tag")
        .with_hint("Choose a language from the list.")
        .with_field("language"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(settings: &Settings) -> Option<String> {
        check(settings).err().and_then(|failure| failure.field)
    }

    #[test]
    fn a_value_out_of_range_is_refused_by_name() {
        let failure = check(&Settings { keepalive_seconds: 4, ..Settings::default() }).unwrap_err();
        assert_eq!(failure.field.as_deref(), Some("keepalive_seconds"));
        assert_eq!(failure.message, "4 is out of range for keepalive seconds");
        assert!(check(&Settings::default()).is_ok());
    }

    #[test]
    fn a_language_is_a_tag() {
        let with = |language: &str| Settings { language: language.into(), ..Settings::default() };
        assert_eq!(field(&with("pt-BR")), None);
        assert_eq!(field(&with("../en")).as_deref(), Some("language"));
        assert_eq!(field(&with(&"a".repeat(36))).as_deref(), Some("language"));
    }
}
