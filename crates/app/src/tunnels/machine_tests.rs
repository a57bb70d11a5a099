//! The machine as transcripts, and what holds whatever happens.

use model::{ErrorCode, Failure};
use proptest::prelude::*;

use super::*;

const LOCAL: Kind = Kind { listens_here: true, is_on_demand: false };
const REMOTE: Kind = Kind { listens_here: false, is_on_demand: false };
const ON_DEMAND: Kind = Kind { listens_here: true, is_on_demand: true };

fn failure(code: ErrorCode) -> Failure {
    Failure::new(code, "x")
}

fn name(state: &TunnelState) -> String {
    match state {
        TunnelState::Stopped => "stopped".into(),
        TunnelState::Listening => "listening".into(),
        TunnelState::Connecting { stage } => format!("connecting ({stage})"),
        TunnelState::Open { since } => format!("open since {since}"),
        TunnelState::TargetDown { since, .. } => format!("target down since {since}"),
        TunnelState::Reconnecting { next_try_at, attempt, .. } => {
            format!("reconnecting #{attempt} at {next_try_at}")
        }
        TunnelState::PortTaken { free_port, .. } => format!("port taken, free {free_port:?}"),
        TunnelState::Failed { error } => format!("failed {:?}", error.code),
    }
}

/// Each event comes 1 s after the one before; the random number is always 0.
fn check(kind: Kind, events: impl IntoIterator<Item = Event>, expected: &str) {
    let mut machine = Machine::new(kind);
    let mut transcript = String::new();
    for (second, event) in (0..).zip(events) {
        let effects = machine.apply(event, Moment { at: second * 1000, random: 0 });
        transcript.push_str(&format!("{} {effects:?}\n", name(machine.state())));
    }
    let lines = |text: &str| text.trim().lines().map(|l| l.trim().to_owned()).collect::<Vec<_>>();
    assert_eq!(lines(&transcript), lines(expected));
}

fn broke(attempt: u64, code: ErrorCode) -> Event {
    Event::Broke { attempt, failure: failure(code) }
}

fn bad(attempt: u64) -> Event {
    Event::ProbeBad { attempt, failure: failure(ErrorCode::Unreachable) }
}

fn taken(attempt: u64) -> Event {
    let error = failure(ErrorCode::Conflict);
    let problem = NotBound::Taken { holder: None, free_port: Some(8081), error };
    Event::NotBound { attempt, problem }
}

#[test]
fn it_listens_first_and_is_open_only_after_a_check() {
    check(
        LOCAL,
        [
            Event::StartAsked,
            Event::Bound { attempt: 1 },
            Event::Stage { attempt: 2, words: "logging in".into() },
            Event::LinkUp { attempt: 2 },
            Event::ProbeGood { attempt: 2 },
            Event::ProbeGood { attempt: 2 },
            bad(2),
            bad(2),
            Event::ProbeGood { attempt: 2 },
            Event::RetryAsked,
            Event::StopAsked,
            Event::ProbeGood { attempt: 2 },
        ],
        "connecting (opening the listener) [Drop, Unbind, Bind { attempt: 1 }]
         connecting (starting) [Drop, Open { attempt: 2 }]
         connecting (logging in) []
         connecting (checking the target) [OpenGate, Probe]
         open since 4000 []
         open since 4000 []
         target down since 6000 []
         target down since 6000 []
         open since 8000 []
         open since 8000 [Probe]
         stopped [Drop, Unbind]
         stopped []",
    );
}

