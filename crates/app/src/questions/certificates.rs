//! Judges certificates of servers: what a person trusts is kept with the connection, as a fingerprint.
//!
//! A server is asked about once at a time, however many calls wait for the answer.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use backend_api::{BackendError, Certificates};
use model::{
    CertificateQuestion, CertificateVerdict, Connection, ErrorCode, Failure, QuestionKind,
};
use tokio::sync::Mutex;

use super::{Answer, ToldBy, ask, patience::Patience};
use crate::{sessions, shared::Shared, state::State};

/// The field of a connection that holds the fingerprint.
pub(crate) const CERTIFICATE: &str = "tls_fingerprint";

/// Answers for one connection's session.
pub(crate) struct CertificateJudge {
    shared: Arc<Shared>,
    connection: Connection,
    told_by: ToldBy,
    /// What was decided in this session, by fingerprint.
    decided: Mutex<BTreeMap<String, bool>>,
    patience: Patience,
}

impl CertificateJudge {
    pub(crate) fn new(shared: Arc<Shared>, connection: Connection, told_by: ToldBy) -> Self {
        let decided = Mutex::default();
        Self { shared, connection, told_by, decided, patience: Patience::new() }
    }

    /// Waits this long for `work`, the time apart in which a person is asked.
    pub(crate) async fn within<T>(
        &self,
        limit: Duration,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        self.patience.within(|| tokio::time::sleep(limit), work).await
    }

    async fn decide(&self, question: CertificateQuestion) -> bool {
        if let ToldBy::Connection { id, attempt } = &self.told_by {
            let words = "waiting for your word on its certificate";
            sessions::post_stage(&self.shared, id, *attempt, words);
        }
        let fingerprint = question.fingerprint.clone();
        let _thinking = self.patience.thinking();
        let kind = QuestionKind::Certificate(question);
        let answer = ask(&self.shared, &self.connection.name, kind).await;
        if !matches!(answer, Some(Answer::TrustCertificate)) {
            return false;
        }
        if let Err(failure) = self.store(fingerprint).await {
            // It holds for this session, and is asked about again in the next.
            tracing::warn!(%failure, "a certificate could not be remembered");
        }
        true
    }

    async fn store(&self, fingerprint: String) -> Result<(), Failure> {
        let (id, field) = (self.connection.id.clone(), fingerprint);
        let job = move |state: &mut State| {
            let entry = state.connections.get_mut(&id)?;
            entry.connection.fields.insert(CERTIFICATE.into(), field);
            state.changes.is_connections = true;
            Some(entry.connection.clone())
        };
        match self.shared.owner.with(job).await? {
            Some(connection) => Ok(self.shared.store.put_connection(&connection).await?),
            None => Ok(()),
        }
    }
}

#[async_trait]
impl Certificates for CertificateJudge {
    async fn judge(&self, question: CertificateQuestion) -> Result<(), BackendError> {
        let mut decided = self.decided.lock().await;
        let fingerprint = question.fingerprint.clone();
        let known = decided.get(&fingerprint).copied();
        let refusal = refused(&question);
        let is_trusted = match known {
            Some(is_trusted) => is_trusted,
            None => self.decide(question).await,
        };
        decided.insert(fingerprint, is_trusted);
        if is_trusted { Ok(()) } else { Err(BackendError::Trust(refusal)) }
    }
}

fn refused(question: &CertificateQuestion) -> Failure {
    let server = &question.server;
    let failure = match question.verdict {
        CertificateVerdict::Unknown => Failure::new(
            ErrorCode::CertificateUnknown,
            format!("the certificate of {server} was not trusted"),
        ),
        CertificateVerdict::Changed => Failure::new(
            ErrorCode::CertificateChanged,
            format!("{server} shows another certificate than the one that was trusted"),
        ),
    };
    failure
        .with_hint("Connect again, and compare the fingerprint with whoever runs the server.")
        .with_detail(question.reason.clone())
}
