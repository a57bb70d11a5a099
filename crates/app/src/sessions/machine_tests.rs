//! The machine as transcripts: what happened, how the connection is then, what is done about it.

use model::{ErrorCode, Failure};

use super::*;

fn failure(code: ErrorCode) -> Failure {
    Failure::new(code, "x")
}

fn name(state: &ConnectionState) -> String {
    match state {
        ConnectionState::Disconnected => "disconnected".into(),
        ConnectionState::Connecting { stage } => format!("connecting ({stage})"),
        ConnectionState::Connected { round_trip_ms, .. } => format!("connected {round_trip_ms:?}"),
        ConnectionState::Reconnecting { next_try_at, attempt, last_seen, .. } => {
            format!("reconnecting #{attempt} at {next_try_at}, seen {last_seen:?}")
        }
        ConnectionState::Failed { error, last_seen } => {
            format!("failed {:?}, seen {last_seen:?}", error.code)
        }
    }
}

/// Each event comes 1 s after the one before; the random number is always 0.
fn check(events: impl IntoIterator<Item = Event>, expected: &str) {
    let mut machine = Machine::default();
    let mut transcript = String::new();
    for (second, event) in (0..).zip(events) {
        let effects = machine.apply(event, Moment { at: second * 1000, random: 0 });
        transcript.push_str(&format!("{} {effects:?}\n", name(machine.state())));
    }
    let lines = |text: &str| text.trim().lines().map(|l| l.trim().to_owned()).collect::<Vec<_>>();
    assert_eq!(lines(&transcript), lines(expected));
}

const ASKED: Event = Event::ConnectAsked { cause: Cause::Person };
const STARTED: Event = Event::ConnectAsked { cause: Cause::Start };

fn broke(attempt: u64, code: ErrorCode) -> Event {
    Event::Broke { attempt, failure: failure(code) }
}

#[test]
fn it_connects_and_measures() {
    check(
        [
            ASKED,
            Event::Stage { attempt: 1, words: "checking the host key".into() },
            Event::Connected { attempt: 1 },
            Event::Answered { attempt: 1, round_trip_ms: 12 },
            ASKED,
            Event::DisconnectAsked,
        ],
        "connecting (starting) [Drop, Open { attempt: 1 }]
         connecting (checking the host key) []
         connected None []
         connected Some(12) []
         connected Some(12) [Probe]
         disconnected [Drop]",
    );
}

#[test]
fn a_lost_session_comes_back_after_growing_pauses() {
    check(
        [
            ASKED,
            Event::Connected { attempt: 1 },
            broke(1, ErrorCode::Unreachable),
            Event::Due { attempt: 2 },
            broke(3, ErrorCode::Unreachable),
            Event::Due { attempt: 4 },
            Event::Connected { attempt: 5 },
            broke(5, ErrorCode::Unreachable),
        ],
        "connecting (starting) [Drop, Open { attempt: 1 }]
         connected None []
         reconnecting #1 at 3000, seen Some(1000) [Drop, Wait { attempt: 2, until: 3000 }]
         connecting (starting) [Drop, Open { attempt: 3 }]
         reconnecting #2 at 5000, seen Some(1000) [Drop, Wait { attempt: 4, until: 5000 }]
         connecting (starting) [Drop, Open { attempt: 5 }]
         connected None []
         reconnecting #1 at 8000, seen Some(6000) [Drop, Wait { attempt: 6, until: 8000 }]",
    );
}

#[test]
fn a_first_failure_is_shown_to_the_person_who_waits() {
    check(
        [ASKED, broke(1, ErrorCode::Unreachable), ASKED],
        "connecting (starting) [Drop, Open { attempt: 1 }]
         failed Unreachable, seen None [Drop]
         connecting (starting) [Drop, Open { attempt: 2 }]",
    );
}

#[test]
fn at_the_start_of_the_app_the_network_may_come_later() {
    check(
        [STARTED, broke(1, ErrorCode::Unreachable), Event::Woke],
        "connecting (starting) [Drop, Open { attempt: 1 }]
         reconnecting #1 at 2000, seen None [Drop, Wait { attempt: 2, until: 2000 }]
         connecting (starting) [Drop, Open { attempt: 3 }]",
    );
}

#[test]
fn what_a_person_has_to_settle_is_not_retried() {
    for code in [
        ErrorCode::Unauthorized,
        ErrorCode::HostKeyUnknown,
        ErrorCode::HostKeyChanged,
        ErrorCode::HostKeyRevoked,
        ErrorCode::Invalid,
        ErrorCode::SecretsLocked,
    ] {
        check(
            [
                STARTED,
                Event::Connected { attempt: 1 },
                broke(1, code),
                Event::Woke,
                Event::Due { attempt: 1 },
            ],
            &format!(
                "connecting (starting) [Drop, Open {{ attempt: 1 }}]
                 connected None []
                 failed {code:?}, seen Some(1000) [Drop]
                 failed {code:?}, seen Some(1000) []
                 failed {code:?}, seen Some(1000) []"
            ),
        );
    }
}

#[test]
fn what_the_person_stopped_stays_stopped() {
    check(
        [
            ASKED,
            Event::Connected { attempt: 1 },
            Event::DisconnectAsked,
            broke(1, ErrorCode::Unreachable),
            Event::Woke,
            Event::Connected { attempt: 2 },
        ],
        "connecting (starting) [Drop, Open { attempt: 1 }]
         connected None []
         disconnected [Drop]
         disconnected []
         disconnected []
         disconnected []",
    );
}

#[test]
fn news_of_an_older_attempt_means_nothing() {
    check(
        [
            ASKED,
            Event::Connected { attempt: 1 },
            broke(1, ErrorCode::Unreachable),
            Event::Connected { attempt: 1 },
            Event::Answered { attempt: 1, round_trip_ms: 1 },
            Event::Due { attempt: 1 },
        ],
        "connecting (starting) [Drop, Open { attempt: 1 }]
         connected None []
         reconnecting #1 at 3000, seen Some(1000) [Drop, Wait { attempt: 2, until: 3000 }]
         reconnecting #1 at 3000, seen Some(1000) []
         reconnecting #1 at 3000, seen Some(1000) []
         reconnecting #1 at 3000, seen Some(1000) []",
    );
}

#[test]
fn waking_up_asks_a_live_server_at_once() {
    check(
        [ASKED, Event::Connected { attempt: 1 }, Event::Woke],
        "connecting (starting) [Drop, Open { attempt: 1 }]
         connected None []
         connected None [Probe]",
    );
}

#[test]
fn a_machine_that_moved_is_looked_for_where_it_is_now() {
    check(
        [
            Event::Moved,
            ASKED,
            Event::Moved,
            Event::Connected { attempt: 1 },
            Event::Connected { attempt: 2 },
            Event::Moved,
            broke(3, ErrorCode::Unauthorized),
            Event::Moved,
        ],
        "disconnected []
         connecting (starting) [Drop, Open { attempt: 1 }]
         connecting (starting) [Drop, Open { attempt: 2 }]
         connecting (starting) []
         connected None []
         connecting (starting) [Drop, Open { attempt: 3 }]
         failed Unauthorized, seen Some(4000) [Drop]
         failed Unauthorized, seen Some(4000) []",
    );
}
