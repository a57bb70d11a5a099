//! Web pages of workspaces: one guarded origin per port, kept while the workspace runs, opened in a
//! window of their own or in the browser.
//!
//! What guards the origin is the business of `web-proxy`.

use std::{io, sync::Arc, time::Duration};

use async_trait::async_trait;
use backend_api::BoxStream;
use model::{ConnectionId, ErrorCode, Failure, Workspace, WorkspaceRef};
use serde::Deserialize;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_util::task::AbortOnDropHandle;
use ts_rs::TS;
use web_proxy::{Proxy, Upstream};

use crate::{Core, forwards, shared::Shared, state::State};

/// How long a service in a workspace that just started may take until it answers.
const READY_WITHIN: Duration = Duration::from_secs(20);
const ASK_AGAIN: Duration = Duration::from_millis(250);
/// A service that holds a connection for so long is there, even if it takes its time.
const HELD: Duration = Duration::from_millis(500);

/// How a page of a workspace is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OpenIn {
    /// As the settings say.
    Preferred,
    Window,
    Browser,
}

/// A port of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PageKey {
    workspace: WorkspaceRef,
    port: u16,
}

/// A guarded origin that stands. Dropping the last handle closes it.
pub(crate) struct OpenPage(Arc<Proxy>);

/// Carries the proxy's connections to the workspace, through whatever session is up.
struct Port {
    shared: Arc<Shared>,
    key: PageKey,
    server_port: Option<u16>,
}

#[async_trait]
impl Upstream for Port {
    async fn dial(&self) -> io::Result<web_proxy::BoxStream> {
        let (shared, key) = (Arc::clone(&self.shared), self.key.clone());
        let dialled = self.shared.runtime.spawn(async move {
            let live = shared.live(&key.workspace.connection_id).await?;
            forwards::dial(&live, &key.workspace, key.port).await
        });
        let dialled = AbortOnDropHandle::new(dialled).await.map_err(io::Error::other)?;
        let stream: backend_api::BoxStream =
            dialled.map_err(|failure: Failure| io::Error::other(failure.message))?;
        Ok(Box::new(stream))
    }

    fn ports(&self) -> Vec<u16> {
        std::iter::once(self.key.port).chain(self.server_port).collect()
    }
}

impl Core {
    /// Opens a workspace's web IDE (`port` none) or another web port of it. Gives a link that works
    /// once, within a minute, where the host cannot open anything itself.
    ///
    /// # Errors
    /// `Unsupported` when there is no web IDE, `Conflict` when the workspace does not run,
    /// `Unreachable` when nothing answers on the port.
    pub async fn page_open(
        &self,
        workspace: WorkspaceRef,
        port: Option<u16>,
        open_in: OpenIn,
    ) -> Result<Option<String>, Failure> {
        let (row, _) = self.shared.workspace(&workspace).await?;
        let (port, path) = target(&row, port)?;
        if row.state != model::WorkspaceState::Running {
            return Err(Failure::new(ErrorCode::Conflict, format!("{} does not run", row.name))
                .with_hint(format!("Start {} first.", row.name)));
        }
        let key = PageKey { workspace, port };
        self.wait_until_ready(&key, &row.name).await?;
        let proxy = self.proxy(&key, &row).await?;
        let url = proxy.one_time_link(&path);
        let host = &self.shared.host;
        if !host.is_desktop() {
            return Ok(Some(url));
        }
        let is_browser = match open_in {
            OpenIn::Preferred => self.settings().open_ide_in_browser,
            OpenIn::Window => false,
            OpenIn::Browser => true,
        };
        if is_browser {
            host.open_url(&url).await?;
        } else {
            let id = page_id(&key);
            let title = format!("{}: port {port}", row.name);
            let title = if is_ide(&row, port) { format!("{}: IDE", row.name) } else { title };
            host.open_window(&format!("page-{id}"), &url, &title, &id).await?;
        }
        Ok(None)
    }

    /// Stands for as long as the workspace runs, so that pages that are open go on working.
    async fn proxy(&self, key: &PageKey, row: &Workspace) -> Result<Arc<Proxy>, Failure> {
        let wanted = key.clone();
        let find =
            move |state: &mut State| state.pages.get(&wanted).map(|page| Arc::clone(&page.0));
        if let Some(proxy) = self.shared.owner.with(find).await? {
            return Ok(proxy);
        }
        let server_port = row.ports.iter().find(|p| p.port == key.port).and_then(|p| p.server_port);
        let upstream = Port { shared: Arc::clone(&self.shared), key: key.clone(), server_port };
        let label = format!("{}, port {}", row.name, key.port);
        let made = Proxy::start(Arc::new(upstream), &label).await.map_err(|error| {
            Failure::new(ErrorCode::Internal, format!("no local address is free for {label}"))
                .with_hint("End programs that hold many ports, then try again.")
                .with_detail(error.to_string())
        })?;
        let (key, made) = (key.clone(), Arc::new(made));
        // Two callers may have come at once: the first one's stays.
        let job = move |state: &mut State| {
            Arc::clone(&state.pages.entry(key).or_insert(OpenPage(made)).0)
        };
        self.shared.owner.with(job).await
    }

