//! A day of faults in a few minutes: two worlds that break at random, tunnels that carry checked
//! conversations all the time, and rules that hold at every moment.
//!
//! `MOORLINE_DAY_SECONDS` says how long it takes (120), `MOORLINE_DAY_SEED` what happens in it (1).

use std::{
    env,
    process::Command,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use tests::{
    net::{Ended, Noise, Plan, World, exchange},
    sshd::Sshd,
};
use tokio_util::sync::CancellationToken;

use super::{
    desk::{Desk, SLACK, TRUTH, Tunnel},
    used::{Used, settled},
    weather::{Sky, Trouble, break_at_random},
};

/// Set for the process in which the day runs alone, so that its memory and files are its own.
const ALONE: &str = "MOORLINE_DAY_ALONE";
/// After the last fault, countdowns included.
const ALL_BACK: Duration = Duration::from_secs(45);
/// Connections that one server may see in half a minute: two hosts with two connections each are reached
/// through it, and a few faults fit into that time.
const STORM: usize = 30;
const STORM_TIME: Duration = Duration::from_secs(30);
const KIB: u64 = 1024;

#[test]
fn a_day_of_faults() {
    let number = |name: &str, default| {
        env::var(name).map_or(default, |text| text.parse().expect("a whole number"))
    };
    let seed = number("MOORLINE_DAY_SEED", 1);
    let length = Duration::from_secs(number("MOORLINE_DAY_SECONDS", 120));
    if env::var_os(ALONE).is_none() {
        return alone(seed);
    }
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build();
    let outcome = runtime.expect("a runtime").block_on(day(seed, length));
    println!("{}", outcome.unwrap_or_else(|error| panic!("MOORLINE_DAY_SEED={seed}: {error:#}")));
}

/// Runs this test again as a process of its own.
fn alone(seed: u64) {
    let this = env::current_exe().expect("the test binary has a path");
    let run = Command::new(this)
        .args(["--exact", "net::day::a_day_of_faults", "--nocapture"])
        .env(ALONE, "1")
        .env("MOORLINE_DAY_SEED", seed.to_string())
        .output()
        .expect("it starts again");
    println!("{}", String::from_utf8_lossy(&run.stdout));
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "MOORLINE_DAY_SEED={seed}: {said}");
}

/// What happened in a day.
#[derive(Debug, Default)]
struct Account {
    whole: u64,
    broken: u64,
    bytes: u64,
    /// Rules that did not hold.
    problems: Vec<String>,
}

type Book = Arc<Mutex<Account>>;

fn note(book: &Book, problem: String) {
    eprintln!("{problem}");
    book.lock().unwrap().problems.push(problem);
}

async fn day(seed: u64, length: Duration) -> Result<String> {
    let worlds = [World::start()?, World::start()?];
    let desk = Arc::new(Desk::start(&[&worlds[0], &worlds[1]]).await?);
    let book = Book::default();
    let skies = [Sky::default(), Sky::default()];
    let mut tunnels = Vec::new();
    for (number, world) in worlds.iter().enumerate() {
        for kind in ["jump", "far"] {
            let alias = format!("{kind}-{number}");
            let tunnel = desk.tunnel(&alias, world).await?;
            tunnels.push(Kept { alias, tunnel, sky: skies[number].clone() });
        }
    }
    all_work(&desk, &tunnels, seed).await?;
    let before = Used::now()?;
    let logs: Vec<_> =
        worlds.iter().flat_map(|world| [log(&world.jump), log(&world.far)]).collect();
    let end = CancellationToken::new();
    let (broken, living) =
        (break_all(worlds, &skies, seed, length), live(&desk, &tunnels, &book, seed, &end));
    let watching = storms(&logs, &book, &end);
    let breaking = async {
        let broken = broken.await;
        let calm = all_work(&desk, &tunnels, !seed).await;
        end.cancel();
        calm.and(broken)
    };
    let (worlds, (), ()) = tokio::join!(breaking, living, watching);
    let worlds = worlds?;
    let after = settled(&before).await?;
    let mut account = std::mem::take(&mut *book.lock().unwrap());
    for world in &worlds {
        account.problems.extend(world.wrong());
    }
    if let Err(error) = after.is_within(&before) {
        account.problems.push(error.to_string());
    }
    let text = words(&desk, &tunnels, &skies, &account, seed, (&before, &after), &logs).await?;
    Arc::try_unwrap(desk).ok().context("nobody else is at the desk")?.leave().await;
    ensure!(account.problems.is_empty(), "{text}\n{}", account.problems.join("\n"));
    Ok(text)
}

