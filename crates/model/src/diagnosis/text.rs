//! A diagnosis as plain text, for a colleague or an issue.

use super::{Diagnosis, Fix, Stage, StageStatus};

impl Diagnosis {
    /// The whole test as text. It is made from what the stages say, and those never hold a secret.
    #[must_use]
    pub fn as_text(&self) -> String {
        let mut text = format!("Connection test of {} ({})\n", self.name, self.kind_title);
        let mut hop = None;
        for stage in &self.stages {
            if stage.hop != hop || (hop.is_none() && text.lines().count() == 1) {
                hop = stage.hop;
                text.push('\n');
                if let Some(heading) = self.heading(stage.hop) {
                    line(&mut text, 0, &heading);
                }
            }
            write_stage(&mut text, stage);
        }
        text
    }

    fn heading(&self, hop: Option<u32>) -> Option<String> {
        let hop = self.hops.get(usize::try_from(hop?).ok()?)?;
        let addresses: Vec<String> = hop.addresses.iter().map(ToString::to_string).collect();
        Some(format!("{} ({} as {})", hop.name, addresses.join(", "), hop.user))
    }
}

fn write_stage(text: &mut String, stage: &Stage) {
    let took = stage.duration_ms.map(|ms| format!(" ({ms} ms)")).unwrap_or_default();
    line(text, 0, &format!("[{}] {}{took}", word(stage.status), stage.title));
    if let Some(summary) = &stage.summary {
        line(text, 1, summary);
    }
    if let Some(failure) = &stage.failure {
        line(text, 1, &failure.message);
        for more in [&failure.hint, &failure.detail].into_iter().flatten() {
            line(text, 1, more);
        }
    }
    for fix in &stage.fixes {
        match fix {
            Fix::Command { place, line: command } => line(text, 1, &format!("{place}: {command}")),
            Fix::PublicKey { line: key } => line(text, 1, &format!("public key: {key}")),
            Fix::CompareHostKey
            | Fix::CompareCertificate
            | Fix::AskCredentials
            | Fix::CopyKey { .. }
            | Fix::EditField { .. }
            | Fix::SetUpServer
            | Fix::ChooseImage => {}
        }
    }
}

/// Writes a text of one or more lines, indented.
fn line(text: &mut String, depth: usize, words: &str) {
    for words in words.lines() {
        text.push_str(&"       ".repeat(depth));
        text.push_str(words);
        text.push('\n');
    }
}

fn word(status: StageStatus) -> &'static str {
    match status {
        StageStatus::Waiting => "wait",
        StageStatus::Running => " .. ",
        StageStatus::Passed => " ok ",
        StageStatus::Warned => "look",
        StageStatus::Failed => "FAIL",
        StageStatus::Skipped => " -- ",
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        DiagnosedHop, Diagnosis, ErrorCode, Failure, Fix, HostAddress, Stage, StageStatus,
    };

    fn stage(id: &str, hop: Option<u32>, status: StageStatus) -> Stage {
        Stage {
            id: id.into(),
            hop,
            title: id.into(),
            status,
            summary: None,
            failure: None,
            fixes: Vec::new(),
            duration_ms: None,
        }
    }

    #[test]
    fn the_text_tells_machine_stage_cause_step_and_evidence() {
        let login = Stage {
            duration_ms: Some(130),
            failure: Some(
                Failure::new(ErrorCode::Unauthorized, "forge-3 does not let alice in")
                    .with_hint("Check the user name.")
                    .with_detail("tried key file a: refused\nthe server accepts: publickey"),
            ),
            fixes: vec![Fix::PublicKey { line: "ssh-ed25519 AAAA alice@laptop".into() }],
            ..stage("Login", Some(0), StageStatus::Failed)
        };
        let diagnosis = Diagnosis {
            connection_id: None,
            name: "forge-3".into(),
            kind_title: "Podman".into(),
            hops: vec![DiagnosedHop {
                name: "forge-3".into(),
                addresses: vec![HostAddress { host: "forge-3.lan".into(), port: 22 }],
                user: "alice".into(),
            }],
            stages: vec![
                Stage {
                    summary: Some("forge-3.lan is 192.0.2.10".into()),
                    duration_ms: Some(1),
                    ..stage("Name", Some(0), StageStatus::Passed)
                },
                login,
                stage("Version", None, StageStatus::Skipped),
            ],
            started_at: 0,
            ended_at: Some(1),
        };
        assert_eq!(
            diagnosis.as_text(),
            "Connection test of forge-3 (Podman)

forge-3 (forge-3.lan:22 as alice)
[ ok ] Name (1 ms)
       forge-3.lan is 192.0.2.10
[FAIL] Login (130 ms)
       forge-3 does not let alice in
       Check the user name.
       tried key file a: refused
       the server accepts: publickey
       public key: ssh-ed25519 AAAA alice@laptop

[ -- ] Version
"
        );
        assert_eq!(diagnosis.failed().unwrap().id, "Login");
    }
}
