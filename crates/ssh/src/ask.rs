//! Questions that come up while connecting, and who answers them.
//!
//! How a question reaches a person, and where answers are remembered, is the caller's business.

use std::net::IpAddr;

use async_trait::async_trait;
use model::{Failure, HostAddress, HostKey, HostKeyQuestion, KnownKey, Prompt, Secret};

/// What a person says to a host key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostKeyAnswer {
    /// Remember an unknown key in Moorline's own file and go on. For a changed key this is a refusal.
    Trust,
    /// Forget what Moorline's own file knew of this host, remember this key and go on.
    Replace,
    /// Do not connect.
    Refuse,
}

/// A request for passwords, passphrases or answers to a server's prompts.
#[derive(Debug, Clone)]
pub struct CredentialsRequest {
    /// Which hop asks, as an index into `LinkOptions::hops`.
    pub hop: usize,
    /// Which method asks, as an index into `Hop::auth`.
    pub method: usize,
    /// For example `Password for dev@forge-1`.
    pub title: String,
    /// The server's own words, when it has any.
    pub instruction: Option<String>,
    pub prompts: Vec<Prompt>,
    /// True when the answer will serve again: passwords and passphrases, not one-time codes.
    pub can_remember: bool,
    /// Set when an earlier answer was refused.
    pub refused: Option<String>,
}

/// How far an attempt has come, for whoever wants to show each stage. `hop` is an index into
/// `LinkOptions::hops`; what fails, fails in the stage that was told last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Looks for the addresses behind a name. Not told beyond the first hop: the hop before does it there.
    Resolving {
        hop: usize,
        address: HostAddress,
    },
    /// Knocks at the port, perhaps at several addresses at once. `found` is empty beyond the first hop.
    Connecting {
        hop: usize,
        address: HostAddress,
        found: Vec<IpAddr>,
    },
    /// Somebody answers; the handshake and the judging of the host key begin. Of several addresses this
    /// is told of the one that is used, or that a person is asked about.
    ShakingHands {
        hop: usize,
        address: HostAddress,
    },
    /// The host key was judged good before anybody was asked; `known` is the line that vouches for it.
    KeyKnown {
        hop: usize,
        key: HostKey,
        known: Option<KnownKey>,
    },
    /// A person accepted the host key just now.
    KeyAccepted {
        hop: usize,
        key: HostKey,
    },
    /// This address did not answer, or showed a key that nobody vouches for; another one is tried or used,
    /// or none is left.
    AddressFailed {
        hop: usize,
        address: HostAddress,
        failure: Failure,
    },
    LoggingIn {
        hop: usize,
    },
    /// A key is offered; `line` is its public half as a line of authorized_keys.
    KeyOffered {
        hop: usize,
        line: String,
    },
    /// Logged in with this method, for example "password".
    LoggedIn {
        hop: usize,
        method: String,
    },
}

impl Progress {
    /// Which machine on the way this is about.
    #[must_use]
    pub fn hop(&self) -> usize {
        match self {
            Self::Resolving { hop, .. }
            | Self::Connecting { hop, .. }
            | Self::ShakingHands { hop, .. }
            | Self::KeyKnown { hop, .. }
            | Self::KeyAccepted { hop, .. }
            | Self::AddressFailed { hop, .. }
            | Self::LoggingIn { hop }
            | Self::KeyOffered { hop, .. }
            | Self::LoggedIn { hop, .. } => *hop,
        }
    }
}

/// Answers questions while a link is made. Dropping the future of an answer withdraws the question.
#[async_trait]
pub trait Asker: Send + Sync {
    /// Judges a host key. A revoked key is never asked about.
    async fn host_key(&self, question: HostKeyQuestion) -> HostKeyAnswer;

    /// Gives one answer per prompt, or None to stop connecting.
    async fn credentials(&self, request: CredentialsRequest) -> Option<Vec<Secret<String>>>;

    /// Is told what is going on, for example `checking the host key of forge-1`. Must not block.
    fn stage(&self, stage: &str);

    /// Is told the same for machines. Must not block.
    fn progress(&self, _progress: Progress) {}
}
