//! Asks for a newer version of the app and installs it, through the framework's updater: the address and
//! the public key come from the release's configuration, and a file with another signature is refused.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use model::{ErrorCode, Failure, UpdateOffer};
use tauri::AppHandle;
use tauri_plugin_updater::{Error, Update, Updater, UpdaterExt as _};

/// How long the publisher's server may take to answer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The version that was offered last.
#[derive(Default)]
pub(crate) struct Offered(Mutex<Option<Update>>);

/// True when this copy knows where to ask. Only a release does.
pub(crate) fn is_possible(app: &AppHandle) -> bool {
    updater(app).is_ok()
}

/// Asks; none when this is the newest version.
pub(crate) async fn check(
    app: &AppHandle,
    offered: &Offered,
) -> Result<Option<UpdateOffer>, Failure> {
    let update = updater(app)?.check().await.map_err(|error| failure(&error))?;
    let offer = update.as_ref().map(|update| UpdateOffer {
        version: update.version.clone(),
        notes: update.body.clone().filter(|notes| !notes.trim().is_empty()),
        published_at: update.date.map(|date| date.unix_timestamp() * 1000),
    });
    *offered.0.lock().unwrap_or_else(PoisonError::into_inner) = update;
    Ok(offer)
}

/// Downloads what was offered, checks its signature, installs it and starts the app anew.
pub(crate) async fn install(
    app: &AppHandle,
    offered: &Offered,
    progress: &(dyn Fn(u64, Option<u64>) + Send + Sync),
) -> Result<(), Failure> {
    let update = offered.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let Some(update) = update else {
        return Err(Failure::new(ErrorCode::Conflict, "there is no update to install")
            .with_hint("Check for updates first."));
    };
    let mut done = 0;
    let told = |bytes: usize, total| {
        done += bytes as u64;
        progress(done, total);
    };
    let bytes = update.download(told, || {}).await.map_err(|error| failure(&error))?;
    update.install(bytes).map_err(|error| failure(&error))?;
    app.request_restart();
    Ok(())
}

fn updater(app: &AppHandle) -> Result<Updater, Failure> {
    let builder = app.updater_builder().timeout(TIMEOUT);
    #[cfg(debug_assertions)]
    let builder = match development_endpoint() {
        Some(url) => builder.endpoints(vec![url]).map_err(|error| failure(&error))?,
        None => builder,
    };
    builder.build().map_err(|error| failure(&error))
}

/// Tests ask a server of their own. A release asks only where its configuration says.
#[cfg(debug_assertions)]
fn development_endpoint() -> Option<tauri::Url> {
    std::env::var("MOORLINE_UPDATE_ENDPOINT").ok()?.parse().ok()
}

fn failure(error: &Error) -> Failure {
    // An answer that is no description of a release is read while it comes.
    let is_nonsense = matches!(error, Error::Reqwest(error) if error.is_decode());
    let (code, message, hint) = match error {
        _ if is_nonsense => no_release(),
        Error::EmptyEndpoints | Error::UnsupportedArch | Error::UnsupportedOs => (
            ErrorCode::Unsupported,
            "this copy of Moorline cannot update itself",
            "Install a release to get updates.",
        ),
        Error::Minisign(_) | Error::Base64(_) | Error::SignatureUtf8(_) => (
            ErrorCode::Unauthorized,
            "the update is not signed by Moorline's publisher and was not installed",
            "Get the new version from the download page, and report this.",
        ),
        Error::Reqwest(_) | Error::Network(_) => (
            ErrorCode::Unreachable,
            "cannot reach the server that has the updates",
            "Check the network of this computer and try again.",
        ),
        Error::ReleaseNotFound
        | Error::Serialization(_)
        | Error::TargetNotFound(_)
        | Error::TargetsNotFound(_) => no_release(),
        _ => (
            ErrorCode::Internal,
            "the update could not be installed",
            "Get the new version from the download page and install it by hand.",
        ),
    };
    Failure::new(code, message).with_hint(hint).with_detail(error.to_string())
}

fn no_release() -> (ErrorCode, &'static str, &'static str) {
    (
        ErrorCode::Protocol,
        "the server that has the updates says nothing of a version for this system",
        "Try again later, or get the new version from the download page.",
    )
}
