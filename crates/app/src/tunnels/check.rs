//! The end-to-end check of a tunnel: a connection through the link to the target, or a request of HTTP.
//!
//! What follows from its outcome is the machine's business.

use std::time::{Duration, Instant};

use backend_api::{BoxStream, Dial, DialTarget};
use model::{ErrorCode, Failure, TunnelCheckKind, TunnelPoint, TunnelRoute};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// A head of an answer is no longer as far as we read it.
const HEAD: usize = 64;

/// What is asked of the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ask {
    /// Nothing: the SSH host's answer is enough.
    Nothing,
    Connect(DialTarget),
    Http {
        target: DialTarget,
        path: String,
    },
}

/// How asking the target went.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Asked {
    pub(super) took: Duration,
    pub(super) http_status: Option<u16>,
    /// Why it is not good.
    pub(super) failure: Option<Failure>,
}

/// A place on the far side of a link.
pub(super) fn dial_target(point: &TunnelPoint) -> DialTarget {
    match point {
        TunnelPoint::Tcp { host, port } => DialTarget::Tcp { host: host.clone(), port: *port },
        TunnelPoint::Unix { path } => DialTarget::Unix { path: path.clone() },
    }
}

impl Ask {
    /// What a tunnel's own check asks. Only what is beyond the SSH host is asked through it.
    pub(super) fn of(route: &TunnelRoute, kind: &TunnelCheckKind) -> Self {
        let TunnelRoute::Local { target, .. } = route else { return Self::Nothing };
        let target = dial_target(target);
        match kind {
            TunnelCheckKind::HostOnly => Self::Nothing,
            TunnelCheckKind::Connect => Self::Connect(target),
            TunnelCheckKind::Http { path } => Self::Http { target, path: path.clone() },
        }
    }

    /// Asks through `way`. On the connection for bulk when clients use it, so that what is checked is
    /// what they get.
    pub(super) async fn ask(&self, way: &dyn Dial, is_bulk: bool, limit: Duration) -> Asked {
        let began = Instant::now();
        let work = async {
            match self {
                Self::Nothing => Ok(None),
                Self::Connect(target) => dial(way, target, is_bulk).await.map(|_| None),
                Self::Http { target, path } => {
                    let stream = dial(way, target, is_bulk).await?;
                    http(stream, target, path).await.map(Some)
                }
            }
        };
        let outcome = tokio::time::timeout(limit, work).await.unwrap_or_else(|_| {
            let message = format!("{} did not answer within {} s", self.name(), limit.as_secs());
            Err(Failure::new(ErrorCode::Unreachable, message)
                .with_hint("Check that the service runs, and that the SSH host may reach it."))
        });
        let took = began.elapsed();
        match outcome {
            Ok(Some(status)) if status >= 500 => {
                let message = format!("{} answers with the status {status}", self.name());
                let failure = Failure::new(ErrorCode::Rejected, message)
                    .with_hint("Look at the service's own log.");
                Asked { took, http_status: Some(status), failure: Some(failure) }
            }
            Ok(http_status) => Asked { took, http_status, failure: None },
            Err(failure) => Asked { took, http_status: None, failure: Some(failure) },
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Nothing => "the SSH host".into(),
            Self::Connect(target) | Self::Http { target, .. } => target.to_string(),
        }
    }
}

async fn dial(way: &dyn Dial, target: &DialTarget, is_bulk: bool) -> Result<BoxStream, Failure> {
    let dialled = if is_bulk { way.dial_bulk(target).await } else { way.dial(target).await };
    dialled.map_err(Failure::from)
}

/// Sends a GET and reads the status. The rest of the answer is not read.
async fn http(mut stream: BoxStream, target: &DialTarget, path: &str) -> Result<u16, Failure> {
    let host = match target {
        DialTarget::Tcp { host, port } if host.contains(':') => format!("[{host}]:{port}"),
        DialTarget::Tcp { host, port } => format!("{host}:{port}"),
        DialTarget::Unix { .. } => "localhost".into(),
    };
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: moorline\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    );
    let broke = |error: std::io::Error| {
        Failure::new(ErrorCode::Unreachable, format!("{target} ended the connection"))
            .with_hint("Check that the service runs there, and that it speaks HTTP.")
            .with_detail(error.to_string())
    };
    stream.write_all(request.as_bytes()).await.map_err(broke)?;
    stream.flush().await.map_err(broke)?;
    let mut head = Vec::new();
    while head.len() < HEAD && !head.contains(&b'\n') {
        let mut piece = [0; HEAD];
        let read = stream.read(&mut piece).await.map_err(broke)?;
        if read == 0 {
            break;
        }
        head.extend_from_slice(piece.get(..read).unwrap_or_default());
    }
    status(&head).ok_or_else(|| {
        Failure::new(ErrorCode::Protocol, format!("{target} does not speak HTTP"))
            .with_hint("Check by connecting only, or name the port that speaks HTTP.")
    })
}

/// The status in the first line of an answer.
fn status(head: &[u8]) -> Option<u16> {
    let text = String::from_utf8_lossy(head);
    let mut words = text.lines().next()?.split(' ');
    let version = words.next()?;
    let digits = words.next()?;
    let is_http = version.starts_with("HTTP/1.");
    let is_status = digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_http && is_status { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::status;

    #[test]
    fn only_an_answer_of_http_has_a_status() {
        assert_eq!(status(b"HTTP/1.1 204 No Content\r\n"), Some(204));
        assert_eq!(status(b"HTTP/1.0 503\r\n"), Some(503));
        for other in ["SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 2x4 \r\n", "HTTP/1.1", "", "\r\n"] {
            assert_eq!(status(other.as_bytes()), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn whatever_a_target_says(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            prop_assert!(status(&bytes).is_none_or(|status| status < 1000));
        }
    }
}
