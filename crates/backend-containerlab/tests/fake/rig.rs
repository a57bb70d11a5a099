//! A fake server, sessions to it, and a lab of two nodes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use backend_api::{
    Backend, BackendError, Certificates, ConnectInput, Cx, LabDone, LabMaterial, LabRequest,
    Session,
};
use backend_containerlab::Containerlab;
use model::{CertificateQuestion, LabId, LabOptions, LabVerb, Secret};
use testkit::clab::{CLAB_USER, FakeClab, Generation, MemoryEngine, password};
use testkit::conformance::labs::LabRig;
use testkit::labs::{MemoryFiles, Notebook};
use testkit::{DirectDial, OpenStreams};
use tokio_util::sync::CancellationToken;

pub(crate) const PAIR: &str = "# two routers
name: whatever
topology:
  defaults:
    kind: linux
    image: ${IMAGE:=moorline.test/frr:1}
  nodes:
    r1:
      kind: linux
    r2: {}
  links:
    - endpoints: [\"r1:eth1\", \"r2:eth1\"]
";

/// Says yes, and remembers what it was asked.
#[derive(Default)]
pub(crate) struct Accepts {
    pub(crate) asked: Mutex<Vec<CertificateQuestion>>,
}

#[async_trait]
impl Certificates for Accepts {
    async fn judge(&self, question: CertificateQuestion) -> Result<(), BackendError> {
        self.asked.lock().unwrap().push(question);
        Ok(())
    }
}

pub(crate) struct ClabRig {
    pub(crate) fake: FakeClab,
    pub(crate) engine: Arc<MemoryEngine>,
    pub(crate) accepts: Arc<Accepts>,
    open: OpenStreams,
}

impl ClabRig {
    pub(crate) async fn start(generation: Generation) -> Self {
        let engine = Arc::new(MemoryEngine::default());
        let fake = FakeClab::start(generation, engine.clone()).await.unwrap();
        Self { fake, engine, accepts: Arc::default(), open: OpenStreams::default() }
    }

    pub(crate) fn cx(&self) -> Cx {
        let direct = DirectDial { open: self.open.clone() };
        let cx = Cx::new(CancellationToken::new());
        Cx { direct: Arc::new(direct), certificates: self.accepts.clone(), ..cx }
    }

    pub(crate) fn input(&self, user: &str, fields: &[(&str, &str)]) -> ConnectInput {
        let url = self.fake.url();
        let all = [("url", url.as_str()), ("user", user)];
        let all = all.iter().chain(fields);
        ConnectInput {
            name: "lab-2".into(),
            fields: all.map(|(name, value)| ((*name).into(), (*value).into())).collect(),
            secrets: BTreeMap::from([("password".into(), Secret::new(password(user)))]),
        }
    }

    pub(crate) async fn session_of(&self, user: &str) -> Box<dyn Session> {
        let fingerprint = self.fake.fingerprint();
        let input = self.input(user, &[("tls_fingerprint", &fingerprint)]);
        Containerlab.connect(input, self.cx()).await.unwrap()
    }

    pub(crate) async fn session(&self) -> Box<dyn Session> {
        self.session_of(CLAB_USER).await
    }
}

pub(crate) fn request(verb: LabVerb, material: Option<LabMaterial>) -> LabRequest {
    let lab_id = Some(LabId::from_raw("pair"));
    let options = LabOptions::default();
    LabRequest { verb, lab_id, name: "pair".into(), instance: None, material, options }
}

pub(crate) fn pair() -> LabMaterial {
    MemoryFiles::material(&[("topology.clab.yml", PAIR), ("configs/r1.cfg", "hostname r1\n")])
}

/// Carries an operation out and gives its result with everything that was told.
pub(crate) async fn carry_out(
    session: &dyn Session,
    cx: &Cx,
    request: &LabRequest,
) -> (Result<LabDone, BackendError>, Arc<Notebook>) {
    let notebook = Arc::new(Notebook::default());
    let cx = cx.for_call(CancellationToken::new(), notebook.clone());
    let done = session.labs().unwrap().carry_out(request, notebook.as_ref(), &cx).await;
    (done, notebook)
}

#[async_trait]
impl LabRig for ClabRig {
    async fn connect(&self) -> Result<(Box<dyn Session>, Cx), BackendError> {
        Ok((self.session().await, self.cx()))
    }

    fn material(&self) -> LabMaterial {
        pair()
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
