//! P16: requests per second and latency of the guarded proxy beside nginx, over the same service.
//!
//! Owns: the three arms (the service itself, nginx in front of it, Moorline in front of it), measured in
//! turn by wrk. Deliberately not here: a verdict; the limits are in the issue.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod load;
mod nginx;

use std::{io, sync::Arc};

use anyhow::{Context, Result};
use async_trait::async_trait;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use web_proxy::{BoxStream, Proxy, Upstream};

use load::{Arm, Figures};
use tests::measure::Spread;

const ROUNDS: usize = 9;

/// The service behind both proxies.
struct Service(u16);

#[async_trait]
impl Upstream for Service {
    async fn dial(&self) -> io::Result<BoxStream> {
        let stream = TcpStream::connect(("127.0.0.1", self.0)).await?;
        stream.set_nodelay(true)?;
        Ok(Box::new(stream))
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let service = nginx::service()?;
    let nginx = nginx::proxy(service.port)?;
    let proxy = Proxy::start(Arc::new(Service(service.port)), "bench").await?;
    let (port, headers) = session(&proxy).await?;
    let arms = [
        Arm::new("direct", service.port, headers.clone(), service.workers()?),
        Arm::new("nginx", nginx.port, headers.clone(), nginx.workers()?),
        Arm::new("moorline", port, headers, vec![std::process::id()]),
    ];
    let mut rounds = Vec::new();
    for round in 1..=ROUNDS {
        let mut figures = Vec::new();
        for arm in &arms {
            figures
                .push(arm.measure().await.with_context(|| format!("round {round}, {}", arm.name))?);
        }
        eprintln!("round {round} of {ROUNDS}");
        rounds.push(figures);
    }
    proxy.shutdown().await;
    report(&rounds);
    Ok(())
}

/// The proxy's port, and the headers of a request that may pass. All arms get the same request.
async fn session(proxy: &Proxy) -> Result<(u16, Vec<String>)> {
    let host = proxy.origin().trim_start_matches("http://").to_owned();
    let port = host.rsplit_once(':').context("no port")?.1.parse()?;
    let link = proxy.one_time_link("/");
    let path = link.trim_start_matches(proxy.origin());
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await?;
    let cookie = reply
        .lines()
        .find_map(|line| line.strip_prefix("set-cookie: "))
        .and_then(|line| line.split(';').next())
        .context("the link gave no session")?;
    Ok((port, vec![format!("Host: {host}"), format!("Cookie: {cookie}")]))
}

fn report(rounds: &[Vec<Figures>]) {
    let spread = |figure: &dyn Fn(&[Figures]) -> f64| {
        Spread::of(rounds.iter().map(|round| figure(round)).collect())
    };
    let rows = [
        ("req/s: moorline / nginx", spread(&|r| r[2].per_second / r[1].per_second)),
        ("req/s: nginx / direct", spread(&|r| r[1].per_second / r[0].per_second)),
        ("CPU per request: moorline / nginx", spread(&|r| r[2].cpu_us / r[1].cpu_us)),
        ("CPU per request, moorline, us", spread(&|r| r[2].cpu_us)),
        ("CPU per request, nginx, us", spread(&|r| r[1].cpu_us)),
        ("added p50 of moorline, us", spread(&|r| r[2].p50_us - r[0].p50_us)),
        ("added p50 of nginx, us", spread(&|r| r[1].p50_us - r[0].p50_us)),
        ("req/s of moorline", spread(&|r| r[2].per_second)),
        ("req/s of nginx", spread(&|r| r[1].per_second)),
    ];
    println!(
        "{:<36}{:>10}   (least .. most of {} rounds)",
        "P16 web proxy",
        "median",
        rounds.len()
    );
    for (name, spread) in &rows {
        println!("{name:<36}{spread}");
    }
    let figures: serde_json::Map<_, _> =
        rows.iter().map(|(name, spread)| ((*name).to_owned(), spread.json())).collect();
    println!("{}", json!({"bench": "proxy", "rounds": rounds.len(), "figures": figures}));
}
