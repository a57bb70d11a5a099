//! The rig itself: its conversations notice every kind of damage, its faults do what they say, and it
//! leaves nothing behind.

use std::{
    io,
    net::{SocketAddr, TcpListener as StdListener},
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use tests::net::{Checker, Ended, Plan, World, exchange};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

const MIB: u64 = 1024 * 1024;

/// What becomes of a piece; an error ends the way in order.
type Harm = fn(&[u8]) -> io::Result<Vec<u8>>;

/// A way to `target` that does `harm` to what comes back, once `after` bytes of it have passed.
async fn harmful(target: SocketAddr, after: usize, harm: Harm) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let here = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (near, _) = listener.accept().await.unwrap();
        let far = TcpStream::connect(target).await.unwrap();
        let ((mut near_reader, mut near_writer), (mut far_reader, mut far_writer)) =
            (near.into_split(), far.into_split());
        tokio::spawn(async move {
            let _ = tokio::io::copy(&mut near_reader, &mut far_writer).await;
            let _ = far_writer.shutdown().await;
        });
        let (mut passed, mut is_done, mut buffer) = (0, false, vec![0; 4096]);
        while let Ok(count @ 1..) = far_reader.read(&mut buffer).await {
            passed += count;
            let mut piece = buffer[..count].to_vec();
            if passed > after && !is_done {
                is_done = true;
                let Ok(harmed) = harm(&piece) else { break };
                piece = harmed;
            }
            if near_writer.write_all(&piece).await.is_err() {
                break;
            }
        }
        let _ = near_writer.shutdown().await;
    });
    here
}

#[tokio::test]
async fn a_conversation_notices_every_kind_of_damage() {
    let listener = StdListener::bind("127.0.0.1:0").unwrap();
    let target = listener.local_addr().unwrap();
    let checker = Checker::start(listener).unwrap();
    assert_eq!(exchange(target, Plan::even(1, MIB)).await.whole().bytes, 2 * MIB);
    assert_eq!(exchange(target, Plan::even(1, 0)).await.whole().bytes, 0);
    // The server knows a moment later than the client.
    super::setup::until(Duration::from_secs(5), || checker.whole() == 2).await;
    let swap = |piece: &[u8]| {
        let mut piece = piece.to_vec();
        piece.rotate_left(1);
        Ok(piece)
    };
    let kinds: [(&str, Harm); 4] = [
        ("lost", |_| Ok(Vec::new())),
        ("doubled", |piece| Ok([piece, piece].concat())),
        ("swapped", swap),
        ("cut short", |_| Err(io::ErrorKind::Other.into())),
    ];
    for (name, harm) in kinds {
        for after in [0, 100_000] {
            let way = harmful(target, after, harm).await;
            let ended = exchange(way, Plan::even(2, 200_000)).await;
            let is_first = name == "cut short" && after == 0;
            let is_noticed = match ended {
                Ended::Refused => is_first,
                Ended::Wrong(_) | Ended::Short { .. } => !is_first,
                Ended::Whole(_) | Ended::Broken { .. } => false,
            };
            assert!(is_noticed, "{name} after {after}: {ended:?}");
        }
    }
    drop(TcpStream::connect(target).await.unwrap());
    assert_eq!(checker.wrong(), Vec::<String>::new());
}

#[tokio::test]
async fn what_the_server_gets_wrong_is_told_by_the_server() {
    let listener = StdListener::bind("127.0.0.1:0").unwrap();
    let target = listener.local_addr().unwrap();
    let checker = Checker::start(listener).unwrap();
    let mut stream = TcpStream::connect(target).await.unwrap();
    stream.write_all(&[b'x'; 64]).await.unwrap();
    let deadline = Instant::now() + Duration::from_secs(5);
    while checker.wrong().is_empty() {
        assert!(Instant::now() < deadline, "the server does not notice");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[test]
fn a_world_leaves_nothing_behind() {
    let world = World::start().unwrap();
    let [router, jump, far, cable] = world.names();
    for name in [&router, &jump, &far] {
        assert!(Path::new("/run/netns").join(name).exists(), "{name}");
    }
    assert!(cable.len() <= 15 && Path::new("/sys/class/net").join(&cable).exists());
    let second = World::start().unwrap();
    assert_ne!(second.far_address(), world.far_address(), "two worlds need two networks");
    drop(second);
    // Also after a panic.
    let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || {
        let _held = world;
        panic!("on purpose, so that the world is taken away by unwinding");
    }));
    for name in [&router, &jump, &far] {
        assert!(!Path::new("/run/netns").join(name).exists(), "{name} stays");
    }
    assert!(!Path::new("/sys/class/net").join(&cable).exists(), "{cable} stays");
}

#[test]
fn what_a_killed_run_left_is_swept() {
    // No process has this id: it is past what Linux gives.
    let name = "mn4999999-0r";
    let made = Command::new("ip").args(["netns", "add", name]).status().unwrap();
    assert!(made.success());
    drop(World::start().unwrap());
    assert!(!Path::new("/run/netns").join(name).exists());
}
