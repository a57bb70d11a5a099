//! Forwarded streams, commands and files: everything that is sent arrives, and ends are ends.

use std::hash::{DefaultHasher, Hasher};
use std::io::ErrorKind;
use std::time::Duration;

use backend_api::{BackendError, Dial, DialTarget, RemoteExec};
use tests::sshd::{Sshd, SshdOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, UnixListener};

use super::setup::{link, noise, run, until};

/// A server that sends back what it gets.
fn echo() -> DialTarget {
    let address = tests::echo::echo();
    DialTarget::Tcp { host: address.ip().to_string(), port: address.port() }
}

fn checksum(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish()
}

#[test]
fn sixty_four_mebibytes_survive_both_ways() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let link = link(&sshd).await;
        let target = echo();
        let sent = noise(64 * 1024 * 1024);
        let expected = checksum(&sent);
        for is_bulk in [false, true] {
            let stream =
                if is_bulk { link.dial_bulk(&target).await } else { link.dial(&target).await };
            let (mut read, mut write) = tokio::io::split(stream.unwrap());
            let sent = sent.clone();
            let writer = tokio::spawn(async move {
                write.write_all(&sent).await.unwrap();
                write.shutdown().await.unwrap();
            });
            let mut received = Vec::with_capacity(64 * 1024 * 1024);
            read.read_to_end(&mut received).await.unwrap();
            writer.await.unwrap();
            assert_eq!((received.len(), checksum(&received)), (64 * 1024 * 1024, expected));
        }
    });
}

#[test]
fn two_hundred_streams_at_once() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let link = link(&sshd).await;
        let target = echo();
        let one = |index: usize| {
            let (link, target) = (&link, &target);
            async move {
                let mut stream = link.dial(target).await.unwrap();
                let word = format!("stream {index}");
                stream.write_all(word.as_bytes()).await.unwrap();
                stream.shutdown().await.unwrap();
                let mut answer = String::new();
                stream.read_to_string(&mut answer).await.unwrap();
                assert_eq!(answer, word);
            }
        };
        futures::future::join_all((0..200).map(one)).await;
    });
}

#[test]
fn unix_sockets_are_reached() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let listener = UnixListener::bind(sshd.dir.join("b.sock")).unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(b"hello").await.unwrap();
        });
        let link = link(&sshd).await;
        let path = sshd.dir.join("b.sock").display().to_string();
        let mut stream = link.dial(&DialTarget::Unix { path }).await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "hello");
    });
}

#[test]
fn dropping_a_stream_closes_it_at_the_far_end() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let link = link(&sshd).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let target = DialTarget::Tcp { host: "127.0.0.1".into(), port };
        let (stream, accepted) = tokio::join!(link.dial(&target), listener.accept());
        drop(stream.unwrap());
        let mut rest = Vec::new();
        let (mut far, _) = accepted.unwrap();
        let ended = tokio::time::timeout(Duration::from_secs(5), far.read_to_end(&mut rest)).await;
        assert_eq!(ended.unwrap().unwrap(), 0);
    });
}

#[test]
fn a_far_end_that_closes_ends_reading_and_writing() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let link = link(&sshd).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let target = DialTarget::Tcp { host: "127.0.0.1".into(), port };
        let (stream, accepted) = tokio::join!(link.dial(&target), listener.accept());
        let (mut stream, (far, _)) = (stream.unwrap(), accepted.unwrap());
        drop(far);
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.unwrap();
        let flood = vec![0; 64 * 1024];
        let failed = tokio::time::timeout(Duration::from_secs(10), async {
            loop {
                if let Err(error) = stream.write_all(&flood).await {
                    return error;
                }
            }
        });
        assert_eq!(failed.await.unwrap().kind(), ErrorKind::BrokenPipe);
    });
}

