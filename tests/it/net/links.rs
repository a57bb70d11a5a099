//! Links through a bad network: what the ssh crate carries arrives whole or breaks in the open, and a
//! link that is dead is known to be.

use std::time::{Duration, Instant};

use model::ErrorCode;
use ssh::Link;
use tests::net::{Ended, Plan, World};

use super::setup::{Ways, over, until, within};

const KIB: u64 = 1024;
/// Long enough for TCP to repeat what a lossy link swallowed.
const PATIENT: Duration = Duration::from_secs(2);
/// Short, so that tests of silence do not take long.
const BRISK: Duration = Duration::from_millis(400);
/// A link may be held for alive this many signs of life long after the last byte.
const SIGNS: u32 = 5;
/// What two busy cores may add.
const SLACK: Duration = Duration::from_secs(2);

/// A link, a conversation that goes on over it, and `fault` in the middle: both end with an error in
/// time. The world is given back.
async fn both_end(world: World, is_far: bool, fault: impl FnOnce(&mut World)) -> World {
    let mut world = world;
    let ways = Ways::of(&world);
    let link = if is_far { ways.far(&world, BRISK).await } else { ways.jump(&world, BRISK).await };
    let link = link.unwrap();
    let stream = backend_api::Dial::dial_bulk(&link, &super::setup::target(&world)).await.unwrap();
    let plan = Plan::lasting(1, Duration::from_secs(60));
    let talk = tokio::spawn(tests::net::talk(stream, plan));
    // Both the link and the lane of the conversation have said something.
    within(SLACK, link.round_trip()).await.unwrap();
    fault(&mut world);
    let since = Instant::now();
    let lost = within(BRISK * SIGNS + SLACK, link.closed()).await;
    assert_eq!(lost.code, ErrorCode::Unreachable, "{lost:?}");
    let ended = within(BRISK * SIGNS + SLACK, talk).await.unwrap();
    assert!(matches!(ended, Ended::Broken { .. }), "{ended:?}");
    println!("noticed after {:?}", since.elapsed());
    assert_eq!(world.wrong(), Vec::<String>::new());
    world
}

/// A new link carries a conversation whole.
async fn works(world: &World, is_far: bool) {
    let ways = Ways::of(world);
    let link =
        if is_far { ways.far(world, PATIENT).await } else { ways.jump(world, PATIENT).await };
    let ended = over(&link.unwrap(), world, Plan::even(2, 100 * KIB)).await;
    assert_eq!(ended.whole().bytes, 200 * KIB);
}

/// Three conversations at once arrive whole, and the link is kept.
async fn three_arrive(link: &Link, world: &World, bytes: u64) {
    let talks = (0..3).map(|seed| over(link, world, Plan::even(seed, bytes)));
    let ended = within(Duration::from_secs(60), futures::future::join_all(talks)).await;
    for one in ended {
        assert_eq!(one.whole().bytes, 2 * bytes);
    }
    assert!(!link.is_closed());
    until(SLACK, || world.checker().whole() >= 3).await;
    assert_eq!(world.wrong(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lossy_link_carries_everything() {
    let world = World::start().unwrap();
    let link = Ways::of(&world).far(&world, PATIENT).await.unwrap();
    world.lose(3).unwrap();
    three_arrive(&link, &world, 300 * KIB).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_link_carries_everything() {
    let world = World::start().unwrap();
    let link = Ways::of(&world).jump(&world, PATIENT).await.unwrap();
    world.slow(1000).unwrap();
    let began = Instant::now();
    three_arrive(&link, &world, 100 * KIB).await;
    assert!(began.elapsed() > Duration::from_secs(2), "it was not slow: {:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_cut_is_lived_through() {
    let world = World::start().unwrap();
    let link = Ways::of(&world).far(&world, PATIENT).await.unwrap();
    let plan = Plan::lasting(3, Duration::from_secs(2));
    let cuts = async {
        for _ in 0..2 {
            // The faults are what is waited for here: they have to last.
            tokio::time::sleep(Duration::from_millis(400)).await;
            world.cut().unwrap();
            tokio::time::sleep(Duration::from_millis(300)).await;
            world.heal().unwrap();
        }
    };
    let (ended, ()) =
        within(Duration::from_secs(30), async { tokio::join!(over(&link, &world, plan), cuts) })
            .await;
    assert!(ended.whole().took >= Duration::from_millis(1400), "the cuts came after it");
    assert!(!link.is_closed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_black_hole_and_a_cut_are_noticed() {
    let world = World::start().unwrap();
    let world = both_end(world, false, |world| world.black_hole().unwrap()).await;
    world.heal().unwrap();
    works(&world, false).await;
    let world = both_end(world, true, |world| world.cut().unwrap()).await;
    world.heal().unwrap();
    works(&world, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_router_that_forgot_is_noticed_and_lets_new_links_through() {
    let world = World::start().unwrap();
    let world = both_end(world, true, |world| world.flush_nat().unwrap()).await;
    works(&world, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_that_is_gone_is_noticed() {
    let world = World::start().unwrap();
    let world = both_end(world, true, |world| world.lose_jump().unwrap()).await;
    world.heal().unwrap();
    works(&world, true).await;
    let world = both_end(world, true, |world| world.lose_far().unwrap()).await;
    // The jump host is there all the time.
    Ways::of(&world).jump(&world, PATIENT).await.unwrap();
    world.heal().unwrap();
    works(&world, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_or_ends_is_noticed() {
    let world = World::start().unwrap();
    let world = both_end(world, true, |world| world.jump.signal("STOP")).await;
    world.jump.signal("CONT");
    works(&world, true).await;
    let mut world = both_end(world, true, |world| world.jump.stop()).await;
    let failed = Ways::of(&world).jump(&world, PATIENT).await.err().unwrap();
    assert_eq!(failed.code, ErrorCode::Unreachable);
    world.jump.start_again().unwrap();
    works(&world, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_another_key_is_not_logged_in_to() {
    let world = World::start().unwrap();
    let ways = Ways::of(&world);
    drop(ways.far(&world, PATIENT).await.unwrap());
    let mut world = world;
    world.far.replace_host_keys().unwrap();
    let failed = ways.far(&world, PATIENT).await.err().unwrap();
    assert_eq!(failed.code, ErrorCode::HostKeyChanged, "{failed:?}");
    world.jump.replace_host_keys().unwrap();
    let failed = ways.jump(&world, PATIENT).await.err().unwrap();
    assert_eq!(failed.code, ErrorCode::HostKeyChanged, "{failed:?}");
    assert_eq!(world.jump.log().matches("Accepted publickey").count(), 2);
    assert_eq!(world.far.log().matches("Accepted publickey").count(), 1);
}
