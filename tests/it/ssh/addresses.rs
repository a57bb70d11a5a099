//! Several addresses of one host at the same time: the one with the right key wins, whatever the others do.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use backend_api::RemoteExec;
use model::{ErrorCode, HostAddress, HostKeyQuestion, HostKeyVerdict, Secret};
use ssh::{Asker, CredentialsRequest, HostKeyAnswer, Link, LinkOptions, Progress};
use tests::keys::{make_key, public_key};
use tests::sshd::{Sshd, SshdOptions, free_port};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_util::sync::CancellationToken;

use super::setup::{Script, address, connect, failure, options, run, until};

fn server() -> Sshd {
    Sshd::start(&SshdOptions::default()).unwrap()
}

/// One host at these ports, with known-hosts files that say this.
fn at_ports(sshd: &Sshd, ports: &[u16], known: &str) -> LinkOptions {
    let mut wanted = options(&[sshd]);
    wanted.hops[0].addresses = ports.iter().map(|port| address(*port)).collect();
    std::fs::write(&wanted.trust.user[0], known).unwrap();
    wanted
}

/// A port that neither answers nor refuses, like an address behind a firewall that drops everything.
struct BlackHole {
    port: u16,
    _listener: TcpListener,
    _filling: Vec<tokio::task::JoinHandle<std::io::Result<TcpStream>>>,
}

impl BlackHole {
    async fn start() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(1).unwrap();
        let at = listener.local_addr().unwrap();
        let filling: Vec<_> = (0..4).map(|_| tokio::spawn(TcpStream::connect(at))).collect();
        until(Duration::from_secs(5), || {
            filling.iter().filter(|one| one.is_finished()).count() >= 2
        })
        .await;
        Self { port: at.port(), _listener: listener, _filling: filling }
    }
}

/// A way to a server that takes its time before it lets the first byte through.
async fn slow_way_to(port: u16, delay: Duration) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let here = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            tokio::spawn(async move {
                tokio::time::sleep(delay).await;
                let mut far = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                let _ = copy_bidirectional(&mut near, &mut far).await;
            });
        }
    });
    here
}

/// Refuses everything and remembers what it was told.
#[derive(Default)]
struct Watcher(Mutex<Vec<Progress>>);

#[async_trait]
impl Asker for Watcher {
    async fn host_key(&self, _: HostKeyQuestion) -> HostKeyAnswer {
        HostKeyAnswer::Refuse
    }

    async fn credentials(&self, _: CredentialsRequest) -> Option<Vec<Secret<String>>> {
        None
    }

    fn stage(&self, _: &str) {}

    fn progress(&self, progress: Progress) {
        self.0.lock().unwrap().push(progress);
    }
}

fn port_of(address: &HostAddress) -> u16 {
    address.port
}

fn other_key(folder: &Path) -> String {
    let path = folder.join("other_key");
    make_key("ed25519", &path).unwrap();
    let (kind, body) = public_key(&path).unwrap();
    format!("{kind} {body}")
}

#[test]
fn the_right_one_wins_over_dead_and_wrong_ones() {
    run(async {
        let (right, wrong) = (server(), server());
        let hole = BlackHole::start().await;
        let refused = free_port().unwrap();
        let changed = format!("[127.0.0.1]:{} {}\n", wrong.port, other_key(&right.dir));
        // Slow, so that the wrong one has shown its key by then.
        let slow = slow_way_to(right.port, Duration::from_millis(1500)).await;
        let (kind, body) = public_key(&right.host_key("ed25519")).unwrap();
        let known = format!("[127.0.0.1]:{slow} {kind} {body}\n");
        let ports = [hole.port, refused, wrong.port, slow];
        let wanted = at_ports(&right, &ports, &(changed + &known));
        let watcher = Arc::new(Watcher::default());
        let since = Instant::now();
        let link = Link::connect(wanted, Arc::clone(&watcher) as _, CancellationToken::new())
            .await
            .unwrap();
        assert!(since.elapsed() < Duration::from_secs(10), "{:?}", since.elapsed());
        let output = link.run(&["printenv", "SSH_CONNECTION"]).await.unwrap();
        let words = String::from_utf8(output.stdout).unwrap();
        assert_eq!(words.split_whitespace().last().unwrap(), right.port.to_string());
        assert_eq!(link.hops(Duration::from_secs(5)).await[0].address.port, slow);
        assert!(!wrong.log().contains("publickey"), "{}", wrong.log());
        until(Duration::from_secs(5), || wrong.sessions().is_empty()).await;
        let told = watcher.0.lock().unwrap().clone();
        let failed: Vec<_> = told
            .iter()
            .filter_map(|progress| match progress {
                Progress::AddressFailed { address, failure, .. } => {
                    Some((port_of(address), failure.code))
                }
                _ => None,
            })
            .collect();
        assert_eq!(
            failed,
            [(refused, ErrorCode::Unreachable), (wrong.port, ErrorCode::HostKeyChanged)]
        );
        // What is told after the knocking is about the one that is used.
        let used: Vec<_> = told
            .iter()
            .filter(|progress| {
                matches!(progress, Progress::ShakingHands { .. } | Progress::KeyKnown { .. })
            })
            .collect();
        assert!(
            matches!(
                used.as_slice(),
                [Progress::ShakingHands { address, .. }, Progress::KeyKnown { .. }]
                    if address.port == slow
            ),
            "{used:?}"
        );
    });
}

