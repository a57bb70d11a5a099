//! Streams from this computer to targets of what comes in at an SSH host.

use std::time::Duration;

use async_trait::async_trait;
use backend_api::{BackendError, BoxStream, Dial, DialTarget};

/// How long a target on this computer or near it may take to answer.
const LIMIT: Duration = Duration::from_secs(15);

/// Dials from this computer.
pub(crate) struct Here;

#[async_trait]
impl Dial for Here {
    async fn dial(&self, target: &DialTarget) -> Result<BoxStream, BackendError> {
        let dialled = tokio::time::timeout(LIMIT, dial(target)).await;
        dialled.unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into())).map_err(|error| {
            BackendError::unreachable(format!("nothing answers at {target} of this computer"))
                .with_hint("Check that the program runs and listens there.")
                .with_detail(error.to_string())
        })
    }
}

async fn dial(target: &DialTarget) -> std::io::Result<BoxStream> {
    match target {
        DialTarget::Tcp { host, port } => {
            let stream = tokio::net::TcpStream::connect((host.as_str(), *port)).await?;
            stream.set_nodelay(true)?;
            Ok(Box::new(stream))
        }
        #[cfg(unix)]
        DialTarget::Unix { path } => Ok(Box::new(tokio::net::UnixStream::connect(path).await?)),
        #[cfg(not(unix))]
        DialTarget::Unix { .. } => Err(std::io::ErrorKind::Unsupported.into()),
    }
}
