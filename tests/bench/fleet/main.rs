//! P11: a thousand workspaces on fifty servers a round trip of 50 ms away. How long from the wish to
//! connect to a full dashboard, and how long to ask all of them again, in round trips; and whether any
//! server turned a connection away.
//!
//! Servers and client share this machine's processors, so connecting takes longer here than the network
//! would make it: the same is measured at ten times the distance, and what that adds, divided by the
//! distance added, is the number of round trips one after the other, whatever the machine.
#![allow(clippy::expect_used, clippy::indexing_slicing)]

mod dashboard;
mod servers;

use std::{
    net::Ipv4Addr,
    time::{Duration, Instant},
};

use anyhow::{Result, anyhow, ensure};
use dashboard::Dashboard;
use futures::future::join_all;
use model::ConnectionId;
use serde_json::{Value, json};
use servers::Servers;
use tests::{
    echo::Echo,
    far::{Far, RoundTrip},
    headless::Headless,
    measure::{Ratio, Rounds},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const SERVERS: usize = 50;
const CONTAINERS: usize = 20;
const NEAR: Duration = Duration::from_millis(50);
const DISTANT: Duration = Duration::from_millis(500);
const ROUNDS: usize = 9;
/// Refreshes in one round.
const REPEATS: u32 = 5;

const FLOOR: &str = "one round trip";
const WARM: &str = "everything asked again";
const COLD: &str = "connecting to the full dashboard";

struct Fleet {
    moorline: Headless,
    ids: Vec<ConnectionId>,
    /// Of something behind the same relays that gives back what it gets.
    echo: u16,
    refused: usize,
}

#[tokio::main]
async fn main() -> Result<()> {
    let servers = Servers::start(SERVERS, CONTAINERS)?;
    let echo = Echo::start();
    let mut targets: Vec<u16> = servers.sshds.iter().map(|sshd| sshd.port).collect();
    targets.push(echo.port);
    let round_trip = RoundTrip::new(NEAR);
    let far = Far::start(&targets, &round_trip)?;
    let folder = tempfile::tempdir()?;
    let mut fleet = Fleet::start(folder.path(), &servers, &far).await?;

    let near = fleet.rounds(ROUNDS).await?;
    near.print("P11 fifty servers at 50 ms", &ratios());
    round_trip.set(DISTANT);
    let distant = fleet.rounds(tests::measure::LEAST_ROUNDS).await?;
    distant.print("P11 fifty servers at 500 ms", &ratios());

    let added = |arm| distant.time(arm).median - near.time(arm).median;
    println!("\nround trips one after the other, from what the distance adds:");
    for arm in [WARM, COLD] {
        println!("  {arm:44} {:9.2}", added(arm) / added(FLOOR));
    }
    let turned_away = servers.turned_away();
    println!("connections refused: {}; turned away by sshd: {turned_away}", fleet.refused);
    fleet.moorline.shutdown().await;
    Ok(())
}

fn ratios() -> [Ratio; 2] {
    [
        Ratio { label: "warm, in round trips", over: WARM, under: FLOOR, goal: "at most 1.3" },
        Ratio { label: "cold, in round trips", over: COLD, under: FLOOR, goal: "at most 6" },
    ]
}

impl Fleet {
    /// A core that knows all servers and is connected to none.
    async fn start(folder: &std::path::Path, servers: &Servers, far: &Far) -> Result<Self> {
        let home = folder.join("home");
        std::fs::create_dir_all(home.join(".ssh"))?;
        let mut known = String::new();
        for (sshd, port) in servers.sshds.iter().zip(&far.ports) {
            known.push_str(
                &sshd.known_hosts.replace(&format!(":{}", sshd.port), &format!(":{port}")),
            );
        }
        std::fs::write(home.join(".ssh/known_hosts"), known)?;
        let moorline = Headless::start(&folder.join("data"), &home).await?;
        let mut ids = Vec::new();
        for index in 0..SERVERS {
            let made = moorline.call("connection_create", input(index, servers, far)).await?;
            ids.push(serde_json::from_value(made["connection"]["id"].clone())?);
        }
        let echo = *far.ports.last().expect("the echo's relay");
        let mut fleet = Self { moorline, ids, echo, refused: 0 };
        // Making a connection begins to connect it.
        let mut dashboard = Dashboard::new(fleet.moorline.core());
        for event in fleet.moorline.core().everything().await {
            dashboard.note(&event);
        }
        dashboard.full(SERVERS, CONTAINERS).await?;
        fleet.disconnect().await?;
        Ok(fleet)
    }

    /// Every arm in turn. A round ends as it began: with nothing connected.
    async fn rounds(&mut self, count: usize) -> Result<Rounds> {
        let mut rounds = Rounds::new(&[FLOOR, WARM, COLD]);
        for _ in 0..count {
            let floor = self.floor().await?;
            let cold = self.cold().await?;
            let warm = self.warm().await?;
            self.disconnect().await?;
            rounds.add(&[floor, warm, cold]);
        }
        Ok(rounds)
    }

    async fn floor(&self) -> Result<Duration> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.echo)).await?;
        let mut answer = [0; 1];
        // The first byte waits for the handshake.
        stream.write_all(b"a").await?;
        stream.read_exact(&mut answer).await?;
        let start = Instant::now();
        stream.write_all(b"b").await?;
        stream.read_exact(&mut answer).await?;
        Ok(start.elapsed())
    }

    async fn cold(&mut self) -> Result<Duration> {
        let core = self.moorline.core();
        let mut dashboard = Dashboard::new(core);
        let start = Instant::now();
        for asked in join_all(self.ids.iter().map(|id| core.connection_connect(id))).await {
            asked.map_err(|failure| anyhow!("{}", failure.message))?;
        }
        let full = dashboard.full(SERVERS, CONTAINERS).await?;
        self.refused += dashboard.refused.len();
        Ok(full - start)
    }

    async fn warm(&self) -> Result<Duration> {
        let core = self.moorline.core();
        let refresh = async || {
            core.workspaces_refresh().await.map_err(|failure| anyhow!("{}", failure.message))
        };
        // The first one meets what connecting still has to ask.
        refresh().await?;
        let start = Instant::now();
        for _ in 0..REPEATS {
            refresh().await?;
        }
        let took = start.elapsed() / REPEATS;
        let rows = core.workspaces().await.map_err(|failure| anyhow!("{}", failure.message))?;
        let fresh = rows.iter().filter(|view| view.stale_since.is_none()).count();
        ensure!(
            fresh == SERVERS * CONTAINERS,
            "{fresh} of {} rows are fresh",
            SERVERS * CONTAINERS
        );
        Ok(took)
    }

    async fn disconnect(&mut self) -> Result<()> {
        let core = self.moorline.core();
        let mut dashboard = Dashboard::new(core);
        for asked in join_all(self.ids.iter().map(|id| core.connection_disconnect(id))).await {
            asked.map_err(|failure| anyhow!("{}", failure.message))?;
        }
        dashboard.dark(SERVERS).await.map(drop)
    }
}

fn input(index: usize, servers: &Servers, far: &Far) -> Value {
    json!({
        "kind": "podman",
        "name": format!("forge-{index}"),
        "fields": {"socket": servers.sockets[index]},
        "secrets": {},
        "ssh_host": {
            "id": null,
            "addresses": [{"host": "127.0.0.1", "port": far.ports[index]}],
            "user": "root",
            "auth": [{
                "method": "key_file", "path": servers.sshds[index].client_key, "passphrase": null,
            }],
            "jumps": [],
        },
        "connect_at_start": false,
    })
}
