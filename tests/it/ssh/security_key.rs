//! A FIDO key behind an agent: the agent speaks for the hardware, a real server checks what it says.
//!
//! The hardware's part is played with an ordinary Ed25519 key in a real ssh-agent: what a security key
//! signs is the same kind of signature over another text.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ssh::AuthMethod;
use tests::keys::{make_key, public_key};
use tests::sshd::{Sshd, SshdOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};

use super::auth::Agent;
use super::setup::{Script, connect, options, run};

const KIND: &str = "sk-ssh-ed25519@openssh.com";
const APPLICATION: &str = "ssh:";
const IDENTITIES: u8 = 11;
const SIGN: u8 = 13;
/// A person touched the key.
const TOUCHED: u8 = 1;

fn string(bytes: &[u8]) -> Vec<u8> {
    let mut text = u32::try_from(bytes.len()).unwrap().to_be_bytes().to_vec();
    text.extend_from_slice(bytes);
    text
}

/// Takes the first string off.
fn take<'a>(bytes: &mut &'a [u8]) -> &'a [u8] {
    let (length, rest) = bytes.split_at(4);
    let length = u32::from_be_bytes(length.try_into().unwrap()) as usize;
    let (taken, rest) = rest.split_at(length);
    *bytes = rest;
    taken
}

async fn sha256(bytes: &[u8]) -> Vec<u8> {
    let mut child = tokio::process::Command::new("sha256sum")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(bytes).await.unwrap();
    drop(input);
    let text = String::from_utf8(child.wait_with_output().await.unwrap().stdout).unwrap();
    (0..32).map(|at| u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).unwrap()).collect()
}

async fn read_message(stream: &mut UnixStream) -> Option<Vec<u8>> {
    let length = stream.read_u32().await.ok()?;
    let mut message = vec![0; length as usize];
    stream.read_exact(&mut message).await.ok()?;
    Some(message)
}

/// An agent that holds one security key.
struct SecurityKey {
    /// The public key, as the protocol writes it.
    public: Vec<u8>,
    /// The Ed25519 key that plays the hardware.
    inner: Vec<u8>,
    hardware: PathBuf,
    touches: Arc<AtomicUsize>,
}

impl SecurityKey {
    async fn answer(&self, message: &[u8]) -> Vec<u8> {
        match message.split_first() {
            Some((&IDENTITIES, _)) => {
                let mut answer = vec![12, 0, 0, 0, 1];
                answer.extend(string(&self.public));
                answer.extend(string(b"my security key"));
                answer
            }
            Some((&SIGN, mut rest)) => {
                assert_eq!(take(&mut rest), self.public);
                let signature = self.sign(take(&mut rest)).await;
                let mut answer = vec![14];
                answer.extend(string(&signature));
                answer
            }
            _ => vec![5],
        }
    }

    async fn sign(&self, data: &[u8]) -> Vec<u8> {
        let count = u32::try_from(self.touches.fetch_add(1, Ordering::Relaxed) + 1).unwrap();
        let mut text = sha256(APPLICATION.as_bytes()).await;
        text.push(TOUCHED);
        text.extend(count.to_be_bytes());
        text.extend(sha256(data).await);
        let mut request = vec![SIGN];
        request.extend(string(&self.inner));
        request.extend(string(&text));
        request.extend([0; 4]);
        let mut hardware = UnixStream::connect(&self.hardware).await.unwrap();
        hardware.write_all(&string(&request)).await.unwrap();
        let answer = read_message(&mut hardware).await.unwrap();
        assert_eq!(answer[0], 14, "the hardware does not sign");
        let mut signature = take(&mut &answer[1..]);
        assert_eq!(take(&mut signature), b"ssh-ed25519");
        let mut signed = string(KIND.as_bytes());
        signed.extend(string(take(&mut signature)));
        signed.push(TOUCHED);
        signed.extend(count.to_be_bytes());
        signed
    }

    /// Answers at a socket until the test is over.
    fn serve(self, socket: &Path) {
        let listener = UnixListener::bind(socket).unwrap();
        let key = Arc::new(self);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let key = Arc::clone(&key);
                tokio::spawn(async move {
                    while let Some(message) = read_message(&mut stream).await {
                        let answer = string(&key.answer(&message).await);
                        stream.write_all(&answer).await.unwrap();
                    }
                });
            }
        });
    }
}

#[test]
fn a_security_key_behind_the_agent_lets_in() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hardware");
        make_key("ed25519", &path).unwrap();
        let hardware = Agent::start(folder.path());
        hardware.add(&path).await;
        let (_, body) = public_key(&path).unwrap();
        let inner = STANDARD.decode(body).unwrap();
        let mut parts = inner.as_slice();
        assert_eq!(take(&mut parts), b"ssh-ed25519");
        let point = take(&mut parts);
        let public =
            [string(KIND.as_bytes()), string(point), string(APPLICATION.as_bytes())].concat();
        let line = format!("{KIND} {} me\n", STANDARD.encode(&public));
        std::fs::write(sshd.dir.join("authorized_keys"), line).unwrap();
        let touches = Arc::new(AtomicUsize::new(0));
        let socket = folder.path().join("security-key");
        let key = SecurityKey {
            public,
            inner,
            hardware: hardware.socket().to_owned(),
            touches: Arc::clone(&touches),
        };
        key.serve(&socket);
        let mut wanted = options(&[&sshd]);
        wanted.hops[0].auth = vec![AuthMethod::Agent { socket: Some(socket) }];
        let asker = Script::silent();
        connect(wanted, &asker).await.unwrap();
        assert_eq!(touches.load(Ordering::Relaxed), 1, "one touch for one login");
        assert!(sshd.log().contains("Accepted publickey") && sshd.log().contains("ED25519-SK"));
        let stages = asker.stages.lock().unwrap().join("\n");
        assert!(stages.contains("touch the security key to log in to hop-0"), "{stages}");
    });
}
