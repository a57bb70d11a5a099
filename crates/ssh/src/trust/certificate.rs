//! Whether a host certificate proves that this is the host, given who may sign certificates for it.

use std::time::{SystemTime, UNIX_EPOCH};

use russh::keys::ssh_key::Algorithm;
use russh::keys::ssh_key::certificate::CertType;
use russh::keys::{Certificate, HashAlg};

/// Why a certificate proves nothing, or nothing when it does. `host` is the lower-case name that was
/// asked for, without port; `authorities` are the keys that may sign for it.
///
/// A certificate must be for hosts, name this one, be in its time, be signed by an authority with
/// something better than SHA-1, and carry no critical option, because none is defined for hosts.
pub(crate) fn objection(
    certificate: &Certificate,
    host: &str,
    authorities: &[&russh::keys::PublicKey],
) -> Option<&'static str> {
    if certificate.cert_type() != CertType::Host {
        return Some("it is a certificate for people, not for hosts");
    }
    if !certificate.valid_principals().iter().any(|name| name == host) {
        return Some("it does not name this host");
    }
    if certificate.critical_options().iter().next().is_some() {
        return Some("it carries a condition that is not understood");
    }
    if matches!(certificate.signature().algorithm(), Algorithm::Rsa { hash: None }) {
        return Some("it is signed with SHA-1");
    }
    let Ok(now) = SystemTime::now().duration_since(UNIX_EPOCH) else {
        return Some("this computer's clock is wrong");
    };
    if now.as_secs() < certificate.valid_after() {
        return Some("it is not valid yet");
    }
    if now.as_secs() >= certificate.valid_before() {
        return Some("it is not valid any more");
    }
    let trusted: Vec<_> = authorities.iter().map(|key| key.fingerprint(HashAlg::Sha256)).collect();
    if certificate.validate(trusted.iter()).is_err() {
        return Some("no authority that is trusted for this host signed it");
    }
    None
}
