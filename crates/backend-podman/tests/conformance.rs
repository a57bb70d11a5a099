//! The conformance suite against the libpod server in memory; `tests/it/podman` runs it on the real one.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use async_trait::async_trait;
use backend_api::{Backend, BackendError, ConnectInput, Cx, NoLog, Session, SystemClock};
use backend_podman::Podman;
use model::FormValues;
use testkit::conformance::{Rig, run};
use testkit::libpod::{BOX_IMAGE, BOX_LINE, ECHO_PORT, FakeLibpod};
use testkit::{MemoryDial, NoExec};
use tokio_util::sync::CancellationToken;

struct FakeRig {
    dial: MemoryDial,
}

#[async_trait]
impl Rig for FakeRig {
    async fn connect(&self) -> Result<(Box<dyn Session>, Cx), BackendError> {
        let cx = Cx {
            cancel: CancellationToken::new(),
            log: Arc::new(NoLog),
            dial: Arc::new(self.dial.clone()),
            exec: Arc::new(NoExec),
            clock: Arc::new(SystemClock),
        };
        let input = ConnectInput {
            name: "forge-1".into(),
            fields: FormValues::new(),
            secrets: Default::default(),
        };
        Ok((Podman.connect(input, cx.clone()).await?, cx))
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

#[tokio::test]
async fn podman_conforms_in_memory() {
    let rig = FakeRig { dial: MemoryDial::new(Arc::new(FakeLibpod::default())) };
    run(&rig, "in-memory").await.unwrap();
}
