//! Questions that only a person can answer: host keys, certificates and credentials.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{HostAddress, QuestionId, TimestampMs};

/// A public host key as a person compares it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HostKey {
    /// For example "ssh-ed25519".
    pub algorithm: String,
    /// "SHA256:" and 43 characters of base64.
    pub fingerprint: String,
}

/// A key that a known-hosts file holds for the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KnownKey {
    pub key: HostKey,
    /// The file it stands in.
    pub file: String,
    /// Line number, counted from 1.
    pub line: u32,
}

/// Why a host key cannot be used without a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HostKeyVerdict {
    /// No file knows this host.
    Unknown,
    /// A file knows this host with another key.
    Changed,
    /// A file says that this key must not be trusted. It can never be accepted.
    Revoked,
}

/// A host key to be judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HostKeyQuestion {
    pub address: HostAddress,
    pub verdict: HostKeyVerdict,
    pub shown: HostKey,
    /// What is known instead; empty for an unknown host.
    pub known: Vec<KnownKey>,
}

/// Why a server's certificate cannot be used without a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CertificateVerdict {
    /// No authority of this computer vouches for it, and none was trusted before.
    Unknown,
    /// Another one was trusted before.
    Changed,
}

/// A server's certificate to be judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CertificateQuestion {
    /// The URL of the server.
    pub server: String,
    pub verdict: CertificateVerdict,
    /// SHA-256 over the certificate, 64 hexadecimal digits.
    pub fingerprint: String,
    /// The fingerprint that was trusted before.
    pub known: Option<String>,
    /// Whom it names, as its own text says; nobody checked it.
    pub subject: String,
    pub issuer: String,
    pub valid_until: Option<TimestampMs>,
    /// Why no authority vouches for it, in the words of the verifier.
    pub reason: String,
}

/// One line a server or a key file asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Prompt {
    pub label: String,
    /// False for passwords and passphrases.
    pub is_echoed: bool,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum QuestionKind {
    HostKey(HostKeyQuestion),
    Certificate(CertificateQuestion),
    /// Password, passphrase or keyboard-interactive prompts; `can_remember` offers the keychain.
    Credentials {
        title: String,
        instruction: Option<String>,
        prompts: Vec<Prompt>,
        can_remember: bool,
        /// Set when an earlier answer was refused.
        refused: Option<String>,
    },
    /// There is no keychain: a passphrase for the vault. `is_new` when the vault does not exist yet.
    VaultPassphrase {
        is_new: bool,
        refused: Option<String>,
    },
}

/// A question on the table. It goes away when it is answered or when nobody waits any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Question {
    pub id: QuestionId,
    /// What it is for, for example the connection's name.
    pub subject: String,
    pub question: QuestionKind,
}