    async fn wait_until_ready(&self, key: &PageKey, name: &str) -> Result<(), Failure> {
        let deadline = tokio::time::Instant::now() + READY_WITHIN;
        loop {
            let live = self.shared.live(&key.workspace.connection_id).await?;
            let failure = match forwards::dial(&live, &key.workspace, key.port).await {
                Ok(stream) => {
                    // At the deadline the page itself says best what is wrong.
                    if is_held(stream).await || tokio::time::Instant::now() > deadline {
                        return Ok(());
                    }
                    tokio::time::sleep(ASK_AGAIN).await;
                    continue;
                }
                Err(failure) => failure,
            };
            if failure.code != ErrorCode::Unreachable || tokio::time::Instant::now() > deadline {
                return Err(Failure {
                    message: format!("nothing answers on port {} of {name}", key.port),
                    hint: failure.hint.or_else(|| {
                        Some("Look into the log, or start the service in a terminal.".into())
                    }),
                    detail: failure.detail.or(Some(failure.message)),
                    ..failure
                });
            }
            tokio::time::sleep(ASK_AGAIN).await;
        }
    }
}

/// Whether a service stands behind an open connection. Rootless servers accept for a container in which
/// nobody listens yet, and close at once.
async fn is_held(mut stream: BoxStream) -> bool {
    let ask = async {
        stream.write_all(b"HEAD / HTTP/1.0\r\n\r\n").await?;
        stream.read_u8().await
    };
    !matches!(tokio::time::timeout(HELD, ask).await, Ok(Err(_)))
}

fn target(row: &Workspace, port: Option<u16>) -> Result<(u16, String), Failure> {
    match (port, &row.web_ide) {
        (Some(0), _) => Err(Failure::new(ErrorCode::Invalid, "0 is not a port")
            .with_hint("Enter a port from 1 to 65535.")
            .with_field("port")),
        (Some(port), Some(ide)) if ide.port == port => Ok((port, ide.path.clone())),
        (Some(port), _) => Ok((port, "/".into())),
        (None, Some(ide)) => Ok((ide.port, ide.path.clone())),
        (None, None) => {
            Err(Failure::new(ErrorCode::Unsupported, format!("{} has no web IDE", row.name))
                .with_hint("Open one of its ports, or a terminal."))
        }
    }
}

fn is_ide(row: &Workspace, port: u16) -> bool {
    row.web_ide.as_ref().is_some_and(|ide| ide.port == port)
}

/// The same for the same port of the same workspace; letters, digits and dashes only.
fn page_id(key: &PageKey) -> String {
    let raw =
        format!("{}-{}-{}", key.workspace.connection_id, key.workspace.workspace_id, key.port);
    raw.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

/// Closes every page of a connection that was given up.
pub(crate) fn close_of(state: &mut State, id: &ConnectionId) {
    state.pages.retain(|key, _| key.workspace.connection_id != *id);
}

/// Closes the pages of workspaces that are gone or do not run.
pub(crate) fn close_stopped(state: &mut State, id: &ConnectionId) {
    let workspaces = &state.workspaces;
    state.pages.retain(|key, _| {
        key.workspace.connection_id != *id || workspaces.is_running(&key.workspace)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_service_is_there_when_it_answers_or_holds_the_connection() {
        let (ours, theirs) = tokio::io::duplex(64);
        drop(theirs);
        assert!(!is_held(Box::new(ours)).await, "closed at once");

        let (ours, mut theirs) = tokio::io::duplex(64);
        let answer = tokio::spawn(async move {
            let mut asked = [0; 19];
            theirs.read_exact(&mut asked).await.unwrap();
            theirs.write_all(b"HTTP/1.0 200 OK\r\n\r\n").await.unwrap();
            asked
        });
        assert!(is_held(Box::new(ours)).await, "answered");
        assert_eq!(&answer.await.unwrap(), b"HEAD / HTTP/1.0\r\n\r\n");

        let (ours, _theirs) = tokio::io::duplex(64);
        assert!(is_held(Box::new(ours)).await, "takes its time");
    }
}