#[test]
fn commands_report_what_they_said_and_how_they_ended() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let link = link(&sshd).await;
        let script = "printf out; printf err >&2; exit 3";
        let output = link.run(&["sh", "-c", script]).await.unwrap();
        assert_eq!(output.exit_code, Some(3));
        assert_eq!(
            (output.stdout.as_slice(), output.stderr.as_slice()),
            (&b"out"[..], &b"err"[..])
        );
        let awkward = ["it's", "", "a b", "$HOME", "*", "\\", "\n", "ünï"];
        let mut argv = vec!["printf", "%s|"];
        argv.extend(awkward);
        let output = link.run(&argv).await.unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), awkward.join("|") + "|");
        let killed = link.run(&["sh", "-c", "kill -9 $$"]).await.unwrap();
        assert_eq!(killed.exit_code, None);
        let all = link.run(&["head", "-c", "1048576", "/dev/zero"]).await.unwrap();
        assert_eq!(all.stdout.len(), 1024 * 1024);
        let error = link.run(&["head", "-c", "1048577", "/dev/zero"]).await.unwrap_err();
        assert!(matches!(error, BackendError::Rejected(_)), "{error:?}");
        assert!(error.to_string().contains("more than 1 MiB"));
        for _ in 0..30 {
            // The exit status may overtake the output.
            let output = link.run(&["sh", "-c", "head -c 100000 /dev/zero; exit 1"]).await.unwrap();
            assert_eq!((output.stdout.len(), output.exit_code), (100_000, Some(1)));
        }
    });
}

#[test]
fn a_command_is_a_stream() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let link = link(&sshd).await;
        let mut stream = link.spawn(&["cat"]).await.unwrap();
        stream.write_all(b"there and back").await.unwrap();
        stream.shutdown().await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "there and back");
        let mut stream = link.spawn(&["sh", "-c", "echo no such thing >&2; exit 1"]).await.unwrap();
        let error = stream.read_to_string(&mut text).await.unwrap_err();
        assert_eq!(error.to_string(), "the command on hop-0 said: no such thing");
        let mut stream = link.spawn(&["sh", "-c", "echo fine; echo aside >&2"]).await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "fine\n");
    });
}

#[test]
fn a_command_nobody_waits_for_is_ended() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let link = link(&sshd).await;
        let mark = sshd.dir.join("gone");
        let script = format!("cat; touch {}", mark.display());
        let argv = ["sh", "-c", script.as_str()];
        let running = tokio::time::timeout(Duration::from_millis(500), link.run(&argv));
        assert!(running.await.is_err());
        until(Duration::from_secs(10), || mark.exists()).await;
    });
}

#[test]
fn one_session_per_connection_is_enough() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::with_config(&["MaxSessions 1"])).unwrap();
        let link = link(&sshd).await;
        let held = [
            link.spawn(&["cat"]).await.unwrap(),
            link.spawn(&["cat"]).await.unwrap(),
            link.spawn(&["cat"]).await.unwrap(),
        ];
        assert_eq!(link.run(&["true"]).await.unwrap().exit_code, Some(0));
        assert_eq!(sshd.log().matches("Accepted publickey").count(), 4);
        let _more = link.spawn(&["cat"]).await.unwrap();
        let _most = link.spawn(&["cat"]).await.unwrap();
        let error = link.run(&["true"]).await.unwrap_err();
        assert_eq!(error.to_string(), "hop-0 allows no more sessions at once");
        drop(held);
    });
}

#[test]
fn a_server_that_refuses_a_second_connection_gets_everything_on_the_first() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let link = link(&sshd).await;
        let target = echo();
        std::fs::write(sshd.dir.join("authorized_keys"), "").unwrap();
        let mut stream = link.dial_bulk(&target).await.unwrap();
        stream.write_all(b"still here").await.unwrap();
        stream.shutdown().await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "still here");
    });
}

#[test]
fn a_burst_of_streams_is_shared_by_several_processes_of_the_server() {
    run(async {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let link = link(&sshd).await;
        let target = echo();
        let logins = || sshd.log().matches("Accepted publickey").count();
        for _ in 0..40 {
            drop(link.dial_bulk(&target).await.unwrap());
        }
        assert_eq!(logins(), 2, "one after the other they need no more than one lane");
        for _ in 0..2 {
            let dialling = (0..200).map(|_| link.dial_bulk(&target));
            for stream in futures::future::join_all(dialling).await {
                let mut stream = stream.unwrap();
                stream.write_all(b"x").await.unwrap();
                assert_eq!(stream.read_u8().await.unwrap(), b'x');
            }
            until(Duration::from_secs(30), || logins() > 2).await;
        }
        link.close().await;
        until(Duration::from_secs(30), || sshd.sessions().is_empty()).await;
        assert!(logins() <= 5, "four lanes at most: {}", logins());
    });
}
