//! A session on the fake, and operations that are asked of it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use backend_api::{
    Backend, BackendError, ConnectInput, Cx, LabDone, LabFile, LabFiles, LabMaterial, LabRequest,
    LabSink, LogSink, Session, StepSink,
};
use backend_netlab::Netlab;
use bytes::Bytes;
use model::{Failure, Lab, LabId, LabOptions, LabPlan, LabVerb, LogStream, Secret};
use sha2::Digest;
use tokio_util::sync::CancellationToken;

use crate::fake::Fake;
use crate::files::Memory;

pub(crate) const ROOT: &str = "/home/netops/moorline";
pub(crate) const PASSWORD: &str = "correct-horse";
static NEXT: AtomicU32 = AtomicU32::new(0);

pub(crate) struct Rig {
    pub(crate) fake: Fake,
    pub(crate) files: Memory,
    pub(crate) session: Box<dyn Session>,
    pub(crate) cx: Cx,
    pub(crate) notebook: Arc<Notebook>,
}

pub(crate) fn id(name: &str) -> LabId {
    LabId::from_raw(format!("{ROOT}/{name}"))
}

impl Rig {
    pub(crate) async fn new(fake: Fake) -> Self {
        Self::try_new(fake).await.unwrap()
    }

    pub(crate) async fn try_new(fake: Fake) -> Result<Self, BackendError> {
        let files = Memory::new(fake.clone());
        Self::on(fake, files).await
    }

    /// A connection of its own to a server that others may be connected to.
    pub(crate) async fn on(fake: Fake, files: Memory) -> Result<Self, BackendError> {
        let notebook = Arc::<Notebook>::default();
        let cx = Cx {
            dial: Arc::new(fake.clone()),
            files: Arc::new(files.clone()),
            log: notebook.clone(),
            ..Cx::new(CancellationToken::new())
        };
        let fields = [("api_url", "http://127.0.0.1:8090"), ("reach", "host"), ("user", "netops")];
        let input = ConnectInput {
            // Connections of one name to a machine without an id share their turns.
            name: format!("lab {}", NEXT.fetch_add(1, Ordering::Relaxed)),
            fields: fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            secrets: [("password".to_owned(), Secret::new(PASSWORD.to_owned()))].into(),
        };
        let session = Netlab.connect(input, cx.clone()).await?;
        Ok(Self { fake, files, session, cx, notebook })
    }

    pub(crate) async fn labs(&self) -> Vec<Lab> {
        self.session.labs().unwrap().labs(&self.cx).await.unwrap()
    }

    fn request(verb: LabVerb, name: &str, is_new: bool, has_files: bool) -> LabRequest {
        let material = has_files.then(|| LabMaterial {
            files: Arc::new(Files::new()),
            topology: "topology.yml".into(),
            variables: BTreeMap::new(),
        });
        let options =
            LabOptions { removes_files: verb == LabVerb::Destroy, ..LabOptions::default() };
        let lab_id = (!is_new).then(|| id(name));
        LabRequest { verb, lab_id, name: name.into(), instance: None, material, options }
    }

    /// A new lab.
    pub(crate) async fn make(&self, verb: LabVerb, name: &str) -> Result<LabDone, Failure> {
        self.carry_out(&Self::request(verb, name, true, true)).await
    }

    /// One that is there, with its files once more.
    pub(crate) async fn remake(&self, verb: LabVerb, name: &str) -> Result<LabDone, Failure> {
        self.carry_out(&Self::request(verb, name, false, true)).await
    }

    /// One that is there.
    pub(crate) async fn ask(&self, verb: LabVerb, name: &str) -> Result<LabDone, Failure> {
        self.carry_out(&Self::request(verb, name, false, false)).await
    }

    pub(crate) async fn plan(&self, verb: LabVerb, name: &str) -> LabPlan {
        let request = Self::request(verb, name, false, true);
        self.session.labs().unwrap().plan(&request, &self.cx).await.unwrap()
    }

    /// Takes the lab in a folder down and removes its files.
    pub(crate) async fn destroy_in(&self, folder: &str) -> Result<LabDone, Failure> {
        let mut request = Self::request(LabVerb::Destroy, "", false, false);
        request.lab_id = Some(LabId::from_raw(folder));
        self.carry_out(&request).await
    }

    /// One that is there, with these files.
    pub(crate) async fn remake_of(&self, name: &str, paths: &[&str]) -> Result<LabDone, Failure> {
        let mut request = Self::request(LabVerb::Create, name, false, true);
        if let Some(material) = &mut request.material {
            material.files = Arc::new(Files::of(paths));
        }
        self.carry_out(&request).await
    }

    async fn carry_out(&self, request: &LabRequest) -> Result<LabDone, Failure> {
        let labs = self.session.labs().unwrap();
        labs.carry_out(request, self.notebook.as_ref(), &self.cx).await.map_err(Failure::from)
    }

    pub(crate) async fn resume(
        &self,
        verb: LabVerb,
        name: &str,
        job: &str,
    ) -> Result<LabDone, Failure> {
        let request = Self::request(verb, name, false, false);
        let labs = self.session.labs().unwrap();
        labs.resume(&request, job, self.notebook.as_ref(), &self.cx).await.map_err(Failure::from)
    }
}

/// Everything that operations told.
#[derive(Default)]
pub(crate) struct Notebook {
    lines: Mutex<Vec<String>>,
    means: Mutex<String>,
}

impl Notebook {
    pub(crate) fn text(&self) -> String {
        self.lines.lock().unwrap().join("\n")
    }

    pub(crate) fn means(&self) -> String {
        self.means.lock().unwrap().clone()
    }
}

impl LogSink for Notebook {
    fn line(&self, _stream: LogStream, text: &str) {
        self.lines.lock().unwrap().push(text.to_owned());
    }
}

impl StepSink for Notebook {
    fn begin(&self, _index: usize) {}
    fn skip(&self, _index: usize) {}
}

impl LabSink for Notebook {
    fn lab(&self, _id: &LabId, _instance: Option<u16>) {}
    fn job(&self, _job: &str) {}
    fn cancel_means(&self, sentence: &str) {
        *self.means.lock().unwrap() = sentence.to_owned();
    }
}

struct Files {
    entries: Vec<LabFile>,
}

const TEXT: &[u8] = b"nodes: [ r1 ]\n";

impl Files {
    fn new() -> Self {
        Self::of(&["a/one.j2", "a/two.j2", "topology.yml"])
    }

    fn of(paths: &[&str]) -> Self {
        let entry = |path: &&str| LabFile {
            path: (*path).into(),
            size: TEXT.len() as u64,
            sha256: sha2::Sha256::digest(TEXT).into(),
            is_executable: false,
        };
        Self { entries: paths.iter().map(entry).collect() }
    }
}

impl LabFiles for Files {
    fn entries(&self) -> &[LabFile] {
        &self.entries
    }

    fn read(&self, _path: &str) -> Result<Bytes, BackendError> {
        Ok(Bytes::from_static(TEXT))
    }
}
