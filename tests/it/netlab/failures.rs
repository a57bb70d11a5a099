//! Failures as what they are: netlab itself says "running" to most of them, or "success".

use std::time::Duration;

use backend_api::{Backend, BackendError, ConnectInput, Cx};
use backend_netlab::Netlab;
use model::{ErrorCode, LabState, LabVerb, Secret};
use tests::labs::{API_USER, LabServer};
use tokio_util::sync::CancellationToken;

use super::rig::{Rig, id, run};

#[test]
fn a_missing_image_is_the_failure_it_is_and_can_be_cleaned_up() {
    let server = LabServer::shared().unwrap();
    run(async {
        let rig = Rig::new(&server).await;
        let labs = rig.session.labs().unwrap();
        let failure = rig.make(LabVerb::Start, "nowhere", "missing-image").await.bad();
        assert_eq!(failure.code, ErrorCode::Rejected);
        assert!(failure.message.contains("could not start \"nowhere\""), "{failure:?}");
        assert!(failure.detail.as_ref().unwrap().contains("ERROR"), "{failure:?}");
        let list = labs.labs(&rig.cx).await.unwrap();
        assert_eq!(list[0].state, LabState::Failed, "{list:?}");
        rig.ask(LabVerb::Destroy, "nowhere").await.good();
        assert!(labs.labs(&rig.cx).await.unwrap().is_empty());
    });
}

#[test]
fn a_failed_configuration_is_told_apart_from_nodes_that_do_not_come_up() {
    let server = LabServer::shared().unwrap();
    run(async {
        let rig = Rig::new(&server).await;
        let failure = rig.make(LabVerb::Start, "broken", "broken").await.bad();
        assert!(failure.message.contains("could not start \"broken\""), "{failure:?}");
        assert!(failure.message.contains("configuring them failed"), "{failure:?}");
        assert_ne!(server.docker(&["ps", "--quiet"]).unwrap(), "", "its nodes run on");
        rig.ask(LabVerb::Destroy, "broken").await.good();
        assert_eq!(server.docker(&["ps", "--all", "--quiet"]).unwrap(), "");
    });
}

#[test]
fn a_server_that_dies_in_the_middle_is_looked_at_when_it_is_back() {
    let server = LabServer::shared().unwrap();
    run(async {
        let rig = Rig::new(&server).await;
        let starting = rig.make(LabVerb::Start, "killed", "two-ospf");
        let killing = async {
            let began = || {
                let status = server.outside(std::path::Path::new("/srv/home/.netlab/status.yaml"));
                std::fs::read_to_string(status).unwrap_or_default().contains("starting provider")
            };
            while !began() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            server.kill_api();
            server.restart_api().unwrap();
        };
        let (outcome, ()) = tokio::join!(starting, killing);
        let failure = outcome.bad();
        assert!(failure.message.contains("started again"), "{failure:?}");
        rig.ask(LabVerb::Destroy, "killed").await.good();
        let labs = rig.session.labs().unwrap();
        assert!(labs.labs(&rig.cx).await.unwrap().is_empty());
        assert!(labs.lab(&id("killed"), &rig.cx).await.is_err());
    });
}

#[test]
fn a_wrong_password_is_told_as_that() {
    let server = LabServer::shared().unwrap();
    run(async {
        let rig = Rig::new(&server).await;
        let fields = [
            ("api_url", server.api_url_inside()),
            ("user", API_USER.to_owned()),
            ("tls_fingerprint", server.certificate().sha256.clone()),
        ];
        let input = ConnectInput {
            name: "lab".into(),
            fields: fields.map(|(name, value)| (name.to_owned(), value)).into(),
            secrets: [("password".to_owned(), Secret::new("wrong".to_owned()))].into(),
        };
        let cx = Cx { dial: rig.cx.dial.clone(), ..Cx::new(CancellationToken::new()) };
        let error = Netlab.connect(input, cx).await.err().unwrap();
        assert!(matches!(error, BackendError::Unauthorized(_)), "{error:?}");
    });
}
