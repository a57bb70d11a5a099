//! Every fault against tunnels of a whole core: what is said of them is true in time, the listener stays,
//! they come back when the fault ends, clients that waited get through, and nobody storms the server.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tests::net::{Ended, Plan, World, exchange};

use super::desk::{Desk, KEEPALIVE, SLACK, TRUTH, Tunnel, knocks};

const KIB: u64 = 1024;
/// A way that comes back takes no longer, once its countdown is over or was cut short.
pub(super) const BACK: Duration = Duration::from_secs(1);
/// Connections that one server may see in a test of less than a minute: each way is two, one for what
/// is asked and one for what is carried, and each test has a few ways.
const FEW: usize = 12;

/// A fault from its beginning to its end.
struct Fault {
    name: &'static str,
    /// Which host the tunnel goes through.
    alias: &'static str,
    begin: fn(&mut World) -> Result<()>,
    end: fn(&mut World) -> Result<()>,
    /// A person presses "reconnect now" when it ends.
    is_retried: bool,
}

const FAULTS: &[Fault] = &[
    Fault {
        name: "black hole",
        alias: "jump-0",
        begin: |world| world.black_hole(),
        end: |world| world.heal(),
        is_retried: true,
    },
    Fault {
        name: "cut",
        alias: "far-0",
        begin: |world| world.cut(),
        end: |world| world.heal(),
        is_retried: false,
    },
    Fault {
        name: "NAT flushed",
        alias: "far-0",
        begin: |world| world.flush_nat(),
        end: |_| Ok(()),
        is_retried: false,
    },
    Fault {
        name: "jump host lost",
        alias: "far-0",
        begin: |world| world.lose_jump(),
        end: |world| world.heal(),
        is_retried: true,
    },
    Fault {
        name: "sshd killed",
        alias: "far-0",
        begin: |world| {
            world.jump.stop();
            Ok(())
        },
        end: |world| world.jump.start_again(),
        is_retried: false,
    },
    Fault {
        name: "sshd stopped",
        alias: "jump-0",
        begin: |world| {
            world.jump.signal("STOP");
            Ok(())
        },
        end: |world| {
            world.jump.signal("CONT");
            Ok(())
        },
        is_retried: true,
    },
    Fault {
        name: "sshd started again",
        alias: "far-0",
        begin: |world| world.far.start_again(),
        end: |_| Ok(()),
        is_retried: false,
    },
];

#[test]
fn every_fault_is_told_and_lived_through() {
    let tests = FAULTS.iter().map(|fault| (fault.name, move || run(lived_through(fault))));
    side_by_side(tests);
}

