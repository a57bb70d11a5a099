//! The conformance suite against the libpod server in memory; `tests/it/podman` runs it on the real one.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::sync::Arc;

use async_trait::async_trait;
use backend_api::{Backend, BackendError, ConnectInput, Cx, Dial, Session, StepSink};
use backend_podman::Podman;
use model::FormValues;
use testkit::conformance::{Rig, run, survives_every_fault};
use testkit::libpod::{BOX_IMAGE, BOX_LINE, ECHO_PORT, FakeLibpod, FakeLogin};
use testkit::{CutDial, MemoryDial};
use tokio_util::sync::CancellationToken;

struct FakeRig {
    dial: MemoryDial,
}

#[async_trait]
impl Rig for FakeRig {
    fn backend(&self) -> &dyn Backend {
        &Podman
    }

    fn connect_input(&self) -> ConnectInput {
        connect_input()
    }

    async fn connect(&self) -> Result<(Box<dyn Session>, Cx), BackendError> {
        connect(Arc::new(self.dial.clone())).await
    }

    fn input(&self, name: &str) -> FormValues {
        let fields = [("name", name), ("image", BOX_IMAGE), ("ports", "5432"), ("memory", "64")];
        fields.map(|(field, value)| (field.to_owned(), value.to_owned())).into()
    }

    fn log_line(&self) -> String {
        BOX_LINE.into()
    }

    fn echo_port(&self) -> u16 {
        ECHO_PORT
    }

    fn open_streams(&self) -> usize {
        self.dial.open.count()
    }
}

impl FakeRig {
    fn new() -> Self {
        Self { dial: MemoryDial::new(Arc::new(FakeLibpod::default())) }
    }
}

async fn connect(dial: Arc<dyn Dial>) -> Result<(Box<dyn Session>, Cx), BackendError> {
    let cx = Cx { dial, exec: Arc::new(FakeLogin), ..Cx::new(CancellationToken::new()) };
    Ok((Podman.connect(connect_input(), cx.clone()).await?, cx))
}

fn connect_input() -> ConnectInput {
    ConnectInput { name: "forge-1".into(), fields: FormValues::new(), secrets: Default::default() }
}

struct NoSteps;

impl StepSink for NoSteps {
    fn begin(&self, _index: usize) {}
    fn skip(&self, _index: usize) {}
}

#[tokio::test]
async fn podman_conforms_in_memory() {
    run(&FakeRig::new(), "in-memory").await.unwrap();
}

#[tokio::test]
async fn of_two_plans_for_one_name_one_is_made_and_the_other_is_a_conflict() {
    let rig = FakeRig::new();
    let (session, cx) = rig.connect().await.unwrap();
    let apply = session.apply().unwrap();
    let plan = apply.plan(&rig.input("atlas-api"), &cx).await.unwrap();
    let make = || apply.apply(&plan, &NoSteps, &|_| {}, &cx);
    let (one, other) = tokio::join!(make(), make());
    let (made, refused) = if one.is_ok() { (one, other) } else { (other, one) };
    let id = made.unwrap().workspace_id;
    let is_conflict =
        matches!(&refused, Err(BackendError::Conflict(f)) if f.field.as_deref() == Some("name"));
    assert!(is_conflict, "{refused:?}");
    let detail = session.inspect(&id, &cx).await.unwrap();
    assert_eq!(detail.volumes.len(), 2);
    assert_eq!(session.list(&cx).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_rename_to_a_taken_name_is_a_conflict_of_the_name() {
    let rig = FakeRig::new();
    let (session, cx) = rig.connect().await.unwrap();
    let apply = session.apply().unwrap();
    let mut made = Vec::new();
    for name in ["atlas-api", "atlas-web"] {
        let plan = apply.plan(&rig.input(name), &cx).await.unwrap();
        made.push(apply.apply(&plan, &NoSteps, &|_| {}, &cx).await.unwrap().workspace_id);
    }
    let refused = session.lifecycle().unwrap().rename(&made[0], "atlas-web", &cx).await;
    let is_conflict =
        matches!(&refused, Err(BackendError::Conflict(f)) if f.field.as_deref() == Some("name"));
    assert!(is_conflict, "{refused:?}");
}

#[tokio::test]
async fn a_rebuild_survives_every_fault() {
    let cut = CutDial::new(Arc::new(FakeRig::new().dial));
    let rig = CutRig { cut: cut.clone(), fake: FakeRig::new() };
    survives_every_fault(&rig, &cut, "atlas-api", "atlas-api-cache").await.unwrap();
}

struct CutRig {
    cut: CutDial,
    fake: FakeRig,
}

#[async_trait]
impl Rig for CutRig {
    fn backend(&self) -> &dyn Backend {
        &Podman
    }

    fn connect_input(&self) -> ConnectInput {
        connect_input()
    }

    async fn connect(&self) -> Result<(Box<dyn Session>, Cx), BackendError> {
        connect(Arc::new(self.cut.clone())).await
    }

    fn input(&self, name: &str) -> FormValues {
        self.fake.input(name)
    }

    fn log_line(&self) -> String {
        self.fake.log_line()
    }

    fn echo_port(&self) -> u16 {
        self.fake.echo_port()
    }

    fn open_streams(&self) -> usize {
        self.fake.open_streams()
    }
}
