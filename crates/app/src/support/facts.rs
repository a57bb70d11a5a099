//! What a bundle says of this computer, its connections and its runs, before names are taken out.

use std::fmt::Write as _;

use model::{ConnectionState, ConnectionView, Failure, Run, RunStatus, Settings, StepStatus};

use crate::{AppInfo, SecretsState};

/// The app, the system, the settings.
pub(super) fn about(info: &AppInfo, settings: &Settings) -> String {
    let secrets = match &info.secrets {
        SecretsState::Keychain { name } => format!("keychain ({name})"),
        SecretsState::Vault { is_unlocked: true } => "vault, open".into(),
        SecretsState::Vault { is_unlocked: false } => "vault, locked".into(),
    };
    let settings = toml::to_string(settings).unwrap_or_default();
    format!(
        "Moorline {}\nsystem: {} {}\nhost: {}\ndata folder: {}\nsecrets: {secrets}\ndatabase: {}\n\n[settings]\n{settings}",
        info.version,
        info.platform,
        std::env::consts::ARCH,
        if info.is_desktop { "desktop" } else { "browser" },
        info.data_folder,
        info.storage_notice.as_deref().unwrap_or("as it was"),
    )
}

/// One paragraph a connection.
pub(super) fn connections(views: &[ConnectionView]) -> String {
    if views.is_empty() {
        return "no connections\n".into();
    }
    let mut text = String::new();
    for view in views {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{} ({})", view.connection.name, view.connection.kind);
        let _ = writeln!(text, "  state: {}", state(&view.state));
        if let Some(server) = &view.server {
            let remark = server.remark.as_deref().unwrap_or("");
            let _ = writeln!(text, "  server: {} {remark}", server.product);
        }
        if let Some(host) = &view.ssh_host {
            let _ = writeln!(
                text,
                "  ssh: {} addresses, {} logins, {} jumps",
                host.addresses.len(),
                host.auth.len(),
                view.jumps.len()
            );
        }
        let _ = writeln!(text, "  workspaces: {}\n", view.workspace_count);
    }
    text
}

fn state(state: &ConnectionState) -> String {
    match state {
        ConnectionState::Disconnected => "disconnected".into(),
        ConnectionState::Connecting { stage } => format!("connecting: {stage}"),
        ConnectionState::Connected { round_trip_ms, .. } => match round_trip_ms {
            Some(ms) => format!("connected, round trip {ms} ms"),
            None => "connected".into(),
        },
        ConnectionState::Reconnecting { attempt, error, .. } => {
            format!("reconnecting, attempt {attempt}: {}", failure(error))
        }
        ConnectionState::Failed { error, .. } => format!("failed: {}", failure(error)),
    }
}

fn failure(failure: &Failure) -> String {
    let detail = failure.detail.as_deref().map(|detail| format!(" [{detail}]")).unwrap_or_default();
    format!("{:?}: {}{detail}", failure.code, failure.message)
}

/// One line a run, and its steps. What a person typed to start it is left out.
pub(super) fn runs(runs: &[Run]) -> String {
    if runs.is_empty() {
        return "no runs\n".into();
    }
    let mut text = String::new();
    for run in runs {
        let status = match run.status {
            RunStatus::Running => "running",
            RunStatus::Succeeded => "done",
            RunStatus::Failed => "failed",
            RunStatus::Cancelled => "cancelled",
            RunStatus::Interrupted => "interrupted",
        };
        let took = run.ended_at.map(|end| format!(" in {} ms", end - run.started_at));
        let (verb, subject) = (&run.verb, &run.subject);
        let _ = writeln!(
            text,
            "{} {verb} {} on {}: {status}{}",
            run.started_at,
            subject.name,
            subject.connection_name,
            took.unwrap_or_default()
        );
        for step in run.steps.iter().filter(|step| step.status != StepStatus::Succeeded) {
            let _ = writeln!(text, "  step {}: {:?}", step.name, step.status);
        }
        if let Some(error) = &run.error {
            let _ = writeln!(text, "  {}", failure(error));
        }
    }
    text
}
