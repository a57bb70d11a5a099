//! Connecting: is it containerlab's API server, which generation, and does the login do.

use std::sync::Arc;

use backend_api::{BackendError, Cx};
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
    let dial = if settings.is_through_host { &cx.dial } else { &cx.direct };
    let client = Client::new(Server {
        url: settings.url.clone(),
        trust: settings.trust,
        dial: Arc::clone(dial),
    });
    let root = root(&client, &server, cx).await?;
    let version = version(&client, &root, cx).await?;
    let api = Api::new(server, client, settings.user, password);
    let (generation, listed) = generation(&api, cx).await?;
    let found = Found {
        generation,
        version,
        runtime: root.clab_runtime,
        listed,
        is_tls: settings.url.is_tls(),
        takes_any_certificate: settings.trust == Trust::Insecure,
    };
    tracing::debug!(?generation, version = %found.version, "found containerlab's API server");
    Ok(ClabSession::new(api, found))
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
