//! Both generations of the server meet the rules of labs with real nodes behind them.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use backend_api::{Backend, BackendError, ConnectInput, Cx, LabMaterial, Session};
use model::Secret;
use testkit::clab::{CLAB_USER, FakeClab, Generation, password};
use testkit::conformance::labs::{LabRig, run};
use testkit::labs::MemoryFiles;
use testkit::{DirectDial, OpenStreams};
use tests::labs::{LabLease, LabServer};
use tokio_util::sync::CancellationToken;

use super::engine::RealEngine;

/// Two routers; without what containers may not do on the machine that tests run on.
const PAIR: &str = "name: pair
topology:
  defaults:
    kind: linux
    image: moorline.test/frr:1
    privileged: false
    cap-add: [NET_ADMIN, NET_RAW, SYS_ADMIN]
  nodes:
    r1:
      exec: [\"ip addr add 10.0.12.1/24 dev eth1\"]
    r2:
      exec: [\"ip addr add 10.0.12.2/24 dev eth1\"]
  links:
    - endpoints: [\"r1:eth1\", \"r2:eth1\"]
";

struct RealRig {
    fake: FakeClab,
    open: OpenStreams,
}

impl RealRig {
    async fn start(generation: Generation, server: &Arc<LabLease>) -> Self {
        let engine = Arc::new(RealEngine::new(server.clone()));
        let fake = FakeClab::start(generation, engine).await.unwrap();
        Self { fake, open: OpenStreams::default() }
    }
}

#[async_trait]
impl LabRig for RealRig {
    async fn connect(&self) -> Result<(Box<dyn Session>, Cx), BackendError> {
        let direct = DirectDial { open: self.open.clone() };
        let cx = Cx { direct: Arc::new(direct), ..Cx::new(CancellationToken::new()) };
        let fields = [
            ("url", self.fake.url()),
            ("user", CLAB_USER.to_owned()),
            ("tls_fingerprint", self.fake.fingerprint()),
        ];
        let input = ConnectInput {
            name: "lab-2".into(),
            fields: fields.into_iter().map(|(name, value)| (name.into(), value)).collect(),
            secrets: BTreeMap::from([("password".into(), Secret::new(password(CLAB_USER)))]),
        };
        let session = backend_containerlab::Containerlab.connect(input, cx.clone()).await?;
        Ok((session, cx))
    }

    fn material(&self) -> LabMaterial {
        MemoryFiles::material(&[("topology.clab.yml", PAIR)])
    }

    fn node(&self) -> String {
        "r1".into()
    }

    fn password(&self) -> String {
        password(CLAB_USER)
    }

    fn open_streams(&self) -> usize {
        self.open.count()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn real_nodes_behind_both_servers() {
    let server = tokio::task::spawn_blocking(LabServer::shared).await.unwrap().unwrap();
    let server = Arc::new(server);
    for generation in [Generation::Modern, Generation::Legacy0111] {
        let rig = RealRig::start(generation, &server).await;
        run(&rig, "pair").await.unwrap_or_else(|broken| panic!("{generation:?}: {broken}"));
    }
}
