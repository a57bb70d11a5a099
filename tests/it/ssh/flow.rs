//! One slow reader never freezes the others.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use backend_api::{BoxStream, Dial, DialTarget, RemoteExec};
use ssh::Link;
use tests::sshd::{Sshd, SshdOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::setup::{link, run};

/// A loopback server that sends this many bytes to everyone.
async fn source(bytes: usize) -> DialTarget {
    counted_source(bytes).await.0
}

/// The same, and how many bytes it has got rid of so far.
async fn counted_source(bytes: usize) -> (DialTarget, Arc<AtomicUsize>) {
    let sent = Arc::new(AtomicUsize::new(0));
    let counter = sent.clone();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let counter = counter.clone();
            tokio::spawn(async move {
                let chunk = vec![7; 64 * 1024];
                let mut left = bytes;
                while left > 0 {
                    let count = left.min(chunk.len());
                    if stream.write_all(&chunk[..count]).await.is_err() {
                        return;
                    }
                    left -= count;
                    counter.fetch_add(count, Ordering::Relaxed);
                }
            });
        }
    });
    (DialTarget::Tcp { host: "127.0.0.1".into(), port }, sent)
}

/// Waits until a source has sent something and is stuck.
async fn stuck(sent: &AtomicUsize) {
    let deadline = Instant::now() + Duration::from_secs(30);
    let (mut before, mut still) = (0, 0);
    while still < 10 {
        assert!(Instant::now() < deadline, "it goes on sending");
        tokio::time::sleep(Duration::from_millis(50)).await;
        let now = sent.load(Ordering::Relaxed);
        still = if now > 0 && now == before { still + 1 } else { 0 };
        before = now;
    }
}

const FLOOD: usize = usize::MAX;
const PROMPT: Duration = Duration::from_secs(2);

/// Everything on the control connection goes on for this long.
async fn control_stays_prompt(link: &Link, small: &DialTarget, during: Duration) {
    let started = Instant::now();
    while started.elapsed() < during {
        let answered = tokio::time::timeout(PROMPT, async {
            link.round_trip().await.unwrap();
            assert_eq!(link.run(&["true"]).await.unwrap().exit_code, Some(0));
            read_all(link.dial(small).await.unwrap()).await.unwrap();
        });
        answered.await.expect("the control connection is frozen");
    }
}

async fn read_all(mut stream: BoxStream) -> std::io::Result<usize> {
    let mut buffer = vec![0; 64 * 1024];
    let mut total = 0;
    loop {
        match stream.read(&mut buffer).await? {
            0 => return Ok(total),
            count => total += count,
        }
    }
}

#[test]
fn a_stream_nobody_reads_loses_nothing_and_stops_nothing() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let link = link(&sshd).await;
        let total = 64 * 1024 * 1024;
        let (plenty, small) = (source(total).await, source(1000).await);
        let resting = [link.dial(&plenty).await.unwrap(), link.dial_bulk(&plenty).await.unwrap()];
        control_stays_prompt(&link, &small, Duration::from_secs(2)).await;
        let beside = tokio::time::timeout(Duration::from_secs(10), async {
            read_all(link.dial_bulk(&plenty).await.unwrap()).await.unwrap()
        });
        assert_eq!(beside.await.expect("held up by those that rest"), total);
        for stream in resting {
            assert_eq!(read_all(stream).await.unwrap(), total);
        }
    });
}

#[test]
fn a_hundred_readers_that_rest_hold_up_nobody_and_little_memory() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let link = link(&sshd).await;
        let (flood, sent) = counted_source(FLOOD).await;
        let mut resting = Vec::new();
        for _ in 0..100 {
            resting.push(link.dial_bulk(&flood).await.unwrap());
        }
        stuck(&sent).await;
        let before = memory();
        let total = 64 * 1024 * 1024;
        let plenty = source(total).await;
        let beside = read_all(link.dial_bulk(&plenty).await.unwrap());
        let read = tokio::time::timeout(Duration::from_secs(30), beside).await;
        assert_eq!(read.expect("held up by those that rest").unwrap(), total);
        // Each may hold its first window of half a megabyte.
        assert!(memory() < before + 32 * 1024 * 1024, "{} then {}", before, memory());
        let mut chunk = [0; 1024];
        for stream in &mut resting {
            stream.read_exact(&mut chunk).await.unwrap();
            assert!(chunk.iter().all(|byte| *byte == 7));
        }
    });
}

/// What this process holds, in bytes.
fn memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: usize = status.split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4096
}
