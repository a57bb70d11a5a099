//! A session on the practice lab server, and operations that are asked of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use backend_api::{
    Backend, BackendError, ConnectInput, Cx, Dial, LabDone, LabFile, LabFiles, LabMaterial,
    LabRequest, LabSink, LogSink, Session, StepSink,
};
use backend_netlab::Netlab;
use bytes::Bytes;
use model::{Failure, HostAddress, LabId, LabOptions, LabVerb, LogStream, Secret};
use sha2::Digest;
use ssh::{Hop, Link, TrustFiles};
use tests::labs::{API_PASSWORD, API_USER, LabServer, SSH_USER, WORK_ROOT, templates};
use tests::link::{connect_with, hop, options};
use tokio_util::sync::CancellationToken;

/// A session over a link to the server's sshd.
pub(super) struct Rig {
    pub(super) session: Box<dyn Session>,
    pub(super) cx: Cx,
}

impl Rig {
    pub(super) async fn new(server: &LabServer) -> Self {
        Self::over(server, |link| link).await.unwrap()
    }

    /// Through a relay at a port of this machine.
    pub(super) async fn through(server: &LabServer, port: u16) -> Self {
        let link = link(server, HostAddress { host: "127.0.0.1".into(), port }).await;
        Self::on(link, server, |link| link).await.unwrap()
    }

    /// With streams to the server as `carrier` makes them of the link's.
    pub(super) async fn over(
        server: &LabServer,
        carrier: impl FnOnce(Arc<dyn Dial>) -> Arc<dyn Dial>,
    ) -> Result<Self, BackendError> {
        let sshd = server.sshd();
        let address = HostAddress { host: sshd.address.to_string(), port: sshd.port };
        Self::on(link(server, address).await, server, carrier).await
    }

    async fn on(
        link: Link,
        server: &LabServer,
        carrier: impl FnOnce(Arc<dyn Dial>) -> Arc<dyn Dial>,
    ) -> Result<Self, BackendError> {
        let link = Arc::new(link);
        let cx = Cx {
            dial: carrier(Arc::<Link>::clone(&link)),
            exec: Arc::<Link>::clone(&link),
            files: link,
            ..Cx::new(CancellationToken::new())
        };
        let fields = [
            ("api_url", server.api_url_inside()),
            ("user", API_USER.to_owned()),
            ("tls_fingerprint", server.certificate().sha256.clone()),
            ("work_root", WORK_ROOT.to_owned()),
        ];
        let input = ConnectInput {
            name: format!("lab-{}", server.sshd().address),
            fields: fields.map(|(name, value)| (name.to_owned(), value)).into(),
            secrets: BTreeMap::from([("password".to_owned(), Secret::new(API_PASSWORD.into()))]),
        };
        let session = Netlab.connect(input, cx.clone()).await?;
        Ok(Self { session, cx })
    }

    pub(super) async fn make(&self, verb: LabVerb, name: &str, template: &str) -> Outcome {
        self.carry_out(verb, name, None, Some(template)).await
    }

    pub(super) async fn ask(&self, verb: LabVerb, name: &str) -> Outcome {
        self.carry_out(verb, name, Some(id(name)), None).await
    }

    async fn carry_out(
        &self,
        verb: LabVerb,
        name: &str,
        lab_id: Option<LabId>,
        template: Option<&str>,
    ) -> Outcome {
        let request = request(verb, name, lab_id, template);
        let notebook = Arc::new(Notebook::default());
        let cx = self.cx.for_call(self.cx.cancel.child_token(), notebook.clone());
        let labs = self.session.labs().unwrap();
        let done = labs.carry_out(&request, notebook.as_ref(), &cx).await;
        Outcome { done: done.map_err(Failure::from), notebook }
    }
}

pub(super) fn id(name: &str) -> LabId {
    LabId::from_raw(format!("{WORK_ROOT}/{name}"))
}

pub(super) fn request(
    verb: LabVerb,
    name: &str,
    lab_id: Option<LabId>,
    template: Option<&str>,
) -> LabRequest {
    let material = template.map(material);
    let options = LabOptions { removes_files: verb == LabVerb::Destroy, ..LabOptions::default() };
    LabRequest { verb, lab_id, name: name.into(), instance: None, material, options }
}

