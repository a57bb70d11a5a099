//! Server set-up: the script for a Podman server, its choices, and what each of them means.
//!
//! The script is one fixed file; what differs goes in as arguments. Running it is the app's business.

use backend_api::SetUp;
use model::{Choice, Field, FieldKind, FieldProblem, FormValues, PlanStep, ServerSetup, SetupPlan};

use crate::Podman;

const SCRIPT: &str = include_str!("server-setup.sh");
const ROOTFUL: &str = "rootful";
const ROOTLESS: &str = "rootless";

impl SetUp for Podman {
    fn offer(&self) -> ServerSetup {
        ServerSetup {
            title: "Set up Podman on the server".into(),
            summary: "For Fedora, Debian and Ubuntu with systemd. The script below installs Podman \
                      from the server's own packages, starts its socket, and lets your login use it. \
                      It changes only what is not yet as it should be."
                .into(),
            fields: vec![Field {
                name: "mode".into(),
                label: "Whose containers".into(),
                help: None,
                placeholder: None,
                is_required: true,
                default: Some(ROOTLESS.into()),
                is_advanced: false,
                kind: FieldKind::Choice { choices: choices(), open: false },
            }],
            script: SCRIPT.into(),
        }
    }

    fn plan(&self, values: &FormValues, login: &str) -> SetupPlan {
        let mode = values.get("mode").map_or(ROOTLESS, String::as_str);
        let problem = match mode {
            ROOTFUL => None,
            ROOTLESS if login == "root" => Some(
                "root has no rootless containers: choose root's own, or log in as an ordinary user",
            ),
            ROOTLESS => None,
            _ => Some("choose one of the two"),
        };
        SetupPlan {
            arguments: vec![mode.to_owned(), login.to_owned()],
            steps: if mode == ROOTFUL { rootful_steps(login) } else { rootless_steps(login) },
            warnings: warnings(mode, login),
            problems: problem
                .map(|message| FieldProblem {
                    field: "mode".into(),
                    message: message.into(),
                    suggestion: Some(ROOTFUL.into()),
                })
                .into_iter()
                .collect(),
        }
    }
}

fn choices() -> Vec<Choice> {
    let choice = |value: &str, label: &str, remark: &str| Choice {
        value: value.into(),
        label: label.into(),
        remark: Some(remark.into()),
    };
    vec![
        choice(
            ROOTLESS,
            "This login's own (rootless)",
            "Containers have no more rights than the login. The safe choice on a shared server.",
        ),
        choice(
            ROOTFUL,
            "Root's, for a group (rootful)",
            "One Podman for everybody in the group podman, as l8s uses it. Every port inside can be reached.",
        ),
    ]
}

fn warnings(mode: &str, login: &str) -> Vec<String> {
    let all = "It runs as root on the server, and installs packages when they are missing. No port is opened and nothing is removed.";
    let grave = if mode == ROOTFUL {
        format!(
            "Whoever may use this socket is as powerful as root on that machine: a container can be \
             given any of its files. {login} will be, and so is everybody else in the group podman."
        )
    } else {
        format!(
            "{login} may start containers that go on after the last logout. They have {login}'s own \
             rights on that machine, and no others."
        )
    };
    vec![grave, all.into()]
}

fn step(name: &str, summary: impl Into<String>) -> PlanStep {
    PlanStep { name: name.into(), summary: summary.into() }
}

fn rootful_steps(login: &str) -> Vec<PlanStep> {
    vec![
        step("System", "Fedora, Debian or Ubuntu with systemd"),
        step("Packages", "podman, 4.0 or newer"),
        step("Group", format!("the group podman, with {login} in it")),
        step("Access", "the socket and its folder belong to the group podman"),
        step("Socket", "podman.socket, now and at every start"),
        step("Check", "/run/podman/podman.sock is there"),
    ]
}

fn rootless_steps(login: &str) -> Vec<PlanStep> {
    vec![
        step("System", "Fedora, Debian or Ubuntu with systemd"),
        step("Packages", "podman, 4.0 or newer, and what it needs without root"),
        step("Ids", format!("a range of user ids for {login}'s containers")),
        step("Lingering", format!("services of {login} go on without a login")),
        step("Socket", format!("{login}'s podman.socket, now and at every start")),
        step("Check", format!("{login}'s podman.sock is there")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(mode: &str, login: &str) -> SetupPlan {
        Podman.plan(&FormValues::from([("mode".into(), mode.into())]), login)
    }

    #[test]
    fn what_it_means_is_said_first() {
        assert!(plan(ROOTFUL, "alice").warnings[0].contains("as powerful as root"));
        assert!(plan(ROOTLESS, "alice").warnings[0].contains("alice's own rights"));
        assert!(plan(ROOTFUL, "alice").problems.is_empty());
    }

    #[test]
    fn root_is_told_that_it_has_no_rootless_containers() {
        assert_eq!(plan(ROOTLESS, "root").problems[0].field, "mode");
        assert!(plan(ROOTFUL, "root").problems.is_empty());
    }
}
