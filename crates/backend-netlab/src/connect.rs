//! Who answers: netlab's API and how old it is, Skyforge's wrapper of the same name, or something else.
//!
//! Only questions that change nothing are asked.

use std::sync::Arc;

use backend_api::{BackendError, ConnectInput, Cx, Dial};
use https::{Authorization, Call, Client, Reply, Server, Trust};
use model::{LabFeatures, LabVerb, Secret, TopologyKind};
use serde_json::Value;

use crate::api::Api;
use crate::descriptor::{Settings, password_problem};
use crate::files::Files;
use crate::redact::Redactor;
use crate::session::{NetlabSession, Told};
use crate::turn;

/// Netlab's multilab plugin takes more, of which only these have a network of their own.
pub(crate) const MOST_INSTANCES: u16 = 200;

/// What tells a machine with systemd from every other but its own copies.
const MACHINE_ID: &str = "/etc/machine-id";
/// What tells one from its copies too.
const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";
const ID_LIMIT: u64 = 1024;

/// What kind of API answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// States as data, nodes too.
    Structured,
    /// States as text only.
    Text,
    SkyforgeWrapper,
}

impl Dialect {
    /// In words, for a person.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Structured => "netlab api, 26.2 or newer",
            Self::Text => "netlab api, 26.1",
            Self::SkyforgeWrapper => "Skyforge's wrapper of netlab",
        }
    }
}

pub(crate) async fn connect(
    input: ConnectInput,
    settings: Settings,
    cx: &Cx,
) -> Result<NetlabSession, BackendError> {
    let password = input.secrets.get("password").cloned();
    let api = api(&input, &settings, cx)?;
    let open = unasked(&api, cx).await?;
    let dialect = dialect(&api, &open, cx).await?;
    if dialect == Dialect::SkyforgeWrapper {
        return Err(wrapper(&settings));
    }
    api.health(cx).await?;
    let is_structured = dialect == Dialect::Structured;
    let is_open = open.status.is_success();
    let features = features(&settings, dialect, is_open);
    let files = Files::default();
    let server = server(&files, &settings, &input.name, cx).await;
    let turns = turn::of(&server);
    let redactor = Redactor::new(password);
    let told = Told { features, is_structured, is_open };
    Ok(NetlabSession::new(input.name, api, settings, told, files, turns, redactor))
}

/// What connections to one server have in common, whatever they are called: the machine that the labs' files are
/// on, and the API's port there. Where a machine has no id, its URL has to do.
async fn server(files: &Files, settings: &Settings, name: &str, cx: &Cx) -> String {
    let read = async |path: &str| {
        let id = files.read(path, ID_LIMIT, cx).await.ok().flatten().unwrap_or_default();
        String::from_utf8_lossy(&id).trim().to_owned()
    };
    let (id, boot) = tokio::join!(read(MACHINE_ID), read(BOOT_ID));
    let url = &settings.url;
    match (id.is_empty(), settings.through_host) {
        (false, _) => format!("port {} of machine {id}, boot {boot}", url.port()),
        // As seen from this computer, it is one server for all.
        (true, false) => url.to_string(),
        (true, true) => format!("{url} of {name}"),
    }
}

/// The API as these fields describe it; nothing is asked yet.
pub(crate) fn api(input: &ConnectInput, settings: &Settings, cx: &Cx) -> Result<Api, BackendError> {
    let password = input.secrets.get("password");
    let authorization = authorization(settings.user.as_deref(), password)?;
    let dial: Arc<dyn Dial> =
        if settings.through_host { Arc::clone(&cx.dial) } else { Arc::clone(&cx.direct) };
    let server = Server { url: settings.url.clone(), trust: settings.trust, dial };
    Ok(Api { client: Client::new(server), authorization, server: input.name.clone() })
}

pub(crate) fn wrapper(settings: &Settings) -> BackendError {
    BackendError::unsupported(format!(
        "{} answers as Skyforge's earlier wrapper of netlab, which Moorline does not speak",
        settings.url
    ))
    .with_hint("Run netlab's own API there: `netlab api`, of netlab 26.1 or newer.")
}

