//! What becomes of a host key that is not known: remembered in our own file, or refused in words.

use backend_api::BackendError;
use model::{ErrorCode, Failure, HostAddress, HostKeyQuestion, HostKeyVerdict, KnownKey};
use russh::keys::PublicKey;

use crate::guard::{Guard, HandshakeError};

type Keep = fn(&std::path::Path, &HostAddress, &PublicKey) -> std::io::Result<()>;

impl Guard {
    /// Writes the key to Moorline's own file; a key that cannot be remembered is not used.
    pub(crate) async fn keep(&self, key: &PublicKey, keep: Keep) -> Result<bool, HandshakeError> {
        let (file, address, key) =
            (self.own_file.clone(), self.entrant.address().clone(), key.clone());
        let written = tokio::task::spawn_blocking(move || keep(&file, &address, &key)).await;
        let problem = match written {
            Ok(Ok(())) => return Ok(true),
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        };
        let file = self.own_file.display();
        let failure = Failure::new(
            ErrorCode::Storage,
            format!("cannot remember the host key of {} in {file}", self.lot.host_name),
        )
        .with_hint("Make room or give Moorline write access there, then connect again.")
        .with_detail(problem);
        Err(HandshakeError::Refused(BackendError::Trust(failure)))
    }

    pub(crate) fn refused(&self, question: &HostKeyQuestion) -> BackendError {
        let place = format!("{} ({})", self.lot.host_name, self.entrant.address());
        let shown = format!("{} {}", question.shown.algorithm, question.shown.fingerprint);
        let failure = if question.verdict == HostKeyVerdict::Unknown {
            Failure::new(
                ErrorCode::HostKeyUnknown,
                format!("the host key of {place} was not accepted"),
            )
            .with_hint("Compare the fingerprint with the server's, then connect again.")
            .with_detail(format!("shown: {shown}"))
        } else {
            let hint = "If the server was set up anew, compare the fingerprint with the server's and \
                        replace the old key; if not, somebody may be listening.";
            Failure::new(ErrorCode::HostKeyChanged, format!("the host key of {place} has changed"))
                .with_hint(hint)
                .with_detail(format!("shown: {shown}\n{}", listed(&question.known)))
        };
        BackendError::Trust(failure)
    }

    pub(crate) fn revoked(&self, known: &[KnownKey]) -> BackendError {
        let message = format!(
            "the host key of {} ({}) was revoked",
            self.lot.host_name,
            self.entrant.address()
        );
        BackendError::Trust(
            Failure::new(ErrorCode::HostKeyRevoked, message)
                .with_hint("Do not connect. Ask whoever runs the server for its new key.")
                .with_detail(listed(known)),
        )
    }
}

fn listed(known: &[KnownKey]) -> String {
    let line = |known: &KnownKey| {
        let KnownKey { key, file, line } = known;
        format!("known: {} {} ({file} line {line})", key.algorithm, key.fingerprint)
    };
    known.iter().map(line).collect::<Vec<_>>().join("\n")
}
