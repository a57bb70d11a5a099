//! A bad network: this computer, a router that masquerades, a jump host and a host behind it.
//!
//! ```text
//! this computer ──── router (NAT, faults) ──── jump (sshd) ──── far (sshd, checksum server)
//!  10.77.x.1     .62 ┊               .65 ┊ .66          .129 ┊ .130
//! ```
//!
//! Each machine is a network namespace, except this computer: that is the one the tests run in, with one
//! more interface, so that a core under test reaches the world by plain sockets. Only the jump host is
//! reached from here; far is reached from the jump host, which does not route. Nothing has a way out.
//! Several worlds live side by side. Needs root, iproute2, iptables and conntrack.
//!
//! This kernel has no netem: loss is a rule that drops at random, slowness a token bucket, a black hole a
//! rule that drops everything, and delay (in `far`) a relay on loopback.
//!
//! Owns: the wiring, its faults, and taking all of it away, also after a panic; what a killed run left is
//! taken away by the next one. Deliberately not here: what a test does with it.

mod checker;
mod namespace;
mod noise;
mod probe;

use std::{
    io::ErrorKind,
    net::{Ipv4Addr, SocketAddrV4, TcpStream},
    os::linux::net::SocketAddrExt,
    os::unix::net::{SocketAddr, UnixListener},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

pub use checker::Checker;
use namespace::{Namespace, ip, sweep, world_name};
pub(crate) use namespace::{command_in, within};
pub use noise::Noise;
pub use probe::{Ended, Plan, Whole, exchange, talk};

use crate::sshd::{Place, Sshd, SshdOptions};

/// Where both SSH servers listen.
pub const SSH_PORT: u16 = 2222;
/// Where the checksum server listens on far.
pub const CHECKER_PORT: u16 = 7000;

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A network with its machines. Dropping it takes everything away.
#[derive(Debug)]
pub struct World {
    /// Reached from here through the router.
    pub jump: Sshd,
    /// Reached from the jump host only.
    pub far: Sshd,
    checker: Option<Checker>,
    /// What earlier checksum servers found.
    found: Vec<String>,
    router: Namespace,
    jump_place: Namespace,
    far_place: Namespace,
    cable: Cable,
    /// Nobody else uses these addresses while it is bound.
    _addresses: UnixListener,
    subnet: u8,
}

impl World {
    /// Wires one up and starts its servers; stock limits on parallel logins hold.
    ///
    /// # Errors
    /// When not root, or a tool is missing.
    pub fn start() -> Result<Self> {
        sweep();
        let name = world_name(NEXT.fetch_add(1, Ordering::Relaxed));
        let (addresses, subnet) = claim()?;
        let router = Namespace::make(&name, 'r')?;
        let jump_place = Namespace::make(&name, 'j')?;
        let far_place = Namespace::make(&name, 'f')?;
        let at = |last: u8| format!("10.77.{subnet}.{last}/26");
        let cable = Cable::lay(&name, &at(1), &router, &at(62))?;
        connect(&router, "out", &at(65), &jump_place, "net", &at(66))?;
        connect(&jump_place, "back", &at(129), &far_place, "net", &at(130))?;
        let network = format!("10.77.{subnet}.64/26");
        ip(&["route", "add", &network, "via", &format!("10.77.{subnet}.62"), "dev", &cable.0])?;
        masquerade(&router)?;
        let jump = start_sshd(&jump_place, Ipv4Addr::new(10, 77, subnet, 66))?;
        let far = start_sshd(&far_place, Ipv4Addr::new(10, 77, subnet, 130))?;
        let mut world = Self {
            jump,
            far,
            checker: None,
            found: Vec::new(),
            router,
            jump_place,
            far_place,
            cable,
            _addresses: addresses,
            subnet,
        };
        world.start_target()?;
        Ok(world)
    }

    /// The address of far, as the jump host sees it.
    #[must_use]
    pub fn far_address(&self) -> Ipv4Addr {
        Ipv4Addr::new(10, 77, self.subnet, 130)
    }

    /// The checksum server.
    ///
    /// # Panics
    /// While it is stopped.
    #[must_use]
    pub fn checker(&self) -> &Checker {
        self.checker.as_ref().expect("the target runs")
    }

    /// Starts the checksum server on far.
    ///
    /// # Errors
    /// When its port cannot be had.
    pub fn start_target(&mut self) -> Result<()> {
        let bind = || Ok(std::net::TcpListener::bind((Ipv4Addr::UNSPECIFIED, CHECKER_PORT))?);
        self.checker = Some(Checker::start(self.far_place.within(bind)?)?);
        Ok(())
    }

    /// Ends the checksum server and its connections; far itself answers.
    pub fn stop_target(&mut self) {
        self.found = self.wrong();
        self.checker = None;
    }

    /// What must never be, as the checksum servers saw it; empty when all is well.
    #[must_use]
    pub fn wrong(&self) -> Vec<String> {
        let now = self.checker.as_ref().map(Checker::wrong).unwrap_or_default();
        [self.found.clone(), now].concat()
    }

    /// Loses this share of packets, each way.
    ///
    /// # Errors
    /// When iptables fails; so for every fault below.
    pub fn lose(&self, percent: u8) -> Result<()> {
        let share = format!("{:.2}", f32::from(percent) / 100.0);
        let random = ["-m", "statistic", "--mode", "random", "--probability", &share];
        self.fault(&random)
    }

    /// Loses every packet and tells nobody.
    pub fn black_hole(&self) -> Result<()> {
        self.fault(&[])
    }

    /// Lets no more than this through, each way, with a queue of a fifth of a second.
    pub fn slow(&self, kbit: u32) -> Result<()> {
        let rate = format!("{kbit}kbit");
        for device in ["home", "out"] {
            let words = ["qdisc", "replace", "dev", device, "root", "tbf", "rate", &rate];
            let queue = ["burst", "16kb", "latency", "200ms"];
            self.router.run("tc", &[&words[..], &queue[..]].concat())?;
        }
        Ok(())
    }

    /// Pulls the cable between this computer and the router.
    pub fn cut(&self) -> Result<()> {
        self.router.ip(&["link", "set", "dev", "home", "down"])
    }

    /// The jump host is gone from the network, as after a crash of its machine.
    pub fn lose_jump(&self) -> Result<()> {
        self.jump_place.ip(&["link", "set", "dev", "net", "down"])
    }

    /// Far is gone from the network; the jump host answers.
    pub fn lose_far(&self) -> Result<()> {
        self.far_place.ip(&["link", "set", "dev", "net", "down"])
    }

    /// The router forgets every connection, as one does that restarts or whose table is full; what comes
    /// for a forgotten one is dropped.
    pub fn flush_nat(&self) -> Result<()> {
        self.router.run("conntrack", &["-F"])
    }

    /// Ends loss, black holes, slowness and cuts, and waits until every machine answers.
    pub fn heal(&self) -> Result<()> {
        self.router.run("iptables", &["-w", "-F", "FAULT"])?;
        for device in ["home", "out"] {
            // There is nothing to remove where nothing was slow.
            let _ = self.router.run("tc", &["qdisc", "del", "dev", device, "root"]);
        }
        self.router.ip(&["link", "set", "dev", "home", "up"])?;
        self.jump_place.ip(&["link", "set", "dev", "net", "up"])?;
        self.far_place.ip(&["link", "set", "dev", "net", "up"])?;
        // A link that is set up carries nothing for up to a second.
        let (jump, far) = (self.jump.address, self.far.address);
        reach(jump)?;
        self.jump_place.within(|| reach(far))
    }

    /// The names of its namespaces and of the interface on this computer.
    #[must_use]
    pub fn names(&self) -> [String; 4] {
        let places = [&self.router, &self.jump_place, &self.far_place];
        let [router, jump, far] = places.map(|place| place.name().to_owned());
        [router, jump, far, self.cable.0.clone()]
    }

    fn fault(&self, matching: &[&str]) -> Result<()> {
        let words = [&["-w", "-A", "FAULT"], matching, &["-j", "DROP"]].concat();
        self.router.run("iptables", &words)
    }
}

/// Waits until the machine at this address says that nothing listens at a port.
fn reach(address: Ipv4Addr) -> Result<()> {
    let nothing = SocketAddrV4::new(address, 9).into();
    let began = Instant::now();
    loop {
        match TcpStream::connect_timeout(&nothing, Duration::from_millis(100)) {
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => return Ok(()),
            _ if began.elapsed() > Duration::from_secs(5) => bail!("{address} stays unreachable"),
            _ => std::thread::sleep(Duration::from_millis(10)),
        }
    }
}

/// The interface of this computer. The kernel takes it away with the router, but some time later.
#[derive(Debug)]
struct Cable(String);

impl Cable {
    fn lay(world: &str, here: &str, router: &Namespace, there: &str) -> Result<Self> {
        let name = format!("{world}h");
        let ends = ["link", "add", &name, "type", "veth", "peer", "name", "home", "netns"];
        ip(&[&ends[..], &[router.name()]].concat())?;
        let cable = Self(name);
        ip(&["addr", "add", here, "dev", &cable.0])?;
        ip(&["link", "set", "dev", &cable.0, "up"])?;
        up(router, "home", there)?;
        Ok(cable)
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        let _ = ip(&["link", "del", "dev", &self.0]);
    }
}

/// A third byte of 10.77.x.y that no other world of this machine uses, and what holds it. The name it is
/// held by goes away with the process.
fn claim() -> Result<(UnixListener, u8)> {
    let free = |subnet: u8| {
        let name = SocketAddr::from_abstract_name(format!("moorline-net-{subnet}")).ok()?;
        Some((UnixListener::bind_addr(&name).ok()?, subnet))
    };
    (100..=250).find_map(free).context("150 worlds are too many")
}

fn connect(
    near: &Namespace,
    near_device: &str,
    near_address: &str,
    far: &Namespace,
    far_device: &str,
    far_address: &str,
) -> Result<()> {
    let ends = ["link", "add", near_device, "type", "veth", "peer", "name", far_device, "netns"];
    near.ip(&[&ends[..], &[far.name()]].concat())?;
    up(near, near_device, near_address)?;
    up(far, far_device, far_address)
}

fn up(place: &Namespace, device: &str, address: &str) -> Result<()> {
    place.ip(&["addr", "add", address, "dev", device])?;
    place.ip(&["link", "set", "dev", device, "up"])
}

/// Routes, hides this computer behind the router's address, and forwards nothing it does not know.
fn masquerade(router: &Namespace) -> Result<()> {
    let settings = "echo 1 > /proc/sys/net/ipv4/ip_forward\n\
                    iptables -w -N FAULT\n\
                    iptables -w -A FORWARD -j FAULT\n\
                    iptables -w -A FORWARD -m conntrack --ctstate INVALID -j DROP\n\
                    iptables -w -A INPUT -i out -j DROP\n\
                    iptables -w -t nat -A POSTROUTING -o out -j MASQUERADE\n\
                    echo 0 > /proc/sys/net/netfilter/nf_conntrack_tcp_loose\n";
    router.run("sh", &["-ec", settings])
}

fn start_sshd(place: &Namespace, address: Ipv4Addr) -> Result<Sshd> {
    let mut options = SshdOptions::with_config(&["MaxStartups 10:30:100"]);
    options.place =
        Some(Place { namespace: place.path(), address, port: SSH_PORT, under: Vec::new() });
    Sshd::start(&options)
}
