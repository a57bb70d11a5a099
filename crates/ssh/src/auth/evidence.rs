//! What was tried on the way in, in words.

use backend_api::BackendError;
use model::Failure;
use russh::MethodSet;

use crate::AuthMethod;

/// One method that was tried, for the evidence.
pub(super) struct Attempt {
    pub(super) method: String,
    pub(super) result: &'static str,
    pub(super) problem: Option<BackendError>,
}

impl Attempt {
    pub(super) fn new(method: &AuthMethod, result: &'static str) -> Self {
        Self { method: name_of(method), result, problem: None }
    }

    fn line(&self) -> String {
        match &self.problem {
            Some(problem) => format!("tried {}: {problem}", self.method),
            None => format!("tried {}: {}", self.method, self.result),
        }
    }
}

pub(super) fn name_of(method: &AuthMethod) -> String {
    match method {
        AuthMethod::Agent { .. } => "keys of the agent".to_owned(),
        AuthMethod::KeyFile { path, .. } => format!("key file {}", path.display()),
        AuthMethod::Password { .. } => "password".to_owned(),
        AuthMethod::KeyboardInteractive => "keyboard-interactive".to_owned(),
    }
}

pub(super) fn evidence(offered: &MethodSet, attempts: &[Attempt]) -> String {
    let mut lines: Vec<String> = attempts.iter().map(Attempt::line).collect();
    lines.push(format!("the server accepts: {}", names(offered)));
    lines.join("\n")
}

pub(super) fn names(offered: &MethodSet) -> String {
    let names: Vec<String> = offered.iter().map(String::from).collect();
    if names.is_empty() { "no way to log in".to_owned() } else { names.join(", ") }
}

pub(super) fn also(failure: Failure, evidence: &str) -> Failure {
    let detail = match &failure.detail {
        Some(detail) => format!("{detail}\n{evidence}"),
        None => evidence.to_owned(),
    };
    failure.with_detail(detail)
}
