//! A private key file, with its passphrase when it is encrypted and its certificate when one lies beside.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use backend_api::BackendError;
use model::Secret;
use russh::keys::{self, HashAlg, PrivateKey, PrivateKeyWithHashAlg};
use zeroize::Zeroizing;

use super::{ATTEMPTS, Login, Outcome};

const MAX_KEY_BYTES: u64 = 1024 * 1024;
const SPARE_BYTES: usize = 64;
const WRONG_PASSPHRASE: &str = "That passphrase does not open the key.";

/// What reading a key came to.
enum Opened {
    /// Shared from the start: a key that is moved leaves copies behind.
    Key(Arc<PrivateKey>),
    NeedsPassphrase,
    WrongPassphrase,
}

impl Login<'_> {
    /// Opens the key, asking for its passphrase when needed, and offers it.
    pub(super) async fn with_key_file(
        &mut self,
        method: usize,
        path: &Path,
        stored: Option<&Secret<String>>,
    ) -> Result<Outcome, BackendError> {
        let key = match self.open_key(method, path, stored).await {
            Ok(key) => key,
            Err(BackendError::Cancelled) => return Err(BackendError::Cancelled),
            Err(problem) => return Ok(Outcome::Unusable(problem)),
        };
        self.offering(key.public_key());
        if let Some(certificate) = certificate_beside(path) {
            let user = &self.hop.user;
            let result =
                self.handle.authenticate_openssh_cert(user, Arc::clone(&key), certificate).await;
            let outcome = self.outcome(result.map_err(|error| self.broken(&error))?);
            if !matches!(outcome, Outcome::Refused) || self.handle.is_closed() {
                return Ok(outcome);
            }
        }
        let hash = match self.signing_hash(&key.algorithm()).await? {
            Ok(hash) => hash,
            Err(problem) => return Ok(Outcome::Unusable(problem)),
        };
        let key = PrivateKeyWithHashAlg::new(key, hash);
        let result = self.handle.authenticate_publickey(&self.hop.user, key).await;
        Ok(self.outcome(result.map_err(|error| self.broken(&error))?))
    }

    /// How an RSA key is to sign: never with SHA-1. None for other kinds of key.
    pub(super) async fn signing_hash(
        &self,
        algorithm: &keys::Algorithm,
    ) -> Result<Result<Option<HashAlg>, BackendError>, BackendError> {
        if !matches!(algorithm, keys::Algorithm::Rsa { .. }) {
            return Ok(Ok(None));
        }
        let best = self.handle.best_supported_rsa_hash().await;
        match best.map_err(|error| self.broken(&error))? {
            Some(Some(hash)) => Ok(Ok(Some(hash))),
            // A server that does not say usually knows SHA-2.
            None => Ok(Ok(Some(HashAlg::Sha512))),
            Some(None) => Ok(Err(BackendError::unsupported(format!(
                "{} accepts RSA keys only with SHA-1 signatures",
                self.hop.name
            ))
            .with_hint("Use an ed25519 key, or update the server."))),
        }
    }

    async fn open_key(
        &self,
        method: usize,
        path: &Path,
        stored: Option<&Secret<String>>,
    ) -> Result<Arc<PrivateKey>, BackendError> {
        let text = read_key(path).await?;
        let mut passphrase = None;
        let mut next = stored.cloned();
        for _ in 0..=ATTEMPTS + 1 {
            let refused = match decode(path, &text, passphrase.take()).await? {
                Opened::Key(key) => return Ok(key),
                Opened::NeedsPassphrase => None,
                Opened::WrongPassphrase => Some(WRONG_PASSPHRASE),
            };
            passphrase = match next.take() {
                Some(stored) => Some(stored),
                None => {
                    let title = format!("Passphrase for {}", path.display());
                    Some(self.ask_secret(method, title, "Passphrase", refused).await?)
                }
            };
        }
        Err(BackendError::unauthorized(format!(
            "no passphrase given opens the key file {}",
            path.display()
        ))
        .with_hint("Find the passphrase of this key, or use another key."))
    }
}

/// Whether the key is there and needs no passphrase.
pub(super) async fn is_open(path: &Path) -> bool {
    let Ok(text) = read_key(path).await else { return false };
    matches!(decode(path, &text, None).await, Ok(Opened::Key(_)))
}

async fn read_key(path: &Path) -> Result<Arc<Secret<String>>, BackendError> {
    let owned = path.to_owned();
    let read = tokio::task::spawn_blocking(move || read_small(&owned)).await;
    match read.map_err(io::Error::other).flatten() {
        Ok(text) => Ok(Arc::new(Secret::new(text))),
        Err(error) => Err(unreadable(path, &error)),
    }
}

