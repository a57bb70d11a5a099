//! Connecting: certificates, logins that die, servers of another kind.

use backend_api::{Backend, BackendError};
use backend_containerlab::Containerlab;
use model::{Failure, Secret};
use testkit::clab::{CLAB_USER, Generation};

use super::rig::ClabRig;

#[tokio::test]
async fn a_certificate_is_asked_about_once() {
    let rig = ClabRig::start(Generation::Modern).await;
    let session = Containerlab.connect(rig.input(CLAB_USER, &[]), rig.cx()).await.unwrap();
    session.ping(&rig.cx()).await.unwrap();
    let asked = rig.accepts.asked.lock().unwrap().clone();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].fingerprint, rig.fake.fingerprint());
}

#[tokio::test]
async fn a_login_that_died_with_a_restart_is_made_again() {
    for generation in [Generation::Modern, Generation::Legacy0111] {
        let rig = ClabRig::start(generation).await;
        let session = rig.session().await;
        rig.fake.restart();
        rig.fake.requests();
        session.labs().unwrap().labs(&rig.cx()).await.unwrap();
        let logins = rig.fake.requests().iter().filter(|one| *one == "POST /login").count();
        assert_eq!(logins, 1);
    }
}

#[tokio::test]
async fn a_wrong_password_is_told_at_its_field() {
    for generation in [Generation::Modern, Generation::Legacy0111] {
        let rig = ClabRig::start(generation).await;
        let fingerprint = rig.fake.fingerprint();
        let mut input = rig.input(CLAB_USER, &[("tls_fingerprint", &fingerprint)]);
        input.secrets.insert("password".into(), Secret::new("not-this-one".into()));
        let Err(error) = Containerlab.connect(input, rig.cx()).await else { panic!("it connects") };
        assert!(matches!(error, BackendError::Unauthorized(_)));
        let failure = Failure::from(error);
        assert_eq!(failure.field.as_deref(), Some("password"));
        assert!(!format!("{failure:?}").contains("not-this-one"));
    }
}

#[tokio::test]
async fn each_server_says_what_it_can_do() {
    let modern = ClabRig::start(Generation::Modern).await;
    let features = modern.session().await.labs().unwrap().features();
    assert!(features.console && features.changes && features.lacks.is_empty(), "{features:?}");
    let legacy = ClabRig::start(Generation::Legacy0111).await;
    let features = legacy.session().await.labs().unwrap().features();
    assert!(!features.console && features.dialect.contains("0.1.11"), "{features:?}");
}
