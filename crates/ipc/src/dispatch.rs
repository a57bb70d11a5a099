//! Routes a command by its name to its handler: parses the arguments, encodes the reply.

use std::sync::Arc;

use app::Core;
use futures::FutureExt as _;
use model::{ErrorCode, Failure};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{AppError, Client, args::*, for_each_command, handlers};

/// What a handler works with.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) core: &'a Arc<Core>,
    pub(crate) client: &'a Arc<Client>,
}

macro_rules! router {
    ($($(#[doc = $doc:literal])* $name:ident($args:ty) -> $reply:ty;)*) => {
        /// Carries out one command of the list.
        ///
        /// # Errors
        /// `Unsupported` for a name that is not in the list, `Invalid` for arguments that do not
        /// parse, and whatever the command fails with.
        pub async fn dispatch(
            core: &Arc<Core>,
            client: &Arc<Client>,
            name: &str,
            args: Value,
        ) -> Result<Value, AppError> {
            let call = Call { core, client };
            match name {
                $(stringify!($name) => {
                    let args: $args = parse(name, args)?;
                    // Boxed, so that one command's future does not have the size of the largest.
                    let work = handlers::$name(call, args).boxed();
                    let reply: $reply = work.await.map_err(AppError::from)?;
                    encode(&reply)
                })*
                _ => Err(unknown(name)),
            }
        }
    };
}

for_each_command!(router);

/// Arguments of a command. What was sent is never part of the error: it may hold a secret.
fn parse<T: DeserializeOwned>(name: &str, args: Value) -> Result<T, AppError> {
    let args = if args.is_null() { Value::Object(serde_json::Map::new()) } else { args };
    serde_path_to_error::deserialize(args).map_err(|error| {
        let mut field = error.path().to_string();
        if let Some(missing) = missing_field(&error.inner().to_string()) {
            field = if field == "." { missing } else { format!("{field}.{missing}") };
        }
        Failure::new(
            ErrorCode::Invalid,
            format!("{name} does not understand its argument \"{field}\""),
        )
        .with_hint("Reload the window: it may be older than the app.")
        .with_field(field)
        .into()
    })
}

fn missing_field(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("missing field `")?;
    let (field, _) = rest.split_once('`')?;
    Some(field.to_owned())
}

fn encode<T: Serialize>(reply: &T) -> Result<Value, AppError> {
    serde_json::to_value(reply).map_err(|error| {
        Failure::new(ErrorCode::Internal, "the reply could not be written")
            .with_hint("Report this as a defect.")
            .with_detail(error.to_string())
            .into()
    })
}

fn unknown(name: &str) -> AppError {
    Failure::new(ErrorCode::Unsupported, format!("there is no command \"{name}\""))
        .with_hint("Reload the window: it may be newer than the app.")
        .into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_argument_that_does_not_parse_is_named() {
        let error = parse::<RunsListArgs>("runs_list", json!({"search": "", "limit": "x"}));
        assert_eq!(error.unwrap_err().field.as_deref(), Some("limit"));
        let error = parse::<WorkspaceArgs>("workspace_start", json!({"workspace": {}}));
        assert_eq!(error.unwrap_err().field.as_deref(), Some("workspace.connection_id"));
        let error = parse::<RunArgs>("run_get", json!({}));
        assert_eq!(error.unwrap_err().field.as_deref(), Some("run_id"));
    }

    #[test]
    fn a_secret_in_a_wrong_place_is_not_repeated() {
        let args = json!({"question_id": "q", "answer": {"answer": "credentials", "values": "canary-5", "remember": true}});
        let error = parse::<QuestionAnswerArgs>("question_answer", args).unwrap_err();
        assert!(!format!("{error:?}").contains("canary-5"));
    }

    #[test]
    fn no_arguments_may_be_left_out() {
        assert!(parse::<NoArgs>("settings_get", Value::Null).is_ok());
    }
}
