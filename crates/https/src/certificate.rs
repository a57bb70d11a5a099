//! Fingerprints of certificates: read as people paste them, compared, shown.

use sha2::{Digest, Sha256};

/// SHA-256 over a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Of a certificate in DER.
    #[must_use]
    pub fn of(certificate: &[u8]) -> Self {
        Self(Sha256::digest(certificate).into())
    }

    /// Reads 64 hexadecimal digits, with or without colons, spaces, or "SHA256:" and the like in front.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.rsplit_once('=').map_or(text, |(_, digits)| digits);
        let lower = text.to_ascii_lowercase();
        let digits = ["sha256:", "sha-256:"].iter().find_map(|word| lower.strip_prefix(word));
        let digits: Vec<u8> = digits
            .unwrap_or(&lower)
            .bytes()
            .filter(|byte| !matches!(byte, b':' | b' '))
            .map(|byte| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect::<Option<_>>()?;
        let bytes: Vec<u8> = digits
            .chunks_exact(2)
            .filter_map(|pair| Some(pair.first()? << 4 | pair.get(1)?))
            .collect();
        (digits.len() == 64).then(|| bytes.try_into().ok()).flatten().map(Self)
    }
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Fingerprint;

    proptest! {
        #[test]
        fn a_fingerprint_is_read_in_the_forms_people_paste(bytes in any::<[u8; 32]>()) {
            let fingerprint = Fingerprint(bytes);
            let shown = fingerprint.to_string();
            let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
            for text in [shown.clone(), pairs.join(":"), format!("sha256 Fingerprint={}", pairs.join(":")), format!("SHA256:{shown}")] {
                prop_assert_eq!(Fingerprint::parse(&text), Some(fingerprint), "{}", text);
            }
            prop_assert_eq!(Fingerprint::parse(&shown[1..]), None);
        }

        #[test]
        fn anything_is_read_or_refused(text in "\\PC{0,80}") {
            let _ = Fingerprint::parse(&text);
        }
    }
}
