//! The staged test of a netlab server: the way to its API, the login, its age, the folder for labs.
//!
//! Reads only. Reaching the SSH host and logging in there is tested before, by the app.

use async_trait::async_trait;
use backend_api::{BackendError, Check, CheckSink, ConnectInput, Cx, Diagnose, Outcome};
use https::{WAY, check_way};
use model::{ErrorCode, Failure, Fix};

use crate::Netlab;
use crate::api::Api;
use crate::connect::{self, Dialect, open_to_all};
use crate::descriptor::{self, Settings};
use crate::files::Files;

const LOGIN: &str = "api_login";
const VERSION: &str = "version";
const FOLDER: &str = "folder";

#[async_trait]
impl Diagnose for Netlab {
    fn checks(&self) -> Vec<Check> {
        let own = [
            Check { id: LOGIN, title: "Login at the API" },
            Check { id: VERSION, title: "Version" },
            Check { id: FOLDER, title: "Folder for labs" },
        ];
        WAY.into_iter().chain(own).collect()
    }

    async fn diagnose(
        &self,
        input: ConnectInput,
        sink: &dyn CheckSink,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        let settings =
            descriptor::parse(&input.fields).map_err(|problems| descriptor::refused(&problems));
        let made = settings.and_then(|settings| {
            let api = connect::api(&input, &settings, cx)?;
            Ok((settings, api))
        });
        let (settings, api) = match made {
            Ok(made) => made,
            Err(error) => {
                let first = WAY.first().map_or(LOGIN, |check| check.id);
                sink.begin(first);
                sink.end(first, failed(error.into(), "api_url"));
                return Ok(());
            }
        };
        if !check_way(&api.client, "api_url", sink, cx).await? {
            return Ok(());
        }
        if !answering(&api, &settings, sink, cx).await? {
            return Ok(());
        }
        sink.begin(FOLDER);
        let outcome = match folder(&settings, cx).await {
            Err(BackendError::Cancelled) => return Err(BackendError::Cancelled),
            Err(error) => failed(error.into(), "work_root"),
            Ok(outcome) => outcome,
        };
        sink.end(FOLDER, outcome);
        Ok(())
    }
}

/// Login and version; false when one failed.
async fn answering(
    api: &Api,
    settings: &Settings,
    sink: &dyn CheckSink,
    cx: &Cx,
) -> Result<bool, BackendError> {
    sink.begin(LOGIN);
    let asked = async {
        let open = connect::unasked(api, cx).await?;
        let dialect = connect::dialect(api, &open, cx).await;
        Ok((open.status.is_success(), dialect))
    };
    let (is_open, dialect) = match asked.await {
        Err(BackendError::Cancelled) => return Err(BackendError::Cancelled),
        Err(error) => {
            sink.end(LOGIN, failed(Failure::from(error), "api_url"));
            return Ok(false);
        }
        Ok(asked) => asked,
    };
    if let Err(BackendError::Unauthorized(failure)) = dialect {
        let fixes = ["password", "user"].map(|field| Fix::EditField { field: field.into() });
        sink.end(LOGIN, Outcome::Failed { failure, fixes: fixes.into() });
        return Ok(false);
    }
    sink.end(LOGIN, login(api, settings, is_open));
    sink.begin(VERSION);
    let version = match dialect {
        Err(BackendError::Cancelled) => return Err(BackendError::Cancelled),
        Err(error) => failed(error.into(), "api_url"),
        Ok(Dialect::SkyforgeWrapper) => failed(connect::wrapper(settings).into(), "api_url"),
        Ok(dialect) => Outcome::Passed(dialect.words().into()),
    };
    let is_known = matches!(version, Outcome::Passed(_));
    sink.end(VERSION, version);
    Ok(is_known)
}

fn login(api: &Api, settings: &Settings, is_open: bool) -> Outcome {
    if is_open {
        let failure = Failure::new(ErrorCode::Forbidden, "it asks nobody for a password")
            .with_hint(open_to_all(settings));
        let summary = "not asked for".to_owned();
        return Outcome::Warned { summary, failure, fixes: Vec::new() };
    }
    let user = settings.user.as_deref().unwrap_or_default();
    Outcome::Passed(format!("{} takes the password of {user}", api.server))
}

/// Whether labs can have their folders where the connection says, or that can be made.
async fn folder(settings: &Settings, cx: &Cx) -> Result<Outcome, BackendError> {
    let files = Files::default();
    let root = files.absolute(&settings.work_root, cx).await?;
    let mut paths = vec![root.clone()];
    while let Some((above, _)) = paths.last().and_then(|path| path.rsplit_once('/')) {
        if above.is_empty() {
            break;
        }
        paths.push(above.to_owned());
    }
    let asked = paths.clone();
    let found = files
        .with(cx, move |files| {
            let asked = asked.clone();
            async move { files.stat(&asked).await }
        })
        .await?;
    let nearest = paths.into_iter().zip(found).find_map(|(path, entry)| Some((path, entry?)));
    Ok(match nearest {
        Some((path, entry)) if !entry.is_folder && !entry.is_link => {
            let failure = Failure::new(ErrorCode::Invalid, format!("{path} is a file"))
                .with_hint("Name a folder, or one that may be made.");
            failed(failure, "work_root")
        }
        Some((path, _)) if path == root => Outcome::Passed(root),
        _ => Outcome::Passed(format!("{root} is made with the first lab")),
    })
}

fn failed(failure: Failure, field: &str) -> Outcome {
    let field = failure.field.clone().unwrap_or_else(|| field.to_owned());
    Outcome::Failed { failure, fixes: vec![Fix::EditField { field }] }
}
