//! A computer that slept for eight hours: its clock jumped, and what was there before may be gone.

use std::time::Duration;

use anyhow::{Result, ensure};
use tests::net::{Plan, World, exchange};

use super::{
    desk::{Desk, KEEPALIVE, SLACK, knocks},
    faults::{BACK, run, side_by_side, whole},
};

const KIB: u64 = 1024;
/// Eight hours, and longer than it takes to notice them.
const NIGHT: Duration = Duration::from_secs(8 * 3600);
const NOTICED: Duration = Duration::from_secs(5);

#[test]
fn a_night_is_slept_through() {
    type Night = fn() -> Result<()>;
    let nights: [(&str, Night); 3] = [
        ("everything is still there", || run(an_undisturbed_night())),
        ("the router forgot", || run(a_night_of_forgetting())),
        ("the lid was opened during a countdown", || run(a_night_in_a_countdown())),
    ];
    side_by_side(nights.into_iter());
}

async fn an_undisturbed_night() -> Result<()> {
    let world = World::start()?;
    let desk = Desk::start(&[&world]).await?;
    let tunnel = desk.tunnel("far-0", &world).await?;
    let long = tokio::spawn(exchange(tunnel.address, Plan::lasting(1, NOTICED * 2)));
    desk.flowing(&tunnel.id, 10 * KIB).await?;
    let before = knocks(&world.jump);
    desk.core.sleep(NIGHT);
    let woke = async || Ok((desk.view(&tunnel.id).await?["survived"]["sleeps"] == 1).then_some(()));
    desk.core.until("waking up", NOTICED + SLACK, woke).await?;
    whole(long.await?)?;
    ensure!(knocks(&world.jump) == before, "a way that was there was made anew");
    ensure!(desk.view(&tunnel.id).await?["state"]["state"] == "open", "it is open");
    desk.leave().await;
    Ok(())
}

async fn a_night_of_forgetting() -> Result<()> {
    let world = World::start()?;
    let desk = Desk::start(&[&world]).await?;
    let tunnel = desk.tunnel("far-0", &world).await?;
    world.flush_nat()?;
    desk.core.sleep(NIGHT);
    // Looked at when the core wakes up, and given up after one keepalive without an answer.
    let limit = NOTICED + KEEPALIVE + SLACK;
    let (_, told) = desk.until(&tunnel.id, limit, |state| state != "open").await?;
    let (_, back) = desk.until(&tunnel.id, BACK * 2 + SLACK, |state| state == "open").await?;
    println!("a night without NAT: told after {told:.1?}, back {back:.1?} later");
    whole(exchange(tunnel.address, Plan::even(1, 100 * KIB)).await)?;
    desk.leave().await;
    Ok(())
}

async fn a_night_in_a_countdown() -> Result<()> {
    let mut world = World::start()?;
    let desk = Desk::start(&[&world]).await?;
    let tunnel = desk.tunnel("jump-0", &world).await?;
    world.jump.stop();
    // A countdown that is longer than noticing takes.
    let long = async || {
        let at = desk.view(&tunnel.id).await?["state"]["next_try_at"].as_i64();
        Ok(at.filter(|at| at - desk.core.now() > 12_000))
    };
    desk.core.until("a long countdown", Duration::from_secs(60), long).await?;
    world.jump.start_again()?;
    desk.core.sleep(NIGHT);
    let limit = NOTICED + BACK + SLACK;
    let (_, back) = desk.until(&tunnel.id, limit, |state| state == "open").await?;
    println!("a night in a countdown: back after {back:.1?}");
    desk.leave().await;
    Ok(())
}
