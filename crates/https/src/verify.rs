//! Whether a certificate may be used: by fingerprint, by the authorities of this computer, or not at all.
//!
//! What is refused is kept, so that a person can be asked about exactly that certificate.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};
use rustls_platform_verifier::Verifier;

use crate::certificate::Fingerprint;

/// What is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    Authorities,
    Only(Fingerprint),
    Anything,
}

/// A certificate that was refused.
#[derive(Debug, Clone)]
pub(crate) struct Refused {
    pub(crate) certificate: Vec<u8>,
    pub(crate) reason: String,
}

/// Judges the certificate of one handshake.
#[derive(Debug)]
pub(crate) struct Judge {
    rule: Rule,
    provider: Arc<CryptoProvider>,
    /// Given when the rule asks for it.
    authorities: Option<Arc<Verifier>>,
    refused: Mutex<Option<Refused>>,
}

impl Judge {
    pub(crate) fn new(
        rule: Rule,
        provider: Arc<CryptoProvider>,
        authorities: Option<Arc<Verifier>>,
    ) -> Self {
        Self { rule, provider, authorities, refused: Mutex::new(None) }
    }

    /// The certificate that was refused, if one was.
    pub(crate) fn take_refused(&self) -> Option<Refused> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn refuse(&self, certificate: &[u8], error: Error) -> Error {
        let reason = words(&error);
        let refused = Refused { certificate: certificate.to_vec(), reason };
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(refused);
        error
    }
}

fn words(error: &Error) -> String {
    match error {
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "nobody that this computer knows signed it".into()
        }
        // What signs its own certificates often says that it is an authority.
        Error::InvalidCertificate(CertificateError::Other(other))
            if format!("{other:?}").contains("CaUsedAsEndEntity") =>
        {
            "nobody that this computer knows signed it".into()
        }
        Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => "it is for another name".into(),
        Error::InvalidCertificate(
            CertificateError::Expired | CertificateError::ExpiredContext { .. },
        ) => "it has expired".into(),
        Error::InvalidCertificate(
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. },
        ) => "it is not valid yet".into(),
        Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure) => {
            "its fingerprint is another one".into()
        }
        other => other.to_string(),
    }
}

impl ServerCertVerifier for Judge {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let judged = match (self.rule, &self.authorities) {
            (Rule::Anything, _) => Ok(ServerCertVerified::assertion()),
            (Rule::Only(known), _) if Fingerprint::of(end_entity) == known => {
                Ok(ServerCertVerified::assertion())
            }
            (Rule::Authorities, Some(authorities)) => authorities.verify_server_cert(
                end_entity,
                intermediates,
                server_name,
                ocsp_response,
                now,
            ),
            _ => Err(CertificateError::ApplicationVerificationFailure.into()),
        };
        judged.map_err(|error| self.refuse(end_entity, error))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