fn read_small(path: &Path) -> io::Result<String> {
    let file = std::fs::File::open(path)?;
    // Room for all of it at once: a buffer that grows leaves copies behind.
    let length = file.metadata()?.len().min(MAX_KEY_BYTES);
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0) + SPARE_BYTES);
    file.take(MAX_KEY_BYTES).read_to_end(&mut bytes)?;
    String::from_utf8(bytes).map_err(|error| {
        Zeroizing::new(error.into_bytes());
        io::ErrorKind::InvalidData.into()
    })
}

fn unreadable(path: &Path, error: &io::Error) -> BackendError {
    let file = path.display();
    match error.kind() {
        io::ErrorKind::NotFound => {
            BackendError::not_found(format!("the key file {file} does not exist"))
                .with_hint("Choose the private key file that the server knows.")
        }
        io::ErrorKind::PermissionDenied => {
            BackendError::forbidden(format!("the key file {file} cannot be read"))
                .with_hint("Give yourself read access to the file.")
        }
        io::ErrorKind::InvalidData => not_a_key(path),
        _ => BackendError::invalid(format!("the key file {file} cannot be read"))
            .with_hint("Choose the private key file that the server knows.")
            .with_detail(error.to_string()),
    }
}

fn not_a_key(path: &Path) -> BackendError {
    BackendError::invalid(format!("{} is not a private key", path.display()))
        .with_hint("Choose a private key in OpenSSH, PEM or PuTTY format.")
}

/// Deriving a key from a passphrase is slow by design, so it runs beside the other tasks.
async fn decode(
    path: &Path,
    text: &Arc<Secret<String>>,
    passphrase: Option<Secret<String>>,
) -> Result<Opened, BackendError> {
    let text = Arc::clone(text);
    let owned: PathBuf = path.to_owned();
    let work = move || keys::apart(|| decode_now(&owned, &text, passphrase));
    let decoded = tokio::task::spawn_blocking(work).await.map_err(io::Error::other).flatten();
    decoded.unwrap_or_else(|error| Err(not_a_key(path).with_detail(error.to_string())))
}

fn decode_now(
    path: &Path,
    text: &Secret<String>,
    passphrase: Option<Secret<String>>,
) -> Result<Opened, BackendError> {
    let text = text.expose();
    if text.starts_with("ssh-") || text.starts_with("ecdsa-") || text.starts_with("sk-") {
        return Err(BackendError::invalid(format!("{} is a public key", path.display()))
            .with_hint("Choose the private key: usually the same name without .pub."));
    }
    let words = passphrase.as_ref().map(|secret| secret.expose().as_str());
    match decode_text(text, words) {
        Ok(key) => Ok(Opened::Key(Arc::new(key))),
        Err(_) if words.is_some() => Ok(Opened::WrongPassphrase),
        Err(keys::Error::KeyIsEncrypted) => Ok(Opened::NeedsPassphrase),
        Err(_) if text.contains("ENCRYPTED") || has_ppk_encryption(text) => {
            Ok(Opened::NeedsPassphrase)
        }
        Err(error) => Err(not_a_key(path).with_detail(error.to_string())),
    }
}

fn decode_text(text: &str, passphrase: Option<&str>) -> Result<PrivateKey, keys::Error> {
    if !text.trim_start().starts_with("-----BEGIN OPENSSH PRIVATE KEY-----") {
        return keys::decode_secret_key(text, passphrase);
    }
    // Straight from the text, without copies of what stands there.
    let key = PrivateKey::from_openssh(text.trim_start())?;
    match passphrase {
        _ if !key.is_encrypted() => Ok(key),
        None => Err(keys::Error::KeyIsEncrypted),
        Some(passphrase) => Ok(key.decrypt(passphrase)?),
    }
}

fn has_ppk_encryption(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("Encryption: ") && !line.ends_with("none"))
}

/// OpenSSH's custom: the certificate of `id_x` is `id_x-cert.pub`.
fn certificate_beside(path: &Path) -> Option<keys::Certificate> {
    let mut name = path.file_name()?.to_owned();
    name.push("-cert.pub");
    keys::load_openssh_certificate(path.with_file_name(name)).ok()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::decode_now;
    use model::Secret;

    proptest! {
        #[test]
        fn no_text_upsets_the_key_parser(text in "\\PC{0,200}") {
            let framed = format!(
                "-----BEGIN OPENSSH PRIVATE KEY-----\n{text}\n-----END OPENSSH PRIVATE KEY-----\n"
            );
            for text in [text, framed] {
                let _ = decode_now(Path::new("k"), &Secret::new(text), None);
            }
        }
    }
}
