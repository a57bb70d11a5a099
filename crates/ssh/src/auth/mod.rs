//! Logging in: the methods of a hop in their order, as far as the server offers them, with partial
//! success, and a sentence that says what was tried when nothing works.

mod agent;
mod agent_ways;
mod evidence;
mod interactive;
mod key_file;
mod password;
mod patient;

use std::sync::Arc;

use backend_api::BackendError;
use model::{Prompt, Secret};
use russh::client::{AuthResult, Handle};
use russh::keys::PublicKey;
use russh::{MethodKind, MethodSet};

use crate::guard::Guard;
use crate::interview::Interview;
use crate::{AuthMethod, CredentialsRequest, Hop, Progress};
use evidence::{Attempt, also, evidence, name_of, names};

/// How often a person may try again.
const ATTEMPTS: usize = 3;

/// What came of one method.
#[derive(Debug)]
enum Outcome {
    In,
    /// Accepted, and the server wants another method as well.
    Partly(MethodSet),
    /// The server said no.
    Refused,
    /// It could not even be tried, for a reason on this side.
    Unusable(BackendError),
}

/// One login on one connection.
struct Login<'a> {
    handle: &'a mut Handle<Guard>,
    interview: &'a Arc<Interview>,
    hop_index: usize,
    hop: &'a Hop,
    /// "dev@forge-1", for messages.
    who: String,
    offered: MethodSet,
    /// The server said so; until then it is a guess.
    is_told: bool,
}

/// Logs in.
///
/// # Errors
/// `Unauthorized` when no method works, `Cancelled` when a person declines to answer, the problem itself
/// when it lies on this side and nothing else could be tried, `Unreachable` when the connection breaks.
pub(crate) async fn log_in(
    handle: &mut Handle<Guard>,
    interview: &Arc<Interview>,
    hop_index: usize,
    hop: &Hop,
) -> Result<(), BackendError> {
    let who = format!("{}@{}", hop.user, hop.name);
    let offered = MethodSet::from([MethodKind::PublicKey].as_slice());
    let mut login = Login { handle, interview, hop_index, hop, who, offered, is_told: false };
    if !login.may_begin().await && login.ask_what_is_offered().await? {
        return Ok(());
    }
    login.run().await
}