/// A tunnel of the day.
struct Kept {
    alias: String,
    tunnel: Tunnel,
    sky: Sky,
}

/// Breaks both worlds at random, each on a thread of its own, then mends them.
async fn break_all(
    worlds: [World; 2],
    skies: &[Sky; 2],
    seed: u64,
    length: Duration,
) -> Result<Vec<World>> {
    let until = Instant::now() + length;
    let threads = worlds.into_iter().zip(skies).enumerate().map(|(number, (world, sky))| {
        let (sky, noise) = (sky.clone(), Noise::new(seed.wrapping_add(number as u64)));
        tokio::task::spawn_blocking(move || break_at_random(world, &sky, noise, until))
    });
    let mut whole = Vec::new();
    for broken in futures::future::join_all(threads).await {
        whole.push(broken??);
    }
    Ok(whole)
}

/// Every tunnel is open, and carries.
async fn all_work(desk: &Desk, tunnels: &[Kept], seed: u64) -> Result<()> {
    let began = Instant::now();
    for Kept { alias, tunnel, .. } in tunnels {
        let left = ALL_BACK.saturating_sub(began.elapsed()) + SLACK;
        let opened = desk.until(&tunnel.id, left, |state| state == "open").await;
        opened.with_context(|| alias.clone())?;
        match exchange(tunnel.address, Plan::even(seed, 64 * KIB)).await {
            Ended::Whole(_) => {}
            other => anyhow::bail!("{alias} is open and does not carry: {other:?}"),
        }
    }
    Ok(())
}

/// Talks through every tunnel and looks at what is said of it, until the end.
async fn live(desk: &Desk, tunnels: &[Kept], book: &Book, seed: u64, end: &CancellationToken) {
    let mut all: Vec<std::pin::Pin<Box<dyn Future<Output = ()> + '_>>> = Vec::new();
    for (number, kept) in tunnels.iter().enumerate() {
        for lane in 0..2 {
            let noise = Noise::new(seed ^ ((number as u64) << 8 | lane) << 16);
            all.push(Box::pin(talk(kept, book, noise, end)));
        }
        all.push(Box::pin(look(desk, kept, book, end)));
    }
    all.push(Box::pin(sleep(desk, Noise::new(seed ^ 0x5eed), end)));
    futures::future::join_all(all).await;
}

/// One conversation after the other. Only trouble excuses one that breaks.
async fn talk(kept: &Kept, book: &Book, mut noise: Noise, end: &CancellationToken) {
    while !end.is_cancelled() {
        let plan = Plan {
            seed: noise.number(),
            up: noise.among(0..96 * KIB),
            down: noise.among(0..256 * KIB),
            pace: Duration::from_millis(noise.among(0..60)),
        };
        let began = Instant::now();
        let Some(ended) = end.run_until_cancelled(exchange(kept.tunnel.address, plan)).await else {
            return;
        };
        let since = began.checked_sub(TRUTH + SLACK).unwrap_or(began);
        let excuse = kept.sky.worst_since(since, &kept.alias);
        let problem = match &ended {
            Ended::Whole(whole) => {
                let mut account = book.lock().unwrap();
                (account.whole, account.bytes) = (account.whole + 1, account.bytes + whole.bytes);
                None
            }
            Ended::Broken { .. } if excuse >= Trouble::Lost => None,
            // What the far end says of its target is all that can be said.
            Ended::Short { .. } | Ended::Refused if excuse == Trouble::TargetLost => None,
            other => Some(format!(
                "{}: {other:?} of {plan:?} after {:?}; the worst was {excuse:?}, the last: {}",
                kept.alias,
                began.elapsed(),
                kept.sky.last()
            )),
        };
        if !matches!(ended, Ended::Whole(_)) {
            book.lock().unwrap().broken += 1;
        }
        if let Some(problem) = problem {
            note(book, problem);
        }
    }
}

