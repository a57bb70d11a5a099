//! A password, stored or asked for.

use backend_api::BackendError;
use model::Secret;
use russh::client::AuthResult;

use super::{ATTEMPTS, Login, Outcome};

const REFUSED: &str = "The server refused that password.";

impl Login<'_> {
    /// Tries the stored password, then what a person types.
    pub(super) async fn with_password(
        &mut self,
        method: usize,
        stored: Option<&Secret<String>>,
    ) -> Result<Outcome, BackendError> {
        let mut password = stored.cloned();
        let mut refused = None;
        for _ in 0..=ATTEMPTS {
            let secret = match password.take() {
                Some(secret) => secret,
                None => {
                    let title = format!("Password for {}", self.who);
                    self.ask_secret(method, title, "Password", refused).await?
                }
            };
            let result =
                self.handle.authenticate_password(&self.hop.user, secret.expose().as_str()).await;
            match result.map_err(|error| self.broken(&error))? {
                AuthResult::Failure { partial_success: false, .. } if !self.handle.is_closed() => {
                    refused = Some(REFUSED);
                }
                result => return Ok(self.outcome(result)),
            }
        }
        Ok(Outcome::Refused)
    }
}
