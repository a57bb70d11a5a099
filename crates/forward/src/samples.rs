//! Bytes of the last minute in steps of two seconds.

use std::{collections::VecDeque, time::Duration};

use model::TrafficSample;
use tokio::time::Instant;

const STEP: Duration = Duration::from_secs(2);
const KEPT: usize = 30;

/// The steps, newest last; the last one is not over.
#[derive(Debug)]
pub(crate) struct Samples {
    began: Instant,
    /// Steps since `began` at the last one of `steps`.
    number: u64,
    steps: VecDeque<(u64, u64)>,
}

impl Samples {
    pub(crate) fn new() -> Self {
        Self { began: Instant::now(), number: 0, steps: VecDeque::from([(0, 0)]) }
    }

    pub(crate) fn add(&mut self, down: u64, up: u64) {
        self.catch_up();
        if let Some(step) = self.steps.back_mut() {
            step.0 += down;
            step.1 += up;
        }
    }

    /// The steps that are over, oldest first; empty when nothing went through in any of them.
    pub(crate) fn list(&mut self) -> Vec<TrafficSample> {
        self.catch_up();
        let over = self.steps.len().saturating_sub(1);
        let done = || self.steps.iter().take(over);
        if done().all(|step| *step == (0, 0)) {
            return Vec::new();
        }
        let rate = |bytes: u64| u32::try_from(bytes / STEP.as_secs()).unwrap_or(u32::MAX);
        done()
            .map(|(down, up)| TrafficSample {
                down_per_second: rate(*down),
                up_per_second: rate(*up),
            })
            .collect()
    }

    fn catch_up(&mut self) {
        let now = self.began.elapsed().as_secs() / STEP.as_secs();
        let missing = now.saturating_sub(self.number);
        self.number = now;
        for _ in 0..missing.min(KEPT as u64 + 1) {
            self.steps.push_back((0, 0));
        }
        while self.steps.len() > KEPT + 1 {
            self.steps.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use model::TrafficSample;
    use tokio::time::advance;

    use super::Samples;

    #[tokio::test(start_paused = true)]
    async fn the_last_minute_is_kept_in_steps_of_two_seconds() {
        let mut samples = Samples::new();
        samples.add(2000, 10);
        assert_eq!(samples.list(), [], "the step is not over");
        advance(Duration::from_secs(2)).await;
        samples.add(1000, 0);
        samples.add(1000, 0);
        advance(Duration::from_secs(6)).await;
        let listed: Vec<_> = samples.list().iter().map(|one| one.down_per_second).collect();
        assert_eq!(listed, [1000, 1000, 0, 0]);
        let first = TrafficSample { down_per_second: 1000, up_per_second: 5 };
        assert_eq!(samples.list().first(), Some(&first));
        advance(Duration::from_secs(54)).await;
        assert_eq!(samples.list().len(), 30);
        advance(Duration::from_secs(7200)).await;
        assert_eq!(samples.list(), [], "nothing for a minute");
    }
}
