//! Finding the socket, telling why it cannot be used, and asking what answers there.

use std::time::Duration;

use backend_api::{BackendError, Cx, DialTarget, Outcome};
use model::Failure;

use super::words;
use crate::call::Call;
use crate::connect::{answer, candidates};
use crate::descriptor::Settings;
use crate::http::Client;
use crate::login::Login;
use crate::transport::Transport;
use crate::wire::Info;

/// Somebody who looks at a test does not wait longer for an answer.
const ANSWER: Duration = Duration::from_secs(10);

/// What looking for libpod came to.
pub(super) struct Found {
    pub(super) socket: Outcome,
    pub(super) forwarding: Outcome,
    /// The way that is used; none when there is none.
    pub(super) client: Option<Client>,
}

/// What is needed for looking.
pub(super) struct Find<'a> {
    pub(super) server: &'a str,
    pub(super) settings: &'a Settings,
    pub(super) login: &'a Login,
    pub(super) cx: &'a Cx,
}

/// A socket file as the login sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Missing,
    /// It is there, or its folder is, and this login may not use it.
    Denied,
    Usable,
}

impl Find<'_> {
    pub(super) async fn look(&self) -> Result<Found, BackendError> {
        let mut denied = None;
        for way in candidates(self.settings.socket.as_deref(), self.login.uid) {
            let Transport::Socket(path) = way else { continue };
            match self.see(&path).await? {
                Seen::Usable => return self.dial(path).await,
                Seen::Denied => {
                    denied.get_or_insert(path);
                }
                Seen::Missing => {}
            }
        }
        self.without_socket(denied).await
    }

    /// The socket is there and may be used: is it let through, and does anybody listen?
    async fn dial(&self, path: String) -> Result<Found, BackendError> {
        let target = DialTarget::Unix { path: path.clone() };
        let refused = match self.cx.until_cancelled(self.cx.dial.dial(&target)).await {
            Ok(_) => {
                let client = Some(self.client(Transport::Socket(path.clone())));
                let forwarding = Outcome::Passed("streams to unix sockets are let through".into());
                return Ok(Found { socket: Outcome::Passed(path), forwarding, client });
            }
            Err(BackendError::Cancelled) => return Err(BackendError::Cancelled),
            Err(error) => Failure::from(error),
        };
        let (client, tried) = self.by_command().await?;
        if client.is_none() && tried.iter().any(|line| line.contains("connection refused")) {
            let socket = words::nobody_listens(self.server, &path, &tried);
            return Ok(Found { socket, forwarding: words::not_reached(), client });
        }
        let forwarding = match &client {
            Some(client) => words::command_instead(self.server, &refused, &client.transport),
            None => words::not_forwarded(self.server, refused, &tried),
        };
        Ok(Found { socket: Outcome::Passed(path), forwarding, client })
    }

    /// No socket can be used by this login; a command may still reach one.
    async fn without_socket(&self, denied: Option<String>) -> Result<Found, BackendError> {
        let (client, tried) = self.by_command().await?;
        let forwarding = words::not_reached();
        if let Some(client) = client {
            let socket = words::command_only(self.server, denied.as_deref(), &client.transport);
            return Ok(Found { socket, forwarding, client: Some(client) });
        }
        let socket = match denied {
            Some(path) => {
                let group = self.line_of(&["stat", "-c", "%G", &path]).await?;
                let login = self.login.name.as_deref();
                words::denied(self.server, &path, group.as_deref(), login, &tried)
            }
            None if self.line_of(&["podman", "--version"]).await?.is_none() => {
                words::no_podman(self.server, &tried)
            }
            None => words::no_socket(self.server, self.settings.socket.as_deref(), &tried),
        };
        Ok(Found { socket, forwarding, client: None })
    }

    /// The first command that reaches libpod, and what those before it said.
    async fn by_command(&self) -> Result<(Option<Client>, Vec<String>), BackendError> {
        let mut tried = Vec::new();
        for way in candidates(self.settings.socket.as_deref(), self.login.uid) {
            if !matches!(way, Transport::Command(_)) {
                continue;
            }
            let client = self.client(way);
            match answer(&client, self.cx).await {
                Ok(_) => return Ok((Some(client), tried)),
                Err(BackendError::Cancelled) => return Err(BackendError::Cancelled),
                Err(error) => {
                    let Failure { message, detail, .. } = error.into();
                    let why = detail.unwrap_or(message);
                    tried.push(format!("{}: {why}", client.transport));
                }
            }
        }
        Ok((None, tried))
    }

    async fn see(&self, path: &str) -> Result<Seen, BackendError> {
        if self.holds(&["test", "-S", path]).await? {
            let is_usable = self.holds(&["test", "-w", path]).await?;
            return Ok(if is_usable { Seen::Usable } else { Seen::Denied });
        }
        // Behind a folder that may not be entered nothing can be seen.
        let folder = path.rsplit_once('/').map_or("/", |(folder, _)| folder);
        let is_closed = self.holds(&["test", "-d", folder]).await?
            && !self.holds(&["test", "-x", folder]).await?;
        Ok(if is_closed { Seen::Denied } else { Seen::Missing })
    }

    async fn holds(&self, argv: &[&str]) -> Result<bool, BackendError> {
        match self.cx.until_cancelled(self.cx.exec.run(argv)).await {
            Ok(output) => Ok(output.exit_code == Some(0)),
            Err(BackendError::Cancelled) => Err(BackendError::Cancelled),
            Err(_) => Ok(false),
        }
    }

    /// The first line that a program prints; none when it fails or is not there.
    async fn line_of(&self, argv: &[&str]) -> Result<Option<String>, BackendError> {
        match self.cx.until_cancelled(self.cx.exec.run(argv)).await {
            Ok(output) if output.exit_code == Some(0) => {
                let text = String::from_utf8_lossy(&output.stdout).into_owned();
                Ok(text.lines().next().map(|line| line.trim().to_owned()))
            }
            Err(BackendError::Cancelled) => Err(BackendError::Cancelled),
            Ok(_) | Err(_) => Ok(None),
        }
    }

    fn client(&self, transport: Transport) -> Client {
        Client::new(self.server.to_owned(), transport)
    }
}

