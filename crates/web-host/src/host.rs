//! One web host: a guarded origin whose service is in this process.

use std::{io, path::PathBuf, sync::Arc};

use app::Core;
use async_trait::async_trait;
use tokio::{
    io::{DuplexStream, duplex},
    sync::mpsc,
    task::{JoinHandle, JoinSet},
};
use tokio_util::sync::CancellationToken;
use web_proxy::{BoxStream, Proxy, Upstream};

use crate::pages::{self, Site};

const PIPE_BYTES: usize = 64 * 1024;
const MOST_WAITING: usize = 64;

/// What a web host is made from.
#[derive(Debug, Clone)]
pub struct WebHostOptions {
    /// The built front end, with its `index.html`.
    pub ui_folder: PathBuf,
}

/// The UI on a loopback origin. Dropping it closes everything at once.
pub struct WebHost {
    proxy: Option<Proxy>,
    stop: CancellationToken,
    task: Option<JoinHandle<()>>,
}

impl WebHost {
    /// Serves the UI and the core on a free loopback port.
    ///
    /// Errors: when the folder has no `index.html`, or no loopback port can be bound.
    pub async fn start(core: Arc<Core>, options: WebHostOptions) -> io::Result<Self> {
        let (pipes, incoming) = mpsc::channel(MOST_WAITING);
        let proxy = Proxy::start(Arc::new(Inside(pipes)), "Moorline").await?;
        let site = Arc::new(Site::new(core, options.ui_folder, proxy.origin())?);
        let stop = CancellationToken::new();
        let task = tokio::spawn(serve(incoming, site, stop.clone()));
        Ok(Self { proxy: Some(proxy), stop, task: Some(task) })
    }

    /// A link that opens the UI once, within 60 seconds. Each call gives a new one.
    #[must_use]
    pub fn url_with_token(&self) -> String {
        self.proxy.as_ref().map(|proxy| proxy.one_time_link("/")).unwrap_or_default()
    }

    /// Ends every connection and waits for it.
    pub async fn shutdown(mut self) {
        self.stop.cancel();
        if let Some(task) = self.task.take() {
            let _ = task.await;
        }
        if let Some(proxy) = self.proxy.take() {
            proxy.shutdown().await;
        }
    }
}

impl Drop for WebHost {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

/// The way to the service of this process: a pipe per connection.
struct Inside(mpsc::Sender<DuplexStream>);

#[async_trait]
impl Upstream for Inside {
    async fn dial(&self) -> io::Result<BoxStream> {
        let (near, far) = duplex(PIPE_BYTES);
        let gone = |_| io::Error::new(io::ErrorKind::BrokenPipe, "Moorline is stopping");
        self.0.send(far).await.map_err(gone)?;
        Ok(Box::new(near))
    }
}

async fn serve(
    mut incoming: mpsc::Receiver<DuplexStream>,
    site: Arc<Site>,
    stop: CancellationToken,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            pipe = incoming.recv() => match pipe {
                Some(pipe) => drop(connections.spawn(pages::connection(pipe, site.clone()))),
                None => break,
            },
            Some(_) = connections.join_next() => {}
        }
    }
    connections.shutdown().await;
}
