//! What a person answers, and whether it fits what was asked.

use model::{ErrorCode, Failure, HostKeyVerdict, QuestionKind, Secret};
use serde::Deserialize;
use ts_rs::TS;

/// What a person answered.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// Trust this host key from now on: for unknown keys.
    TrustHostKey,
    /// Replace the known key: for changed keys; `typed_host` must be the host's name as shown.
    ReplaceHostKey { typed_host: String },
    /// Trust this certificate from now on, in the place of one that was trusted before.
    TrustCertificate,
    Credentials {
        #[ts(type = "Array<string>")]
        values: Vec<Secret<String>>,
        remember: bool,
    },
    VaultPassphrase {
        #[ts(type = "string")]
        passphrase: Secret<String>,
    },
    /// Disconnect, or do without.
    Refuse,
}

impl Answer {
    /// Refuses answers that do not fit the question.
    pub(crate) fn check(&self, question: &QuestionKind) -> Result<(), Failure> {
        match (self, question) {
            (Self::Refuse, _)
            | (Self::VaultPassphrase { .. }, QuestionKind::VaultPassphrase { .. })
            | (Self::TrustCertificate, QuestionKind::Certificate(_)) => Ok(()),
            (Self::TrustHostKey, QuestionKind::HostKey(key))
                if key.verdict == HostKeyVerdict::Unknown =>
            {
                Ok(())
            }
            (Self::ReplaceHostKey { typed_host }, QuestionKind::HostKey(key))
                if key.verdict == HostKeyVerdict::Changed =>
            {
                if typed_host.trim() == key.address.host {
                    return Ok(());
                }
                Err(Failure::new(
                    ErrorCode::Invalid,
                    format!("\"{}\" is not the name of this host", typed_host.trim()),
                )
                .with_hint(format!("Type {} to replace its key.", key.address.host))
                .with_field("typed_host"))
            }
            (Self::Credentials { values, .. }, QuestionKind::Credentials { prompts, .. })
                if values.len() == prompts.len() =>
            {
                Ok(())
            }
            _ => Err(Failure::new(ErrorCode::Invalid, "this answer does not fit the question")
                .with_hint("Answer the question as it is shown now.")
                .with_field("answer")),
        }
    }
}
