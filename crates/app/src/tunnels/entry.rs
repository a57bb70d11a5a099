//! One tunnel with everything that is known of it now, and how lists and pages see it.

use std::{cmp::Ordering, sync::Arc, time::Duration};

use backend_api::SystemClock;
use forward::{Gate, Meter};
use model::{
    HopState, SshHost, TimestampMs, Tunnel, TunnelCheck, TunnelHop, TunnelPoint, TunnelRoute,
    TunnelState, TunnelTraffic, TunnelView,
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{
    history::History,
    machine::{Kind, Machine},
};

/// A tunnel, its machine, and what runs for it.
pub(crate) struct Entry {
    pub(crate) tunnel: Tunnel,
    /// False once the person stopped it, until it is started again.
    pub(crate) is_wanted: bool,
    pub(crate) machine: Machine,
    pub(super) history: History,
    pub(super) gate: Arc<Gate>,
    pub(super) meter: Arc<Meter>,
    /// Listens here for this time.
    pub(super) port: Option<u16>,
    pub(super) listening: Option<TunnelPoint>,
    pub(super) listener: Listener,
    /// Ends the attempt, the countdown or the way that runs now.
    pub(super) token: CancellationToken,
    pub(super) way: Option<Arc<Way>>,
    pub(super) signs: Signs,
    /// Which machine on the way let it down last; none when nobody knows.
    pub(super) culprit: Option<Culprit>,
    pub(super) check: Option<TunnelCheck>,
    /// What was last published.
    pub(super) seen: TunnelTraffic,
}

/// A way that is up, for as long as the attempt that made it counts.
pub(super) struct Way {
    pub(super) attempt: u64,
    pub(super) dial: Arc<dyn backend_api::Dial>,
    /// Asks for a check now.
    pub(super) probe: Notify,
}

/// Where the way to the SSH host ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Culprit {
    /// At this machine, by its position: those before it answered.
    Hop(usize),
    /// Every machine answered; what failed was asked of the last one.
    Beyond,
}

impl Culprit {
    /// How the machine at this position is.
    fn judge(self, index: usize) -> HopState {
        match self {
            Self::Beyond => HopState::Up,
            Self::Hop(culprit) => match index.cmp(&culprit) {
                Ordering::Less => HopState::Up,
                Ordering::Equal => HopState::Down,
                Ordering::Greater => HopState::Idle,
            },
        }
    }
}

/// The round trips of a way, as last measured.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Signs {
    /// To the end of the link.
    pub(super) whole: Option<Duration>,
    /// From each machine to the next, nearest first; none for one that did not answer.
    pub(super) hops: Vec<Option<Duration>>,
}

/// The listener of this computer that is open, is being opened or is being closed.
#[derive(Debug, Clone, Default)]
pub(super) struct Listener {
    /// Closes it.
    pub(super) cancel: CancellationToken,
    /// Fires when it is closed.
    pub(super) closed: CancellationToken,
}

impl Listener {
    /// One that is closed.
    fn none() -> Self {
        let listener = Self::default();
        listener.closed.cancel();
        listener
    }
}

impl Entry {
    pub(crate) fn new(tunnel: Tunnel, is_wanted: bool, now: TimestampMs) -> Self {
        Self {
            machine: Machine::new(kind(&tunnel)),
            tunnel,
            is_wanted,
            history: History::new(now),
            gate: Arc::default(),
            meter: Arc::new(Meter::new(Arc::new(SystemClock))),
            port: None,
            listening: None,
            listener: Listener::none(),
            token: CancellationToken::new(),
            way: None,
            signs: Signs::default(),
            culprit: None,
            check: None,
            seen: TunnelTraffic::default(),
        }
    }

    /// Takes the tunnel as it was edited. Only while it is stopped.
    pub(super) fn replace(&mut self, tunnel: Tunnel) {
        self.machine = self.machine.as_kind(kind(&tunnel));
        self.tunnel = tunnel;
        self.port = None;
    }

