//! What russh calls back: the host key is judged here, and the end of a connection is noted here.

use std::path::PathBuf;
use std::sync::Arc;

use backend_api::BackendError;
use model::{HostKeyQuestion, HostKeyVerdict};
use russh::client::{ChannelOpenHandle, DisconnectReason, Handler, Msg, Session};
use russh::keys::{PublicKey, PublicKeyOrCertificate};
use russh::{Channel, ChannelId, ChannelOpenFailure, Names};

use crate::channel::{Carries, ChannelStream, Lot};
use crate::connect::Entrant;
use crate::listen::{Doors, Incoming, RemoteListen};
use crate::trust::{self, KnownHost, Verdict};
use crate::vitals::Vitals;
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

/// One connection's handler. russh drops it when the connection's task ends.
pub(crate) struct Guard {
    pub(crate) vitals: Arc<Vitals>,
    /// The address that this is a connection to, and who may ask about its key.
    pub(crate) entrant: Arc<Entrant>,
    /// What its streams have in common; its `cut` fires when the attempt is given up.
    pub(crate) lot: Lot,
    /// Who asked the server to listen, and the number of this connection among them.
    pub(crate) doors: Arc<Doors>,
    pub(crate) line: u64,
    pub(crate) known: KnownHost,
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
        self.entrant.stage(&format!("checking the host key of {}", self.lot.host_name));
        let key = shown.public_key();
        if shown.certificate().is_none() {
            self.vitals.set_host_key(key.clone());
        }
        let (verdict, known) = match self.known.judge(shown) {
            Verdict::Trusted => {
                let (hop, known) = (self.entrant.hop(), self.known.vouching(shown));
                let key = trust::shown_key(&key);
                self.entrant.progress(Progress::KeyKnown { hop, key, known });
                return Ok(true);
            }
            Verdict::Unknown => (HostKeyVerdict::Unknown, Vec::new()),
            Verdict::Changed(known) => (HostKeyVerdict::Changed, known),
            Verdict::Revoked(known) => return Err(HandshakeError::Refused(self.revoked(&known))),
        };
        let question = HostKeyQuestion {
            address: self.entrant.address().clone(),
            verdict,
            shown: trust::shown_key(&key),
            known,
        };
        // This runs in the connection's own task, which does not end by itself when nobody waits for
        // the connection any more.
        let answer = tokio::select! {
            biased;
            () = self.lot.cut.cancelled() => HostKeyAnswer::Refuse,
            answer = self.entrant.ask(question.clone(), self.refused(&question).into()) => answer,
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
        self.entrant
            .progress(Progress::KeyAccepted { hop: self.entrant.hop(), key: question.shown });
        Ok(is_kept)
    }

    async fn openssh_ext_host_keys_announced(
        &mut self,
        keys: Vec<PublicKey>,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        self.vitals.announce(keys);
        Ok(())
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
        self.vitals.set_negotiated(negotiated);
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

    async fn server_channel_open_forwarded_tcpip(
        &mut self,
        channel: Channel<Msg>,
        host: &str,
        port: u32,
        from: &str,
        from_port: u32,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        let port = u16::try_from(port).unwrap_or(0);
        let place = RemoteListen::Tcp { host: host.to_owned(), port };
        let from = if from.contains(':') {
            format!("[{from}]:{from_port}")
        } else {
            format!("{from}:{from_port}")
        };
        self.let_in(channel, &place, from, reply).await;
        Ok(())
    }

    async fn server_channel_open_forwarded_streamlocal(
        &mut self,
        channel: Channel<Msg>,
        path: &str,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        let place = RemoteListen::Unix { path: path.to_owned() };
        self.let_in(channel, &place, path.to_owned(), reply).await;
        Ok(())
    }

    // Everything below would be let in by default. Nobody asks for it here, and a reply that is dropped
    // is a refusal.

    async fn server_channel_open_agent_forward(
        &mut self,
        _channel: Channel<Msg>,
        _reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        Ok(())
    }

    async fn server_channel_open_session(
        &mut self,
        _channel: Channel<Msg>,
        _reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        Ok(())
    }

    async fn server_channel_open_direct_tcpip(
        &mut self,
        _channel: Channel<Msg>,
        _host: &str,
        _port: u32,
        _from: &str,
        _from_port: u32,
        _reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        Ok(())
    }

    async fn server_channel_open_direct_streamlocal(
        &mut self,
        _channel: Channel<Msg>,
        _path: &str,
        _reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
        Ok(())
    }

    async fn server_channel_open_x11(
        &mut self,
        _channel: Channel<Msg>,
        _from: &str,
        _from_port: u32,
        _reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), Self::Error> {
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

impl Guard {
    /// Accepts a stream that one of our listeners on the server brought, and refuses any other.
    async fn let_in(
        &self,
        channel: Channel<Msg>,
        place: &RemoteListen,
        from: String,
        reply: ChannelOpenHandle,
    ) {
        let Some(room) = self.doors.room_at(self.line, place) else {
            tracing::debug!(%place, "the server brings a stream that nobody takes");
            return reply.reject(ChannelOpenFailure::ConnectFailed).await;
        };
        reply.accept().await;
        let stream = ChannelStream::start(channel, &self.lot, Carries::Forward);
        room.send(Incoming { stream: Box::new(stream), from });
    }
}
