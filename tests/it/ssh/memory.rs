//! After a login no private key is left in our memory. A process of its own logs in, and its whole memory
//! is searched from outside, so that the test's own copies do not count.

use std::fs::File;
use std::io::{BufRead, BufReader, Lines, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use model::Secret;
use ssh::AuthMethod;
use tests::keys::make_key;
use tests::sshd::{Sshd, SshdOptions};

use super::setup::{Script, address, connect, run};

const PORT: &str = "MOORLINE_MEMORY_PORT";
const KEY: &str = "MOORLINE_MEMORY_KEY";
const PASSPHRASE: &str = "MOORLINE_MEMORY_PASSPHRASE";
const KNOWN: &str = "MOORLINE_MEMORY_KNOWN";
const READY: &str = "logged in and waiting";

/// What runs in the process of its own: logs in and stays connected until its input ends.
#[test]
#[ignore = "a part of the tests below, which start it"]
fn the_process_that_is_searched() {
    let value = |name| std::env::var(name).unwrap();
    run(async {
        // The environment holds no passphrase: a process keeps that for ever.
        let passphrase = std::fs::read_to_string(value(PASSPHRASE)).ok().map(Secret::new);
        let hop = ssh::Hop {
            name: "server".into(),
            addresses: vec![address(value(PORT).parse().unwrap())],
            user: "root".into(),
            auth: vec![AuthMethod::KeyFile { path: value(KEY).into(), passphrase }],
        };
        let options = ssh::LinkOptions {
            hops: vec![hop],
            trust: ssh::TrustFiles { own: value(KNOWN).into(), ..Default::default() },
            keepalive: std::time::Duration::from_secs(15),
            connect_timeout: std::time::Duration::from_secs(20),
        };
        let link = connect(options, &Script::silent()).await.unwrap();
        for _ in 0..20 {
            link.round_trip().await.unwrap();
        }
        println!("{READY}");
        let ended = tokio::task::spawn_blocking(|| std::io::stdin().read_line(&mut String::new()));
        ended.await.unwrap().unwrap();
        link.round_trip().await.unwrap();
    });
}

struct Searched {
    child: Child,
    /// Open, because whoever writes to a closed pipe is ended.
    _lines: Lines<BufReader<ChildStdout>>,
}

impl Searched {
    /// Starts the process and waits until it is logged in.
    fn start(sshd: &Sshd, key: &Path, passphrase: Option<&Path>) -> Self {
        let known = sshd.dir.join("known");
        std::fs::write(&known, &sshd.known_hosts).unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "ssh::memory::the_process_that_is_searched"])
            .args(["--ignored", "--nocapture"])
            .env(PORT, sshd.port.to_string())
            .env(KEY, key)
            .env(PASSPHRASE, passphrase.unwrap_or(Path::new("/no/such/file")))
            .env(KNOWN, known)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().contains(READY)), "{}", sshd.log());
        Self { child, _lines: lines }
    }

    /// How often each of these stands in its memory, where it can be read and written.
    fn holds(&self, needles: &[(&'static str, Vec<u8>)]) -> Vec<(&'static str, usize)> {
        let folder = PathBuf::from(format!("/proc/{}", self.child.id()));
        let maps = std::fs::read_to_string(folder.join("maps")).unwrap();
        let mut memory = File::open(folder.join("mem")).unwrap();
        let mut found: Vec<_> = needles.iter().map(|(name, _)| (*name, 0)).collect();
        for line in maps.lines().filter(|line| line.contains(" rw")) {
            let (start, end) = line.split(' ').next().unwrap().split_once('-').unwrap();
            let start = u64::from_str_radix(start, 16).unwrap();
            let length = u64::from_str_radix(end, 16).unwrap() - start;
            let mut bytes = Vec::new();
            if memory.seek(SeekFrom::Start(start)).is_err()
                || (&mut memory).take(length).read_to_end(&mut bytes).is_err()
            {
                continue;
            }
            for ((_, needle), (_, count)) in needles.iter().zip(&mut found) {
                *count += times(&bytes, needle);
            }
        }
        found.into_iter().filter(|(_, count)| *count > 0).collect()
    }
}

impl Drop for Searched {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

fn times(bytes: &[u8], needle: &[u8]) -> usize {
    let (first, rest) = needle.split_first().unwrap();
    let mut count = 0;
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|byte| byte == first) {
        at += found + 1;
        count += usize::from(bytes[at..].starts_with(rest));
    }
    count
}

/// Takes the first string of a key's binary form off.
fn take<'a>(bytes: &mut &'a [u8]) -> &'a [u8] {
    let (length, rest) = bytes.split_at(4);
    let length = u32::from_be_bytes(length.try_into().unwrap()) as usize;
    let (taken, rest) = rest.split_at(length);
    *bytes = rest;
    taken
}

