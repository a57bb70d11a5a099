//! Keys of our own: the authority that signs the host keys of workspaces, and the key that opens them.
//!
//! Deliberately not here: where they are kept.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use model::Secret;
use russh::keys::ssh_key::certificate::{Builder, CertType};
use russh::keys::ssh_key::private::{Ed25519Keypair, KeypairData};
use russh::keys::ssh_key::{self, LineEnding};
use russh::keys::{Certificate, HashAlg, PrivateKey, PublicKey};

use crate::trust::objection;

/// How long a host certificate holds.
pub const CERTIFICATE_LIFE: Duration = Duration::from_secs(366 * 24 * 3600);
/// Clocks of servers may be behind ours by this much.
const CLOCKS: Duration = Duration::from_secs(24 * 3600);

/// Why a key or a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The text is no key or certificate of a kind that is known.
    #[error("{what} cannot be read: {error}")]
    Unreadable { what: &'static str, error: ssh_key::Error },
    /// The system gives no random numbers, or a field does not fit.
    #[error("a key or certificate cannot be made: {0}")]
    Unmade(String),
    /// A certificate proves nothing.
    #[error("the host certificate proves nothing: {0}")]
    NoProof(&'static str),
}

impl From<ssh_key::Error> for KeyError {
    fn from(error: ssh_key::Error) -> Self {
        Self::Unmade(error.to_string())
    }
}

/// An Ed25519 key pair of ours.
pub struct OwnKey(PrivateKey);

impl OwnKey {
    /// A new key.
    ///
    /// # Errors
    /// `Unmade` when the system gives no random numbers.
    pub fn generate(comment: &str) -> Result<Self, KeyError> {
        let mut seed = zeroize::Zeroizing::new([0; 32]);
        random(&mut *seed)?;
        let pair = KeypairData::Ed25519(Ed25519Keypair::from_seed(&seed));
        Ok(Self(PrivateKey::new(pair, comment)?))
    }

    /// A key as `private_text` wrote it.
    ///
    /// # Errors
    /// `Unreadable`.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let key = PrivateKey::from_openssh(text);
        key.map(Self).map_err(|error| KeyError::Unreadable { what: "the key", error })
    }

    /// The private key in OpenSSH's format, without a passphrase.
    ///
    /// # Errors
    /// `Unmade`.
    pub fn private_text(&self) -> Result<Secret<String>, KeyError> {
        Ok(Secret::new(self.0.to_openssh(LineEnding::LF)?.to_string()))
    }

    /// The public key as a line of `authorized_keys`.
    ///
    /// # Errors
    /// `Unmade`.
    pub fn public_line(&self) -> Result<String, KeyError> {
        Ok(self.0.public_key().to_openssh()?)
    }

    /// `SHA256:...` of the public key.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.0.public_key().fingerprint(HashAlg::Sha256).to_string()
    }

    /// Signs a host key for one name, and checks the certificate as a client would.
    ///
    /// # Errors
    /// `Unreadable` when `host_key` is no public key.
    pub fn certify_host(&self, host_key: &str, name: &str) -> Result<String, KeyError> {
        let key = parse_public(host_key)?;
        let now = SystemTime::now();
        let seconds = |at: SystemTime| at.duration_since(UNIX_EPOCH).map_or(0, |at| at.as_secs());
        let mut nonce = vec![0; 32];
        random(&mut nonce)?;
        let (after, before) = (seconds(now - CLOCKS), seconds(now + CERTIFICATE_LIFE));
        let mut builder = Builder::new(nonce, key.key_data().clone(), after, before)?;
        builder.cert_type(CertType::Host)?;
        builder.key_id(name)?;
        builder.valid_principal(name)?;
        builder.comment(name)?;
        let text = builder.sign(&self.0)?.to_openssh()?;
        check_host_certificate(&text, host_key, &self.public_line()?, name)?;
        Ok(text)
    }
}

/// Whether `certificate` proves that whoever holds `host_key` is `name`, to one who trusts `authority`.
///
/// # Errors
/// `NoProof` says why not.
pub fn check_host_certificate(
    certificate: &str,
    host_key: &str,
    authority: &str,
    name: &str,
) -> Result<(), KeyError> {
    let read = Certificate::from_openssh(certificate);
    let certificate =
        read.map_err(|error| KeyError::Unreadable { what: "the certificate", error })?;
    if certificate.public_key() != parse_public(host_key)?.key_data() {
        return Err(KeyError::NoProof("it is for another key"));
    }
    let authority = parse_public(authority)?;
    objection(&certificate, name, &[&authority]).map_or(Ok(()), |why| Err(KeyError::NoProof(why)))
}

fn parse_public(line: &str) -> Result<PublicKey, KeyError> {
    let key = PublicKey::from_openssh(line.trim());
    key.map_err(|error| KeyError::Unreadable { what: "the public key", error })
}

fn random(bytes: &mut [u8]) -> Result<(), KeyError> {
    getrandom::fill(bytes).map_err(|error| KeyError::Unmade(error.to_string()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{KeyError, OwnKey, check_host_certificate};

    #[test]
    fn a_certificate_proves_one_name_for_one_key_under_one_authority() {
        let authority = OwnKey::generate("authority").unwrap();
        let other = OwnKey::generate("other").unwrap();
        let host = OwnKey::generate("host").unwrap().public_line().unwrap();
        let own = authority.public_line().unwrap();
        let certificate = authority.certify_host(&host, "moorline-3fa9c1").unwrap();
        check_host_certificate(&certificate, &host, &own, "moorline-3fa9c1").unwrap();
        let foreign = other.public_line().unwrap();
        let refused = [
            check_host_certificate(&certificate, &host, &own, "moorline-000000"),
            check_host_certificate(&certificate, &foreign, &own, "moorline-3fa9c1"),
            check_host_certificate(&certificate, &host, &foreign, "moorline-3fa9c1"),
        ];
        for result in refused {
            assert!(matches!(result, Err(KeyError::NoProof(_))), "{result:?}");
        }
    }

    #[test]
    fn a_key_that_was_written_is_the_same_key() {
        let key = OwnKey::generate("moorline").unwrap();
        let again = OwnKey::parse(key.private_text().unwrap().expose()).unwrap();
        assert_eq!(again.public_line().unwrap(), key.public_line().unwrap());
        assert_eq!(again.fingerprint(), key.fingerprint());
        assert!(key.public_line().unwrap().ends_with(" moorline"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,200}") {
            let _ = OwnKey::parse(&text);
            let _ = check_host_certificate(&text, &text, &text, "name");
        }
    }
}
