//! Ratios taken inside one run: arms interleaved, the ratio computed per round, the median reported.
//!
//! Owns: the arithmetic and the table. Deliberately not here: what is measured.

use std::time::Duration;

use serde_json::{Value, json};

/// Fewer rounds than this say nothing on a machine that others use too.
pub const LEAST_ROUNDS: usize = 7;

/// Times of several arms, taken in turns.
#[derive(Debug)]
pub struct Rounds {
    arms: Vec<&'static str>,
    /// One list of milliseconds per round, in the order of the arms.
    rounds: Vec<Vec<f64>>,
}

impl Rounds {
    /// For these arms; the first is the one the others are compared with.
    #[must_use]
    pub fn new(arms: &[&'static str]) -> Self {
        Self { arms: arms.to_vec(), rounds: Vec::new() }
    }

    /// Adds one round, in the order of the arms.
    ///
    /// # Panics
    /// When the number of times is not the number of arms.
    pub fn add(&mut self, times: &[Duration]) {
        assert_eq!(times.len(), self.arms.len(), "one time per arm");
        self.rounds.push(times.iter().map(|time| time.as_secs_f64() * 1000.0).collect());
    }

    /// The median over the rounds of arm `over` divided by arm `under`, and its quartiles.
    ///
    /// # Panics
    /// When an arm does not exist or fewer than `LEAST_ROUNDS` were added.
    #[must_use]
    pub fn ratio(&self, over: &str, under: &str) -> Spread {
        assert!(self.rounds.len() >= LEAST_ROUNDS, "{} rounds are too few", self.rounds.len());
        let (over, under) = (self.arm(over), self.arm(under));
        Spread::of(self.rounds.iter().map(|round| round[over] / round[under]).collect())
    }

    /// The median time of an arm in milliseconds, and its quartiles.
    ///
    /// # Panics
    /// When the arm does not exist.
    #[must_use]
    pub fn time(&self, arm: &str) -> Spread {
        let arm = self.arm(arm);
        Spread::of(self.rounds.iter().map(|round| round[arm]).collect())
    }

    /// Prints every arm, then the ratios with their goals, then the same as one line of JSON.
    pub fn print(&self, name: &str, ratios: &[Ratio]) {
        println!("\n{name}: {} rounds, median [quartiles]", self.rounds.len());
        let mut times = serde_json::Map::new();
        for arm in &self.arms {
            let time = self.time(arm);
            println!("  {arm:44} {:9.2} ms  [{:.2}, {:.2}]", time.median, time.low, time.high);
            times.insert((*arm).to_owned(), time.json());
        }
        let mut reported = serde_json::Map::new();
        for Ratio { label, over, under, goal } in ratios {
            let ratio = self.ratio(over, under);
            println!(
                "  {label:44} {:9.2}     [{:.2}, {:.2}]  goal {goal}",
                ratio.median, ratio.low, ratio.high
            );
            reported.insert((*label).to_owned(), ratio.json());
        }
        println!("{}", json!({"bench": name, "times_ms": times, "ratios": reported}));
    }

    fn arm(&self, name: &str) -> usize {
        self.arms.iter().position(|arm| *arm == name).expect("a known arm")
    }
}

/// A ratio to report.
#[derive(Debug)]
pub struct Ratio {
    pub label: &'static str,
    pub over: &'static str,
    pub under: &'static str,
    /// In words, for example "at most 1.3".
    pub goal: &'static str,
}

/// A median with its quartiles.
#[derive(Debug, Clone, Copy)]
pub struct Spread {
    pub median: f64,
    pub low: f64,
    pub high: f64,
}

impl Spread {
    /// Of some figures; without any, nothing is a number.
    #[must_use]
    pub fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |quarter: usize| values.get(values.len() * quarter / 4).copied();
        let last = values.last().copied().unwrap_or(f64::NAN);
        Self {
            median: at(2).unwrap_or(last),
            low: at(1).unwrap_or(last),
            high: at(3).unwrap_or(last),
        }
    }

    /// For the machine-readable report.
    #[must_use]
    pub fn json(self) -> Value {
        json!({"median": self.median, "low": self.low, "high": self.high})
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:>10.2}   [{:.2}, {:.2}]", self.median, self.low, self.high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_taken_per_round() {
        let mut rounds = Rounds::new(&["floor", "ours"]);
        for factor in [1, 10, 3, 4, 5, 6, 7] {
            let floor = Duration::from_millis(factor);
            rounds.add(&[floor, floor * 2]);
        }
        let ratio = rounds.ratio("ours", "floor");
        assert!((ratio.median - 2.0).abs() < 1e-9 && (ratio.high - 2.0).abs() < 1e-9);
        assert!((rounds.time("floor").median - 5.0).abs() < 1e-9);
    }
}
