//! The requests that make the server listen and stop, each with a deadline.

use std::time::Duration;

use tokio::io::AsyncReadExt;

use super::{Asked, RemoteListen};
use crate::channel::Carries;
use crate::connection::Connection;
use crate::quote::command_line;

const REPLY_LIMIT: Duration = Duration::from_secs(15);
const STOP_LIMIT: Duration = Duration::from_secs(5);

impl Connection {
    /// Asks the server to listen. Gives the port when the server chose it.
    pub(crate) async fn listen(&self, at: &RemoteListen) -> Result<Option<u16>, Asked> {
        let handle = self.handle();
        let asking = async {
            match at {
                RemoteListen::Tcp { host, port } => {
                    handle.tcpip_forward(host.clone(), u32::from(*port)).await
                }
                RemoteListen::Unix { path } => {
                    handle.streamlocal_forward(path.clone()).await.map(|()| 0)
                }
            }
        };
        match tokio::time::timeout(REPLY_LIMIT, asking).await {
            Ok(Ok(chosen)) => Ok(u16::try_from(chosen).ok().filter(|port| *port > 0)),
            Ok(Err(russh::Error::RequestDenied)) => Err(Asked::Refused),
            Ok(Err(_)) => Err(Asked::Lost(self.broken())),
            Err(_) => Err(Asked::Lost(self.silent())),
        }
    }

    /// Asks the server to stop listening, and waits a moment until it has.
    pub(crate) async fn stop_listening(&self, at: &RemoteListen) {
        let handle = self.handle();
        let asking = async {
            match at {
                RemoteListen::Tcp { host, port } => {
                    handle.cancel_tcpip_forward(host.clone(), u32::from(*port)).await
                }
                RemoteListen::Unix { path } => {
                    handle.cancel_streamlocal_forward(path.clone()).await
                }
            }
        };
        match tokio::time::timeout(STOP_LIMIT, asking).await {
            Ok(Ok(())) => self.remove_socket(at).await,
            Ok(Err(error)) => tracing::debug!(%error, %at, "the server did not stop listening"),
            Err(_) => tracing::debug!(%at, "the server does not say whether it stopped listening"),
        }
    }
    /// OpenSSH leaves the file of a socket behind. This one is ours: nobody else could have taken the path
    /// while it was there.
    async fn remove_socket(&self, at: &RemoteListen) {
        let RemoteListen::Unix { path } = at else { return };
        for argv in [["test", "-S", path], ["rm", "--", path]] {
            let done = tokio::time::timeout(STOP_LIMIT, self.exit_code(&argv)).await;
            if done.ok().flatten() != Some(0) {
                return;
            }
        }
    }

    async fn exit_code(&self, argv: &[&str]) -> Option<i32> {
        let command = command_line(argv).ok()?;
        let channel = self.session().await.ok()?;
        let mut stream = self.exec(channel, &command, Carries::Command).await.ok()?;
        stream.read_to_end(&mut Vec::new()).await.ok()?;
        stream.exit_code()
    }
}
