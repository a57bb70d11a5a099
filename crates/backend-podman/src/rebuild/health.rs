//! Whether the ports that people come in by answer.

use std::time::Duration;

use backend_api::{BackendError, Cx, Endpoints};
use model::WorkspaceId;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, sleep, timeout};

use crate::convert::{SSH_PORT, ide_of};
use crate::session::PodmanSession;
use crate::wire::Inspected;

/// How long one port may take to give its first byte.
const FIRST_BYTE: Duration = Duration::from_secs(3);
/// How long a new container's programs may take to listen.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);
/// Between two looks at a port.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

impl PodmanSession {
    /// Which of the SSH and the IDE port give a sign of life now.
    pub(crate) async fn answering(&self, found: &Inspected, cx: &Cx) -> Vec<u16> {
        let id = WorkspaceId::from_raw(found.id.clone());
        let ide = ide_of(&found.config.labels).map(|ide| ide.port);
        let mut answering = Vec::new();
        for port in [Some(SSH_PORT), ide].into_iter().flatten() {
            if self.answers(&id, port, cx).await {
                answering.push(port);
            }
        }
        answering
    }

    /// Waits until every one of `ports` answers.
    pub(crate) async fn until_answering(
        &self,
        id: &WorkspaceId,
        name: &str,
        ports: &[u16],
        cx: &Cx,
    ) -> Result<(), BackendError> {
        let deadline = Instant::now() + ANSWER_WITHIN;
        for port in ports {
            while !cx.until_cancelled(async { Ok(self.answers(id, *port, cx).await) }).await? {
                if !self.inspected(id, cx).await?.state.running {
                    return Err(BackendError::rejected(format!("\"{name}\" ended by itself"))
                        .with_hint("Look at the log of this run, or choose another image."));
                }
                if Instant::now() > deadline {
                    return Err(silent(name, *port));
                }
                cx.until_cancelled(async {
                    sleep(LOOK_AGAIN).await;
                    Ok(())
                })
                .await?;
            }
        }
        Ok(())
    }

    /// An SSH server speaks first; a web server when it is asked.
    async fn answers(&self, id: &WorkspaceId, port: u16, cx: &Cx) -> bool {
        let exchange = async {
            let mut stream = self.dial(id, port, cx).await.ok()?;
            if port != SSH_PORT {
                stream.write_all(b"GET / HTTP/1.0\r\n\r\n").await.ok()?;
                stream.flush().await.ok()?;
            }
            let mut first = [0; 1];
            (stream.read(&mut first).await.ok()? == 1).then_some(())
        };
        timeout(FIRST_BYTE, exchange).await.ok().flatten().is_some()
    }
}

fn silent(name: &str, port: u16) -> BackendError {
    BackendError::rejected(format!(
        "port {port} of the new \"{name}\" did not answer within {} seconds",
        ANSWER_WITHIN.as_secs()
    ))
    .with_hint(format!(
        "It answered before. Choose an image whose program listens on {port}, or take the port out."
    ))
}