/// What answers.
pub(super) struct Version {
    pub(super) words: String,
    pub(super) is_rootless: bool,
}

/// Asks what answers on a way that opens.
pub(super) async fn version(client: &Client, cx: &Cx) -> Result<Version, BackendError> {
    let short = |path: &str| Call::get(path).within(ANSWER);
    let ping = client.send(short("_ping"), cx).await.map_err(|error| strange(client, error))?;
    let api = ping.headers.get("libpod-api-version").and_then(|value| value.to_str().ok());
    let Some(api) = api.filter(|_| ping.status.is_success()) else {
        let detail = format!("it answers with HTTP status {}", ping.status.as_u16());
        return Err(words::not_podman(client).with_detail(detail));
    };
    if major(api).is_none_or(|major| major < 4) {
        return Err(words::too_old(client, api));
    }
    let info: Info = {
        let reply = client.send(short("info"), cx).await?;
        serde_json::from_slice(&reply.body)
            .map_err(|error| words::not_podman(client).with_detail(error.to_string()))?
    };
    let is_rootless = info.host.security.rootless;
    let rights = if is_rootless { "rootless" } else { "rootful" };
    let words = format!("Podman {}, API {api}, {rights}", info.version.version);
    Ok(Version { words, is_rootless })
}

/// An answer that is no HTTP comes from something else.
fn strange(client: &Client, error: BackendError) -> BackendError {
    let failure = Failure::from(error.clone());
    let is_no_http = failure.detail.as_deref().is_some_and(|detail| {
        ["invalid HTTP", "connection closed before message completed", "unexpected message"]
            .iter()
            .any(|words| detail.contains(words))
    });
    match error {
        BackendError::Unreachable(_) if is_no_http => {
            words::not_podman(client).with_detail(failure.detail.unwrap_or_default())
        }
        error => error,
    }
}

fn major(version: &str) -> Option<u32> {
    version.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::major;

    #[test]
    fn the_first_number_of_a_version_counts() {
        assert_eq!(major("4.3.1"), Some(4));
        assert_eq!(major("10.0"), Some(10));
        assert_eq!(major("v4"), None);
    }

    proptest! {
        #[test]
        fn no_version_upsets(text in "\\PC{0,40}") {
            let _ = major(&text);
        }
    }
}
