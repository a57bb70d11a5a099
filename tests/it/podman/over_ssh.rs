//! Through a real sshd: stream-local forwarding, and `podman system dial-stdio` where that is refused.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use backend_api::{BackendError, BoxStream, Dial, DialTarget};
use model::{FormValues, HostAddress, HostKeyQuestion, Secret};
use ssh::{
    Asker, AuthMethod, CredentialsRequest, Hop, HostKeyAnswer, Link, LinkOptions, TrustFiles,
};
use testkit::OpenStreams;
use tests::podman::PodmanService;
use tests::sshd::{Sshd, SshdOptions};
use tokio_util::sync::CancellationToken;

use super::rig::{PodmanRig, fields};

/// Nobody answers: the key and the host key are known.
struct Nobody;

#[async_trait]
impl Asker for Nobody {
    async fn host_key(&self, _question: HostKeyQuestion) -> HostKeyAnswer {
        HostKeyAnswer::Refuse
    }

    async fn credentials(&self, _request: CredentialsRequest) -> Option<Vec<Secret<String>>> {
        None
    }

    fn stage(&self, _stage: &str) {}
}

/// A link whose streams are counted and whose unix targets are kept.
struct CountedLink {
    link: Arc<Link>,
    open: OpenStreams,
    refused: Mutex<VecDeque<BackendError>>,
}

#[async_trait]
impl Dial for CountedLink {
    async fn dial(&self, target: &DialTarget) -> Result<BoxStream, BackendError> {
        let dialled = self.link.dial(target).await;
        if let Err(error) = &dialled {
            self.refused.lock().unwrap().push_back(error.clone());
        }
        Ok(Box::new(self.open.counted(dialled?)))
    }

    async fn dial_bulk(&self, target: &DialTarget) -> Result<BoxStream, BackendError> {
        Ok(Box::new(self.open.counted(self.link.dial_bulk(target).await?)))
    }
}

struct Server {
    rig: PodmanRig,
    counted: Arc<CountedLink>,
    _sshd: Sshd,
}

async fn server(config: impl Fn(&PodmanService) -> Vec<String>, socket: bool) -> Server {
    let service = PodmanService::start().unwrap();
    let options = SshdOptions { config: config(&service), ..SshdOptions::default() };
    let sshd = Sshd::start(&options).unwrap();
    let known = sshd.dir.join("known");
    std::fs::write(&known, &sshd.known_hosts).unwrap();
    let hop = Hop {
        name: "forge-1".into(),
        addresses: vec![HostAddress { host: "127.0.0.1".into(), port: sshd.port }],
        user: "root".into(),
        auth: vec![AuthMethod::KeyFile { path: sshd.client_key.clone(), passphrase: None }],
    };
    let options = LinkOptions {
        hops: vec![hop],
        trust: TrustFiles { own: sshd.dir.join("own"), user: vec![known], global: Vec::new() },
        keepalive: Duration::from_secs(15),
        connect_timeout: Duration::from_secs(20),
    };
    let link = Link::connect(options, Arc::new(Nobody), CancellationToken::new()).await;
    let link = Arc::new(link.unwrap_or_else(|error| panic!("{error:?}\n{}", sshd.log())));
    let open = OpenStreams::default();
    let counted =
        Arc::new(CountedLink { link: link.clone(), open: open.clone(), refused: Mutex::default() });
    let socket = if socket { service.socket.display().to_string() } else { String::new() };
    let fields: FormValues = fields(&socket);
    let rig = PodmanRig { service, dial: counted.clone(), exec: link, open, fields };
    Server { rig, counted, _sshd: sshd }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn podman_conforms_through_sshd() {
    let server = server(|_| Vec::new(), true).await;
    testkit::conformance::run(&server.rig, "over-ssh").await.unwrap();
    assert!(server.counted.refused.lock().unwrap().is_empty(), "everything went by stream-local");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn podman_conforms_by_dial_stdio_where_stream_local_is_refused() {
    let server = server(|_| vec!["AllowStreamLocalForwarding no".into()], true).await;
    testkit::conformance::run(&server.rig, "by-stdio").await.unwrap();
    let refused = server.counted.refused.lock().unwrap();
    assert_eq!(refused.len(), 1, "stream-local is tried once: {refused:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_socket_podmans_own_choice_is_found() {
    let config = |service: &PodmanService| {
        vec![
            "AllowStreamLocalForwarding no".into(),
            format!("SetEnv CONTAINER_HOST={}", service.url()),
        ]
    };
    let server = server(config, false).await;
    let session = server.rig.session().await;
    let info = session.server(&server.rig.cx()).await.unwrap();
    assert_eq!(info.product, "Podman 4.3.1");
    assert_eq!(info.remark.as_deref(), Some("rootful"));
    assert!(info.disk_free_bytes > Some(0) && info.memory_bytes > Some(0), "{info:?}");
}
