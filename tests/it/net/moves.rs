//! A computer that comes into another network: it is noticed, and every way is looked at.

use std::time::Duration;

use anyhow::{Result, ensure};
use tests::net::{Plan, World, exchange};

use super::{
    desk::{Desk, SLACK, knocks},
    faults::{run, whole},
};

/// The system tells at once; a burst of changes is waited for.
const NOTICED: Duration = Duration::from_secs(3);

#[test]
fn another_network_is_noticed_and_what_survived_it_stays() {
    run(another_network()).unwrap();
}

async fn another_network() -> Result<()> {
    let world = World::start()?;
    let desk = Desk::start(&[&world]).await?;
    let tunnel = desk.tunnel("far-0", &world).await?;
    let count = async || -> Result<Option<u64>> {
        Ok(desk.view(&tunnel.id).await?["survived"]["network_changes"].as_u64())
    };
    // What flows takes a connection of its own, made when it is first needed.
    whole(exchange(tunnel.address, Plan::even(1, 100 * 1024)).await)?;
    let before = count().await?.unwrap_or_default();
    let logins = knocks(&world.jump);
    // A network of its own on this computer: one more address by which others are reached.
    let other = World::start()?;
    let more = async || Ok((count().await? > Some(before)).then_some(()));
    desk.core.until("another network", NOTICED + SLACK, more).await?;
    drop(other);
    whole(exchange(tunnel.address, Plan::even(2, 100 * 1024)).await)?;
    ensure!(knocks(&world.jump) == logins, "a way that was there was made anew");
    desk.leave().await;
    Ok(())
}
