//! How a lab is, made from its containers; and since when, from words such as "Up 2 minutes".

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use model::{Lab, LabId, LabNode, LabState, NodeState, TimestampMs};

use crate::session::console_id;
use crate::wire::Container;

const SECOND: TimestampMs = 1000;
const MINUTE: TimestampMs = 60 * SECOND;
const HOUR: TimestampMs = 60 * MINUTE;
const DAY: TimestampMs = 24 * HOUR;

/// When containers started, as first understood: the words grow coarse, and a start does not move.
#[derive(Default)]
pub(crate) struct Ages(Mutex<BTreeMap<String, TimestampMs>>);

impl Ages {
    /// When a container started, where its status tells.
    fn started_at(&self, one: &Container, now: TimestampMs) -> Option<TimestampMs> {
        let (age, unit) = up_for(&one.status)?;
        let said = now - age;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = known.entry(one.container_id.clone()).or_insert(said);
        if (*kept - said).abs() > 2 * unit {
            *kept = said;
        }
        Some(*kept)
    }

    /// A lab with these containers.
    pub(crate) fn lab(&self, id: &str, own: &[Container], user: &str, now: TimestampMs) -> Lab {
        let running = own.iter().filter(|one| one.is_running()).count();
        let owner = own.iter().map(|one| one.owner.as_str()).find(|owner| !owner.is_empty());
        let odd = own.iter().find(|one| !one.is_running());
        let state = state_of(own.len(), running);
        let remark = odd.filter(|_| state == LabState::Partly);
        Lab {
            id: LabId::from_raw(id),
            name: id.to_owned(),
            state,
            state_remark: remark.map(|one| format!("{}: {}", one.node(), one.status)),
            instance: None,
            owner: owner.map(str::to_owned),
            is_mine: owner == Some(user),
            nodes_running: u32::try_from(running).ok(),
            nodes_total: u32::try_from(own.len()).ok(),
            started_at: own.iter().filter_map(|one| self.started_at(one, now)).min(),
            path: own.first().map(|one| one.abs_lab_path.clone()).filter(|path| !path.is_empty()),
        }
    }
}

fn state_of(total: usize, running: usize) -> LabState {
    match running {
        _ if total == 0 => LabState::Created,
        0 => LabState::Stopped,
        running if running == total => LabState::Running,
        _ => LabState::Partly,
    }
}

/// A lab that has files and no nodes.
pub(crate) fn created(name: &str, user: &str, path: Option<String>) -> Lab {
    Lab {
        id: LabId::from_raw(name),
        name: name.to_owned(),
        state: LabState::Created,
        state_remark: None,
        instance: None,
        owner: Some(user.to_owned()),
        is_mine: true,
        nodes_running: Some(0),
        nodes_total: None,
        started_at: None,
        path,
    }
}

/// A node as its page shows it. Without consoles on the server it still has a log.
pub(crate) fn node(lab: &str, one: &Container) -> LabNode {
    let state = match one.state.as_str() {
        "running" => NodeState::Running,
        "paused" => NodeState::Paused,
        "exited" | "stopped" | "dead" | "created" => NodeState::Stopped,
        _ => NodeState::Unknown,
    };
    let said = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let address = one.ipv4_address.split('/').next().filter(|text| !matches!(*text, "" | "N"));
    LabNode {
        name: one.node().to_owned(),
        state,
        state_remark: said(&one.status),
        kind: one.kind.clone(),
        image: said(&one.image),
        management_address: address.map(str::to_owned),
        container: Some(one.name.clone()),
        console: Some(console_id(lab, &one.name)),
    }
}

/// How long a container runs and in which unit that is told.
pub(crate) fn up_for(status: &str) -> Option<(TimestampMs, TimestampMs)> {
    let words: Vec<&str> = status.strip_prefix("Up ")?.split_whitespace().collect();
    match words.as_slice() {
        ["Less", "than", "a", "second", ..] => Some((0, SECOND)),
        ["About", "a", "minute", ..] => Some((MINUTE, MINUTE)),
        ["About", "an", "hour", ..] => Some((HOUR, HOUR)),
        [count, unit, ..] => {
            let unit = match unit.trim_end_matches('s') {
                "second" => SECOND,
                "minute" => MINUTE,
                "hour" => HOUR,
                "day" => DAY,
                "week" => 7 * DAY,
                "month" => 30 * DAY,
                "year" => 365 * DAY,
                _ => return None,
            };
            Some((count.parse::<TimestampMs>().ok()?.checked_mul(unit)?, unit))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use model::LabState;
    use proptest::prelude::*;

    use super::{Ages, up_for};
    use crate::wire::Container;

    fn container(name: &str, state: &str, status: &str) -> Container {
        Container {
            name: format!("clab-pair-{name}"),
            container_id: name.into(),
            lab_name: "pair".into(),
            state: state.into(),
            status: status.into(),
            owner: "ada".into(),
            ..Container::default()
        }
    }

    #[test]
    fn a_lab_is_what_its_nodes_are() {
        let lab = |own: &[Container]| Ages::default().lab("pair", own, "ada", 1_000_000_000);
        let up = container("r1", "running", "Up 2 minutes");
        let down = container("r2", "exited", "Exited (137) 3 seconds ago");
        let all_up = [up.clone()];
        assert_eq!(lab(&all_up).state, LabState::Running);
        assert_eq!(lab(&all_up).started_at, Some(1_000_000_000 - 120_000));
        let partly = lab(&[up, down.clone()]);
        assert_eq!(partly.state, LabState::Partly);
        assert_eq!(partly.state_remark.as_deref(), Some("r2: Exited (137) 3 seconds ago"));
        assert_eq!(lab(&[down]).state, LabState::Stopped);
    }

    #[test]
    fn a_start_stays_while_the_words_grow_coarse() {
        let ages = Ages::default();
        let at = |status: &str, now| ages.started_at(&container("r1", "running", status), now);
        assert_eq!(at("Up 5 seconds", 100_000), Some(95_000));
        assert_eq!(at("Up About a minute", 190_000), Some(95_000));
        assert_eq!(at("Up 2 seconds", 900_000), Some(898_000));
    }

    proptest! {
        #[test]
        fn any_status_is_read_or_left(text in "\\PC{0,40}", count in any::<u64>(), unit in "(seconds|minute|hours|days|weeks|months|years|eons)") {
            let _ = up_for(&text);
            let _ = up_for(&format!("Up {count} {unit} (healthy)"));
        }
    }
}
