//! Who judges a certificate during a test: the person, when they said they would, else nobody.

use std::sync::Arc;

use async_trait::async_trait;
use backend_api::{BackendError, Certificates};
use model::{CertificateQuestion, CertificateVerdict, ErrorCode, Failure};

use super::board::Board;
use crate::questions::CertificateJudge;

/// Answers for one test.
pub(super) struct DoctorCertificates {
    pub(super) board: Arc<Board>,
    /// What they trust is kept with a connection that is stored.
    pub(super) person: Option<Arc<CertificateJudge>>,
}

#[async_trait]
impl Certificates for DoctorCertificates {
    async fn judge(&self, question: CertificateQuestion) -> Result<(), BackendError> {
        let Some(person) = &self.person else {
            return Err(BackendError::Trust(shown(&question)));
        };
        self.board.say("waiting for you to compare the certificate");
        person.judge(question).await
    }
}

/// What was shown and why it was not taken.
fn shown(question: &CertificateQuestion) -> Failure {
    let CertificateQuestion { server, fingerprint, known, subject, issuer, reason, .. } = question;
    let (code, message) = match question.verdict {
        CertificateVerdict::Unknown => (
            ErrorCode::CertificateUnknown,
            format!("nobody vouches for the certificate of {server}"),
        ),
        CertificateVerdict::Changed => (
            ErrorCode::CertificateChanged,
            format!("{server} shows another certificate than the one that was trusted"),
        ),
    };
    let mut evidence = vec![
        reason.clone(),
        format!("it names {subject} and is signed by {issuer}"),
        format!("SHA-256 {fingerprint}"),
    ];
    evidence.extend(known.iter().map(|known| format!("trusted was {known}")));
    Failure::new(code, message)
        .with_hint("Compare its fingerprint with whoever runs the server, then trust it.")
        .with_detail(evidence.join("\n"))
}
