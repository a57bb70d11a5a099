//! What a keychain entry holds: a short value, or the key of a file that holds a long one.
//!
//! Always plain ASCII: KWallet keeps text only, and Windows counts what it keeps in bytes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use model::Secret;
use zeroize::{Zeroize, Zeroizing};

use crate::seal::Key;

/// Values above this many bytes go to a file. Windows takes 2,560 bytes an entry; base64 adds a third.
pub(crate) const SHORT_BYTES: usize = 1_000;

const VALUE: &str = "moorline-value-1:";
const FILE: &str = "moorline-file-1:";

/// The content of an entry.
pub(crate) enum Content {
    Value(Secret<String>),
    /// The file's name (hex) and the key that opens it.
    File {
        name: String,
        key: Key,
    },
}

impl Content {
    /// The text that the keychain keeps.
    pub(crate) fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(VALUE.len() + SHORT_BYTES * 2));
        match self {
            Self::Value(value) => {
                text.push_str(VALUE);
                STANDARD.encode_string(value.expose(), &mut text);
            }
            Self::File { name, key } => {
                text.push_str(FILE);
                text.push_str(name);
                text.push(':');
                STANDARD.encode_string(key.as_slice(), &mut text);
            }
        }
        text
    }

    /// Reads what `to_text` wrote; none for anything else.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        if let Some(value) = text.strip_prefix(VALUE) {
            return secret_text(STANDARD.decode(value).ok()?).map(Self::Value);
        }
        let (name, key) = text.strip_prefix(FILE)?.split_once(':')?;
        let is_ours = name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        let key = Zeroizing::new(STANDARD.decode(key).ok()?);
        let key = Zeroizing::new(key.as_slice().try_into().ok()?);
        is_ours.then(|| Self::File { name: name.to_owned(), key })
    }
}

/// The bytes as a secret text; wiped when they are not text.
pub(crate) fn secret_text(bytes: Vec<u8>) -> Option<Secret<String>> {
    match String::from_utf8(bytes) {
        Ok(text) => Some(Secret::new(text)),
        Err(error) => {
            error.into_bytes().zeroize();
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use model::Secret;
    use proptest::prelude::*;

    use super::{Content, SHORT_BYTES};

    proptest! {
        #[test]
        fn a_value_comes_back_and_is_ascii_on_the_way(value in "\\PC{0,300}") {
            let text = Content::Value(Secret::new(value.clone())).to_text();
            prop_assert!(text.is_ascii());
            let Some(Content::Value(back)) = Content::from_text(&text) else { panic!("{value:?}") };
            prop_assert_eq!(back.expose(), &value);
        }

        #[test]
        fn reading_anything_never_panics(text in "(moorline-(value|file)-1:)?\\PC{0,60}") {
            let _ = Content::from_text(&text);
        }
    }

    #[test]
    fn the_longest_short_value_fits_into_a_windows_entry() {
        let text = Content::Value(Secret::new("x".repeat(SHORT_BYTES))).to_text();
        assert!(text.len() < 2_560);
    }

    #[test]
    fn a_file_name_cannot_leave_its_folder() {
        let key = "A".repeat(43) + "=";
        assert!(Content::from_text(&format!("moorline-file-1:{}:{key}", "a".repeat(32))).is_some());
        let up = format!("moorline-file-1:../{}:{key}", "a".repeat(29));
        assert!(Content::from_text(&up).is_none());
    }
}