/// Now and then the computer slept for eight hours, or its clock was set.
async fn sleep(desk: &Desk, mut noise: Noise, end: &CancellationToken) {
    while !end.is_cancelled() {
        let awake = Duration::from_millis(noise.among(10_000..40_000));
        end.run_until_cancelled(tokio::time::sleep(awake)).await;
        desk.core.sleep(Duration::from_secs(8 * 3600));
    }
}

/// What is said of a tunnel is true in time: it is not open when there is no way for long.
async fn look(desk: &Desk, kept: &Kept, book: &Book, end: &CancellationToken) {
    while !end.is_cancelled() {
        let lost_for = kept.sky.lost_for(&kept.alias);
        let Ok(view) = desk.view(&kept.tunnel.id).await else {
            return note(book, format!("{} is gone", kept.alias));
        };
        let is_open = view["state"]["state"] == "open";
        if is_open && lost_for.is_some_and(|time| time > TRUTH + SLACK) {
            note(book, format!("{} is said to be open, and is down for {lost_for:?}", kept.alias));
        }
        if view["listening"].is_null() {
            note(book, format!("{} does not listen: {}", kept.alias, view["state"]));
        }
        end.run_until_cancelled(tokio::time::sleep(Duration::from_millis(500))).await;
    }
}

fn log(sshd: &Sshd) -> std::path::PathBuf {
    sshd.dir.join("log")
}

fn knocks(log: &std::path::Path) -> usize {
    std::fs::read_to_string(log).unwrap_or_default().matches("Connection from ").count()
}

/// Nobody storms a server.
async fn storms(logs: &[std::path::PathBuf], book: &Book, end: &CancellationToken) {
    let mut counted: Vec<(Instant, Vec<usize>)> = Vec::new();
    while !end.is_cancelled() {
        let now = (Instant::now(), logs.iter().map(|log| knocks(log)).collect::<Vec<_>>());
        counted.retain(|(at, _)| at.elapsed() < STORM_TIME);
        if let Some((_, first)) = counted.first() {
            for (server, (before, after)) in first.iter().zip(&now.1).enumerate() {
                if after - before > STORM {
                    let count = after - before;
                    note(book, format!("{count} connections to server {server} in {STORM_TIME:?}"));
                    return;
                }
            }
        }
        counted.push(now);
        end.run_until_cancelled(tokio::time::sleep(Duration::from_secs(1))).await;
    }
}

async fn words(
    desk: &Desk,
    tunnels: &[Kept],
    skies: &[Sky],
    account: &Account,
    seed: u64,
    (before, after): (&Used, &Used),
    logs: &[std::path::PathBuf],
) -> Result<String> {
    let mut lines = vec![format!(
        "a day with seed {seed}: {} conversations whole ({} MiB), {} broken by faults",
        account.whole,
        account.bytes / KIB / KIB,
        account.broken
    )];
    for (number, sky) in skies.iter().enumerate() {
        lines.push(format!("  world {number}: {}", sky.words()));
    }
    for kept in tunnels {
        let survived = desk.view(&kept.tunnel.id).await?["survived"].clone();
        lines.push(format!("  {}: survived {survived}", kept.alias));
    }
    let knocks: Vec<usize> = logs.iter().map(|log| knocks(log)).collect();
    lines.push(format!("  connections to the servers: {knocks:?}"));
    lines.push(format!("  before: {before}; after: {after}"));
    Ok(lines.join("\n"))
}
