//! Questions that come up while connecting, and who answers them.
//!
//! How a question reaches a person, and where answers are remembered, is the caller's business.

use async_trait::async_trait;
use model::{HostKeyQuestion, Prompt, Secret};

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

/// Answers questions while a link is made. Dropping the future of an answer withdraws the question.
#[async_trait]
pub trait Asker: Send + Sync {
    /// Judges a host key. A revoked key is never asked about.
    async fn host_key(&self, question: HostKeyQuestion) -> HostKeyAnswer;

    /// Gives one answer per prompt, or None to stop connecting.
    async fn credentials(&self, request: CredentialsRequest) -> Option<Vec<Secret<String>>>;

    /// Is told what is going on, for example `checking the host key of forge-1`. Must not block.
    fn stage(&self, stage: &str);
}