#[test]
fn the_listener_stays_while_a_lost_way_comes_back_after_growing_pauses() {
    check(
        LOCAL,
        [
            Event::StartAsked,
            Event::Bound { attempt: 1 },
            broke(2, ErrorCode::Unreachable),
            Event::Due { attempt: 3 },
            Event::LinkUp { attempt: 4 },
            Event::ProbeGood { attempt: 4 },
            broke(4, ErrorCode::Unreachable),
            Event::Roused,
            broke(6, ErrorCode::Busy),
            Event::RetryAsked,
        ],
        "connecting (opening the listener) [Drop, Unbind, Bind { attempt: 1 }]
         connecting (starting) [Drop, Open { attempt: 2 }]
         reconnecting #1 at 3000 [Drop, Wait { attempt: 3, until: 3000 }]
         connecting (starting) [Drop, Open { attempt: 4 }]
         connecting (checking the target) [OpenGate, Probe]
         open since 5000 []
         reconnecting #2 at 7000 [Drop, Wait { attempt: 5, until: 7000 }]
         connecting (starting) [Drop, Open { attempt: 6 }]
         reconnecting #3 at 10000 [Drop, Wait { attempt: 7, until: 10000 }]
         connecting (starting) [Drop, Open { attempt: 8 }]",
    );
}

#[test]
fn a_way_that_stood_for_long_comes_back_soon() {
    let mut machine = Machine::new(REMOTE);
    let mut at = |seconds: i64, event| {
        machine.apply(event, Moment { at: seconds * 1000, random: 0 });
        name(machine.state())
    };
    at(0, Event::StartAsked);
    for (attempt, second) in [(1, 1), (3, 2), (5, 3)] {
        at(second, broke(attempt, ErrorCode::Unreachable));
        at(second, Event::Due { attempt: attempt + 1 });
    }
    at(10, Event::LinkUp { attempt: 7 });
    assert_eq!(at(60, broke(7, ErrorCode::Unreachable)), "reconnecting #1 at 61000");
}

#[test]
fn what_a_person_has_to_settle_is_not_retried() {
    for code in [
        ErrorCode::Unauthorized,
        ErrorCode::HostKeyUnknown,
        ErrorCode::HostKeyChanged,
        ErrorCode::HostKeyRevoked,
        ErrorCode::SecretsLocked,
        ErrorCode::Cancelled,
    ] {
        check(
            LOCAL,
            [
                Event::StartAsked,
                Event::Bound { attempt: 1 },
                broke(2, code),
                Event::Roused,
                Event::Wanted,
                Event::Due { attempt: 3 },
                Event::Moved,
            ],
            &format!(
                "connecting (opening the listener) [Drop, Unbind, Bind {{ attempt: 1 }}]
                 connecting (starting) [Drop, Open {{ attempt: 2 }}]
                 failed {code:?} [Drop, Unbind]
                 failed {code:?} []
                 failed {code:?} []
                 failed {code:?} []
                 connecting (opening the listener) [Drop, Unbind, Bind {{ attempt: 4 }}]"
            ),
        );
    }
}

#[test]
fn on_demand_the_first_client_opens_the_way_and_idleness_ends_it() {
    check(
        ON_DEMAND,
        [
            Event::StartAsked,
            Event::Bound { attempt: 1 },
            Event::Roused,
            Event::Wanted,
            Event::Wanted,
            Event::LinkUp { attempt: 3 },
            Event::ProbeGood { attempt: 3 },
            Event::Idle { attempt: 3 },
            Event::Wanted,
            Event::LinkUp { attempt: 5 },
            broke(5, ErrorCode::Unreachable),
            Event::Wanted,
        ],
        "connecting (opening the listener) [Drop, Unbind, Bind { attempt: 1 }]
         listening [Drop]
         listening []
         connecting (starting) [Drop, Open { attempt: 3 }]
         connecting (starting) []
         connecting (checking the target) [OpenGate, Probe]
         open since 6000 []
         listening [Drop]
         connecting (starting) [Drop, Open { attempt: 5 }]
         connecting (checking the target) [OpenGate, Probe]
         reconnecting #1 at 11000 [Drop, Wait { attempt: 6, until: 11000 }]
         connecting (starting) [Drop, Open { attempt: 7 }]",
    );
}

#[test]
fn on_demand_a_way_that_stood_is_opened_again_by_the_next_client() {
    let mut machine = Machine::new(ON_DEMAND);
    let mut at = |seconds: i64, event| {
        machine.apply(event, Moment { at: seconds * 1000, random: 0 });
        name(machine.state())
    };
    at(0, Event::StartAsked);
    at(0, Event::Bound { attempt: 1 });
    at(0, Event::Wanted);
    at(1, Event::LinkUp { attempt: 3 });
    assert_eq!(at(60, broke(3, ErrorCode::Unreachable)), "listening");
}