fn authorization(
    user: Option<&str>,
    password: Option<&Secret<String>>,
) -> Result<Option<Authorization>, BackendError> {
    let (user, password) = match (user, password) {
        (None, None) => return Ok(None),
        (Some(user), Some(password)) => (user, password),
        (Some(_), None) => {
            return Err(BackendError::invalid("the API's user has no password")
                .with_field("password")
                .with_hint("Give the password, or leave both empty."));
        }
        (None, Some(_)) => {
            return Err(BackendError::invalid("the API's password has no user")
                .with_field("user")
                .with_hint("Give the user, or leave both empty."));
        }
    };
    if let Some(problem) = password_problem(password.expose()) {
        return Err(BackendError::invalid(problem).with_field("password"));
    }
    Ok(Authorization::basic(user, password))
}

/// What the server says to somebody who does not say who asks.
pub(crate) async fn unasked(api: &Api, cx: &Cx) -> Result<Reply, BackendError> {
    let reply = api.client.send(Call::get("/healthz"), cx).await?;
    let status = reply.status.as_u16();
    if status == 200 || status == 401 {
        return Ok(reply);
    }
    Err(api.refused("ask", &reply))
}

pub(crate) async fn dialect(api: &Api, open: &Reply, cx: &Cx) -> Result<Dialect, BackendError> {
    let header = |name: &str| {
        open.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    };
    let is_python = header("server").starts_with("BaseHTTP/");
    let is_netlab = is_python || header("www-authenticate").contains("netlab api");
    let ask = |call: Call| api.client.send(call, cx);
    // Who does not look like netlab is not told a password.
    let login = api.authorization.as_ref().filter(|_| is_netlab);
    if !is_netlab {
        let described = ask(Call::get("/openapi.json")).await?;
        let body: Value = serde_json::from_slice(&described.body).unwrap_or_default();
        if body.get("openapi").is_some() || body.get("detail").is_some() {
            return Ok(Dialect::SkyforgeWrapper);
        }
    }
    let reply = ask(Call::get("/jobs/zz").authorized(login)).await?;
    if reply.status == 401 && is_netlab {
        return Err(api.refused("log in to", &reply));
    }
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    match body.get("error").and_then(Value::as_str) {
        Some("Job zz not found") => Ok(Dialect::Structured),
        Some("not found") => Ok(Dialect::Text),
        _ => Err(BackendError::protocol(format!(
            "what answers at {} is not netlab",
            api.client.url()
        ))
        .with_hint("Check the URL; netlab's API listens at port 8090 where nobody changed it.")),
    }
}

/// What a person has to know of a server that asks nobody who they are.
pub(crate) fn open_to_all(settings: &Settings) -> String {
    let url = &settings.url;
    format!(
        "{url} answers without a password: whoever reaches it can list and delete folders there and run programs. Start it with --auth-user and --auth-password."
    )
}

fn features(settings: &Settings, dialect: Dialect, is_open: bool) -> LabFeatures {
    let is_structured = dialect == Dialect::Structured;
    let mut lacks = vec![
        "Stopping removes the nodes: netlab keeps none that do not run.".to_owned(),
        "A job that runs cannot be cancelled: netlab goes on with it.".to_owned(),
        "Nodes are not started or stopped one by one, and links not made worse: netlab's API has nothing for it.".to_owned(),
    ];
    if !is_structured {
        lacks.push("Nodes are not told of by this netlab, which is older than 26.2.".to_owned());
    }
    let mut warnings = Vec::new();
    if is_open {
        warnings.push(open_to_all(settings));
    }
    // As far as the host, SSH encrypts what the API does not.
    let is_within = settings.through_host && settings.url.is_loopback();
    if !settings.url.is_tls() && !is_within {
        warnings
            .push("The connection is not encrypted: the password can be read on the way.".into());
    } else if settings.url.is_tls() && settings.trust == Trust::Insecure {
        warnings.push("Any certificate is taken: somebody on the way can pass for this server and read the password.".into());
    }
    LabFeatures {
        dialect: dialect.words().into(),
        verbs: vec![
            LabVerb::Validate,
            LabVerb::Create,
            LabVerb::Start,
            LabVerb::Stop,
            LabVerb::Restart,
            LabVerb::Destroy,
            LabVerb::Collect,
        ],
        takes: vec![TopologyKind::Netlab],
        instances: Some(MOST_INSTANCES),
        is_one_at_a_time: true,
        console: is_structured,
        node_logs: is_structured,
        exec: is_structured,
        lacks,
        warnings,
        ..LabFeatures::default()
    }
}
