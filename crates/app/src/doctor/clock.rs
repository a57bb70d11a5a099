//! The server's clock beside this computer's: certificates and logs depend on it.

use std::time::Duration;

use backend_api::Cx;
use model::{ErrorCode, Failure, Fix, StageStatus, TimestampMs};

use super::board::{Board, Ending};

pub(super) const CLOCK: &str = "clock";
/// Clocks that differ less are fine.
const TOLERATED_MS: i64 = 30_000;
const WITHIN: Duration = Duration::from_secs(10);

/// Asks the server for its time. Never fails: what cannot be asked is skipped.
pub(super) async fn test(board: &Board, cx: &Cx) {
    board.begin(CLOCK, None);
    let before = cx.clock.now();
    let asked = tokio::time::timeout(WITHIN, cx.exec.run(&["date", "+%s"])).await;
    let output = asked.ok().and_then(Result::ok).filter(|output| output.exit_code == Some(0));
    let seconds = output.and_then(|output| seconds(&output.stdout));
    let Some(seconds) = seconds else {
        return board.skip(CLOCK, None, "the server does not say what time it is");
    };
    let ahead = ahead(seconds, before, cx.clock.now());
    if ahead.abs() <= TOLERATED_MS {
        return board.pass(CLOCK, None, "both clocks agree");
    }
    let direction = if ahead > 0 { "ahead of" } else { "behind" };
    let words = format!("{} {direction} this computer", duration(ahead.abs()));
    let failure = Failure::new(ErrorCode::Conflict, format!("the server's clock is {words}"))
        .with_hint(
            "Set the clock that is wrong: certificates are refused and logs are out of order.",
        );
    let place = "on the machine whose clock is wrong".to_owned();
    let fix = Fix::Command { place, line: "sudo timedatectl set-ntp true".into() };
    let (status, summary) = (StageStatus::Warned, Some(words));
    board.finish(CLOCK, None, Ending { status, summary, failure: Some(failure), fixes: vec![fix] });
}

fn seconds(stdout: &[u8]) -> Option<i64> {
    std::str::from_utf8(stdout).ok()?.trim().parse().ok()
}

/// How far the server is ahead, in milliseconds; its answer is whole seconds from between two moments.
fn ahead(seconds: i64, before: TimestampMs, after: TimestampMs) -> i64 {
    let theirs = seconds.saturating_mul(1000);
    if theirs > after {
        theirs.saturating_sub(after)
    } else {
        // Whole seconds hide almost one.
        theirs.saturating_add(999).min(before).saturating_sub(before)
    }
}

fn duration(ms: i64) -> String {
    let seconds = ms / 1000;
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} min", seconds / 60),
        7200..=172_799 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_seconds_and_the_way_are_forgiven() {
        assert_eq!(ahead(100, 100_400, 100_600), 0);
        assert_eq!(ahead(100, 100_900, 101_200), 0);
        assert_eq!(ahead(160, 100_000, 100_500), 59_500);
        assert_eq!(ahead(40, 100_000, 100_500), -59_001);
        assert_eq!(ahead(i64::MAX, 0, 1), i64::MAX - 1);
        assert_eq!(ahead(i64::MIN, 5, 6), i64::MIN + 994);
    }

    #[test]
    fn differences_are_readable() {
        assert_eq!(
            [59_000, 300_000, 10_800_000, 400_000_000].map(duration),
            ["59 s", "5 min", "3 h", "4 days"]
        );
    }

    #[test]
    fn only_a_number_is_a_time() {
        assert_eq!(seconds(b"1764000000\n"), Some(1_764_000_000));
        assert_eq!(seconds(b"date: not found"), None);
        assert_eq!(seconds(b"\xff"), None);
    }
}
