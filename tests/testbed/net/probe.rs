//! A conversation in which every byte is known beforehand, both ways at once, in pieces of odd sizes.
//!
//! A way that loses, doubles, swaps or changes a byte is found out, and so is one that ends in order with
//! bytes missing. A way may break with an error at any time. Owns both halves of the protocol;
//! deliberately not here: listening (`checker`).

use std::{
    io,
    net::SocketAddr,
    sync::Mutex,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
};

use super::noise::Noise;

const MAGIC: u64 = u64::from_be_bytes(*b"moornet\n");
pub(super) const HEADER: usize = 40;
/// What the server says when it has got everything: how much, and a word made from the seed.
const RECEIPT: u64 = 16;
const LARGEST_PIECE: u64 = 24 * 1024;

/// What is said in one conversation.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    pub seed: u64,
    /// Bytes from client to server.
    pub up: u64,
    /// Bytes from server to client.
    pub down: u64,
    /// Between two pieces, each way.
    pub pace: Duration,
}

impl Plan {
    /// As much both ways, as fast as it goes.
    #[must_use]
    pub fn even(seed: u64, bytes: u64) -> Self {
        Self { seed, up: bytes, down: bytes, pace: Duration::ZERO }
    }

    /// A conversation that lasts about this long at best, some kilobytes at a time.
    #[must_use]
    pub fn lasting(seed: u64, time: Duration) -> Self {
        let pace = Duration::from_millis(50);
        let pieces = u64::try_from(time.as_millis() / pace.as_millis()).unwrap_or(1);
        let bytes = pieces * LARGEST_PIECE / 2;
        Self { seed, up: bytes, down: bytes, pace }
    }

    fn header(&self) -> [u8; HEADER] {
        let pace = u64::try_from(self.pace.as_micros()).unwrap_or(u64::MAX);
        let mut header = [0; HEADER];
        for (slot, number) in header.chunks_mut(8).zip([MAGIC, self.seed, self.up, self.down, pace])
        {
            slot.copy_from_slice(&number.to_be_bytes());
        }
        header
    }

    /// None when something else speaks.
    fn from_header(header: &[u8; HEADER]) -> Option<Self> {
        let mut numbers = header.chunks(8).map(|eight| {
            eight.try_into().map(u64::from_be_bytes).expect("a header has eights of bytes")
        });
        let mut next = || numbers.next().expect("a header has five numbers");
        (next() == MAGIC).then(|| Self {
            seed: next(),
            up: next(),
            down: next(),
            pace: Duration::from_micros(next()),
        })
    }
}

/// A conversation that was held to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole {
    /// Both ways together.
    pub bytes: u64,
    pub took: Duration,
}

/// How a conversation ended.
#[derive(Debug)]
pub enum Ended {
    /// Every byte arrived, both ways, and both ends know it.
    Whole(Whole),
    /// The way broke and said so.
    Broken { received: u64, error: io::Error },
    /// Closed in order before the first byte came back.
    Refused,
    /// An end in order with bytes missing. An SSH server says no more when its side of a connection
    /// breaks; from anybody else it is a loss that nobody is told of.
    Short { received: u64, of: u64 },
    /// What must never be.
    Wrong(String),
}

impl Ended {
    /// # Panics
    /// When it did not end whole.
    #[must_use]
    pub fn whole(self) -> Whole {
        match self {
            Self::Whole(whole) => whole,
            other => panic!("the conversation did not end whole: {other:?}"),
        }
    }
}

/// Holds a conversation over a new connection to this address.
pub async fn exchange(address: SocketAddr, plan: Plan) -> Ended {
    match TcpStream::connect(address).await {
        Ok(stream) => talk(stream, plan).await,
        Err(error) => Ended::Broken { received: 0, error },
    }
}

/// Holds a conversation as the client.
pub async fn talk<S: AsyncRead + AsyncWrite>(stream: S, plan: Plan) -> Ended {
    let began = Instant::now();
    let (mut reader, mut writer) = tokio::io::split(stream);
    let failed: Mutex<Option<io::Error>> = Mutex::default();
    let sending = async {
        let sent = async {
            writer.write_all(&plan.header()).await?;
            send(&mut writer, plan.seed, plan.up, plan.pace).await?;
            // The half that is closed tells the server that this was all.
            writer.shutdown().await
        };
        *failed.lock().expect("nobody panics with the lock") = sent.await.err();
    };
    let receiving = async {
        let received = receive_as_client(&mut reader, &plan).await;
        // The system tells of a reset once: when sending heard of it, reading sees no more than an end.
        (received, failed.lock().expect("nobody panics with the lock").take())
    };
    let ((), received) = tokio::join!(sending, receiving);
    match received {
        (Ok(()), _) => Ended::Whole(Whole { bytes: plan.up + plan.down, took: began.elapsed() }),
        (Err(Fault::Broken { received, error }), _)
        | (Err(Fault::Ended { received }), Some(error)) => Ended::Broken { received, error },
        (Err(Fault::Ended { received: 0 }), None) => Ended::Refused,
        (Err(Fault::Ended { received }), None) => {
            Ended::Short { received, of: plan.down + RECEIPT }
        }
        (Err(Fault::Wrong(what)), _) => Ended::Wrong(what),
    }
}

/// How a conversation ended for the server.
#[derive(Debug)]
pub(super) enum Served {
    Whole,
    /// Someone who only looked whether something answers.
    Silent,
    Broken,
    Wrong(String),
}

