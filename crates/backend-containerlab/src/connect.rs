//! Connecting: is it containerlab's API server, which generation, and does the login do.

use std::sync::Arc;

use backend_api::{BackendError, ConnectInput, Cx};
use http::StatusCode;
use https::{Call, Client, Server, Trust};
use model::Secret;

use crate::api::Api;
use crate::descriptor::Settings;
use crate::features::{Found, Generation};
use crate::session::ClabSession;
use crate::wire::{Capabilities, Health, Root};

/// Makes a session.
pub(crate) async fn connect(
    server: String,
    settings: Settings,
    password: Secret<String>,
    cx: &Cx,
) -> Result<ClabSession, BackendError> {
    let client = client(&settings, cx);
    let greeting = greeting(&client, &server, cx).await?;
    let api = Api::new(server, client, settings.user.clone(), password);
    let found = found(&api, &settings, greeting, cx).await?;
    let generation = found.generation;
    tracing::debug!(?generation, version = %found.version, "found containerlab's API server");
    Ok(ClabSession::new(api, found))
}

/// The password of a connection.
///
/// # Errors
/// `Unauthorized` when there is none.
pub(crate) fn password(input: &ConnectInput) -> Result<Secret<String>, BackendError> {
    input.secrets.get("password").cloned().ok_or_else(|| {
        BackendError::unauthorized(format!("there is no password for \"{}\"", input.name))
            .with_hint("Edit the connection and enter it.")
            .with_field("password")
    })
}

/// The server as these settings describe it; nothing is asked yet.
pub(crate) fn client(settings: &Settings, cx: &Cx) -> Client {
    let dial = if settings.is_through_host { &cx.dial } else { &cx.direct };
    Client::new(Server { url: settings.url.clone(), trust: settings.trust, dial: Arc::clone(dial) })
}

/// What a server says before anybody logged in.
pub(crate) struct Greeting {
    pub(crate) version: String,
    runtime: String,
}

/// Asks who answers.
pub(crate) async fn greeting(
    client: &Client,
    server: &str,
    cx: &Cx,
) -> Result<Greeting, BackendError> {
    let root = root(client, server, cx).await?;
    let version = version(client, &root, cx).await?;
    Ok(Greeting { version, runtime: root.clab_runtime })
}

/// Logs in and asks what the server can do.
pub(crate) async fn found(
    api: &Api,
    settings: &Settings,
    greeting: Greeting,
    cx: &Cx,
) -> Result<Found, BackendError> {
    let (generation, listed) = generation(api, cx).await?;
    Ok(Found {
        generation,
        version: greeting.version,
        runtime: greeting.runtime,
        listed,
        is_tls: settings.url.is_tls(),
        takes_any_certificate: settings.trust == Trust::Insecure,
    })
}

async fn root(client: &Client, server: &str, cx: &Cx) -> Result<Root, BackendError> {
    let reply = client.send(Call::get(""), cx).await?;
    let root = serde_json::from_slice::<Root>(&reply.body).ok();
    let root = root.filter(|root| root.message.contains("Containerlab API Server"));
    root.ok_or_else(|| {
        BackendError::protocol(format!(
            "what answers at {} for \"{server}\" is not containerlab's API server",
            client.url()
        ))
        .with_hint("Check the URL. On the server, `containerlab tools api-server status` tells whether it runs and where.")
        .with_detail(format!("GET / answers {}", reply.status))
    })
}

/// What the health page says, else what the greeting says.
async fn version(client: &Client, root: &Root, cx: &Cx) -> Result<String, BackendError> {
    let reply = client.send(Call::get("health"), cx).await?;
    let health: Health = serde_json::from_slice(&reply.body).unwrap_or_default();
    if !health.version.is_empty() {
        return Ok(health.version);
    }
    let rest = root.message.split_once("Version: ").map_or("", |(_, rest)| rest);
    Ok(rest.split(')').next().unwrap_or_default().to_owned())
}

/// The list of what it can do tells the newer server; one of the months before has files and no list.
async fn generation(api: &Api, cx: &Cx) -> Result<(Generation, Option<Vec<String>>), BackendError> {
    let attempt = api.attempt("ask for", "what it can do");
    let reply = api.send(Call::get("api/v1/capabilities"), cx).await?;
    if reply.status != StatusCode::NOT_FOUND {
        let reply = attempt.check(reply)?;
        let list: Capabilities = api.read(&reply, attempt)?;
        return Ok((Generation::Modern, Some(list.features)));
    }
    let reply = api.send(Call::get("api/v1/labs/workspace/tree?path="), cx).await?;
    match reply.status {
        status if status.is_success() => Ok((Generation::Modern, None)),
        StatusCode::UNAUTHORIZED => Err(attempt.refused(&reply)),
        _ => Ok((Generation::Legacy, None)),
    }
}
