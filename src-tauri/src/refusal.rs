//! The last word of an app that cannot start: there may be no terminal to read it in, and no page yet.

use model::Failure;
use tauri::AppHandle;
use tauri_plugin_dialog::{DialogExt, MessageDialogKind};

const TITLE: &str = "Moorline cannot start";

/// Logs why, shows it in a dialog of the system, and ends the app when that is closed.
pub(crate) fn show(app: &AppHandle, failure: &Failure) {
    let words = words(failure);
    eprintln!("{TITLE}: {words}");
    tracing::error!(code = ?failure.code, error = %failure.message, detail = failure.detail, "{TITLE}");
    let handle = app.clone();
    app.dialog()
        .message(words)
        .title(TITLE)
        .kind(MessageDialogKind::Error)
        .show(move |_| handle.exit(1));
}

/// What happened, what to do now, and what the system said.
fn words(failure: &Failure) -> String {
    let mut message = failure.message.clone();
    if let Some(first) = message.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let parts = [Some(message + "."), failure.hint.clone(), failure.detail.clone()];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use model::ErrorCode;

    use super::*;

    #[test]
    fn the_last_word_has_a_next_step() {
        let failure = Failure::new(ErrorCode::Storage, "the disk is full")
            .with_hint("Free some space.")
            .with_detail("os error 28");
        assert_eq!(words(&failure), "The disk is full.\n\nFree some space.\n\nos error 28");
    }
}