#[test]
fn nobody_is_asked_while_a_slow_address_may_prove_right() {
    run(async {
        let (right, wrong) = (server(), server());
        let slow = slow_way_to(right.port, Duration::from_millis(900)).await;
        let (kind, body) = public_key(&right.host_key("ed25519")).unwrap();
        let known = format!("[127.0.0.1]:{slow} {kind} {body}\n");
        let wanted = at_ports(&right, &[wrong.port, slow], &known);
        let eager = Script::host_key(HostKeyAnswer::Replace);
        let link = connect(wanted, &eager).await.unwrap();
        assert!(eager.host_keys_asked.lock().unwrap().is_empty());
        assert_eq!(link.hops(Duration::from_secs(5)).await[0].address.port, slow);
        assert!(!wrong.log().contains("publickey"), "{}", wrong.log());
    });
}

#[test]
fn when_none_is_right_the_gravest_news_is_asked_about_and_only_that() {
    run(async {
        let (unknown, changed) = (server(), server());
        let refused = free_port().unwrap();
        let known = format!("[127.0.0.1]:{} {}\n", changed.port, other_key(&changed.dir));
        let wanted = at_ports(&unknown, &[unknown.port, refused, changed.port], &known);
        let asker = Script::host_key(HostKeyAnswer::Refuse);
        let failed = failure(wanted.clone(), &asker).await;
        assert_eq!(failed.code, ErrorCode::HostKeyChanged);
        {
            let asked = asker.host_keys_asked.lock().unwrap();
            assert_eq!(asked.len(), 1);
            assert_eq!(asked[0].verdict, HostKeyVerdict::Changed);
            assert_eq!(asked[0].address.port, changed.port);
        }
        for sshd in [&unknown, &changed] {
            assert!(!sshd.log().contains("publickey"), "{}", sshd.log());
        }
        // Without the changed one, the unknown one is asked about, after the dead one is known to be dead.
        let wanted = at_ports(&unknown, &[unknown.port, refused], "");
        let asker = Script::host_key(HostKeyAnswer::Trust);
        connect(wanted, &asker).await.unwrap();
        assert_eq!(asker.host_keys_asked.lock().unwrap()[0].address.port, unknown.port);
    });
}

#[test]
fn a_revoked_key_at_one_address_ends_the_questions_but_not_a_right_one() {
    run(async {
        let (revoked, unknown) = (server(), server());
        let line = format!("@revoked {}", revoked.known_hosts);
        let wanted = at_ports(&unknown, &[unknown.port, revoked.port], &line);
        let eager = Script::host_key(HostKeyAnswer::Replace);
        assert_eq!(failure(wanted, &eager).await.code, ErrorCode::HostKeyRevoked);
        assert!(eager.host_keys_asked.lock().unwrap().is_empty());
        let known = line + &unknown.known_hosts;
        let wanted = at_ports(&unknown, &[revoked.port, unknown.port], &known);
        connect(wanted, &Script::silent()).await.unwrap();
    });
}

#[test]
fn one_host_gets_one_login() {
    run(async {
        let sshd = server();
        // The same server by three slow ways, so that every address is tried before one has won.
        let mut ports = Vec::new();
        let (kind, body) = public_key(&sshd.host_key("ed25519")).unwrap();
        let mut known = sshd.known_hosts.clone();
        for _ in 0..3 {
            let port = slow_way_to(sshd.port, Duration::from_millis(700)).await;
            known.push_str(&format!("[127.0.0.1]:{port} {kind} {body}\n"));
            ports.push(port);
        }
        let link = connect(at_ports(&sshd, &ports, &known), &Script::silent()).await.unwrap();
        assert_eq!(sshd.log().matches("Accepted publickey").count(), 1, "{}", sshd.log());
        // A lane leads to the address that answered.
        drop(link.spawn_bulk(&["cat"]).await.unwrap());
        assert_eq!(sshd.log().matches("Accepted publickey").count(), 2, "{}", sshd.log());
        drop(link);
        until(Duration::from_secs(5), || sshd.sessions().is_empty()).await;
    });
}

#[test]
fn addresses_behind_a_jump_host_are_tried_together_too() {
    run(async {
        let (gate, target) = (server(), server());
        let hole = BlackHole::start().await;
        let mut wanted = options(&[&gate, &target]);
        wanted.hops[1].addresses.insert(0, address(hole.port));
        let since = Instant::now();
        let link = connect(wanted, &Script::silent()).await.unwrap();
        assert!(since.elapsed() < Duration::from_secs(10), "{:?}", since.elapsed());
        link.round_trip().await.unwrap();
    });
}