#[test]
fn on_demand_a_failure_is_shown_and_only_tried_again_for_somebody() {
    check(
        ON_DEMAND,
        [
            Event::StartAsked,
            Event::Bound { attempt: 1 },
            Event::Wanted,
            broke(3, ErrorCode::Unreachable),
            Event::Due { attempt: 4 },
            Event::Wanted,
            broke(6, ErrorCode::Unreachable),
            Event::Wanted,
            Event::Due { attempt: 8 },
        ],
        "connecting (opening the listener) [Drop, Unbind, Bind { attempt: 1 }]
         listening [Drop]
         connecting (starting) [Drop, Open { attempt: 3 }]
         reconnecting #1 at 4000 [Drop, Wait { attempt: 4, until: 4000 }]
         listening [Drop]
         connecting (starting) [Drop, Open { attempt: 6 }]
         reconnecting #1 at 7000 [Drop, Wait { attempt: 7, until: 7000 }]
         connecting (starting) [Drop, Open { attempt: 8 }]
         connecting (starting) []",
    );
}

#[test]
fn clients_that_wait_shorten_a_countdown_and_never_make_a_storm() {
    let mut machine = Machine::new(REMOTE);
    let mut at = |ms: i64, event| machine.apply(event, Moment { at: ms, random: 0 });
    at(0, Event::StartAsked);
    let mut attempt = 1;
    for _ in 0..6 {
        at(0, broke(attempt, ErrorCode::Unreachable));
        at(0, Event::Due { attempt: attempt + 1 });
        attempt += 2;
    }
    // 30 s at least by now.
    let waits = at(0, broke(attempt, ErrorCode::Unreachable));
    assert_eq!(waits[1], Effect::Wait { attempt: attempt + 1, until: 30_000 });
    let shorter = at(100, Event::Wanted);
    assert_eq!(shorter[1], Effect::Wait { attempt: attempt + 2, until: 7_500 });
    assert_eq!(at(200, Event::Wanted), []);
    assert_eq!(at(300, Event::Due { attempt: attempt + 1 }), []);
    assert_eq!(at(7_500, Event::Wanted)[1], Effect::Open { attempt: attempt + 3 });
}

#[test]
fn a_taken_port_waits_for_the_person_and_our_own_old_session_does_not() {
    check(
        LOCAL,
        [Event::StartAsked, taken(1), Event::Roused, Event::RetryAsked],
        "connecting (opening the listener) [Drop, Unbind, Bind { attempt: 1 }]
         port taken, free Some(8081) [Drop, Unbind]
         port taken, free Some(8081) []
         connecting (opening the listener) [Drop, Unbind, Bind { attempt: 3 }]",
    );
    check(
        REMOTE,
        [
            Event::StartAsked,
            taken(1),
            Event::RetryAsked,
            Event::LinkUp { attempt: 3 },
            broke(3, ErrorCode::Unreachable),
            Event::Due { attempt: 4 },
            taken(5),
        ],
        "connecting (starting) [Drop, Open { attempt: 1 }]
         port taken, free Some(8081) [Drop, Unbind]
         connecting (starting) [Drop, Open { attempt: 3 }]
         connecting (checking the target) [OpenGate, Probe]
         reconnecting #1 at 5000 [Drop, Wait { attempt: 4, until: 5000 }]
         connecting (starting) [Drop, Open { attempt: 5 }]
         reconnecting #2 at 7000 [Drop, Wait { attempt: 6, until: 7000 }]",
    );
}

#[derive(Debug, Clone)]
enum Step {
    Now(fn() -> Event),
    /// How many numbers ago, for events of an attempt.
    Of(u64, fn(u64) -> Event),
}