/// Holds a conversation as the server.
pub(super) async fn serve(stream: TcpStream) -> Served {
    let _ = stream.set_nodelay(true);
    let (mut reader, mut writer) = tokio::io::split(stream);
    let mut header = [0; HEADER];
    match receive(&mut reader, &mut header).await {
        Ok(()) => {}
        Err(Fault::Ended { received: 0 } | Fault::Broken { received: 0, .. }) => {
            return Served::Silent;
        }
        Err(_) => return Served::Broken,
    }
    let Some(plan) = Plan::from_header(&header) else {
        return Served::Wrong(format!("a conversation began with {header:?}"));
    };
    let sending = send(&mut writer, !plan.seed, plan.down, plan.pace);
    let (sent, heard) = tokio::join!(sending, receive_as_server(&mut reader, &plan));
    match (sent, heard) {
        (_, Err(Fault::Wrong(what))) => Served::Wrong(what),
        (Ok(()), Ok(())) => {
            let mut receipt = [0; 16];
            receipt[..8].copy_from_slice(&plan.up.to_be_bytes());
            receipt[8..].copy_from_slice(&receipt_word(&plan));
            let said = async {
                writer.write_all(&receipt).await?;
                writer.shutdown().await
            };
            if said.await.is_ok() { Served::Whole } else { Served::Broken }
        }
        // An SSH server closes in order whatever happened to its client, so an early end is no fault.
        _ => Served::Broken,
    }
}

/// Why receiving ended before its time.
enum Fault {
    Broken { received: u64, error: io::Error },
    Ended { received: u64 },
    Wrong(String),
}

async fn send(
    writer: &mut (impl AsyncWrite + Unpin),
    seed: u64,
    total: u64,
    pace: Duration,
) -> io::Result<()> {
    let mut noise = Noise::new(seed);
    let mut sizes = Noise::new(seed ^ 0x5151);
    let mut left = total;
    while left > 0 {
        let size = (1 + sizes.number() % LARGEST_PIECE).min(left);
        let mut piece = vec![0; usize::try_from(size).unwrap_or_default()];
        noise.fill(&mut piece);
        writer.write_all(&piece).await?;
        left -= size;
        if !pace.is_zero() {
            tokio::time::sleep(pace).await;
        }
    }
    writer.flush().await
}

async fn receive_as_client(
    reader: &mut (impl AsyncRead + Unpin),
    plan: &Plan,
) -> Result<(), Fault> {
    receive_noise(reader, !plan.seed, plan.down).await?;
    let mut receipt = [0; 16];
    receive(reader, &mut receipt).await.map_err(|fault| fault.after(plan.down))?;
    if receipt[..8] != plan.up.to_be_bytes() || receipt[8..] != receipt_word(plan) {
        return Err(Fault::Wrong(format!("the receipt of {plan:?} is {receipt:?}")));
    }
    end(reader, plan.down + RECEIPT).await
}

async fn receive_as_server(
    reader: &mut (impl AsyncRead + Unpin),
    plan: &Plan,
) -> Result<(), Fault> {
    receive_noise(reader, plan.seed, plan.up).await?;
    end(reader, plan.up).await
}

/// Reads this many bytes of the row and compares them.
async fn receive_noise(
    reader: &mut (impl AsyncRead + Unpin),
    seed: u64,
    total: u64,
) -> Result<(), Fault> {
    let mut noise = Noise::new(seed);
    let mut buffer = vec![0; 64 * 1024];
    let mut received = 0;
    while received < total {
        let most = usize::try_from(total - received).unwrap_or(usize::MAX).min(buffer.len());
        match reader.read(&mut buffer[..most]).await {
            Ok(0) => return Err(Fault::Ended { received }),
            Ok(count) => {
                if let Some(at) = noise.differs(&buffer[..count]) {
                    let at = received + at as u64;
                    return Err(Fault::Wrong(format!("byte {at} of {total} is wrong")));
                }
                received += count as u64;
            }
            Err(error) => return Err(Fault::Broken { received, error }),
        }
    }
    Ok(())
}

async fn receive(reader: &mut (impl AsyncRead + Unpin), bytes: &mut [u8]) -> Result<(), Fault> {
    let mut at = 0;
    while at < bytes.len() {
        match reader.read(&mut bytes[at..]).await {
            Ok(0) => return Err(Fault::Ended { received: at as u64 }),
            Ok(count) => at += count,
            Err(error) => return Err(Fault::Broken { received: at as u64, error }),
        }
    }
    Ok(())
}

/// Nothing may come after the last byte but an end in order.
async fn end(reader: &mut (impl AsyncRead + Unpin), received: u64) -> Result<(), Fault> {
    match reader.read(&mut [0; 1]).await {
        Ok(0) => Ok(()),
        Ok(_) => Err(Fault::Wrong(format!("more than the {received} bytes that were sent"))),
        Err(error) => Err(Fault::Broken { received, error }),
    }
}

fn receipt_word(plan: &Plan) -> [u8; 8] {
    Noise::new(plan.seed ^ plan.up ^ plan.down.rotate_left(32)).number().to_be_bytes()
}

impl Fault {
    /// The same, counted from where these many bytes had arrived.
    fn after(self, before: u64) -> Self {
        match self {
            Self::Broken { received, error } => Self::Broken { received: received + before, error },
            Self::Ended { received } => Self::Ended { received: received + before },
            Self::Wrong(what) => Self::Wrong(what),
        }
    }
}
