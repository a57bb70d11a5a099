//! Through a real sshd: stream-local forwarding, and `podman system dial-stdio` where that is refused.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use backend_api::{
    BackendError, BoxStream, Cx, Dial, DialTarget, LogOptions, Session, TerminalOptions,
    TerminalOutput,
};
use futures::StreamExt;
use model::{FormValues, TerminalSize};
use ssh::Link;
use testkit::OpenStreams;
use tests::link::connect;
use tests::podman::{BOX_IMAGE, PodmanService};
use tests::sshd::{Sshd, SshdOptions};

use super::making::make;
use super::rig::{PodmanRig, fields, values};

/// A link whose streams are counted and whose unix targets are kept.
struct CountedLink {
    link: Arc<Link>,
    open: OpenStreams,
    refused: Mutex<VecDeque<BackendError>>,
    bulk: AtomicUsize,
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
        self.bulk.fetch_add(1, Ordering::SeqCst);
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
    let link = connect(&sshd).await;
    let link = Arc::new(link.unwrap_or_else(|error| panic!("{error:?}\n{}", sshd.log())));
    let open = OpenStreams::default();
    let counted = Arc::new(CountedLink {
        link: link.clone(),
        open: open.clone(),
        refused: Mutex::default(),
        bulk: AtomicUsize::new(0),
    });
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
    // Connecting asks for what answers and for the first list at the same time; the staged test of the
    // connection tries once more.
    assert_eq!(refused.len(), 3, "no request tries stream-local again: {refused:?}");
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

/// More than the control connection holds for a reader that does not read.
const FLOOD: usize = 64 * 1024 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_that_nobody_reads_holds_nothing_up_and_is_not_lost() {
    let server = server(|_| Vec::new(), true).await;
    flood(&server).await;
    assert!(server.counted.bulk.load(Ordering::SeqCst) > 0, "terminals are bulk");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_by_dial_stdio_holds_nothing_up_either() {
    flood(&server(|_| vec!["AllowStreamLocalForwarding no".into()], true).await).await;
}

async fn flood(server: &Server) {
    let (session, cx) = (server.rig.session().await, server.rig.cx());
    let input = values(&[("name", "atlas-api"), ("image", BOX_IMAGE)]);
    let (_, id) = make(session.as_ref(), &input, &cx).await.unwrap();
    let argv = ["head", "-c", &FLOOD.to_string(), "/dev/zero"].map(str::to_owned).to_vec();
    let size = TerminalSize { columns: 80, rows: 24 };
    let options = TerminalOptions { size, argv: Some(argv), user: None };
    let mut terminal = session.exec().unwrap().terminal(&id, options, &cx).await.unwrap();
    list_for(Duration::from_secs(5), session.as_ref(), &cx).await;
    let read = async {
        let mut length = 0;
        while let Some(item) = terminal.output.next().await {
            match item.unwrap() {
                TerminalOutput::Bytes(bytes) => length += bytes.len(),
                TerminalOutput::Exited { exit_code } => return (length, exit_code),
            }
        }
        (length, None)
    };
    let read = tokio::time::timeout(Duration::from_secs(120), read).await.unwrap();
    assert_eq!(read, (FLOOD, Some(0)));
}

/// Nobody reads the terminal meanwhile.
async fn list_for(time: Duration, session: &dyn Session, cx: &Cx) {
    let begun = Instant::now();
    while begun.elapsed() < time {
        let asked = tokio::time::timeout(Duration::from_secs(3), session.list(cx)).await;
        assert_eq!(asked.unwrap().unwrap().len(), 1);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_what_may_be_much_is_bulk() {
    let server = server(|_| Vec::new(), true).await;
    let (session, cx) = (server.rig.session().await, server.rig.cx());
    let input = values(&[("name", "atlas-api"), ("image", BOX_IMAGE)]);
    let (_, id) = make(session.as_ref(), &input, &cx).await.unwrap();
    let _events = session.watch().unwrap().watch(&cx).await.unwrap();
    let _samples = session.metrics().unwrap().metrics(&cx).await.unwrap();
    assert_eq!(server.counted.bulk.load(Ordering::SeqCst), 0);
    let options = LogOptions { is_followed: true, tail: None, since: None };
    let mut log = session.logs().unwrap().logs(&id, options, &cx).await.unwrap();
    log.next().await.unwrap().unwrap();
    assert_eq!(server.counted.bulk.load(Ordering::SeqCst), 1);
    session.endpoints().unwrap().dial(&id, 3000, &cx).await.unwrap();
    assert_eq!(server.counted.bulk.load(Ordering::SeqCst), 2);
}
