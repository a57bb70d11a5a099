//! A service, a carrier to it, and sessions over both.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use async_trait::async_trait;
use backend_api::{Backend, BackendError, ConnectInput, Cx, Dial, RemoteExec, Session};
use backend_podman::Podman;
use model::FormValues;
use testkit::conformance::Rig;
use testkit::{DirectDial, LocalExec, OpenStreams};
use tests::podman::{BOX_IMAGE, PodmanService};
use tokio_util::sync::CancellationToken;

/// Services beside each other share the loopback ports of this machine.
static NEXT_RANGE: AtomicU16 = AtomicU16::new(0);

pub(super) struct PodmanRig {
    pub(super) service: PodmanService,
    pub(super) dial: Arc<dyn Dial>,
    pub(super) exec: Arc<dyn RemoteExec>,
    pub(super) open: OpenStreams,
    pub(super) fields: FormValues,
}

impl PodmanRig {
    /// Straight to the socket.
    pub(super) fn direct() -> Self {
        Self::on(PodmanService::start().unwrap())
    }

    pub(super) fn on(service: PodmanService) -> Self {
        let dial = DirectDial::default();
        let open = dial.open.clone();
        let exec = LocalExec::default();
        let fields = fields(&service.socket.display().to_string());
        Self { service, dial: Arc::new(dial), exec: Arc::new(exec), open, fields }
    }

    pub(super) fn cx(&self) -> Cx {
        let cx = Cx::new(CancellationToken::new());
        Cx { dial: self.dial.clone(), exec: self.exec.clone(), ..cx }
    }

    pub(super) async fn session(&self) -> Box<dyn Session> {
        self.try_session().await.unwrap()
    }

    pub(super) async fn try_session(&self) -> Result<Box<dyn Session>, BackendError> {
        Podman.connect(self.connect_input(), self.cx()).await
    }
}

/// Connection fields with ports of their own.
pub(super) fn fields(socket: &str) -> FormValues {
    let process = u16::try_from(std::process::id() % 100).unwrap();
    // 20 ports a service below the ports that the kernel hands out: ten for SSH, the rest for the others.
    let number = (process * 37 + NEXT_RANGE.fetch_add(1, Ordering::Relaxed)) % 800;
    let first = 12_000 + number * 20;
    values(&[
        ("socket", socket),
        ("port_range", &format!("{first}-{}", first + 4)),
        ("web_port_start", &(first + 5).to_string()),
    ])
}

pub(super) fn values(pairs: &[(&str, &str)]) -> FormValues {
    pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
}

#[async_trait]
impl Rig for PodmanRig {
    fn backend(&self) -> &dyn Backend {
        &Podman
    }

    fn connect_input(&self) -> ConnectInput {
        ConnectInput {
            name: "forge-1".into(),
            fields: self.fields.clone(),
            secrets: Default::default(),
        }
    }

    async fn connect(&self) -> Result<(Box<dyn Session>, Cx), BackendError> {
        Ok((self.try_session().await?, self.cx()))
    }

    fn input(&self, name: &str) -> FormValues {
        values(&[("name", name), ("image", BOX_IMAGE), ("ports", "5432"), ("memory", "64")])
    }

    fn log_line(&self) -> String {
        "box is up".into()
    }

    fn echo_port(&self) -> u16 {
        3000
    }

    fn open_streams(&self) -> usize {
        self.open.count()
    }
}
