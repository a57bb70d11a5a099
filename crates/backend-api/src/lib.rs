//! The contract: what a backend is given, what it returns, and nothing else.
//!
//! Owns: `Backend`, `Session`, the ability traits, `Cx` with `Dial` and `Exec`, `BackendError`.
//! Deliberately not here: tunnels, runs, logs on disk, credentials, timers, user interface. A backend
//! returns data, streams and dialers; the app owns everything that lives longer than a call.

mod ability;
mod adopt;
mod cx;
mod diagnose;
mod error;
mod files;
mod images;
mod rebuild;
mod remote;
mod session;
mod ssh_access;
mod volumes;

pub use ability::{
    Applied, Apply, Endpoints, Exec, ExecRequest, Lifecycle, LogOptions, Logs, Metrics, Terminal,
    TerminalInput, TerminalOptions, TerminalOutput, Watch, WatchEvent,
};
pub use adopt::{Adopt, Adopted};
pub use cx::{Clock, Cx, LogSink, NoLog, StepSink, SystemClock};
pub use diagnose::{Check, CheckSink, Diagnose, Outcome, SetUp};
pub use error::BackendError;
pub use files::{Files, TarStream};
pub use images::{BuildContext, BuildRequest, ImageList, Images, NameOf};
pub use rebuild::Rebuild;
pub use remote::{BoxStream, ByteStream, Dial, DialTarget, ExecOutput, RemoteExec};
pub use session::{Backend, ConnectInput, Session};
pub use ssh_access::{SshAccess, SshTarget};
pub use volumes::Volumes;
