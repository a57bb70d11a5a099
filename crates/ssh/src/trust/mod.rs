//! Host keys: what the known-hosts files say of a host, and the verdict on the key it shows.
//!
//! The rules are OpenSSH's: any matching key is enough, other keys only mean that it changed, a revoked
//! key is refused whatever else is said. Deliberately not here: asking a person.

mod certificate;
mod files;
mod own;
mod pattern;
mod rotation;

use model::{HostAddress, HostKey, KnownKey};
use russh::keys::ssh_key::known_hosts::Marker;
use russh::keys::{Algorithm, Certificate, HashAlg, PublicKey, PublicKeyOrCertificate};

use crate::TrustFiles;
use files::KnownLine;

pub(crate) use certificate::objection;
pub(crate) use own::{remember, replace};
pub(crate) use rotation::Rotation;

/// What to do with a host key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    Trusted,
    Unknown,
    Changed(Vec<KnownKey>),
    Revoked(Vec<KnownKey>),
}

/// Everything the files say about one host.
#[derive(Debug)]
pub(crate) struct KnownHost {
    host: String,
    /// Lines about the host at its port.
    lines: Vec<KnownLine>,
    /// Lines about the host whatever its port; they can vouch for a key but not contradict one.
    portless: Vec<KnownLine>,
}

impl KnownHost {
    /// Reads the files. Blocks on the disk for a moment.
    pub(crate) fn look_up(files: &TrustFiles, address: &HostAddress) -> Self {
        Self {
            host: address.host.to_lowercase(),
            lines: files::lines_about(files, &pattern::written_name(address)),
            portless: pattern::bare_name(address)
                .map(|name| files::lines_about(files, &name))
                .unwrap_or_default(),
        }
    }

    /// Algorithms of the keys that are known, so that the server is asked for one of those first.
    pub(crate) fn key_algorithms(&self) -> Vec<Algorithm> {
        let known = self.lines.iter().chain(&self.portless);
        known.filter(|line| line.marker.is_none()).map(|line| line.key.algorithm()).collect()
    }

    /// Whether some authority may vouch for this host, which makes certificates worth asking for.
    pub(crate) fn has_authority(&self) -> bool {
        self.lines.iter().chain(&self.portless).any(is_authority)
    }

    /// The verdict. A certificate that proves nothing is judged by the key inside it.
    pub(crate) fn judge(&self, shown: &PublicKeyOrCertificate) -> Verdict {
        let key = shown.public_key();
        let certificate = shown.certificate();
        let revoked = self.revoked(&key, certificate);
        if !revoked.is_empty() {
            return Verdict::Revoked(revoked);
        }
        if certificate.is_some_and(|certificate| self.is_vouched_for(certificate)) {
            return Verdict::Trusted;
        }
        match judge_key(&self.lines, &key) {
            Verdict::Unknown if judge_key(&self.portless, &key) == Verdict::Trusted => {
                Verdict::Trusted
            }
            verdict => verdict,
        }
    }

    /// The line that vouches for a trusted key: the key itself, else an authority.
    pub(crate) fn vouching(&self, shown: &PublicKeyOrCertificate) -> Option<KnownKey> {
        let key = shown.public_key();
        let mut all = self.lines.iter().chain(&self.portless);
        let own = all.clone().find(|l| l.marker.is_none() && l.key.key_data() == key.key_data());
        own.or_else(|| all.find(|line| is_authority(line))).map(known_key)
    }

    fn revoked(&self, key: &PublicKey, certificate: Option<&Certificate>) -> Vec<KnownKey> {
        let is_meant = |line: &&KnownLine| {
            line.marker == Some(Marker::Revoked)
                && (line.key.key_data() == key.key_data()
                    || certificate.is_some_and(|c| c.signature_key() == line.key.key_data()))
        };
        self.lines.iter().chain(&self.portless).filter(is_meant).map(known_key).collect()
    }

    fn is_vouched_for(&self, certificate: &Certificate) -> bool {
        let lines = self.lines.iter().chain(&self.portless);
        let authorities: Vec<&PublicKey> =
            lines.filter(|line| is_authority(line)).map(|line| &line.key).collect();
        match certificate::objection(certificate, &self.host, &authorities) {
            None => true,
            Some(objection) => {
                tracing::warn!(objection, "a host certificate proves nothing");
                false
            }
        }
    }
}

/// A public key as a person compares it.
pub(crate) fn shown_key(key: &PublicKey) -> HostKey {
    HostKey {
        algorithm: key.algorithm().as_str().to_owned(),
        fingerprint: key.fingerprint(HashAlg::Sha256).to_string(),
    }
}

fn judge_key(lines: &[KnownLine], key: &PublicKey) -> Verdict {
    let known: Vec<&KnownLine> = lines.iter().filter(|line| line.marker.is_none()).collect();
    if known.is_empty() {
        Verdict::Unknown
    } else if known.iter().any(|line| line.key.key_data() == key.key_data()) {
        Verdict::Trusted
    } else {
        Verdict::Changed(known.into_iter().map(known_key).collect())
    }
}

fn is_authority(line: &KnownLine) -> bool {
    line.marker == Some(Marker::CertAuthority)
}

fn known_key(line: &KnownLine) -> KnownKey {
    KnownKey { key: shown_key(&line.key), file: line.file.display().to_string(), line: line.line }
}