    /// Where it is to listen, this time.
    pub(super) fn listen(&self) -> TunnelPoint {
        match (self.tunnel.route.listen(), self.port) {
            (TunnelPoint::Tcp { host, .. }, Some(port)) => {
                TunnelPoint::Tcp { host: host.clone(), port }
            }
            (point, _) => point.clone(),
        }
    }

    /// As pages show it; `hosts` are those on its way, nearest first, with their names.
    pub(super) fn view(&self, hosts: &[(String, SshHost)], now: TimestampMs) -> TunnelView {
        let listening = self.listening.clone();
        TunnelView {
            is_exposed: listening.as_ref().is_some_and(is_exposed),
            tunnel: self.tunnel.clone(),
            state: self.machine.state().clone(),
            hops: self.hops(hosts),
            listening,
            traffic: self.meter.traffic(),
            round_trip_ms: self.signs.whole.map(milliseconds),
            check: self.check.clone(),
            strip: self.history.strip(now),
            survived: self.history.survived(),
        }
    }

    /// This is what everybody knows now.
    pub(crate) fn was_shown(&mut self, view: &TunnelView) {
        self.seen = view.traffic.clone();
    }

    fn hops(&self, hosts: &[(String, SshHost)]) -> Vec<TunnelHop> {
        let hop = |(index, (name, host)): (usize, &(String, SshHost))| {
            let measured = self.signs.hops.get(index);
            let address = host.addresses.first().map(ToString::to_string).unwrap_or_default();
            TunnelHop {
                name: name.clone(),
                address: format!("{}@{address}", host.user),
                state: self.hop_state(index),
                round_trip_ms: measured.copied().flatten().map(milliseconds),
            }
        };
        hosts.iter().enumerate().map(hop).collect()
    }

    fn hop_state(&self, index: usize) -> HopState {
        match self.machine.state() {
            TunnelState::Connecting { .. } if !self.machine.is_up() => HopState::Connecting,
            TunnelState::Connecting { .. }
            | TunnelState::Open { .. }
            | TunnelState::TargetDown { .. } => match self.signs.hops.get(index) {
                Some(None) => HopState::Down,
                Some(Some(_)) | None => HopState::Up,
            },
            TunnelState::Reconnecting { .. } => {
                self.culprit.map_or(HopState::Idle, |culprit| culprit.judge(index))
            }
            TunnelState::Stopped
            | TunnelState::Listening
            | TunnelState::PortTaken { .. }
            | TunnelState::Failed { .. } => HopState::Idle,
        }
    }
}

fn kind(tunnel: &Tunnel) -> Kind {
    Kind {
        listens_here: tunnel.route.listens_here(),
        is_on_demand: tunnel.options.is_on_demand
            && !matches!(tunnel.route, TunnelRoute::Remote { .. }),
    }
}

/// Whether other machines can connect there.
pub(super) fn is_exposed(point: &TunnelPoint) -> bool {
    match point {
        TunnelPoint::Unix { .. } => false,
        TunnelPoint::Tcp { host, .. } if host == "localhost" => false,
        TunnelPoint::Tcp { host, .. } => {
            !host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
    }
}

pub(super) fn milliseconds(time: Duration) -> u32 {
    u32::try_from(time.as_millis()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Culprit, HopState};

    #[test]
    fn only_the_machine_that_does_not_answer_is_down() {
        let judged = |culprit: Culprit| [0, 1, 2].map(|index| culprit.judge(index));
        let (up, down, idle) = (HopState::Up, HopState::Down, HopState::Idle);
        assert_eq!(judged(Culprit::Hop(0)), [down, idle, idle]);
        assert_eq!(judged(Culprit::Hop(1)), [up, down, idle]);
        assert_eq!(judged(Culprit::Hop(2)), [up, up, down]);
        assert_eq!(judged(Culprit::Beyond), [up, up, up]);
    }
}
