//! How bytes get to libpod: the server's socket, or a command there that speaks for it.

use backend_api::{BackendError, BoxStream, Cx, DialTarget};

/// What a stream may carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Short answers and live changes, which are always read at once.
    Control,
    /// As much as a container likes to print, read as slowly as a person likes.
    Bulk,
}

/// One way to libpod that worked when the session was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Transport {
    /// The server's unix socket.
    Socket(String),
    /// A command on the server whose standard input and output are libpod's.
    Command(Vec<String>),
}

impl Transport {
    /// `podman system dial-stdio` for a socket, or for the one Podman itself would choose.
    pub(crate) fn dial_stdio(prefix: &[&str], socket: Option<&str>) -> Self {
        let mut argv: Vec<String> = prefix.iter().map(|word| (*word).to_owned()).collect();
        argv.push("podman".into());
        if let Some(socket) = socket {
            argv.push("--url".into());
            argv.push(format!("unix://{socket}"));
        }
        argv.extend(["system".to_owned(), "dial-stdio".to_owned()]);
        Self::Command(argv)
    }

    /// How many connections without a question are worth keeping: a command is a process on the server.
    pub(crate) fn most_kept(&self) -> usize {
        match self {
            Self::Socket(_) => 4,
            Self::Command(_) => 1,
        }
    }

    /// Opens one stream.
    pub(crate) async fn open(&self, weight: Weight, cx: &Cx) -> Result<BoxStream, BackendError> {
        match self {
            Self::Socket(path) => {
                let target = DialTarget::Unix { path: path.clone() };
                match weight {
                    Weight::Control => cx.dial.dial(&target).await,
                    Weight::Bulk => cx.dial.dial_bulk(&target).await,
                }
            }
            Self::Command(argv) => {
                let argv: Vec<&str> = argv.iter().map(String::as_str).collect();
                match weight {
                    Weight::Control => cx.exec.spawn(&argv).await,
                    Weight::Bulk => cx.exec.spawn_bulk(&argv).await,
                }
            }
        }
    }
}

impl std::fmt::Display for Transport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Socket(path) => write!(f, "socket {path}"),
            Self::Command(argv) => write!(f, "`{}`", argv.join(" ")),
        }
    }
}
