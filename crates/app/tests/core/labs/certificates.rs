//! Certificates that no authority vouches for: a person is asked once, and the answer is kept.

use std::sync::Arc;

use app::Answer;
use model::{CertificateQuestion, CertificateVerdict, ConnectionState, ErrorCode, QuestionKind};
use tempfile::TempDir;
use testkit::fake::FakeServer;

use crate::bench::{Bench, input};

async fn asking() -> Bench {
    let server = FakeServer::default();
    server.state().certificate = Some(CertificateQuestion {
        server: "https://lab-1:9090".into(),
        verdict: CertificateVerdict::Unknown,
        fingerprint: "ab".repeat(32),
        known: None,
        subject: "CN=lab-1".into(),
        issuer: "CN=lab-1".into(),
        valid_until: None,
        reason: "self-signed".into(),
    });
    Bench::start_in(Arc::new(TempDir::new().unwrap()), server).await
}

async fn answer(bench: &Bench, answer: Answer) {
    let id = bench
        .until("the question", async || {
            let open = bench.core.questions().await.unwrap();
            let found = open.into_iter().next()?;
            assert!(matches!(found.question, QuestionKind::Certificate(_)));
            Some(found.id)
        })
        .await;
    bench.core.question_answer(id, answer).await.unwrap();
}

#[tokio::test]
async fn a_certificate_that_was_trusted_is_not_asked_about_again() {
    let bench = asking().await;
    let view = bench.core.connection_create(input("lab-1")).await.unwrap();
    answer(&bench, Answer::TrustCertificate).await;
    bench.until_connected(&view.connection.id).await;
    let stored = bench.core.connections().await.unwrap().remove(0).connection;
    assert_eq!(stored.fields["tls_fingerprint"], "ab".repeat(32));
    let bench = bench.restart().await;
    bench.until_connected(&view.connection.id).await;
    assert!(bench.core.questions().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_refused_certificate_ends_the_attempt_for_good() {
    let bench = asking().await;
    let view = bench.core.connection_create(input("lab-1")).await.unwrap();
    answer(&bench, Answer::Refuse).await;
    let state = bench
        .until_state(&view.connection.id, |state| matches!(state, ConnectionState::Failed { .. }))
        .await;
    let ConnectionState::Failed { error, .. } = state else { panic!("{state:?}") };
    assert_eq!(error.code, ErrorCode::CertificateUnknown);
    assert!(bench.core.notices().await.unwrap().is_empty(), "the person knows");
    assert!(bench.core.questions().await.unwrap().is_empty());
}
