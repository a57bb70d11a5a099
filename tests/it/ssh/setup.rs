//! What every test here needs: options for a link to a practice server, and an asker with a script.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use backend_api::BackendError;
use model::{Failure, HostAddress, HostKeyQuestion, Secret};
use ssh::{
    Asker, AuthMethod, CredentialsRequest, Hop, HostKeyAnswer, Link, LinkOptions, TrustFiles,
};
use tests::sshd::Sshd;
use tokio_util::sync::CancellationToken;

/// Answers from a script and remembers what it was asked.
#[derive(Default)]
pub(crate) struct Script {
    pub(crate) host_key: Option<HostKeyAnswer>,
    credentials: Mutex<VecDeque<Vec<String>>>,
    pub(crate) host_keys_asked: Mutex<Vec<HostKeyQuestion>>,
    pub(crate) asked: Mutex<Vec<CredentialsRequest>>,
    pub(crate) stages: Mutex<Vec<String>>,
}

impl Script {
    /// Refuses host keys and answers credential requests in this order, then declines.
    pub(crate) fn credentials(answers: &[&str]) -> Arc<Self> {
        let credentials = answers.iter().map(|answer| vec![(*answer).to_owned()]).collect();
        Arc::new(Self { credentials: Mutex::new(credentials), ..Self::default() })
    }

    /// Answers questions about host keys, declines everything else.
    pub(crate) fn host_key(answer: HostKeyAnswer) -> Arc<Self> {
        Arc::new(Self { host_key: Some(answer), ..Self::default() })
    }

    pub(crate) fn silent() -> Arc<Self> {
        Arc::default()
    }
}

#[async_trait]
impl Asker for Script {
    async fn host_key(&self, question: HostKeyQuestion) -> HostKeyAnswer {
        self.host_keys_asked.lock().unwrap().push(question);
        self.host_key.unwrap_or(HostKeyAnswer::Refuse)
    }

    async fn credentials(&self, request: CredentialsRequest) -> Option<Vec<Secret<String>>> {
        self.asked.lock().unwrap().push(request);
        let answers = self.credentials.lock().unwrap().pop_front()?;
        Some(answers.into_iter().map(Secret::new).collect())
    }

    fn stage(&self, stage: &str) {
        self.stages.lock().unwrap().push(stage.to_owned());
    }
}

pub(crate) fn address(port: u16) -> HostAddress {
    HostAddress { host: "127.0.0.1".into(), port }
}

pub(crate) fn key_file(path: &Path) -> AuthMethod {
    AuthMethod::KeyFile { path: path.to_owned(), passphrase: None }
}

/// Root at this server with its client key.
pub(crate) fn hop(name: &str, sshd: &Sshd) -> Hop {
    Hop {
        name: name.into(),
        addresses: vec![address(sshd.port)],
        user: "root".into(),
        auth: vec![key_file(&sshd.client_key)],
    }
}

/// Known-hosts files in the first server's folder that know all of these servers.
pub(crate) fn trust(servers: &[&Sshd]) -> TrustFiles {
    let user = servers[0].dir.join("user_known_hosts");
    let lines: String = servers.iter().map(|sshd| sshd.known_hosts.as_str()).collect();
    std::fs::write(&user, lines).unwrap();
    TrustFiles { own: servers[0].dir.join("own_known_hosts"), user: vec![user], global: Vec::new() }
}

/// A link through these servers, the last one being the target.
pub(crate) fn options(servers: &[&Sshd]) -> LinkOptions {
    let hops = servers.iter().enumerate().map(|(index, sshd)| hop(&format!("hop-{index}"), sshd));
    LinkOptions {
        hops: hops.collect(),
        trust: trust(servers),
        keepalive: Duration::from_secs(15),
        connect_timeout: Duration::from_secs(20),
    }
}

pub(crate) async fn connect(
    options: LinkOptions,
    asker: &Arc<Script>,
) -> Result<Link, BackendError> {
    let asker: Arc<dyn Asker> = Arc::clone(asker) as _;
    Link::connect(options, asker, CancellationToken::new()).await
}

/// A link that needs no questions.
pub(crate) async fn link(sshd: &Sshd) -> Link {
    let connected = connect(options(&[sshd]), &Script::silent()).await;
    connected.unwrap_or_else(|error| panic!("{error:?}\n{}", sshd.log()))
}

/// The failure of an attempt that must not work.
pub(crate) async fn failure(options: LinkOptions, asker: &Arc<Script>) -> Failure {
    match connect(options, asker).await {
        Ok(_) => panic!("connected, though it should not"),
        Err(error) => error.into(),
    }
}

/// Runs `work` on a runtime like the app's, with a deadline.
pub(crate) fn run(work: impl Future<Output = ()>) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        tokio::time::timeout(Duration::from_secs(120), work).await.expect("the test hangs");
    });
}

/// Asks `condition` again and again until it holds.
pub(crate) async fn until(limit: Duration, mut condition: impl FnMut() -> bool) {
    let waited = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(limit, waited).await.expect("it does not become true in time");
}

/// Bytes that look random and never repeat soon.
pub(crate) fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut bytes = Vec::with_capacity(length);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes
}