pub(super) fn material(template: &str) -> LabMaterial {
    LabMaterial {
        files: Arc::new(Folder::read(&templates().join(template))),
        topology: "topology.yml".into(),
        variables: BTreeMap::new(),
    }
}

/// How an operation went.
pub(super) struct Outcome {
    pub(super) done: Result<LabDone, Failure>,
    pub(super) notebook: Arc<Notebook>,
}

impl Outcome {
    pub(super) fn good(self) -> LabDone {
        self.done.unwrap_or_else(|failure| panic!("{failure:?}\n{}", self.notebook.text()))
    }

    pub(super) fn bad(self) -> Failure {
        self.done.err().unwrap_or_else(|| panic!("it went well:\n{}", self.notebook.text()))
    }
}

/// Everything an operation told.
#[derive(Default)]
pub(super) struct Notebook {
    pub(super) lines: Mutex<Vec<String>>,
    pub(super) jobs: Mutex<Vec<String>>,
    pub(super) steps: Mutex<Vec<usize>>,
}

impl Notebook {
    pub(super) fn text(&self) -> String {
        self.lines.lock().unwrap().join("\n")
    }
}

impl LogSink for Notebook {
    fn line(&self, _stream: LogStream, text: &str) {
        self.lines.lock().unwrap().push(text.to_owned());
    }
}

impl StepSink for Notebook {
    fn begin(&self, index: usize) {
        self.steps.lock().unwrap().push(index);
    }
    fn skip(&self, _index: usize) {}
}

impl LabSink for Notebook {
    fn lab(&self, _id: &LabId, _instance: Option<u16>) {}
    fn job(&self, job: &str) {
        self.jobs.lock().unwrap().push(job.to_owned());
    }
    fn cancel_means(&self, _sentence: &str) {}
}

/// The files of a folder of this computer.
struct Folder {
    entries: Vec<LabFile>,
    contents: BTreeMap<String, Bytes>,
}

impl Folder {
    fn read(root: &Path) -> Self {
        let mut contents = BTreeMap::new();
        let mut folders = vec![root.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                contents.insert(name, Bytes::from(std::fs::read(&path).unwrap()));
            }
        }
        Self::of(contents)
    }

    fn of(contents: BTreeMap<String, Bytes>) -> Self {
        let entry = |(path, content): (&String, &Bytes)| LabFile {
            path: path.clone(),
            size: content.len() as u64,
            sha256: sha2::Sha256::digest(content).into(),
            is_executable: false,
        };
        Self { entries: contents.iter().map(entry).collect(), contents }
    }
}

impl LabFiles for Folder {
    fn entries(&self) -> &[LabFile] {
        &self.entries
    }

    fn read(&self, path: &str) -> Result<Bytes, BackendError> {
        self.contents.get(path).cloned().ok_or_else(|| BackendError::not_found(path))
    }
}

/// Files that are made up.
pub(super) fn made_up(files: &[(String, String)]) -> Arc<dyn LabFiles> {
    let bytes = |(path, text): &(String, String)| (path.clone(), Bytes::from(text.clone()));
    Arc::new(Folder::of(files.iter().map(bytes).collect()))
}

async fn link(server: &LabServer, address: HostAddress) -> Link {
    let sshd = server.sshd();
    let named = |host: &dyn std::fmt::Display, port: u16| format!("[{host}]:{port}");
    let known_hosts = sshd
        .known_hosts
        .replace(&named(&sshd.address, sshd.port), &named(&address.host, address.port));
    let known = sshd.dir.join(format!("known_hosts_of_netlab_{}", address.port));
    std::fs::write(&known, known_hosts).unwrap();
    let hop = Hop { addresses: vec![address], user: SSH_USER.into(), ..hop("lab-server", sshd) };
    let trust = TrustFiles { own: sshd.dir.join("own"), user: vec![known], global: Vec::new() };
    let link = connect_with(options(vec![hop], trust)).await;
    link.unwrap_or_else(|error| panic!("{error:?}\n{}", sshd.log()))
}

/// Runs `work` on a runtime like the app's, with a deadline.
pub(super) fn run(work: impl Future<Output = ()>) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        tokio::time::timeout(Duration::from_secs(240), work).await.expect("the test hangs");
    });
}
