//! Requests with a login: made when first needed, once again when the server forgot it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use backend_api::{BackendError, Cx};
use http::StatusCode;
use https::{Authorization, Call, Client, Reply, Streaming, WebSocket};
use model::Secret;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::words::Attempt;

/// What stays as it is in a path's part or a query's value.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// How long a login is asked for; the server's own limit is a day.
const SESSION: &str = "24h";
/// A wrong password takes the server about three seconds.
const LOGIN_LIMIT: Duration = Duration::from_secs(30);

/// Escapes one part of a path or a value of a query.
pub(crate) fn escape(text: &str) -> String {
    utf8_percent_encode(text, KEPT).to_string()
}

#[derive(Serialize)]
struct Login<'a> {
    username: &'a str,
    password: &'a str,
    #[serde(rename = "sessionDuration")]
    session_duration: &'a str,
}

#[derive(Deserialize)]
struct Token {
    token: Secret<String>,
}

/// A login and how many were made, so that many calls that fail at once make one.
#[derive(Default)]
struct Current {
    authorization: Option<Authorization>,
    number: u64,
}

/// The server with a login to it.
pub(crate) struct Api {
    /// The connection's name, for messages.
    pub(crate) server: String,
    pub(crate) client: Client,
    pub(crate) user: String,
    password: Secret<String>,
    current: Mutex<Current>,
    logging_in: tokio::sync::Mutex<()>,
}

impl Api {
    pub(crate) fn new(
        server: String,
        client: Client,
        user: String,
        password: Secret<String>,
    ) -> Self {
        Self {
            server,
            client,
            user,
            password,
            current: Mutex::default(),
            logging_in: tokio::sync::Mutex::new(()),
        }
    }

    /// For sentences about what was asked.
    pub(crate) fn attempt<'a>(&'a self, verb: &'a str, subject: &'a str) -> Attempt<'a> {
        Attempt { server: &self.server, verb, subject }
    }

    /// Sends a request and reads the whole answer, whatever its status.
    pub(crate) async fn send(&self, call: Call, cx: &Cx) -> Result<Reply, BackendError> {
        let (authorization, number) = self.authorization(0, cx).await?;
        let first = call.clone().authorized(Some(&authorization));
        let reply = self.client.send(first, cx).await?;
        if reply.status != StatusCode::UNAUTHORIZED {
            return Ok(reply);
        }
        let (authorization, _) = self.authorization(number, cx).await?;
        self.client.send(call.authorized(Some(&authorization)), cx).await
    }

    /// Sends a request whose answer goes on.
    pub(crate) async fn stream(
        &self,
        call: Call,
        cx: &Cx,
    ) -> Result<Result<Streaming, Reply>, BackendError> {
        let (authorization, number) = self.authorization(0, cx).await?;
        let first = call.clone().authorized(Some(&authorization));
        match self.client.stream(first, cx).await? {
            Err(reply) if reply.status == StatusCode::UNAUTHORIZED => {}
            other => return Ok(other),
        }
        let (authorization, _) = self.authorization(number, cx).await?;
        self.client.stream(call.authorized(Some(&authorization)), cx).await
    }

    /// Opens a WebSocket.
    pub(crate) async fn web_socket(
        &self,
        call: Call,
        cx: &Cx,
    ) -> Result<Result<WebSocket, Reply>, BackendError> {
        let (authorization, _) = self.authorization(0, cx).await?;
        self.client.web_socket(call.authorized(Some(&authorization)), cx).await
    }

    /// Asks for JSON.
    pub(crate) async fn json<T: DeserializeOwned>(
        &self,
        call: Call,
        attempt: Attempt<'_>,
        cx: &Cx,
    ) -> Result<T, BackendError> {
        let reply = attempt.check(self.send(call, cx).await?)?;
        self.read(&reply, attempt)
    }

    pub(crate) fn read<T: DeserializeOwned>(
        &self,
        reply: &Reply,
        attempt: Attempt<'_>,
    ) -> Result<T, BackendError> {
        serde_json::from_slice(&reply.body).map_err(|error| {
            BackendError::protocol(format!(
                "\"{}\" gives an answer that makes no sense, asked to {} {}",
                self.server, attempt.verb, attempt.subject
            ))
            .with_detail(error.to_string())
        })
    }

    /// Logs in, or gives the login that somebody made since number `stale`.
    async fn authorization(
        &self,
        stale: u64,
        cx: &Cx,
    ) -> Result<(Authorization, u64), BackendError> {
        if let Some(current) = self.newer_than(stale) {
            return Ok(current);
        }
        let _turn = cx.until_cancelled(async { Ok(self.logging_in.lock().await) }).await?;
        if let Some(current) = self.newer_than(stale) {
            return Ok(current);
        }
        let authorization = self.log_in(cx).await?;
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        current.authorization = Some(authorization.clone());
        current.number += 1;
        Ok((authorization, current.number))
    }

    fn newer_than(&self, stale: u64) -> Option<(Authorization, u64)> {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let authorization = current.authorization.clone().filter(|_| current.number > stale)?;
        Some((authorization, current.number))
    }

    async fn log_in(&self, cx: &Cx) -> Result<Authorization, BackendError> {
        let login = Login {
            username: &self.user,
            password: self.password.expose(),
            session_duration: SESSION,
        };
        let call = Call::post("login").json(&login)?.within(LOGIN_LIMIT);
        let reply = self.client.send(call, cx).await?;
        if reply.status == StatusCode::UNAUTHORIZED {
            return Err(self
                .attempt("log in as", &self.user)
                .refused(&reply)
                .with_field("password"));
        }
        let reply = self.attempt("log in as", &self.user).check(reply)?;
        // The token is in the answer: it goes into no error.
        let token: Result<Token, _> = serde_json::from_slice(&reply.body);
        let token = token.ok().and_then(|token| Authorization::bearer(&token.token));
        token.ok_or_else(|| {
            BackendError::protocol(format!("\"{}\" gives no token for a login", self.server))
                .with_hint("Check that the URL is that of containerlab's API server.")
        })
    }
}
