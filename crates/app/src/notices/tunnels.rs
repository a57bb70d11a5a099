//! Which tunnels are worth a word: those that were open and are not, for long or for good.
//!
//! Pure. The time is read from the countdowns, which all of them publish.

use std::collections::BTreeMap;

use model::{Failure, NoticeKind, TimestampMs, TunnelId, TunnelState, TunnelView};

/// A shorter loss is a hiccup.
const LONG_MS: i64 = 60_000;

/// What is known of one tunnel.
#[derive(Debug, Default)]
struct Known {
    was_open: bool,
    /// The first countdown since it was open.
    lost_at: Option<TimestampMs>,
    /// What was told, and whether as final.
    told: Option<bool>,
}

/// Remembers what was told of tunnels.
#[derive(Debug, Default)]
pub(super) struct Tunnels(BTreeMap<TunnelId, Known>);

impl Tunnels {
    /// Takes one tunnel as it is now.
    pub(super) fn take(&mut self, view: &TunnelView) -> Option<NoticeKind> {
        let known = self.0.entry(view.tunnel.id.clone()).or_default();
        match &view.state {
            TunnelState::Open { .. } | TunnelState::TargetDown { .. } => {
                known.was_open = true;
                known.lost_at = None;
                None
            }
            TunnelState::Reconnecting { next_try_at, error, .. } if known.was_open => {
                let since = *known.lost_at.get_or_insert(*next_try_at);
                let is_long = next_try_at.saturating_sub(since) >= LONG_MS;
                (is_long && known.told.is_none()).then(|| known.tell(view, error, false))
            }
            TunnelState::Failed { error } if known.was_open && known.told != Some(true) => {
                Some(known.tell(view, error, true))
            }
            _ => None,
        }
    }

    /// True when something was told of this tunnel and is not so any more. It is forgotten then.
    pub(super) fn is_over(&mut self, id: &TunnelId, view: Option<&TunnelView>) -> bool {
        match view.map(|view| &view.state) {
            None | Some(TunnelState::Stopped | TunnelState::Listening) => {
                self.0.remove(id).is_some_and(|known| known.told.is_some())
            }
            Some(TunnelState::Open { .. } | TunnelState::TargetDown { .. }) => {
                self.0.get_mut(id).is_some_and(|known| known.told.take().is_some())
            }
            Some(_) => false,
        }
    }
}

impl Known {
    fn tell(&mut self, view: &TunnelView, error: &Failure, is_final: bool) -> NoticeKind {
        self.told = Some(is_final);
        NoticeKind::TunnelLost {
            tunnel_id: view.tunnel.id.clone(),
            name: view.tunnel.name.clone(),
            error: error.message.clone(),
            is_final,
        }
    }
}

#[cfg(test)]
mod tests {
    use model::{
        ErrorCode, SshHostId, Tunnel, TunnelOptions, TunnelPoint, TunnelRoute, TunnelSurvived,
        TunnelTraffic,
    };

    use super::*;

    fn view(state: TunnelState) -> TunnelView {
        TunnelView {
            tunnel: Tunnel {
                id: TunnelId::from_raw("t"),
                name: "db".into(),
                route: TunnelRoute::Dynamic { listen: TunnelPoint::Unix { path: "/x".into() } },
                ssh_host_id: SshHostId::from_raw("h"),
                options: TunnelOptions::default(),
                created_at: 0,
            },
            state,
            hops: Vec::new(),
            listening: None,
            is_exposed: false,
            traffic: TunnelTraffic::default(),
            round_trip_ms: None,
            check: None,
            strip: Vec::new(),
            survived: TunnelSurvived::default(),
        }
    }

    fn error() -> Failure {
        Failure::new(ErrorCode::Unreachable, "x")
    }

    fn waits(next_try_at: TimestampMs) -> TunnelView {
        view(TunnelState::Reconnecting { next_try_at, attempt: 1, error: error() })
    }

    fn told(tunnels: &mut Tunnels, view: &TunnelView) -> Option<bool> {
        tunnels.take(view).map(|kind| matches!(kind, NoticeKind::TunnelLost { is_final: true, .. }))
    }

    #[test]
    fn a_long_loss_is_told_once_and_taken_back() {
        let mut tunnels = Tunnels::default();
        let (id, open) = (TunnelId::from_raw("t"), view(TunnelState::Open { since: 0 }));
        assert_eq!(told(&mut tunnels, &waits(0)), None);
        assert_eq!(told(&mut tunnels, &waits(90_000)), None, "it never was open");
        assert_eq!(told(&mut tunnels, &open), None);
        assert!(!tunnels.is_over(&id, Some(&open)));
        assert_eq!(told(&mut tunnels, &waits(100_000)), None);
        assert_eq!(told(&mut tunnels, &waits(159_999)), None);
        assert_eq!(told(&mut tunnels, &waits(160_000)), Some(false));
        assert_eq!(told(&mut tunnels, &waits(220_000)), None);
        assert_eq!(told(&mut tunnels, &open), None);
        assert!(tunnels.is_over(&id, Some(&open)));
        assert!(!tunnels.is_over(&id, Some(&open)));
    }

    #[test]
    fn what_waits_for_the_person_is_told_at_once_unless_it_never_worked() {
        let failed = view(TunnelState::Failed { error: error() });
        let mut tunnels = Tunnels::default();
        assert_eq!(told(&mut tunnels, &failed), None, "whoever made it looks at it");
        told(&mut tunnels, &view(TunnelState::Open { since: 0 }));
        assert_eq!(told(&mut tunnels, &failed), Some(true));
        assert_eq!(told(&mut tunnels, &failed), None);
        assert!(tunnels.is_over(&TunnelId::from_raw("t"), None));
    }
}
