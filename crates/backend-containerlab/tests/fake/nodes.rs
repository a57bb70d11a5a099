//! Nodes beside their lab: consoles, followed logs, rates, impairments, captures.

use backend_api::{BackendError, LogOptions, TerminalInput, TerminalOptions, TerminalOutput};
use bytes::Bytes;
use futures::StreamExt;
use model::{Failure, Impairment, LabId, LabVerb, TerminalSize, WorkspaceId};
use testkit::clab::Generation;

use super::rig::{ClabRig, carry_out, pair, request};

const SIZE: TerminalSize = TerminalSize { columns: 80, rows: 24 };

async fn started(generation: Generation) -> ClabRig {
    let rig = ClabRig::start(generation).await;
    let session = rig.session().await;
    let start = request(LabVerb::Start, Some(pair()));
    carry_out(session.as_ref(), &rig.cx(), &start).await.0.unwrap();
    rig
}

fn id() -> LabId {
    LabId::from_raw("pair")
}

fn worse(delay_ms: Option<f64>) -> Impairment {
    Impairment {
        node: "r1".into(),
        interface: "eth1".into(),
        delay_ms,
        jitter_ms: None,
        loss_percent: None,
        rate_kbit: None,
        corruption_percent: None,
    }
}

#[tokio::test]
async fn a_console_ends_with_its_exit_code() {
    let rig = started(Generation::Modern).await;
    let session = rig.session().await;
    let console = WorkspaceId::from_raw("pair/clab-pair-r1");
    let options = TerminalOptions { size: SIZE, argv: None, user: None };
    let exec = session.exec().unwrap();
    let mut terminal = exec.terminal(&console, options, &rig.cx()).await.unwrap();
    let typed = TerminalInput::Bytes(Bytes::from_static(b"exit 3\r"));
    terminal.input.send(typed).await.unwrap();
    let mut last = None;
    while let Some(Ok(output)) = terminal.output.next().await {
        last = Some(output);
    }
    assert_eq!(last, Some(TerminalOutput::Exited { exit_code: Some(3) }));
}

#[tokio::test]
async fn the_older_server_has_no_consoles_and_says_so() {
    let rig = started(Generation::Legacy0111).await;
    let session = rig.session().await;
    let console = WorkspaceId::from_raw("pair/clab-pair-r1");
    let options = TerminalOptions { size: SIZE, argv: None, user: None };
    let opened = session.exec().unwrap().terminal(&console, options, &rig.cx()).await;
    assert!(matches!(opened, Err(BackendError::Unsupported(_))));
}

#[tokio::test]
async fn logs_are_followed_on_both() {
    for generation in [Generation::Modern, Generation::Legacy0111] {
        let rig = started(generation).await;
        let session = rig.session().await;
        let options = LogOptions { is_followed: true, tail: Some(1), since: None };
        let console = WorkspaceId::from_raw("pair/clab-pair-r1");
        let mut lines = session.logs().unwrap().logs(&console, options, &rig.cx()).await.unwrap();
        let line = lines.next().await.unwrap().unwrap();
        assert_eq!(line.text, "node is up");
        assert!(line.at.is_some());
    }
}

#[tokio::test]
async fn rates_come_from_counters() {
    let rig = started(Generation::Modern).await;
    let session = rig.session().await;
    let interfaces = session.labs().unwrap().interfaces().unwrap();
    let mut rates = interfaces.rates(&id(), &rig.cx()).await.unwrap();
    let first = rates.next().await.unwrap().unwrap();
    assert_eq!((first[0].down_bytes, first[0].up_bytes), (1000.0, 500.0));
    let listed = interfaces.list(&id(), &rig.cx()).await.unwrap();
    assert!(listed.iter().any(|one| one.node == "r1" && one.name == "eth1"));
}

#[tokio::test]
async fn links_are_made_worse_and_good_again_on_both() {
    for generation in [Generation::Modern, Generation::Legacy0111] {
        let rig = started(generation).await;
        let session = rig.session().await;
        let interfaces = session.labs().unwrap().interfaces().unwrap();
        let cx = rig.cx();
        assert!(interfaces.impairments(&id(), &cx).await.unwrap().is_empty());
        interfaces.impair(&id(), &worse(Some(50.0)), &cx).await.unwrap();
        let shown = interfaces.impairments(&id(), &cx).await.unwrap();
        assert_eq!(shown, [worse(Some(50.0))]);
        interfaces.impair(&id(), &worse(None), &cx).await.unwrap();
        assert!(interfaces.impairments(&id(), &cx).await.unwrap().is_empty());
        rig.fake.has_netem(false);
        let refused = interfaces.impair(&id(), &worse(Some(50.0)), &cx).await.unwrap_err();
        assert!(Failure::from(refused).hint.unwrap().contains("modprobe sch_netem"));
    }
}

#[tokio::test]
async fn a_capture_is_a_link_or_says_what_is_missing() {
    let rig = started(Generation::Modern).await;
    let session = rig.session().await;
    let interfaces = session.labs().unwrap().interfaces().unwrap();
    let capture = interfaces.capture(&id(), "r1", "eth1", &rig.cx()).await.unwrap();
    assert!(capture.url.starts_with("packetflix:ws://127.0.0.1"), "{}", capture.url);
    rig.fake.has_capture(false);
    let refused = interfaces.capture(&id(), "r1", "eth1", &rig.cx()).await.unwrap_err();
    assert!(Failure::from(refused).hint.unwrap().contains("Edgeshark"));
}
