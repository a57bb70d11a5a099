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
mod labs;
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
pub use labs::{
    Fetched, LabDone, LabFile, LabFiles, LabInterfaces, LabMaterial, LabNodes, LabRequest, LabSink,
    Labs,
};
pub use rebuild::Rebuild;
pub use remote::{
    Absent, BoxStream, ByteStream, Certificates, Dial, DialTarget, ExecOutput, FileSession,
    RemoteEntry, RemoteExec, RemoteFiles,
};
pub use session::{Backend, ConnectInput, Session};
pub use ssh_access::{SshAccess, SshTarget};
pub use volumes::Volumes;