/// The secret parts of a key file without passphrase, as they would stand in memory.
fn secrets(key: &Path) -> Vec<(&'static str, Vec<u8>)> {
    let text = std::fs::read_to_string(key).unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('-')).collect();
    let bytes = STANDARD.decode(lines.concat()).unwrap();
    let mut rest = bytes.strip_prefix(b"openssh-key-v1\0").unwrap();
    for _ in ["cipher", "derivation", "its options"] {
        take(&mut rest);
    }
    rest = &rest[4..];
    take(&mut rest);
    let mut private = &take(&mut rest)[8..];
    // The last lines but one are of the private part in every kind of key.
    let mut found = vec![("text", lines[lines.len() - 2].as_bytes().to_vec())];
    match take(&mut private) {
        b"ssh-ed25519" => {
            take(&mut private);
            let seed = &take(&mut private)[..32];
            found.extend([("seed", seed[..16].to_vec()), ("seed's end", seed[16..].to_vec())]);
        }
        b"ssh-rsa" => {
            let numbers: Vec<&[u8]> = (0..6).map(|_| take(&mut private)).collect();
            // Not the primes: the arithmetic of the `rsa` crate leaves one copy of each in freed memory,
            // in numbers (`BoxedMontyParams`) that cannot be wiped from outside.
            let exponent = &numbers[2][40..72];
            found.push(("exponent", exponent.to_vec()));
            // As numbers are held by little-endian machines.
            found.push(("exponent", exponent.iter().rev().copied().collect()));
        }
        other => panic!("{}", String::from_utf8_lossy(other)),
    }
    found
}

fn server_and_key(kind: &str) -> (Sshd, PathBuf) {
    let sshd = Sshd::start(&SshdOptions::default()).unwrap();
    let key = sshd.dir.join("secret");
    make_key(kind, &key).unwrap();
    sshd.authorize(&key.with_extension("pub")).unwrap();
    (sshd, key)
}

#[test]
fn no_private_key_is_left_after_a_login() {
    for kind in ["ed25519", "rsa"] {
        let (sshd, key) = server_and_key(kind);
        let needles = secrets(&key);
        let searched = Searched::start(&sshd, &key, None);
        // What must be there shows that the search finds things.
        let path = key.to_str().unwrap().as_bytes().to_vec();
        assert_eq!(searched.holds(&[("path", path)]).len(), 1);
        assert_eq!(searched.holds(&needles), [], "{kind}");
    }
}

#[test]
fn nor_is_one_that_a_passphrase_opened() {
    let passphrase = "a long passphrase that nobody guesses";
    for kind in ["ed25519", "rsa"] {
        let (sshd, key) = server_and_key(kind);
        let needles = secrets(&key);
        let locked = Command::new("ssh-keygen")
            .args(["-q", "-p", "-P", "", "-N", passphrase, "-f"])
            .arg(&key)
            .stdout(Stdio::null())
            .status();
        assert!(locked.unwrap().success());
        let file = sshd.dir.join("passphrase");
        std::fs::write(&file, passphrase).unwrap();
        let searched = Searched::start(&sshd, &key, Some(&file));
        assert_eq!(searched.holds(&needles), [], "{kind}");
    }
}
