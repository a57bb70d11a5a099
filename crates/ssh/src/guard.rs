//! What russh calls back: the host key is judged here, and the end of a connection is noted here.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use backend_api::BackendError;
use model::{ErrorCode, Failure, HostAddress, HostKeyQuestion, HostKeyVerdict, KnownKey};
use russh::client::{DisconnectReason, Handler, Session};
use russh::keys::{PublicKey, PublicKeyOrCertificate};
use russh::{ChannelId, ChannelOpenFailure, Names};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::interview::Interview;
use crate::trust::{self, KnownHost, Verdict};
use crate::{HostKeyAnswer, Negotiated, Progress};

/// Why a handshake failed.
#[derive(Debug)]
pub(crate) enum HandshakeError {
    Protocol(russh::Error),
    /// The host key was not accepted.
    Refused(BackendError),
}

impl From<russh::Error> for HandshakeError {
    fn from(error: russh::Error) -> Self {
        Self::Protocol(error)
    }
}

/// What is known of a connection while it lives, shared between russh's task and ours.
#[derive(Debug)]
pub(crate) struct Vitals {
    /// Why it ended, once it has.
    lost: watch::Sender<Option<Failure>>,
    negotiated: Mutex<Option<Negotiated>>,
    host_name: String,
}

impl Vitals {
    pub(crate) fn new(host_name: &str) -> Arc<Self> {
        Arc::new(Self {
            lost: watch::Sender::new(None),
            negotiated: Mutex::new(None),
            host_name: host_name.to_owned(),
        })
    }

    /// Notes the end. The first reason counts.
    pub(crate) fn end(&self, reason: Failure) {
        self.lost.send_if_modified(|lost| {
            let is_first = lost.is_none();
            lost.get_or_insert(reason);
            is_first
        });
    }

    pub(crate) fn is_lost(&self) -> bool {
        self.lost.borrow().is_some()
    }

    pub(crate) async fn lost(&self) -> Failure {
        let mut lost = self.lost.subscribe();
        match lost.wait_for(Option::is_some).await {
            Ok(reason) => reason.clone().unwrap_or_else(|| self.connection_lost("")),
            Err(_) => self.connection_lost(""),
        }
    }

    pub(crate) fn negotiated(&self) -> Option<Negotiated> {
        self.negotiated.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn connection_lost(&self, detail: &str) -> Failure {
        let message = format!("the connection to {} was lost", self.host_name);
        let failure = Failure::new(ErrorCode::Unreachable, message)
            .with_hint("Check the network, then connect again.");
        if detail.is_empty() { failure } else { failure.with_detail(detail) }
    }
}

/// One connection's handler. russh drops it when the connection's task ends.
pub(crate) struct Guard {
    pub(crate) vitals: Arc<Vitals>,
    pub(crate) interview: Arc<Interview>,
    /// Fires when the attempt is given up.
    pub(crate) cut: CancellationToken,
    /// Which machine on the way this is.
    pub(crate) hop: usize,
    pub(crate) known: KnownHost,
    pub(crate) address: HostAddress,
    pub(crate) host_name: String,
    /// Moorline's own known-hosts file.
    pub(crate) own_file: PathBuf,
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.vitals.end(self.vitals.connection_lost(""));
    }
}

impl Handler for Guard {
    type Error = HandshakeError;

    async fn check_server_key(
        &mut self,
        shown: &PublicKeyOrCertificate,
    ) -> Result<bool, Self::Error> {
        self.interview.stage(&format!("checking the host key of {}", self.host_name));
        let key = shown.public_key();
        let (verdict, known) = match self.known.judge(shown) {
            Verdict::Trusted => {
                let (hop, known) = (self.hop, self.known.vouching(shown));
                let key = trust::shown_key(&key);
                self.interview.progress(Progress::KeyKnown { hop, key, known });
                return Ok(true);
            }
            Verdict::Unknown => (HostKeyVerdict::Unknown, Vec::new()),
            Verdict::Changed(known) => (HostKeyVerdict::Changed, known),
            Verdict::Revoked(known) => return Err(HandshakeError::Refused(self.revoked(&known))),
        };
        let question = HostKeyQuestion {
            address: self.address.clone(),
            verdict,
            shown: trust::shown_key(&key),
            known,
        };
        // This runs in the connection's own task, which does not end by itself when nobody waits for
        // the connection any more.
        let answer = tokio::select! {
            biased;
            () = self.cut.cancelled() => HostKeyAnswer::Refuse,
            answer = self.interview.host_key(question.clone()) => answer,
        };
        let is_kept = match (verdict, answer) {
            (HostKeyVerdict::Unknown, HostKeyAnswer::Trust | HostKeyAnswer::Replace) => {
                self.keep(&key, trust::remember).await?
            }
            (HostKeyVerdict::Changed, HostKeyAnswer::Replace) => {
                self.keep(&key, trust::replace).await?
            }
            _ => return Err(HandshakeError::Refused(self.refused(&question))),
        };
        self.interview.progress(Progress::KeyAccepted { hop: self.hop, key: question.shown });
        Ok(is_kept)
    }

    async fn kex_done(
        &mut self,
        _shared_secret: Option<&[u8]>,
        names: &Names,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        let negotiated = Negotiated {
            kex: names.kex.as_ref().to_owned(),
            cipher: names.cipher.as_ref().to_owned(),
            host_key: names.key.as_str().to_owned(),
        };
        *self.vitals.negotiated.lock().unwrap_or_else(PoisonError::into_inner) = Some(negotiated);
        Ok(())
    }

    async fn channel_open_failure(
        &mut self,
        channel: ChannelId,
        reason: ChannelOpenFailure,
        description: &str,
        _language: &str,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        tracing::debug!(?channel, ?reason, description, "the server refuses a channel");
        Ok(())
    }

    async fn disconnected(
        &mut self,
        reason: DisconnectReason<Self::Error>,
    ) -> Result<(), Self::Error> {
        let detail = match reason {
            DisconnectReason::ReceivedDisconnect(info) => info.message,
            DisconnectReason::Error(HandshakeError::Protocol(error)) => error.to_string(),
            DisconnectReason::Error(HandshakeError::Refused(error)) => error.to_string(),
        };
        self.vitals.end(self.vitals.connection_lost(&detail));
        Ok(())
    }
}

type Keep = fn(&std::path::Path, &HostAddress, &PublicKey) -> std::io::Result<()>;

impl Guard {
    /// Writes the key to Moorline's own file; a key that cannot be remembered is not used.
    async fn keep(&self, key: &PublicKey, keep: Keep) -> Result<bool, HandshakeError> {
        let (file, address, key) = (self.own_file.clone(), self.address.clone(), key.clone());
        let written = tokio::task::spawn_blocking(move || keep(&file, &address, &key)).await;
        let problem = match written {
            Ok(Ok(())) => return Ok(true),
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        };
        let file = self.own_file.display();
        let failure = Failure::new(
            ErrorCode::Storage,
            format!("cannot remember the host key of {} in {file}", self.host_name),
        )
        .with_hint("Make room or give Moorline write access there, then connect again.")
        .with_detail(problem);
        Err(HandshakeError::Refused(BackendError::Trust(failure)))
    }

    fn refused(&self, question: &HostKeyQuestion) -> BackendError {
        let place = format!("{} ({})", self.host_name, self.address);
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

    fn revoked(&self, known: &[KnownKey]) -> BackendError {
        let message = format!("the host key of {} ({}) was revoked", self.host_name, self.address);
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
