//! How each machine on the way is, and which of them broke the way.

use std::time::{Duration, Instant};

use tests::sshd::{Sshd, SshdOptions};

use super::setup::{Script, connect, options, run};

const LIMIT: Duration = Duration::from_secs(1);

fn servers() -> [Sshd; 3] {
    [(); 3].map(|()| Sshd::start(&SshdOptions::default()).unwrap())
}

#[test]
fn every_machine_on_the_way_answers_for_itself() {
    run(async {
        let [first, second, target] = servers();
        let link = connect(options(&[&first, &second, &target]), &Script::silent()).await.unwrap();
        let hops = link.hops(LIMIT).await;
        let names: Vec<&str> = hops.iter().map(|hop| hop.name.as_str()).collect();
        assert_eq!(names, ["hop-0", "hop-1", "hop-2"]);
        assert_eq!(hops[1].address.port, second.port);
        assert!(hops.iter().all(|hop| hop.user == "root" && hop.lost.is_none()));
        assert!(hops.iter().all(|hop| hop.round_trip.is_some()), "{hops:?}");
        // A target that is stopped: the others answer, and waiting for it has an end.
        target.signal_sessions("STOP");
        let since = Instant::now();
        let hops = link.hops(Duration::from_millis(300)).await;
        assert!(since.elapsed() < Duration::from_secs(2), "{:?}", since.elapsed());
        let answers: Vec<bool> = hops.iter().map(|hop| hop.round_trip.is_some()).collect();
        assert_eq!(answers, [true, true, false]);
        target.signal_sessions("CONT");
    });
}

#[test]
fn a_lost_target_is_not_a_lost_jump() {
    run(async {
        let [first, second, target] = servers();
        let wanted = options(&[&first, &second, &target]);
        let link = connect(wanted.clone(), &Script::silent()).await.unwrap();
        target.drop_connections();
        let lost = tokio::time::timeout(Duration::from_secs(5), link.closed()).await.unwrap();
        assert_eq!(lost.message, "the connection to hop-2 was lost");
        let hops = link.hops(LIMIT).await;
        let broken: Vec<bool> = hops.iter().map(|hop| hop.lost.is_some()).collect();
        assert_eq!(broken, [false, false, true]);
        assert!(hops[1].round_trip.is_some());
        drop(link);
        let link = connect(wanted, &Script::silent()).await.unwrap();
        first.drop_connections();
        let lost = tokio::time::timeout(Duration::from_secs(5), link.closed()).await.unwrap();
        let expected = "the connection to hop-2 was lost, because the one to hop-0 on the way was";
        assert_eq!(lost.message, expected);
        assert!(lost.hint.unwrap().contains("hop-0"));
        let hops = link.hops(LIMIT).await;
        assert_eq!(hops[0].lost.as_ref().unwrap().message, "the connection to hop-0 was lost");
    });
}

#[test]
fn silence_is_blamed_on_the_machine_that_fell_silent() {
    run(async {
        let [first, second, target] = servers();
        let mut wanted = options(&[&first, &second, &target]);
        wanted.keepalive = Duration::from_millis(300);
        for (silent, server) in [("hop-1", &second), ("hop-0", &first)] {
            let link = connect(wanted.clone(), &Script::silent()).await.unwrap();
            server.signal_sessions("STOP");
            let lost = tokio::time::timeout(Duration::from_secs(10), link.closed()).await.unwrap();
            assert!(lost.message.contains(&format!("the one to {silent}")), "{lost:?}");
            let first = link.hops(LIMIT).await.into_iter().find(|hop| hop.lost.is_some()).unwrap();
            assert_eq!(first.name, silent);
            server.signal_sessions("CONT");
        }
        let link = connect(wanted, &Script::silent()).await.unwrap();
        target.signal_sessions("STOP");
        let lost = tokio::time::timeout(Duration::from_secs(10), link.closed()).await.unwrap();
        assert_eq!(lost.message, "the connection to hop-2 was lost");
        target.signal_sessions("CONT");
    });
}
