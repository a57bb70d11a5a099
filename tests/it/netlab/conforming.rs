//! netlab's own API meets the rules of labs, with real nodes.

use std::sync::Arc;

use async_trait::async_trait;
use backend_api::{BackendError, BoxStream, Cx, Dial, DialTarget, LabMaterial, Session};
use testkit::OpenStreams;
use testkit::conformance::labs::{LabRig, run};
use tests::labs::{API_PASSWORD, LabServer};

use super::rig::{Rig, material};

struct RealRig<'a> {
    server: &'a LabServer,
    open: OpenStreams,
}

/// Counts what goes over a link.
struct CountedDial {
    inner: Arc<dyn Dial>,
    open: OpenStreams,
}

#[async_trait]
impl Dial for CountedDial {
    async fn dial(&self, target: &DialTarget) -> Result<BoxStream, BackendError> {
        Ok(Box::new(self.open.counted(self.inner.dial(target).await?)))
    }

    async fn dial_bulk(&self, target: &DialTarget) -> Result<BoxStream, BackendError> {
        Ok(Box::new(self.open.counted(self.inner.dial_bulk(target).await?)))
    }
}

#[async_trait]
impl LabRig for RealRig<'_> {
    async fn connect(&self) -> Result<(Box<dyn Session>, Cx), BackendError> {
        let open = self.open.clone();
        let rig = Rig::over(self.server, |inner| Arc::new(CountedDial { inner, open })).await?;
        Ok((rig.session, rig.cx))
    }

    fn material(&self) -> LabMaterial {
        material("two-ospf")
    }

    fn node(&self) -> String {
        "r1".into()
    }

    fn console_talk(&self) -> (&'static str, String) {
        ("show version\r", "(r1) on Linux".into())
    }

    fn password(&self) -> String {
        API_PASSWORD.into()
    }

    fn collected(&self) -> &'static [&'static str] {
        &["r1.cfg", "clab.yml", "netlab.topology.json"]
    }

    fn open_streams(&self) -> usize {
        self.open.count()
    }
}

#[test]
fn real_nodes_by_the_rules_of_labs() {
    let server = LabServer::shared().unwrap();
    super::rig::run(async {
        let rig = RealRig { server: &server, open: OpenStreams::default() };
        run(&rig, "conforming").await.unwrap_or_else(|broken| panic!("{broken}"));
    });
}
