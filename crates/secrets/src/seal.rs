//! Sealing bytes with a key: XChaCha20-Poly1305, the name of the secret bound in, a fresh nonce each.
//!
//! Deliberately not here: where keys come from.

use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use zeroize::Zeroizing;

use crate::SecretsError;

const NONCE_BYTES: usize = 24;
const KEY_BYTES: usize = 32;

/// A key; wiped when dropped.
pub(crate) type Key = Zeroizing<[u8; KEY_BYTES]>;

/// Bytes from the system's random source.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], SecretsError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| SecretsError::Internal { detail: error.to_string() })?;
    Ok(bytes)
}

/// A fresh key.
pub(crate) fn new_key() -> Result<Key, SecretsError> {
    Ok(Zeroizing::new(random()?))
}

/// The nonce, then the sealed bytes.
pub(crate) fn seal(key: &Key, name: &str, plain: &[u8]) -> Result<Vec<u8>, SecretsError> {
    let nonce: [u8; NONCE_BYTES] = random()?;
    let payload = Payload { msg: plain, aad: name.as_bytes() };
    let sealed = XChaCha20Poly1305::new((&**key).into())
        .encrypt((&nonce).into(), payload)
        .map_err(|_| SecretsError::Internal { detail: "sealing failed".into() })?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// The bytes again, or none when key or name is another, or a bit changed.
pub(crate) fn open(key: &Key, name: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>()?;
    let payload = Payload { msg: sealed, aad: name.as_bytes() };
    XChaCha20Poly1305::new((&**key).into()).decrypt(nonce.into(), payload).ok().map(Zeroizing::new)
}

/// Sixteen bytes that change when `bytes` do: against accidents, not against people.
pub(crate) fn checksum(bytes: &[u8]) -> Result<Vec<u8>, SecretsError> {
    let payload = Payload { msg: &[], aad: bytes };
    XChaCha20Poly1305::new((&[0; KEY_BYTES]).into())
        .encrypt((&[0; NONCE_BYTES]).into(), payload)
        .map_err(|_| SecretsError::Internal { detail: "the checksum failed".into() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{checksum, new_key, open, seal};

    proptest! {
        #[test]
        fn what_was_sealed_opens_again_and_nothing_else_does(
            plain in prop::collection::vec(any::<u8>(), 0..2000),
            name in ".{0,40}",
            flip in any::<prop::sample::Index>(),
        ) {
            let key = new_key().unwrap();
            let sealed = seal(&key, &name, &plain).unwrap();
            let opened = open(&key, &name, &sealed).unwrap();
            prop_assert_eq!(opened.as_slice(), plain.as_slice());
            prop_assert!(open(&new_key().unwrap(), &name, &sealed).is_none());
            let mut changed = sealed.clone();
            changed[flip.index(sealed.len())] ^= 1;
            prop_assert!(open(&key, &name, &changed).is_none());
            let other = name + "x";
            prop_assert!(open(&key, &other, &sealed).is_none());

        }

        #[test]
        fn opening_anything_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            prop_assert!(open(&new_key().unwrap(), "name", &bytes).is_none());
        }
    }

    #[test]
    fn the_same_value_is_sealed_differently_each_time() {
        let key = new_key().unwrap();
        assert_ne!(seal(&key, "a", b"value").unwrap(), seal(&key, "a", b"value").unwrap());
    }

    #[test]
    fn the_checksum_depends_on_every_byte() {
        assert_ne!(checksum(b"ab").unwrap(), checksum(b"ac").unwrap());
        assert_eq!(checksum(b"ab").unwrap(), checksum(b"ab").unwrap());
    }
}