impl Login<'_> {
    /// Whether the first method can be tried before the server said what it accepts, which takes a round
    /// trip: when that disturbs nobody.
    async fn may_begin(&self) -> bool {
        match self.hop.auth.first() {
            Some(AuthMethod::Agent { .. } | AuthMethod::KeyFile { passphrase: Some(_), .. }) => {
                true
            }
            Some(AuthMethod::KeyFile { path, passphrase: None }) => key_file::is_open(path).await,
            Some(AuthMethod::Password { .. } | AuthMethod::KeyboardInteractive) | None => false,
        }
    }

    /// Asks with a login that proves nothing; true when that was enough.
    async fn ask_what_is_offered(&mut self) -> Result<bool, BackendError> {
        match self.handle.authenticate_none(&self.hop.user).await {
            Ok(AuthResult::Success) => {
                let (hop, method) = (self.hop_index, "no proof at all".to_owned());
                self.interview.progress(Progress::LoggedIn { hop, method });
                Ok(true)
            }
            Ok(AuthResult::Failure { remaining_methods, .. }) => {
                (self.offered, self.is_told) = (remaining_methods, true);
                Ok(false)
            }
            Err(error) => Err(self.broken(&error)),
        }
    }

    async fn run(&mut self) -> Result<(), BackendError> {
        let methods = &self.hop.auth;
        let mut is_used = vec![false; methods.len()];
        let mut attempts: Vec<Attempt> = Vec::new();
        while let Some((index, method)) = self.next_method(&is_used) {
            if let Some(used) = is_used.get_mut(index) {
                *used = true;
            }
            match self.try_method(index, method).await? {
                Outcome::In => {
                    let (hop, method) = (self.hop_index, name_of(method));
                    self.interview.progress(Progress::LoggedIn { hop, method });
                    return Ok(());
                }
                Outcome::Partly(remaining) => {
                    attempts.push(Attempt::new(method, "accepted, but not enough"));
                    (self.offered, self.is_told) = (remaining, true);
                }
                Outcome::Refused if self.handle.is_closed() => {
                    attempts.push(Attempt::new(method, "refused"));
                    return Err(self.hung_up(&attempts));
                }
                Outcome::Refused => attempts.push(Attempt::new(method, "refused")),
                Outcome::Unusable(problem) => {
                    attempts.push(Attempt { problem: Some(problem), ..Attempt::new(method, "") });
                }
            }
            // Some servers let in whoever they know already, if only asked.
            if !self.is_told && self.ask_what_is_offered().await? {
                return Ok(());
            }
        }
        Err(self.not_let_in(attempts))
    }

    /// The first method that was not used yet and that the server offers.
    fn next_method<'b>(&self, is_used: &[bool]) -> Option<(usize, &'b AuthMethod)>
    where
        Self: 'b,
    {
        let methods = self.hop.auth.iter().enumerate().zip(is_used);
        let mut open = methods.filter(|(_, used)| !**used).map(|(method, _)| method);
        open.find(|(_, method)| self.is_offered(method))
    }

    fn is_offered(&self, method: &AuthMethod) -> bool {
        let has = |kind| !self.is_told || self.offered.contains(&kind);
        match method {
            AuthMethod::Agent { .. } | AuthMethod::KeyFile { .. } => has(MethodKind::PublicKey),
            // Most servers ask for the password by prompts; a stored one answers those too.
            AuthMethod::Password { .. } => {
                has(MethodKind::Password) || has(MethodKind::KeyboardInteractive)
            }
            AuthMethod::KeyboardInteractive => has(MethodKind::KeyboardInteractive),
        }
    }

    async fn try_method(
        &mut self,
        index: usize,
        method: &AuthMethod,
    ) -> Result<Outcome, BackendError> {
        match method {
            AuthMethod::Agent { socket } => self.with_agent(socket.as_deref()).await,
            AuthMethod::KeyFile { path, passphrase } => {
                self.with_key_file(index, path, passphrase.as_ref()).await
            }
            AuthMethod::Password { password } if self.offered.contains(&MethodKind::Password) => {
                self.with_password(index, password.as_ref()).await
            }
            AuthMethod::Password { password } => self.with_prompts(index, password.as_ref()).await,
            AuthMethod::KeyboardInteractive => self.with_prompts(index, None).await,
        }
    }

    fn offering(&self, key: &PublicKey) {
        if let Ok(line) = key.to_openssh() {
            self.interview.progress(Progress::KeyOffered { hop: self.hop_index, line });
        }
    }

    /// Asks for one hidden value.
    async fn ask_secret(
        &self,
        method: usize,
        title: String,
        label: &str,
        refused: Option<&str>,
    ) -> Result<Secret<String>, BackendError> {
        let request = CredentialsRequest {
            hop: self.hop_index,
            method,
            title,
            instruction: None,
            prompts: vec![Prompt { label: label.to_owned(), is_echoed: false }],
            can_remember: true,
            refused: refused.map(str::to_owned),
        };
        let answers = self.interview.credentials(request).await.unwrap_or_default();
        answers.into_iter().next().ok_or(BackendError::Cancelled)
    }

    /// A refusal also says what the server accepts.
    fn outcome(&mut self, result: AuthResult) -> Outcome {
        match result {
            AuthResult::Success => Outcome::In,
            AuthResult::Failure { partial_success: true, remaining_methods } => {
                Outcome::Partly(remaining_methods)
            }
            AuthResult::Failure { remaining_methods, .. } => {
                self.offered = remaining_methods;
                Outcome::Refused
            }
        }
    }

    fn broken(&self, error: &russh::Error) -> BackendError {
        BackendError::unreachable(format!(
            "{} closed the connection during the login",
            self.hop.name
        ))
        .with_hint("Try again. If it goes on, the server's log says why.")
        .with_detail(error.to_string())
    }

    fn hung_up(&self, attempts: &[Attempt]) -> BackendError {
        BackendError::unauthorized(format!(
            "{} ended the login of {}",
            self.hop.name, self.hop.user
        ))
        .with_hint(
            "Servers do this after too many attempts. Name the right key file for this host, or \
                 hold fewer keys in the agent.",
        )
        .with_detail(evidence(&self.offered, attempts))
    }

    fn not_let_in(&self, mut attempts: Vec<Attempt>) -> BackendError {
        let evidence = evidence(&self.offered, &attempts);
        let message = format!("{} does not let {} in", self.hop.name, self.hop.user);
        if attempts.len() == 1
            && let Some(problem) = attempts.pop().and_then(|attempt| attempt.problem)
        {
            return problem.map_failure(|failure| also(failure, &evidence));
        }
        let hint = if attempts.is_empty() {
            format!(
                "The server accepts {}. Add one of these ways to log in to the host.",
                names(&self.offered)
            )
        } else {
            "Check the user name, and that the server knows this key or password.".to_owned()
        };
        BackendError::unauthorized(message).with_hint(hint).with_detail(evidence)
    }
}
