//! The SOCKS proxy of a dynamic forward: where each client wants to go, and what it is told.
//!
//! Names are passed on as they came, to be looked up at the far end. There is no authentication: who may
//! connect at all is decided before.

mod parse;

use std::{io, time::Duration};

use backend_api::{BackendError, DialTarget};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    time::timeout,
};

use crate::reach::NotReached;
use parse::{Hello, Step, Wrong, hello, request};

/// For the whole conversation before the way is asked for.
const PATIENCE: Duration = Duration::from_secs(15);
/// For a refused client to read why.
const FAREWELL: Duration = Duration::from_secs(1);

/// A client that said where it wants to go, and waits for the answer.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) target: DialTarget,
    version: Version,
}

#[derive(Debug, Clone, Copy)]
enum Version {
    Four,
    Five,
}

/// Reads where a client wants to go. Nothing behind its request is read.
///
/// # Errors
/// Why it was refused, in words; it was told.
pub(crate) async fn receive(
    client: &mut (impl AsyncRead + AsyncWrite + Unpin),
) -> Result<Asked, String> {
    match timeout(PATIENCE, conversation(client)).await {
        Ok(Ok(Ok(asked))) => Ok(asked),
        Ok(Ok(Err(wrong))) => Err(wrong.in_words().to_owned()),
        Ok(Err(error)) => Err(format!("the SOCKS client went away: {error}")),
        Err(_) => Err("the SOCKS client did not say where it wants to go".to_owned()),
    }
}

impl Asked {
    /// Tells the client that it is through.
    pub(crate) async fn grant(&self, client: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
        client.write_all(&self.version.reply(0)).await
    }

    /// Tells the client why not.
    pub(crate) async fn refuse(
        &self,
        client: &mut (impl AsyncRead + AsyncWrite + Unpin),
        why: &NotReached,
    ) {
        say_and_end(client, &self.version.reply(code(why))).await;
    }
}

impl Version {
    /// The answer to a request; `code` as RFC 1928 has it, 0 is success.
    fn reply(self, code: u8) -> Vec<u8> {
        match self {
            Self::Five => vec![5, code, 0, 1, 0, 0, 0, 0, 0, 0],
            Self::Four => vec![0, if code == 0 { 0x5A } else { 0x5B }, 0, 0, 0, 0, 0, 0],
        }
    }
}

async fn conversation(
    client: &mut (impl AsyncRead + AsyncWrite + Unpin),
) -> io::Result<Result<Asked, Wrong>> {
    match receive_one(client, hello).await? {
        Ok(Hello::Four(target)) => return Ok(Ok(Asked { target, version: Version::Four })),
        Ok(Hello::Five) => client.write_all(&[5, 0]).await?,
        Err(wrong) => {
            if let Some(answer) = wrong.to_hello() {
                say_and_end(client, &answer).await;
            }
            return Ok(Err(wrong));
        }
    }
    match receive_one(client, request).await? {
        Ok(target) => Ok(Ok(Asked { target, version: Version::Five })),
        Err(wrong) => {
            say_and_end(client, &Version::Five.reply(wrong.code())).await;
            Ok(Err(wrong))
        }
    }
}

async fn receive_one<T>(
    client: &mut (impl AsyncRead + Unpin),
    read: fn(&[u8]) -> Step<T>,
) -> io::Result<Result<T, Wrong>> {
    let mut bytes = Vec::new();
    loop {
        match read(&bytes) {
            Step::Done(message) => return Ok(Ok(message)),
            Step::Wrong(wrong) => return Ok(Err(wrong)),
            Step::Need(wanted) => {
                let missing = wanted.saturating_sub(bytes.len()) as u64;
                if client.take(missing).read_to_end(&mut bytes).await? as u64 != missing {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            }
        }
    }
}

/// Closing a socket with unread bytes takes back what was said last, so they are read first.
async fn say_and_end(client: &mut (impl AsyncRead + AsyncWrite + Unpin), words: &[u8]) {
    let farewell = async {
        client.write_all(words).await?;
        client.shutdown().await?;
        tokio::io::copy(client, &mut tokio::io::sink()).await
    };
    drop(timeout(FAREWELL, farewell).await);
}

fn code(why: &NotReached) -> u8 {
    match why {
        NotReached::NoWay(_) => 4,
        NotReached::Failed(BackendError::Forbidden(_)) => 2,
        NotReached::Failed(BackendError::Unreachable(_)) => 5,
        NotReached::Failed(_) => 1,
    }
}

impl Wrong {
    /// The answer to a first message of this kind, where there is one.
    fn to_hello(self) -> Option<Vec<u8>> {
        match self {
            Self::NoMethod => Some(vec![5, 0xFF]),
            Self::Command | Self::Target => Some(Version::Four.reply(1)),
            Self::Nonsense | Self::AddressKind => None,
        }
    }

    fn code(self) -> u8 {
        match self {
            Self::Nonsense | Self::NoMethod | Self::Target => 1,
            Self::Command => 7,
            Self::AddressKind => 8,
        }
    }

    fn in_words(self) -> &'static str {
        match self {
            Self::Nonsense => "the client does not speak SOCKS",
            Self::NoMethod => "the client insists on authentication, which this proxy has not",
            Self::AddressKind => "the client asked for an address of no known kind",
            Self::Command => "the client asked for something other than a connection",
            Self::Target => "the client asked for a place that cannot be",
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::receive;

    #[tokio::test(start_paused = true)]
    async fn a_client_that_says_too_little_is_sent_away() {
        let (mut client, mut server) = duplex(64);
        client.write_all(&[5, 2, 0]).await.unwrap();
        let why = receive(&mut server).await.unwrap_err();
        assert_eq!(why, "the SOCKS client did not say where it wants to go");
        client.write_all(&[5, 2]).await.unwrap();
        drop(client);
        assert!(receive(&mut server).await.unwrap_err().contains("went away"));
    }

    #[tokio::test]
    async fn what_a_client_sends_ahead_is_left_for_the_target() {
        let (mut client, mut server) = duplex(64);
        client.write_all(&[5, 1, 0, 5, 1, 0, 1, 10, 0, 0, 2, 0, 80, b'h', b'i']).await.unwrap();
        drop(client.shutdown().await);
        let asked = receive(&mut server).await.unwrap();
        assert_eq!(asked.target.to_string(), "10.0.0.2:80");
        let mut ahead = String::new();
        server.read_to_string(&mut ahead).await.unwrap();
        assert_eq!(ahead, "hi");
    }
}
