//! `Diagnose`: the checks of one kind of connection, made one after the other on a link that is up.
//!
//! Deliberately not here: reaching the machine (that is the app's) and carrying a fix out.

use async_trait::async_trait;
use model::{Failure, Fix, FormValues, ServerSetup, SetupPlan};

use crate::{BackendError, ConnectInput, Cx};

/// One check, as it is announced before any is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    pub id: &'static str,
    /// A word or two for a person, for example "Socket".
    pub title: &'static str,
}

/// What a check came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is as it should be; the sentence says what was found.
    Passed(String),
    /// It works; the failure says what deserves a look.
    Warned { summary: String, failure: Failure, fixes: Vec<Fix> },
    /// It does not work; no later check makes sense.
    Failed { failure: Failure, fixes: Vec<Fix> },
    /// Not needed here, for this reason.
    Skipped(String),
}

/// Is told how the checks go. Never blocks.
pub trait CheckSink: Send + Sync {
    fn begin(&self, id: &str);
    fn end(&self, id: &str, outcome: Outcome);
}

/// What a kind of connection can test of itself, step by step.
#[async_trait]
pub trait Diagnose: Send + Sync {
    /// Every check in the order in which it is made.
    fn checks(&self) -> Vec<Check>;

    /// Makes the checks in their order; each one begun is ended, and none follows one that failed.
    /// Reads only. Cancel by `cx.cancel` or by dropping.
    ///
    /// # Errors
    /// `Cancelled` only: whatever is wrong is the outcome of a check.
    async fn diagnose(
        &self,
        input: ConnectInput,
        sink: &dyn CheckSink,
        cx: &Cx,
    ) -> Result<(), BackendError>;
}

/// A script that prepares a server for this kind of connection.
pub trait SetUp: Send + Sync {
    /// The script and its choices.
    fn offer(&self) -> ServerSetup;

    /// What running it with these choices would do; `login` is who logs in on the server. Bad choices
    /// become `SetupPlan::problems`.
    fn plan(&self, values: &FormValues, login: &str) -> SetupPlan;
}
