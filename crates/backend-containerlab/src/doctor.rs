//! The staged test of a containerlab API server: the way to it, what answers, the login and what it can do.
//!
//! Reads only. An SSH host beside it is tested before, by the app.

use async_trait::async_trait;
use backend_api::{BackendError, Check, CheckSink, ConnectInput, Cx, Diagnose, Outcome};
use https::{Client, WAY, check_way};
use model::{Failure, Fix};

use crate::Containerlab;
use crate::api::Api;
use crate::connect::{self, Greeting};
use crate::descriptor::{self, Settings};

const VERSION: &str = "version";
const LOGIN: &str = "api_login";

#[async_trait]
impl Diagnose for Containerlab {
    fn checks(&self) -> Vec<Check> {
        let own = [
            Check { id: VERSION, title: "Version" },
            Check { id: LOGIN, title: "Login at the API" },
        ];
        WAY.into_iter().chain(own).collect()
    }

    async fn diagnose(
        &self,
        input: ConnectInput,
        sink: &dyn CheckSink,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        let settings = match descriptor::parse(&input.fields) {
            Ok(settings) => settings,
            Err(problems) => {
                let first = WAY.first().map_or(VERSION, |check| check.id);
                sink.begin(first);
                sink.end(first, failed(descriptor::refused(&problems).into(), &["url"]));
                return Ok(());
            }
        };
        let client = connect::client(&settings, cx);
        if !check_way(&client, "url", sink, cx).await? {
            return Ok(());
        }
        sink.begin(VERSION);
        let greeting = match connect::greeting(&client, &input.name, cx).await {
            Err(BackendError::Cancelled) => return Err(BackendError::Cancelled),
            Err(error) => {
                sink.end(VERSION, failed(error.into(), &["url"]));
                return Ok(());
            }
            Ok(greeting) => greeting,
        };
        sink.end(VERSION, Outcome::Passed(greeting.version.clone()));
        sink.begin(LOGIN);
        let outcome = match login(&input, &settings, client, greeting, cx).await {
            Err(BackendError::Cancelled) => return Err(BackendError::Cancelled),
            Err(error) => failed(error.into(), &["password", "user"]),
            Ok(outcome) => outcome,
        };
        sink.end(LOGIN, outcome);
        Ok(())
    }
}

async fn login(
    input: &ConnectInput,
    settings: &Settings,
    client: Client,
    greeting: Greeting,
    cx: &Cx,
) -> Result<Outcome, BackendError> {
    let password = connect::password(input)?;
    let api = Api::new(input.name.clone(), client, settings.user.clone(), password);
    let features = connect::found(&api, settings, greeting, cx).await?.features();
    Ok(Outcome::Passed(format!("{} is let in: {}", settings.user, features.dialect)))
}

fn failed(failure: Failure, fields: &[&str]) -> Outcome {
    let mut fields: Vec<String> = fields.iter().map(|field| (*field).to_owned()).collect();
    if let Some(field) = failure.field.clone() {
        fields = vec![field];
    }
    let fixes = fields.into_iter().map(|field| Fix::EditField { field }).collect();
    Outcome::Failed { failure, fixes }
}
