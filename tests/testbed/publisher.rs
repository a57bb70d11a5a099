//! A publisher of updates on loopback: says what a test wants, and counts who asks.
//!
//! Owns the listener and its thread; both end when the value is dropped.

use std::{
    io::{BufRead, BufReader, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::JoinHandle,
};

use anyhow::Result;

/// A running publisher.
#[derive(Debug)]
pub struct Publisher {
    /// Where it is asked.
    pub url: String,
    port: u16,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    /// Status and body.
    answer: Mutex<(u16, String)>,
    asked: AtomicUsize,
    is_over: AtomicBool,
}

impl Publisher {
    /// Begins to listen; there is no newer version at first.
    ///
    /// # Errors
    /// When no port is free.
    pub fn start() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let shared = Arc::new(Shared::default());
        *shared.answer.lock().unwrap() = (204, String::new());
        let handle = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if handle.is_over.load(Ordering::SeqCst) {
                    return;
                }
                // One that asks and goes away is of no concern.
                drop(handle.serve(stream));
            }
        });
        let url = format!("http://127.0.0.1:{port}/latest.json");
        Ok(Self { url, port, shared, thread: Some(thread) })
    }

    /// What it says from now on.
    pub fn says(&self, status: u16, body: &str) {
        *self.shared.answer.lock().unwrap() = (status, body.to_owned());
    }

    /// How often it was asked.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.shared.asked.load(Ordering::SeqCst)
    }

    /// Goes away: nobody listens any more.
    pub fn end(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        // Wakes the listener.
        drop(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.end();
    }
}

impl Shared {
    fn serve(&self, mut stream: TcpStream) -> Result<()> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut lines = BufReader::new(stream.try_clone()?).lines();
        while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
        let (status, body) = self.answer.lock().unwrap().clone();
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status} It\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes())?;
        Ok(stream.write_all(body.as_bytes())?)
    }
}
