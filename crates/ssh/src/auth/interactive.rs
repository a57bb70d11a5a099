//! Keyboard-interactive: the server asks, as often as it likes, and a person answers.

use backend_api::BackendError;
use model::{Prompt, Secret};
use russh::client::KeyboardInteractiveAuthResponse as Response;

use super::{ATTEMPTS, Login, Outcome};
use crate::{AuthMethod, CredentialsRequest};

const REFUSED: &str = "The server refused that answer.";
/// More rounds than any real server needs.
const MAX_ROUNDS: usize = 20;

/// What a server asks in one round.
struct Round {
    name: String,
    instructions: String,
    prompts: Vec<Prompt>,
}

impl Login<'_> {
    /// Answers prompts. A stored password answers a lone hidden prompt the first time.
    pub(super) async fn with_prompts(
        &mut self,
        method: usize,
        stored: Option<&Secret<String>>,
    ) -> Result<Outcome, BackendError> {
        let mut stored = stored.cloned();
        let mut refused = None;
        for _ in 0..=ATTEMPTS {
            let outcome = self.interview_once(method, &mut stored, refused).await?;
            if !matches!(outcome, Outcome::Refused) || self.handle.is_closed() {
                return Ok(outcome);
            }
            refused = Some(REFUSED);
        }
        Ok(Outcome::Refused)
    }

    async fn interview_once(
        &mut self,
        method: usize,
        stored: &mut Option<Secret<String>>,
        refused: Option<&str>,
    ) -> Result<Outcome, BackendError> {
        let started =
            self.handle.authenticate_keyboard_interactive_start(&self.hop.user, None).await;
        let mut response = started.map_err(|error| self.broken(&error))?;
        let mut is_first = true;
        for _ in 0..MAX_ROUNDS {
            let round = match response {
                Response::Success => return Ok(Outcome::In),
                Response::Failure { partial_success: true, remaining_methods } => {
                    return Ok(Outcome::Partly(remaining_methods));
                }
                Response::Failure { .. } => return Ok(Outcome::Refused),
                Response::InfoRequest { name, instructions, prompts } => {
                    let prompts = prompts.into_iter().map(shown).collect();
                    Round { name, instructions, prompts }
                }
            };
            let asks = !round.prompts.is_empty();
            let answers = self.answers(method, round, stored, refused, is_first).await?;
            is_first &= !asks;
            let answers = answers.iter().map(|answer| answer.expose().clone()).collect();
            let next = self.handle.authenticate_keyboard_interactive_respond(answers).await;
            response = next.map_err(|error| self.broken(&error))?;
        }
        Ok(Outcome::Refused)
    }

    async fn answers(
        &self,
        method: usize,
        round: Round,
        stored: &mut Option<Secret<String>>,
        refused: Option<&str>,
        is_first: bool,
    ) -> Result<Vec<Secret<String>>, BackendError> {
        let is_lone_secret = matches!(round.prompts.as_slice(), [Prompt { is_echoed: false, .. }]);
        if round.prompts.is_empty() {
            return Ok(Vec::new());
        }
        if is_lone_secret && let Some(password) = stored.take() {
            return Ok(vec![password]);
        }
        let count = round.prompts.len();
        let title =
            if round.name.is_empty() { format!("Log in as {}", self.who) } else { round.name };
        let request = CredentialsRequest {
            hop: self.hop_index,
            method,
            title,
            instruction: Some(round.instructions).filter(|text| !text.is_empty()),
            prompts: round.prompts,
            // A password that happens to be asked for by prompt comes first and serves again; what is
            // asked for behind it is a code, which serves once.
            can_remember: is_first && is_lone_secret && self.is_password(method),
            refused: refused.map(str::to_owned),
        };
        let answers = self.interview.credentials(request).await.ok_or(BackendError::Cancelled)?;
        if answers.len() == count { Ok(answers) } else { Err(BackendError::Cancelled) }
    }
}

impl Login<'_> {
    fn is_password(&self, method: usize) -> bool {
        matches!(self.hop.auth.get(method), Some(AuthMethod::Password { .. }))
    }
}

fn shown(prompt: russh::client::Prompt) -> Prompt {
    Prompt { label: prompt.prompt.trim().to_owned(), is_echoed: prompt.echo }
}
