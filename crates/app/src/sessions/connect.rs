//! One attempt to connect: the link, the secrets, the backend; then the session is handed to its keeper.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use backend_api::{ConnectInput, Cx};
use model::{Connection, Failure, Secret};
use ssh::Link;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{
    Event, Live, keep,
    links::{self, LinkRequest},
    post_stage, report, route,
    straight::Straight,
};
use crate::{
    questions::{CertificateJudge, ToldBy},
    shared::Shared,
};

/// How long a backend may take once the link is there.
const SESSION_TIMEOUT: Duration = Duration::from_secs(30);

/// Carries one attempt out until it made a session, failed, or `token` fired.
pub(super) async fn attempt(
    shared: Arc<Shared>,
    connection: Connection,
    attempt: u64,
    token: CancellationToken,
) {
    let made = tokio::select! {
        biased;
        () = token.cancelled() => return,
        made = establish(&shared, &connection, attempt, &token) => made,
    };
    let id = connection.id.clone();
    match made {
        Err(failure) => {
            tracing::info!(connection_id = %id, code = ?failure.code, "not connected");
            report(&shared, &id, Event::Broke { attempt, failure }).await;
        }
        Ok(live) => hand_over(&shared, live, attempt).await,
    }
}

async fn hand_over(shared: &Arc<Shared>, live: Arc<Live>, attempt: u64) {
    let id = live.connection_id.clone();
    let handle = Arc::clone(shared);
    let kept = Arc::clone(&live);
    let job = move |state: &mut crate::state::State| {
        let Some(entry) = state.connections.get_mut(&kept.connection_id) else { return false };
        if !entry.machine.is_current(attempt) {
            return false;
        }
        entry.live = Some(Arc::clone(&kept));
        route(&handle, state, &kept.connection_id, Event::Connected { attempt });
        true
    };
    if shared.owner.with(job).await.unwrap_or(false) {
        tracing::info!(connection_id = %id, "connected");
        shared.spawn(keep::keep(Arc::clone(shared), live, attempt));
    }
}

async fn establish(
    shared: &Arc<Shared>,
    connection: &Connection,
    attempt: u64,
    token: &CancellationToken,
) -> Result<Arc<Live>, Failure> {
    let backend = shared.backend(&connection.kind)?;
    let began_at = shared.now();
    let link = match &connection.ssh_host_id {
        None => None,
        Some(host_id) => {
            let request = LinkRequest {
                host_id: host_id.clone(),
                name: connection.name.clone(),
                told_by: ToldBy::Connection { id: connection.id.clone(), attempt },
            };
            Some(links::link(shared, request).await?)
        }
    };
    let secrets = secrets(shared, connection, &links::Given::new()).await?;
    post_stage(shared, &connection.id, attempt, "asking the server what it offers");
    let cancel = token.child_token();
    let told_by = ToldBy::Connection { id: connection.id.clone(), attempt };
    let judge = CertificateJudge::new(Arc::clone(shared), connection.clone(), told_by);
    let judge = Arc::new(judge);
    let certificates = Arc::<CertificateJudge>::clone(&judge);
    let cx = Cx { certificates, ..carriers(link.as_ref(), cancel.clone()) };
    let input =
        ConnectInput { name: connection.name.clone(), fields: connection.fields.clone(), secrets };
    let session = judge
        .within(SESSION_TIMEOUT, backend.connect(input, cx.clone()))
        .await
        .ok_or_else(|| {
            Failure::new(
                model::ErrorCode::Unreachable,
                format!("{} did not answer within 30 seconds", connection.name),
            )
            .with_hint("Check that the service on the server runs and is not overloaded.")
        })??;
    Ok(Arc::new(Live {
        connection_id: connection.id.clone(),
        name: connection.name.clone(),
        began_at,
        session,
        link,
        cx,
        cancel,
        refresh: Notify::new(),
        refresh_labs: Notify::new(),
        probe: Notify::new(),
    }))
}

/// What carries a backend's bytes: the link, or nothing at all; and this computer's own network.
pub(crate) fn carriers(link: Option<&Arc<Link>>, cancel: CancellationToken) -> Cx {
    let cx = Cx { direct: Arc::new(Straight), ..Cx::new(cancel) };
    match link {
        Some(link) => Cx {
            dial: Arc::<Link>::clone(link),
            exec: Arc::<Link>::clone(link),
            files: Arc::<Link>::clone(link),
            ..cx
        },
        None => cx,
    }
}

/// The values of a connection's secret fields.
pub(crate) async fn secrets(
    shared: &Arc<Shared>,
    connection: &Connection,
    given: &links::Given,
) -> Result<BTreeMap<String, Secret<String>>, Failure> {
    let mut values = BTreeMap::new();
    for (field, name) in &connection.secrets {
        let value = match given.get(name) {
            Some(value) => Some(value.clone()),
            None => shared.vault.read(shared, &connection.name, name).await?,
        };
        if let Some(value) = value {
            values.insert(field.clone(), value);
        }
    }
    Ok(values)
}
