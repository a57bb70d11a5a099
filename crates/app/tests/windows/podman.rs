//! The real Podman through the real sshd, from Windows: everything that every backend must do.

use std::sync::Arc;

use async_trait::async_trait;
use backend_api::{Backend, BackendError, BoxStream, ConnectInput, Cx, Dial, DialTarget, Session};
use backend_podman::Podman;
use model::FormValues;
use ssh::{AuthMethod, Link};
use testkit::OpenStreams;
use testkit::conformance::Rig;
use tokio_util::sync::CancellationToken;

use crate::reach::{reach, servers};

/// A link whose streams are counted.
struct Counted {
    link: Arc<Link>,
    open: OpenStreams,
}

#[async_trait]
impl Dial for Counted {
    async fn dial(&self, target: &DialTarget) -> Result<BoxStream, BackendError> {
        Ok(Box::new(self.open.counted(self.link.dial(target).await?)))
    }

    async fn dial_bulk(&self, target: &DialTarget) -> Result<BoxStream, BackendError> {
        Ok(Box::new(self.open.counted(self.link.dial_bulk(target).await?)))
    }
}

struct WindowsRig {
    dial: Arc<Counted>,
    fields: FormValues,
    image: String,
}

fn values(pairs: &[(&str, &str)]) -> FormValues {
    pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
}

/// Connection fields with ports above those that tests on the Linux side take.
pub(crate) fn fields(socket: &str) -> FormValues {
    values(&[("socket", socket), ("port_range", "28400-28409"), ("web_port_start", "28420")])
}

#[async_trait]
impl Rig for WindowsRig {
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
        let cx = Cx {
            dial: self.dial.clone(),
            exec: self.dial.link.clone(),
            ..Cx::new(CancellationToken::new())
        };
        Ok((Podman.connect(self.connect_input(), cx.clone()).await?, cx))
    }

    fn input(&self, name: &str) -> FormValues {
        values(&[("name", name), ("image", &self.image), ("ports", "5432"), ("memory", "64")])
    }

    fn log_line(&self) -> String {
        "box is up".into()
    }

    fn echo_port(&self) -> u16 {
        3000
    }

    fn open_streams(&self) -> usize {
        self.dial.open.count()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the servers of `cargo xtask platforms`"]
async fn podman_conforms_from_windows() {
    let servers = servers();
    let key = AuthMethod::KeyFile { path: servers.client_key.clone(), passphrase: None };
    let reached = reach(&servers, key).await.unwrap();
    let dial = Counted { link: Arc::clone(&reached.link), open: OpenStreams::default() };
    let fields = fields(&servers.podman_socket);
    let rig = WindowsRig { dial: Arc::new(dial), fields, image: servers.podman_image.clone() };
    testkit::conformance::run(&rig, "from-windows").await.unwrap();
}
