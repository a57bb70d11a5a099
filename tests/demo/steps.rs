//! Prints each step with the time it took.

use std::time::Instant;

use anyhow::{Context, Result};

/// Runs one step and prints its name, its time and what it found out.
///
/// # Errors
/// The step's own error, with the step's name.
pub(crate) async fn step<T: Remark>(
    name: &str,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    let start = Instant::now();
    let found =
        work.await.with_context(|| format!("{name}: failed after {:.1?}", start.elapsed()))?;
    let took = format!("{:.2} s", start.elapsed().as_secs_f64());
    println!("{took:>9}  {name}{}", found.remark());
    Ok(found)
}

/// What a step says beside its name.
pub(crate) trait Remark {
    fn remark(&self) -> String {
        String::new()
    }
}

impl Remark for () {}
impl Remark for tests::practice::Practice {}
impl Remark for tests::practice_labs::PracticeLabs {}
impl Remark for serde_json::Value {}

impl Remark for String {
    fn remark(&self) -> String {
        if self.is_empty() { String::new() } else { format!(": {self}") }
    }
}