/// Runs tests at the same time, each on a thread of its own, and names those that found something.
pub(super) fn side_by_side<F: FnOnce() -> Result<()> + Send + 'static>(
    tests: impl Iterator<Item = (&'static str, F)>,
) {
    let started: Vec<_> = tests.map(|(name, test)| (name, std::thread::spawn(test))).collect();
    let mut problems = Vec::new();
    for (name, thread) in started {
        if let Err(problem) = thread.join().expect("no test panics") {
            problems.push(format!("{name}: {problem:#}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// What blocks in `work` (the rig does) holds nothing else up.
pub(super) fn run<T>(work: impl Future<Output = T>) -> T {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(work)
}

async fn lived_through(fault: &'static Fault) -> Result<()> {
    let mut world = World::start()?;
    let desk = Desk::start(&[&world]).await?;
    let tunnel = desk.tunnel(fault.alias, &world).await?;
    let outcome = told_and_back(fault, &mut world, &desk, &tunnel).await;
    let view = desk.view(&tunnel.id).await.unwrap_or_default();
    desk.leave().await;
    outcome.with_context(|| format!("{} {}", view["state"], view["check"]))?;
    let wrong = world.wrong();
    ensure!(wrong.is_empty(), "the target was told something else: {wrong:?}");
    for sshd in [&world.jump, &world.far] {
        ensure!(knocks(sshd) <= FEW, "{} connections to {}", knocks(sshd), sshd.address);
    }
    Ok(())
}

async fn told_and_back(
    fault: &Fault,
    world: &mut World,
    desk: &Desk,
    tunnel: &Tunnel,
) -> Result<()> {
    whole(exchange(tunnel.address, Plan::even(1, 100 * KIB)).await)?;
    let long = Plan::lasting(2, Duration::from_secs(120));
    let open = tokio::spawn(exchange(tunnel.address, long));
    desk.flowing(&tunnel.id, 50 * KIB).await?;
    (fault.begin)(world)?;
    let (_, told) = desk.until(&tunnel.id, TRUTH + SLACK, |state| state != "open").await?;
    let broken = tokio::time::timeout(TRUTH + SLACK, open).await.context("it hangs")??;
    ensure!(matches!(broken, Ended::Broken { .. }), "the open connection: {broken:?}");
    // Someone who comes now waits, whatever the state is.
    let held = tokio::spawn(exchange(tunnel.address, Plan::even(3, 100 * KIB)));
    (fault.end)(world)?;
    let came_back = back(fault, desk, tunnel).await?;
    let waited = tokio::time::timeout(SLACK, held).await.context("who waited still waits")??;
    whole(waited)?;
    whole(exchange(tunnel.address, Plan::even(4, 100 * KIB)).await)?;
    println!(
        "{}: told after {told:.1?}, back after {came_back:.1?}, {} connections to jump, {} to far",
        fault.name,
        knocks(&world.jump),
        knocks(&world.far)
    );
    Ok(())
}

/// Waits until the tunnel is open again; no longer than its countdown says, or at once when asked.
async fn back(fault: &Fault, desk: &Desk, tunnel: &Tunnel) -> Result<Duration> {
    let began = Instant::now();
    let view = desk.view(&tunnel.id).await?;
    if fault.is_retried {
        desk.retry(&tunnel.id).await?;
    }
    let countdown = match view["state"]["next_try_at"].as_i64() {
        Some(at) if !fault.is_retried => {
            Duration::from_millis(u64::try_from(at - desk.core.now()).unwrap_or_default())
        }
        _ => Duration::ZERO,
    };
    let limit = countdown + BACK + SLACK;
    let opened = desk.until(&tunnel.id, limit, |state| state == "open").await;
    let words =
        format!("it was {} when the fault ended; a countdown of {countdown:?}", view["state"]);
    opened.context(words)?;
    Ok(began.elapsed())
}

pub(super) fn whole(ended: Ended) -> Result<()> {
    match ended {
        Ended::Whole(_) => Ok(()),
        other => bail!("a connection that should have ended whole: {other:?}"),
    }
}

#[test]
fn a_bad_link_is_no_lost_link() {
    type Begin = fn(&World) -> Result<()>;
    let links: [(&str, Begin); 2] =
        [("lossy", |world| world.lose(3)), ("slow", |world| world.slow(600))];
    side_by_side(links.into_iter().map(|(name, begin)| (name, move || run(kept_open(begin)))));
}

/// Three conversations at once, for longer than it takes to hold a link for dead; the tunnel stays open.
async fn kept_open(begin: fn(&World) -> Result<()>) -> Result<()> {
    let world = World::start()?;
    let desk = Desk::start(&[&world]).await?;
    let tunnel = desk.tunnel("far-0", &world).await?;
    begin(&world)?;
    let talking = async {
        for round in 0_u64.. {
            let plan = |one: u64| Plan::even(round * 3 + one, 250 * KIB);
            let talks = (0..3).map(|one| exchange(tunnel.address, plan(one)));
            for ended in futures::future::join_all(talks).await {
                whole(ended)?;
            }
        }
        anyhow::Ok(())
    };
    let changes = async {
        let (view, _) =
            desk.until(&tunnel.id, Duration::from_secs(120), |state| state != "open").await?;
        bail!("the tunnel is said to be {}", view["state"]);
    };
    let outcome: Result<()> = tokio::select! {
        talked = talking => talked,
        changed = changes => changed,
        () = tokio::time::sleep(TRUTH + KEEPALIVE) => Ok(()),
    };
    desk.leave().await;
    outcome?;
    ensure!(world.checker().whole() >= 3, "the link was too bad for anything");
    ensure!(world.wrong().is_empty(), "{:?}", world.wrong());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_host_with_another_key_is_never_connected_to() {
    let mut world = World::start().unwrap();
    let desk = Desk::start(&[&world]).await.unwrap();
    let tunnel = desk.tunnel("far-0", &world).await.unwrap();
    let logins = world.far.log().matches("Accepted publickey").count();
    world.far.replace_host_keys().unwrap();
    for _ in 0..2 {
        // The person is asked beside what was known, and says no.
        let asked = desk.refuse_key().await.unwrap();
        assert_eq!(asked["question"]["verdict"], "changed", "{asked}");
        let told = desk.until(&tunnel.id, SLACK, |state| state == "failed").await.unwrap().0;
        assert_eq!(told["state"]["error"]["code"], "host_key_changed", "{told}");
        desk.retry(&tunnel.id).await.unwrap();
    }
    assert_eq!(world.far.log().matches("Accepted publickey").count(), logins);
    desk.leave().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_target_that_is_down_is_not_a_way_that_is_down() {
    let mut world = World::start().unwrap();
    let desk = Desk::start(&[&world]).await.unwrap();
    let tunnel = desk.tunnel("jump-0", &world).await.unwrap();
    let before = knocks(&world.jump);
    world.stop_target();
    desk.until(&tunnel.id, TRUTH + SLACK, |state| state == "target_down").await.unwrap();
    world.start_target().unwrap();
    desk.until(&tunnel.id, TRUTH + SLACK, |state| state == "open").await.unwrap();
    assert_eq!(knocks(&world.jump), before, "the way was there all the time");
    whole(exchange(tunnel.address, Plan::even(1, 100 * KIB)).await).unwrap();
    desk.leave().await;
}
