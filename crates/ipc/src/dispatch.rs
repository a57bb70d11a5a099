//! Routes a command by its name.

use std::sync::Arc;

use app::Core;
use model::{ErrorCode, Failure};
use serde_json::Value;

use crate::{AppError, Client};

/// Carries out one command of the list.
///
/// # Errors
/// `Unsupported` for a name that is not in the list, `Invalid` for arguments that do not parse, and
/// whatever the command fails with.
pub async fn dispatch(
    core: &Arc<Core>,
    client: &Arc<Client>,
    name: &str,
    args: Value,
) -> Result<Value, AppError> {
    let _ = (core, client, args);
    Err(Failure::new(ErrorCode::Unsupported, format!("there is no command \"{name}\"")).into())
}
