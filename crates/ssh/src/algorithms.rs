//! Which algorithms are offered, in which order. Nothing that rests on SHA-1, no compression.

use std::borrow::Cow;

use russh::keys::{Algorithm, EcdsaCurve, HashAlg};
use russh::{Preferred, cipher, compression};

use crate::trust::KnownHost;

/// The offer to a host, with the kinds of host key first that are known for it: a server that shows
/// another kind would look like a stranger.
pub(crate) fn preferred(known: &KnownHost) -> Preferred {
    let keys = host_keys(&known.key_algorithms());
    Preferred {
        host_key_certificates: if known.has_authority() {
            Cow::Owned(keys.clone())
        } else {
            Cow::Borrowed(&[])
        },
        key: Cow::Owned(keys),
        cipher: Cow::Owned(ciphers(has_fast_aes())),
        compression: Cow::Borrowed(&[compression::NONE]),
        ..Preferred::DEFAULT
    }
}

fn host_keys(known: &[Algorithm]) -> Vec<Algorithm> {
    let mut all = vec![
        Algorithm::Ed25519,
        Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 },
        Algorithm::Ecdsa { curve: EcdsaCurve::NistP384 },
        Algorithm::Ecdsa { curve: EcdsaCurve::NistP521 },
        Algorithm::Rsa { hash: Some(HashAlg::Sha512) },
        Algorithm::Rsa { hash: Some(HashAlg::Sha256) },
    ];
    all.sort_by_key(|offered| !known.iter().any(|known| is_same_kind(known, offered)));
    all
}

fn is_same_kind(known: &Algorithm, offered: &Algorithm) -> bool {
    match (known, offered) {
        // A key on file says "ssh-rsa" whatever it signs with.
        (Algorithm::Rsa { .. }, Algorithm::Rsa { .. }) => true,
        _ => known == offered,
    }
}

fn ciphers(aes_is_fast: bool) -> Vec<cipher::Name> {
    let (first, second) = if aes_is_fast {
        (cipher::AES_256_GCM, cipher::CHACHA20_POLY1305)
    } else {
        (cipher::CHACHA20_POLY1305, cipher::AES_256_GCM)
    };
    vec![first, second, cipher::AES_256_CTR, cipher::AES_192_CTR, cipher::AES_128_CTR]
}

fn has_fast_aes() -> bool {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    return std::arch::is_x86_feature_detected!("aes");
    #[cfg(target_arch = "aarch64")]
    return std::arch::is_aarch64_feature_detected!("aes");
    #[cfg(not(any(target_arch = "x86", target_arch = "x86_64", target_arch = "aarch64")))]
    return false;
}

#[cfg(test)]
mod tests {
    use russh::keys::Algorithm;

    use super::host_keys;

    #[test]
    fn the_kinds_that_are_known_come_first_and_sha1_never() {
        let offered = host_keys(&[Algorithm::Rsa { hash: None }]);
        let is_rsa = |key: &Algorithm| matches!(key, Algorithm::Rsa { hash: Some(_) });
        assert!(offered.iter().take(2).all(is_rsa));
        assert!(!offered.contains(&Algorithm::Rsa { hash: None }));
        assert_eq!(offered.len(), 6);
    }
}