fn step() -> impl Strategy<Value = Step> {
    let now: [fn() -> Event; 6] = [
        || Event::StartAsked,
        || Event::StopAsked,
        || Event::RetryAsked,
        || Event::Wanted,
        || Event::Roused,
        || Event::Moved,
    ];
    let of: [fn(u64) -> Event; 10] = [
        |attempt| Event::Bound { attempt },
        taken,
        |attempt| Event::LinkUp { attempt },
        |attempt| broke(attempt, ErrorCode::Unreachable),
        |attempt| broke(attempt, ErrorCode::HostKeyChanged),
        |attempt| Event::ProbeGood { attempt },
        bad,
        |attempt| Event::Due { attempt },
        |attempt| Event::Idle { attempt },
        |attempt| Event::Stage { attempt, words: "words".into() },
    ];
    prop_oneof![
        1 => prop::sample::select(now.to_vec()).prop_map(Step::Now),
        4 => (prop_oneof![6 => Just(0_u64), 1 => 1_u64..4], prop::sample::select(of.to_vec()))
            .prop_map(|(ago, make)| Step::Of(ago, make)),
    ]
}

/// What somebody sees who carries the effects out.
#[derive(Default)]
struct World {
    is_listening: bool,
    runs: u32,
    is_gate_open: bool,
    waits: bool,
}

impl World {
    fn take(&mut self, effect: &Effect) {
        match effect {
            Effect::Drop => (self.runs, self.is_gate_open, self.waits) = (0, false, false),
            Effect::Unbind => self.is_listening = false,
            Effect::Bind { .. } => {
                assert!(!self.is_listening, "listens twice");
                self.is_listening = true;
            }
            Effect::Open { .. } => self.runs += 1,
            Effect::OpenGate => self.is_gate_open = true,
            Effect::Wait { .. } => self.waits = true,
            Effect::Probe => assert!(self.runs == 1, "asks a way that is not there"),
        }
        assert!(self.runs <= 1, "two attempts at once");
    }
}

proptest! {
    #[test]
    fn whatever_happens(
        kind in prop::sample::select(vec![LOCAL, REMOTE, ON_DEMAND]),
        steps in prop::collection::vec((step(), 0_i64..40_000, any::<u64>()), 1..120),
    ) {
        let mut machine = Machine::new(kind);
        let mut world = World::default();
        let (mut at, mut is_wanted, mut is_good) = (0, false, false);
        for (step, later, random) in steps {
            at += later;
            let event = match step {
                Step::Now(make) => make(),
                Step::Of(ago, make) => make(machine.attempt.saturating_sub(ago)),
            };
            match event {
                Event::StartAsked => is_wanted = true,
                Event::StopAsked => is_wanted = false,
                _ => {}
            }
            let good = matches!(event, Event::ProbeGood { attempt } if attempt == machine.attempt);
            let effects = machine.apply(event, Moment { at, random });
            for effect in &effects {
                world.take(effect);
                if *effect == Effect::Drop {
                    is_good = false;
                }
                if !is_wanted {
                    prop_assert!(matches!(effect, Effect::Drop | Effect::Unbind), "{effect:?}");
                }
            }
            is_good |= good && machine.is_up();
            prop_assert_eq!(machine.is_started(), is_wanted);
            prop_assert_eq!(world.is_gate_open, machine.is_up());
            match machine.state() {
                TunnelState::Stopped => prop_assert!(!is_wanted && !world.is_listening),
                TunnelState::Listening => prop_assert!(world.runs == 0 && world.is_listening),
                TunnelState::Connecting { .. } => prop_assert!(!world.waits),
                TunnelState::Open { .. } => prop_assert!(is_good && world.is_gate_open),
                TunnelState::TargetDown { .. } => prop_assert!(world.is_gate_open),
                TunnelState::Reconnecting { next_try_at, .. } => {
                    prop_assert!(world.waits && world.runs == 0 && !world.is_gate_open);
                    prop_assert!(world.is_listening == kind.listens_here);
                    prop_assert!(*next_try_at <= at + 60_000);
                }
                TunnelState::PortTaken { .. } | TunnelState::Failed { .. } => {
                    prop_assert!(world.runs == 0 && !world.waits && !world.is_listening);
                }
            }
        }
    }
}
