//! Bad input and bad servers: each gives a sentence that names the thing, and changes nothing.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

use backend_api::{Backend, BackendError};
use backend_podman::Podman;
use model::{ErrorCode, Failure, RemoveVolumes, WorkspaceId};
use testkit::{DirectDial, Fault, FaultDial};
use tests::podman::BOX_IMAGE;

use super::making::make;
use super::rig::{PodmanRig, values};

#[tokio::test]
async fn an_image_that_is_missing_is_named_with_those_that_are_there() {
    let rig = PodmanRig::direct();
    let (session, cx) = (rig.session().await, rig.cx());
    let input = values(&[("name", "atlas-api"), ("image", "localhost/dev:24.2")]);
    let plan = session.apply().unwrap().plan(&input, &cx).await.unwrap();
    let problems: Vec<(&str, &str)> =
        plan.problems.iter().map(|p| (p.field.as_str(), p.message.as_str())).collect();
    assert_eq!(
        problems,
        [(
            "image",
            "forge-1 does not have the image localhost/dev:24.2. It has localhost/box:1, localhost/broken:1."
        )]
    );
}

#[tokio::test]
async fn a_taken_name_comes_with_a_free_one() {
    let rig = PodmanRig::direct();
    let (session, cx) = (rig.session().await, rig.cx());
    let input = values(&[("name", "atlas-api"), ("image", BOX_IMAGE), ("start", "false")]);
    make(session.as_ref(), &input, &cx).await.unwrap();
    let plan = session.apply().unwrap().plan(&input, &cx).await.unwrap();
    assert_eq!(plan.problems[0].message, "forge-1 already has atlas-api. atlas-api-2 is free.");
    assert_eq!(plan.problems[0].suggestion.as_deref(), Some("atlas-api-2"));
}

#[tokio::test]
async fn a_port_that_something_else_took_is_named_at_start() {
    let rig = PodmanRig::direct();
    let (session, cx) = (rig.session().await, rig.cx());
    let input = values(&[("name", "atlas-api"), ("image", BOX_IMAGE), ("start", "false")]);
    let (_, id) = make(session.as_ref(), &input, &cx).await.unwrap();
    let port = session.list(&cx).await.unwrap()[0].ports[0].server_port.unwrap();
    let _holder = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let error = session.lifecycle().unwrap().start(&id, &cx).await.unwrap_err();
    let failure = Failure::from(error);
    assert_eq!(failure.code, ErrorCode::Conflict);
    assert_eq!(
        failure.message,
        format!("cannot start \"atlas-api\": something else on \"forge-1\" listens on port {port}")
    );
}

#[tokio::test]
async fn a_port_that_another_container_took_is_named_with_it() {
    let rig = PodmanRig::direct();
    let (session, cx) = (rig.session().await, rig.cx());
    let input = values(&[("name", "atlas-api"), ("image", BOX_IMAGE), ("start", "false")]);
    let (_, id) = make(session.as_ref(), &input, &cx).await.unwrap();
    let port = session.list(&cx).await.unwrap()[0].ports[0].server_port.unwrap();
    let mapping = format!("127.0.0.1:{port}:22");
    rig.service.podman(&["run", "-d", "--name", "foreign", "-p", &mapping, BOX_IMAGE]).unwrap();
    let error = session.lifecycle().unwrap().start(&id, &cx).await.unwrap_err();
    let failure = Failure::from(error);
    assert_eq!(
        failure.message,
        format!("cannot start \"atlas-api\": \"foreign\" holds port {port} of \"forge-1\"")
    );
}

#[tokio::test]
async fn containers_of_others_are_hidden_or_shown_but_never_changed() {
    let mut rig = PodmanRig::direct();
    let id = rig.service.podman(&["run", "-d", "--name", "foreign", BOX_IMAGE]).unwrap();
    let id = WorkspaceId::from_raw(id);
    let cx = rig.cx();
    let hiding = rig.session().await;
    assert_eq!(hiding.list(&cx).await.unwrap(), []);
    rig.fields.insert("show_unmanaged".into(), "true".into());
    let showing = rig.session().await;
    let list = showing.list(&cx).await.unwrap();
    assert_eq!((list.len(), list[0].is_managed), (1, false));
    for session in [&hiding, &showing] {
        let lifecycle = session.lifecycle().unwrap();
        for result in [
            lifecycle.stop(&id, &cx).await,
            lifecycle.restart(&id, &cx).await,
            lifecycle.rename(&id, "mine", &cx).await,
            lifecycle.remove(&id, RemoveVolumes::Delete, &cx).await,
        ] {
            assert!(matches!(result, Err(BackendError::Forbidden(_))), "{result:?}");
        }
    }
    assert_eq!(rig.service.podman(&["ps", "--format", "{{.Names}}"]).unwrap(), "foreign");
}

#[tokio::test]
async fn a_socket_where_nothing_answers_is_named() {
    let mut rig = PodmanRig::direct();
    rig.fields.insert("socket".into(), "/nowhere/podman.sock".into());
    let Err(error) = rig.try_session().await else { panic!("it connected") };
    let failure = Failure::from(error);
    assert_eq!(failure.code, ErrorCode::Unreachable);
    assert_eq!(
        failure.message,
        "nothing answers on the socket /nowhere/podman.sock of \"forge-1\""
    );
    assert!(failure.hint.unwrap().contains("podman.socket"));
}

#[test]
fn podman_of_this_computer_is_refused_with_the_reason() {
    let problems = Podman.validate(&values(&[("socket", "unix:///run/podman/podman.sock")]));
    assert_eq!(problems[0].field, "socket");
    assert!(problems[0].message.contains("never on this computer"));
}

#[tokio::test]
async fn a_service_that_dies_is_unreachable_and_serves_again_when_it_is_back() {
    let mut rig = PodmanRig::direct();
    let (session, cx) = (rig.session().await, rig.cx());
    rig.service.kill();
    let error = session.list(&cx).await.unwrap_err();
    assert!(matches!(error, BackendError::Unreachable(_)), "{error:?}");
    rig.service.restart().unwrap();
    assert_eq!(session.list(&cx).await.unwrap(), []);
}

#[tokio::test]
async fn broken_links_are_unreachable_and_cancel_is_at_once() {
    let mut rig = PodmanRig::direct();
    let dial = FaultDial::new(Arc::new(DirectDial::default()));
    rig.dial = Arc::new(dial.clone());
    let (session, cx) = (rig.session().await, rig.cx());
    for fault in [Fault::Refuse, Fault::CutAfter(0), Fault::CutAfter(40), Fault::CutAfter(300)] {
        dial.set(fault);
        let error = session.server(&cx).await.unwrap_err();
        assert!(matches!(error, BackendError::Unreachable(_)), "{fault:?}: {error:?}");
    }
    for fault in [Fault::BlackHole, Fault::Silent] {
        dial.set(fault);
        let cx = rig.cx();
        cx.cancel.cancel();
        let begun = Instant::now();
        let error = session.list(&cx).await.unwrap_err();
        assert!(matches!(error, BackendError::Cancelled), "{fault:?}: {error:?}");
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
}
