//! What a person changes on a rebuild, parsed on top of what the container has.

use std::collections::BTreeSet;

use model::{FieldProblem, FormValues};

use super::old::Old;
use crate::apply::{Draft, join_words};
use crate::convert::{SSH_PORT, WEB_PORT};
use crate::wire::NamedVolume;

/// The new container as wished for.
#[derive(Debug, Clone)]
pub(crate) struct Edit {
    pub(crate) draft: Draft,
    /// Names of variables that are not carried over.
    pub(crate) dropped: BTreeSet<String>,
}

/// What the form shows at first: the container as it is.
pub(crate) fn defaults(old: &Old) -> FormValues {
    let whole = |cpus: f64| format!("{:.0}", cpus.ceil());
    let inside: BTreeSet<u16> = own_ports(old).collect();
    let ports: Vec<String> = inside.iter().map(u16::to_string).collect();
    let volumes: Vec<String> =
        old.volumes.iter().map(|volume| format!("{}:{}", volume.name, volume.dest)).collect();
    let values = [
        ("image", old.image.clone()),
        ("cpu", old.cpus.map(whole).unwrap_or_default()),
        ("memory", old.memory_mib.map(|mib| mib.to_string()).unwrap_or_default()),
        ("ports", ports.join("\n")),
        ("volumes", volumes.join(", ")),
        ("command", join_words(&old.command)),
        ("environment", String::new()),
        ("without", String::new()),
    ];
    values.map(|(name, value)| (name.to_owned(), value)).into()
}

/// Ports inside beyond those that every workspace has.
pub(crate) fn own_ports(old: &Old) -> impl Iterator<Item = u16> + '_ {
    let tcp = old.ports.iter().filter(|port| port.protocol == "tcp");
    tcp.map(|port| port.container_port).filter(|port| !matches!(*port, SSH_PORT | WEB_PORT))
}

impl Edit {
    /// Fields that are not there keep what the container has.
    pub(crate) fn parse(old: &Old, input: &FormValues) -> (Self, Vec<FieldProblem>) {
        let mut values = defaults(old);
        values.extend(input.iter().map(|(name, value)| (name.clone(), value.clone())));
        values.insert("name".into(), old.name.clone());
        let (draft, mut problems) = Draft::parse(&values);
        problems.retain(|problem| problem.field != "name");
        let text = values.get("without").map(String::as_str).unwrap_or_default();
        let names = text.split([',', ' ', '\n']).map(str::trim).filter(|name| !name.is_empty());
        let dropped: BTreeSet<String> = names.map(str::to_owned).collect();
        if let Some(unknown) = dropped.iter().find(|name| !old.env.contains_key(*name)) {
            let there: Vec<&str> = old.env.keys().map(String::as_str).collect();
            let message = match there.as_slice() {
                [] => format!("{} has no variables of its own to leave out", old.name),
                names => format!(
                    "{} has no variable {unknown} of its own; it has {}",
                    old.name,
                    names.join(", ")
                ),
            };
            let field = "without".to_owned();
            problems.push(FieldProblem { field, message, suggestion: None });
        }
        (Self { draft, dropped }, problems)
    }

    /// The volumes that are wished for, with the options they had.
    pub(crate) fn volumes(&self, old: &Old) -> Vec<NamedVolume> {
        let wished = self.draft.volumes.iter().map(|(name, dest)| {
            let kept = old.volumes.iter().find(|one| one.name == *name && one.dest == *dest);
            kept.cloned().unwrap_or_else(|| NamedVolume {
                name: name.clone(),
                dest: dest.clone(),
                options: Vec::new(),
            })
        });
        wished.collect()
    }
}

#[cfg(test)]
mod tests {
    use model::FormValues;
    use proptest::prelude::*;

    use super::{Edit, defaults};
    use crate::rebuild::old::Old;
    use crate::wire::{NamedVolume, PortMapping};

    fn old() -> Old {
        let port = |container_port, protocol: &str| PortMapping {
            host_ip: "127.0.0.1".into(),
            host_port: 2200,
            container_port,
            protocol: protocol.into(),
        };
        Old {
            name: "atlas-api".into(),
            image: "localhost/dev:1".into(),
            env: [("A".to_owned(), "1".to_owned())].into(),
            command: vec!["sh".into(), "-c".into(), "it's \"x\"".into()],
            ports: vec![port(22, "tcp"), port(53, "udp"), port(8080, "tcp")],
            volumes: vec![NamedVolume {
                name: "atlas-api-home".into(),
                dest: "/home/dev".into(),
                options: vec!["ro".into()],
            }],
            cpus: Some(2.0),
            memory_mib: Some(512),
            ..Old::default()
        }
    }

    #[test]
    fn without_changes_everything_stays() {
        let old = old();
        let (edit, problems) = Edit::parse(&old, &FormValues::new());
        assert_eq!(problems, []);
        assert_eq!(edit.draft.ports, [8080]);
        assert_eq!(edit.draft.command, old.command);
        assert_eq!(edit.volumes(&old), old.volumes);
        assert_eq!((edit.draft.cpus, edit.draft.memory_mib), (Some(2), Some(512)));
        assert!(edit.draft.environment.is_empty(), "values stay on the server");
        assert_eq!(defaults(&old)["ports"], "8080");
    }

    #[test]
    fn a_variable_that_is_not_there_cannot_be_left_out() {
        let input = [("without".to_owned(), "A B".to_owned())].into();
        let (edit, problems) = Edit::parse(&old(), &input);
        assert!(edit.dropped.contains("A"));
        assert_eq!(problems[0].field, "without");
        assert_eq!(problems[0].message, "atlas-api has no variable B of its own; it has A");
    }

    proptest! {
        #[test]
        fn any_command_survives_the_form(command in proptest::collection::vec("[a-z '\"\\\\$*]{1,12}", 0..5)) {
            let old = Old { command: command.clone(), ..old() };
            let (edit, problems) = Edit::parse(&old, &FormValues::new());
            prop_assert_eq!(problems, vec![]);
            prop_assert_eq!(edit.draft.command, command);
        }

        #[test]
        fn no_input_panics(text in ".{0,60}", field in "image|ports|environment|without|cpu|memory|volumes|command") {
            let _ = Edit::parse(&old(), &[(field, text)].into());
        }
    }
}
